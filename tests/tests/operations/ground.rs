//! A session with a directory of its own, whatever the protocol.

use connection_tests::manager::{Answer, FtpWorld, Manager, SshWorld, text};
use connection_tests::servers::service::Service;
use serde_json::Value;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Makes each function a test per engine and per FTP server.
macro_rules! everywhere {
    ($($name:ident),* $(,)?) => {
        mod ssh {
            use crate::ground::Ground;
            use connection_tests::manager::SshWorld;
            connection_tests::on_both_engines![$($name),*];
            $(fn $name(world: &SshWorld, engine: &str) {
                super::$name(&Ground::ssh(world, engine));
            })*
        }
        mod ftp {
            use crate::ground::Ground;
            use connection_tests::manager::FtpWorld;
            connection_tests::on_every_ftp_server![$($name),*];
            $(fn $name(world: &FtpWorld) {
                super::$name(&Ground::ftp(world));
            })*
        }
    };
}
pub(crate) use everywhere;

/// Where a test works.
pub(crate) struct Ground<'a> {
    pub(crate) manager: &'a Manager,
    server: &'a Service,
    pub(crate) id: String,
    /// Its directory, as this machine sees it.
    pub(crate) local: PathBuf,
    /// The same as the server names it.
    pub(crate) remote: String,
    /// `openssh`, or the FTP server's name.
    pub(crate) name: &'static str,
}

impl<'a> Ground<'a> {
    pub(crate) fn ssh(world: &'a SshWorld, engine: &str) -> Self {
        let local = world.directory();
        Self {
            manager: &world.manager,
            server: &world.sshd,
            id: world.manager.ssh(&world.sshd, engine),
            remote: text(&local).to_owned(),
            local,
            name: "openssh",
        }
    }

    pub(crate) fn ftp(world: &'a FtpWorld) -> Self {
        let (local, remote) = world.directory();
        Self {
            manager: &world.manager,
            server: &world.server,
            id: world.manager.ftp(&*world.server),
            local,
            remote,
            name: world.server.name(),
        }
    }

    pub(crate) fn is_ssh(&self) -> bool {
        self.name == "openssh"
    }

    /// The server's path of a name in the directory.
    pub(crate) fn at(&self, name: &str) -> String {
        format!("{}/{name}", self.remote)
    }

    /// Makes a directory of the login user.
    pub(crate) fn mkdir(&self, name: &str) -> PathBuf {
        let path = self.local.join(name);
        std::fs::create_dir(&path).unwrap();
        self.server.own(&path);
        path
    }

    /// Writes a file of the login user.
    pub(crate) fn write(&self, name: impl AsRef<Path>, contents: &[u8]) -> PathBuf {
        let path = self.local.join(name);
        std::fs::write(&path, contents).unwrap();
        self.server.own(&path);
        path
    }

    /// The names in the directory on this machine, as bytes.
    pub(crate) fn names(&self) -> Vec<Vec<u8>> {
        let mut names: Vec<_> = std::fs::read_dir(&self.local)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().as_bytes().to_vec())
            .collect();
        names.sort();
        names
    }

    #[track_caller]
    pub(crate) fn post(&self, route: &str, body: &Value) -> Answer {
        let path = format!("/connections/{}/{route}", self.id);
        self.manager.post(&path, body)
    }

    #[track_caller]
    pub(crate) fn get(&self, route: &str, query: &[(&str, &str)]) -> Answer {
        let base = format!("{}/connections/{}/{route}", self.manager.base(), self.id);
        let url = reqwest::Url::parse_with_params(&base, query).unwrap();
        let path = url.path();
        self.manager
            .get(&format!("{path}?{}", url.query().unwrap_or_default()))
    }
}

/// Checks status and code of a refusal; returns its text.
#[track_caller]
pub(crate) fn refused(answer: &Answer, status: u16, code: &str) -> String {
    let body = answer.json();
    if answer.status != status || body["code"] != code {
        answer.fail(&format!("wanted {status} with the code {code:?}"));
    }
    match body["detail"].as_str() {
        Some(detail) if !detail.is_empty() => detail.to_owned(),
        _ => answer.fail("wanted a detail"),
    }
}
