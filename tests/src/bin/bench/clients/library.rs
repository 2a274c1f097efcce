//! Our library, in a process of its own (see [`crate::worker`]). Its time begins with the
//! login, inside the process.

use super::{FileClient, Way};
use crate::Result;
use crate::measure;
use crate::results::Metrics;
use crate::site::Site;
use crate::worker::{Job, Login, Work};
use std::path::Path;
use std::process::Command;

/// The library with an engine.
pub(crate) struct Library {
    site: Site,
    login: Login,
}

impl Library {
    pub(crate) fn new(site: &Site, login: Login) -> Self {
        Self {
            site: site.clone(),
            login,
        }
    }

    /// Does some work after a login.
    pub(crate) fn work(&self, work: Work) -> Result<Metrics> {
        let job = Job {
            site: self.site.clone(),
            login: self.login,
            work,
        };
        let mut worker = Command::new(std::env::current_exe()?);
        worker.args(["worker", &serde_json::to_string(&job)?]);
        measure::run(&mut worker)?.own_metrics()
    }

    /// A name in the login's directory as a path on the server.
    pub(crate) fn remote(&self, name: &str) -> std::path::PathBuf {
        match self.login {
            Login::Ftp => Path::new("/").join(name),
            _ => self.site.home.join(name),
        }
    }
}

impl FileClient for Library {
    fn name(&self) -> String {
        match self.login {
            Login::RusshKey | Login::RusshPassword => "lib-russh",
            Login::Libssh2Key | Login::Libssh2Password => "lib-libssh2",
            Login::Ftp => "lib",
        }
        .to_owned()
    }

    fn copy(&self, way: Way, local: &Path, remote: &str) -> Result<Metrics> {
        let (local, remote) = (local.to_owned(), self.remote(remote));
        self.work(match way {
            Way::Download => Work::Get { remote, local },
            Way::Upload => Work::Put { local, remote },
        })
    }
}
