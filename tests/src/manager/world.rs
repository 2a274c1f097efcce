//! Our server beside one real server, for tests that run on every engine and every FTP
//! server.

use std::path::{Path, PathBuf};

use super::Manager;
use crate::servers::ftp::{FtpServer, ProFtpd, PureFtpd, Pyftpdlib, Tls, Vsftpd};
use crate::servers::sshd::Sshd;

/// Sessions enough for every test of a program at once.
const SESSIONS: &str = "500";

/// Our server and an sshd.
pub struct SshWorld {
    /// Our server.
    pub manager: Manager,
    /// The other one.
    pub sshd: Sshd,
}

impl SshWorld {
    /// Both with their default settings, and room for many sessions.
    pub fn start() -> Self {
        Self {
            manager: roomy(),
            sshd: Sshd::start(),
        }
    }

    /// A new directory of the login user.
    pub fn directory(&self) -> PathBuf {
        self.sshd.mkdir(&unique())
    }
}

/// Our server and an FTP server.
pub struct FtpWorld {
    /// Our server.
    pub manager: Manager,
    /// The other one.
    pub server: Box<dyn FtpServer>,
}

impl FtpWorld {
    fn with(server: Box<dyn FtpServer>) -> Self {
        Self {
            manager: roomy(),
            server,
        }
    }

    /// With vsftpd.
    pub fn vsftpd() -> Self {
        Self::with(Box::new(Vsftpd::start()))
    }

    /// With vsftpd that insists on TLS and on session reuse.
    pub fn vsftpd_tls() -> Self {
        Self::with(Box::new(Vsftpd::builder().tls(Tls::Required).start()))
    }

    /// With vsftpd on a port for TLS alone.
    pub fn vsftpd_implicit() -> Self {
        Self::with(Box::new(Vsftpd::builder().tls(Tls::Implicit).start()))
    }

    /// With ProFTPD.
    pub fn proftpd() -> Self {
        Self::with(Box::new(ProFtpd::start()))
    }

    /// With ProFTPD that insists on TLS and, as is its default, on session reuse.
    pub fn proftpd_tls() -> Self {
        Self::with(Box::new(ProFtpd::builder().tls(Tls::Required).start()))
    }

    /// With Pure-FTPd.
    pub fn pureftpd() -> Self {
        Self::with(Box::new(PureFtpd::start()))
    }

    /// With Pure-FTPd that insists on TLS.
    pub fn pureftpd_tls() -> Self {
        Self::with(Box::new(PureFtpd::builder().tls(Tls::Required).start()))
    }

    /// With pyftpdlib.
    pub fn pyftpdlib() -> Self {
        Self::with(Box::new(Pyftpdlib::start()))
    }

    /// With pyftpdlib that insists on TLS.
    pub fn pyftpdlib_tls() -> Self {
        Self::with(Box::new(Pyftpdlib::builder().tls(Tls::Required).start()))
    }

    /// A new directory of the login user: its path on this machine, and for the client,
    /// whose `/` is the home.
    pub fn directory(&self) -> (PathBuf, String) {
        let name = unique();
        (self.server.mkdir(&name), format!("/{name}"))
    }
}

fn roomy() -> Manager {
    Manager::builder().flag("--max-sessions", SESSIONS).start()
}

/// A name nobody else uses.
pub fn unique() -> String {
    format!("t-{}", uuid::Uuid::new_v4().simple())
}

/// A path as text.
///
/// # Panics
/// When it is not UTF-8; paths of the harness are.
#[track_caller]
pub fn text(path: &Path) -> &str {
    path.to_str().expect("a path of the harness is UTF-8")
}

/// Makes one test per engine of each function: `fn name(world: &SshWorld, engine: &str)`.
#[macro_export]
macro_rules! on_both_engines {
    ($($name:ident),* $(,)?) => {
        static SSH_WORLD: $crate::manager::Shared<$crate::manager::SshWorld> =
            $crate::manager::Shared::new($crate::manager::SshWorld::start);

        mod russh {
            $(#[test]
            fn $name() {
                super::$name(&super::SSH_WORLD.get(), "russh");
            })*
        }

        mod libssh2 {
            $(#[test]
            fn $name() {
                super::$name(&super::SSH_WORLD.get(), "libssh2");
            })*
        }
    };
}

/// Makes one test per FTP server of each function: `fn name(world: &FtpWorld)`.
#[macro_export]
macro_rules! on_every_ftp_server {
    ($($name:ident),* $(,)?) => {
        $crate::on_every_ftp_server!(@ vsftpd $($name)*);
        $crate::on_every_ftp_server!(@ vsftpd_tls $($name)*);
        $crate::on_every_ftp_server!(@ vsftpd_implicit $($name)*);
        $crate::on_every_ftp_server!(@ proftpd $($name)*);
        $crate::on_every_ftp_server!(@ proftpd_tls $($name)*);
        $crate::on_every_ftp_server!(@ pureftpd $($name)*);
        $crate::on_every_ftp_server!(@ pureftpd_tls $($name)*);
        $crate::on_every_ftp_server!(@ pyftpdlib $($name)*);
        $crate::on_every_ftp_server!(@ pyftpdlib_tls $($name)*);
    };
    (@ $server:ident $($name:ident)*) => {
        mod $server {
            static WORLD: $crate::manager::Shared<$crate::manager::FtpWorld> =
                $crate::manager::Shared::new($crate::manager::FtpWorld::$server);

            $(#[test]
            fn $name() {
                super::$name(&WORLD.get());
            })*
        }
    };
}
