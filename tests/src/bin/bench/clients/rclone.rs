//! rclone, with its own defaults but for the checksums it has both sides compute after a
//! copy, which nobody else here does.

use super::{FileClient, Way};
use crate::Result;
use crate::measure;
use crate::results::Metrics;
use crate::site::Site;
use std::path::Path;
use std::process::Command;

/// rclone's SFTP.
pub(crate) struct Rclone {
    site: Site,
}

impl Rclone {
    pub(crate) fn new(site: &Site) -> Self {
        Self { site: site.clone() }
    }

    /// Runs rclone with a command and its arguments.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<Metrics> {
        let site = &self.site;
        let mut rclone = Command::new("rclone");
        rclone
            .args(arguments)
            .args(["--config", "", "--sftp-host", &site.host])
            .args(["--sftp-port", &site.ssh_port.to_string()])
            .args(["--sftp-user", &site.user, "--sftp-key-file"])
            .arg(&site.key)
            .arg("--sftp-known-hosts-file")
            .arg(&site.known_hosts)
            .args(["--sftp-disable-hashcheck", "--ignore-checksum"]);
        Ok(measure::run(&mut rclone)?.metrics())
    }

    /// What rclone calls a name in the login's directory.
    pub(crate) fn remote(&self, name: &str) -> String {
        format!(":sftp:{}", self.site.home.join(name).display())
    }
}

impl FileClient for Rclone {
    fn name(&self) -> String {
        "rclone".to_owned()
    }

    fn copy(&self, way: Way, local: &Path, remote: &str) -> Result<Metrics> {
        let (local, remote) = (local.to_string_lossy(), self.remote(remote));
        match way {
            Way::Download => self.run(&["copyto", &remote, &local]),
            Way::Upload => self.run(&["copyto", &local, &remote]),
        }
    }
}
