//! Our server, with curl as its client, on a session that is open already, as a page's or a
//! script's session is. `cpu` and `memory` are the server's; curl's own stand apart.

use super::{FileClient, Protocol, Way};
use crate::Result;
use crate::facade::Facade;
use crate::measure;
use crate::results::Metrics;
use crate::site::Site;
use std::path::Path;
use std::process::Command;

/// A session of our server.
pub(crate) struct Http<'a> {
    facade: &'a Facade,
    session: String,
    site: Site,
    protocol: Protocol,
}

impl<'a> Http<'a> {
    /// Opens a session, which lasts as long as the server.
    pub(crate) fn open(facade: &'a Facade, site: &Site, protocol: Protocol) -> Result<Self> {
        Ok(Self {
            facade,
            session: facade.open(site, protocol)?,
            site: site.clone(),
            protocol,
        })
    }

    /// The address of a file in the login's directory.
    pub(crate) fn content(&self, name: &str) -> String {
        self.route("content", name)
    }

    /// The address of a route of the session that takes a path.
    pub(crate) fn route(&self, route: &str, name: &str) -> String {
        let path = match self.protocol {
            Protocol::Ftp => Path::new("/").join(name),
            Protocol::Sftp => self.site.home.join(name),
        };
        let (base, id) = (self.facade.base(), &self.session);
        format!("{base}/connections/{id}/{route}?path={}", path.display())
    }

    /// Runs curl with these arguments and takes what it and the server used.
    pub(crate) fn curl(&self, arguments: &[&str]) -> Result<(Metrics, Vec<u8>)> {
        let mut curl = Command::new("curl");
        curl.args([
            "--silent",
            "--show-error",
            "--fail-with-body",
            "--noproxy",
            "*",
        ]);
        curl.args(arguments);
        self.facade.watch(|| measure::run(&mut curl))
    }
}

impl FileClient for Http<'_> {
    fn name(&self) -> String {
        "http".to_owned()
    }

    fn copy(&self, way: Way, local: &Path, remote: &str) -> Result<Metrics> {
        let (flag, local, url) = (
            match way {
                Way::Download => "--output",
                Way::Upload => "--upload-file",
            },
            local.to_string_lossy(),
            self.content(remote),
        );
        Ok(self.curl(&[flag, &local, &url])?.0)
    }
}
