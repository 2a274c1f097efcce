//! Our server, with curl as its client, on a session that is open already, as a page's or a
//! script's session is. `cpu` and `memory` are the server's; curl's own stand apart.

use super::{FileClient, Protocol, Way};
use crate::Result;
use crate::facade::Facade;
use crate::measure;
use crate::results::Metrics;
use crate::site::Site;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// A session of our server.
pub(crate) struct Http<'a> {
    facade: &'a Facade,
    session: String,
    site: Site,
    protocol: Protocol,
    /// Seconds it took to open the session.
    login: f64,
}

impl<'a> Http<'a> {
    /// Opens a session, which lasts as long as the server.
    pub(crate) fn open(facade: &'a Facade, site: &Site, protocol: Protocol) -> Result<Self> {
        let start = Instant::now();
        let session = facade.open(site, protocol)?;
        Ok(Self {
            login: start.elapsed().as_secs_f64(),
            facade,
            session,
            site: site.clone(),
            protocol,
        })
    }

    /// The server.
    pub(crate) fn facade(&self) -> &'a Facade {
        self.facade
    }

    /// The URL of a file in the login's directory.
    pub(crate) fn content(&self, name: &str) -> String {
        format!("{}{}", self.facade.base(), self.route("content", name))
    }

    /// A route of the session that takes a path, and the path.
    pub(crate) fn route(&self, route: &str, name: &str) -> String {
        let path = match self.protocol {
            Protocol::Ftp => Path::new("/").join(name),
            Protocol::Sftp => self.site.home.join(name),
        };
        let id = &self.session;
        format!("/connections/{id}/{route}?path={}", path.display())
    }

    /// The names in a directory of the login's directory, from the server's listing.
    pub(crate) fn names(&self, directory: &str) -> Result<Vec<String>> {
        let listing: Value = self.facade.get(&self.route("files", directory))?;
        let files = listing.get("files").and_then(Value::as_array);
        let name = |file: &Value| Some(file.get("name")?.as_str()?.to_owned());
        Ok(files.into_iter().flatten().filter_map(name).collect())
    }

    /// Makes a directory in the login's directory.
    pub(crate) fn make_directory(&self, name: &str) -> Result<()> {
        let path = self.site.home.join(name);
        let route = format!("/connections/{}/directories", self.session);
        self.facade.post(&route, &json!({ "path": path }))?;
        Ok(())
    }

    /// Transfers many files, so many at once, that `list` writes to curl's configuration; the
    /// time of `list` counts.
    pub(crate) fn many(
        &self,
        at_once: usize,
        list: impl FnOnce(&mut String) -> Result<()>,
    ) -> Result<Metrics> {
        let start = Instant::now();
        let mut config = String::new();
        list(&mut config)?;
        let listed = start.elapsed().as_secs_f64();
        let mut curl = curl_parallel(at_once);
        let run = || measure::run_with(&mut curl, config.as_bytes());
        let mut metrics = self.facade.watch(run)?.0;
        if let Some(seconds) = metrics.get_mut("seconds") {
            *seconds += listed;
        }
        Ok(metrics)
    }

    /// Runs curl with these arguments and takes what it and the server used.
    pub(crate) fn curl(&self, arguments: &[&str]) -> Result<(Metrics, Vec<u8>)> {
        let mut curl = curl();
        curl.args(arguments);
        self.facade.watch(|| measure::run(&mut curl))
    }
}

fn curl() -> Command {
    let mut curl = Command::new("curl");
    curl.args(["--silent", "--show-error", "--fail-with-body"]);
    curl.args(["--noproxy", "*"]);
    curl
}

/// curl that transfers what it reads, so many at once.
pub(crate) fn curl_parallel(at_once: usize) -> Command {
    let mut curl = curl();
    // `--silent` alone leaves the meter of parallel transfers.
    curl.args(["--parallel", "--parallel-max", &at_once.to_string()])
        .args(["--no-progress-meter", "--config", "-"]);
    curl
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
        let mut metrics = self.curl(&[flag, &local, &url])?.0;
        metrics.insert("login_before".to_owned(), self.login);
        Ok(metrics)
    }
}
