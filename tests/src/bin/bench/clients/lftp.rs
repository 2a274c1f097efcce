//! lftp, over SFTP (where it runs OpenSSH's `ssh`) and over FTP.

use super::{FileClient, Protocol, Way, openssh_options};
use crate::Result;
use crate::measure;
use crate::results::Metrics;
use crate::site::Site;
use std::path::Path;
use std::process::Command;

/// lftp over a protocol.
pub(crate) struct Lftp {
    site: Site,
    protocol: Protocol,
}

impl Lftp {
    pub(crate) fn new(site: &Site, protocol: Protocol) -> Self {
        Self {
            site: site.clone(),
            protocol,
        }
    }
}

impl FileClient for Lftp {
    fn name(&self) -> String {
        "lftp".to_owned()
    }

    fn copy(&self, way: Way, local: &Path, remote: &str) -> Result<Metrics> {
        let site = &self.site;
        let local = local.display();
        let (scheme, port, password, remote) = match self.protocol {
            Protocol::Ftp => (
                "ftp",
                site.ftp_port,
                site.ftp_password.as_str(),
                format!("/{remote}"),
            ),
            // With a key none is asked for, but lftp would ask the terminal for one.
            Protocol::Sftp => (
                "sftp",
                site.ssh_port,
                "none",
                site.home.join(remote).display().to_string(),
            ),
        };
        let copy = match way {
            Way::Download => format!("get {remote} -o {local}"),
            Way::Upload => format!("put {local} -o {remote}"),
        };
        let ssh = format!("ssh -a -x {}", openssh_options(site).join(" "));
        let script = format!(
            "set net:max-retries 1; set net:timeout 30; set cmd:fail-exit yes; \
             set ftp:ssl-allow no; set sftp:connect-program \"{ssh}\"; \
             open -u {},{password} {scheme}://{}:{port}; {copy}; bye",
            site.user, site.host,
        );
        let mut lftp = Command::new("lftp");
        lftp.args(["--norc", "-c", &script]);
        Ok(measure::run(&mut lftp)?.metrics())
    }
}
