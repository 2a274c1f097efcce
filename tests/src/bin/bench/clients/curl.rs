//! curl as a client of FTP.

use super::{FileClient, Way};
use crate::Result;
use crate::measure;
use crate::results::Metrics;
use crate::site::Site;
use std::path::Path;
use std::process::Command;

/// curl's FTP.
pub(crate) struct CurlFtp {
    site: Site,
}

impl CurlFtp {
    pub(crate) fn new(site: &Site) -> Self {
        Self { site: site.clone() }
    }
}

impl FileClient for CurlFtp {
    fn name(&self) -> String {
        "curl".to_owned()
    }

    fn copy(&self, way: Way, local: &Path, remote: &str) -> Result<Metrics> {
        let site = &self.site;
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--show-error", "--noproxy", "*", "--user"])
            .arg(format!("{}:{}", site.user, site.ftp_password))
            .arg(match way {
                Way::Download => "--output",
                Way::Upload => "--upload-file",
            })
            .arg(local)
            .arg(format!("ftp://{}:{}/{remote}", site.host, site.ftp_port));
        Ok(measure::run(&mut curl)?.metrics())
    }
}
