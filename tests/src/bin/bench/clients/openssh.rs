//! OpenSSH's `sftp`.

use super::{FileClient, Way};
use crate::Result;
use crate::measure::{self, Usage};
use crate::results::Metrics;
use crate::site::Site;
use std::path::{Path, PathBuf};
use std::process::Command;

/// `sftp`, with its own choice of cipher or another.
pub(crate) struct OpenSsh {
    site: Site,
    cipher: Option<&'static str>,
}

/// Faster than its default, ChaCha20.
const AES: &str = "aes128-gcm@openssh.com";

/// Options of `ssh` and `sftp` that make them use this site and nothing of the machine.
pub(crate) fn options(site: &Site) -> Vec<String> {
    let known = format!("UserKnownHostsFile={}", site.known_hosts.display());
    let key = site.key.display().to_string();
    let options = [
        "-q",
        "-F",
        "none",
        "-o",
        &known,
        "-o",
        "IdentitiesOnly=yes",
        "-i",
        &key,
    ];
    options.map(str::to_owned).to_vec()
}

impl OpenSsh {
    pub(crate) fn new(site: &Site, cipher: Option<&'static str>) -> Self {
        Self {
            site: site.clone(),
            cipher,
        }
    }

    /// With the cipher it is fastest with where the processor has AES.
    pub(crate) fn aes(site: &Site) -> Self {
        Self::new(site, Some(AES))
    }

    /// A name in the login's directory as a path on the server.
    pub(crate) fn remote(&self, name: &str) -> PathBuf {
        self.site.home.join(name)
    }

    /// Runs `sftp` with these commands.
    pub(crate) fn batch(&self, commands: &str) -> Result<Usage> {
        let mut sftp = Command::new("sftp");
        sftp.args(options(&self.site)).args(["-b", "-"]);
        if let Some(cipher) = self.cipher {
            sftp.args(["-c", cipher]);
        }
        sftp.args(["-P", &self.site.ssh_port.to_string()])
            .arg(format!("{}@{}", self.site.user, self.site.host));
        measure::run_with(&mut sftp, commands.as_bytes())
    }
}

impl FileClient for OpenSsh {
    fn name(&self) -> String {
        match self.cipher {
            None => "openssh".to_owned(),
            Some(_) => "openssh-aes".to_owned(),
        }
    }

    fn copy(&self, way: Way, local: &Path, remote: &str) -> Result<Metrics> {
        let (local, remote) = (local.display(), self.site.home.join(remote));
        let remote = remote.display();
        let commands = match way {
            Way::Download => format!("get {remote} {local}\n"),
            Way::Upload => format!("put {local} {remote}\n"),
        };
        Ok(self.batch(&commands)?.metrics())
    }
}
