//! FTP servers. All let one account in, with its home as the client's `/`.

mod proftpd;
mod pureftpd;
mod pyftpdlib;
pub mod scripted;
mod vsftpd;

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::account::Account;
use super::certs::{Certificate, LOOPBACK_NAMES};
use super::install;
use super::process::Launch;
use super::service::{Service, server_dir};

pub use proftpd::{ProFtpd, ProFtpdBuilder};
pub use pureftpd::{PureFtpd, PureFtpdBuilder};
pub use pyftpdlib::{Pyftpdlib, PyftpdlibBuilder};
pub use vsftpd::{Vsftpd, VsftpdBuilder};

/// TLS of an FTP server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tls {
    /// Not offered: `AUTH` is refused.
    #[default]
    Off,
    /// Offered by `AUTH TLS`; a client may go without.
    Offered,
    /// Login and data connections without TLS are refused.
    Required,
    /// TLS from the first byte, on a port for that alone. pure-ftpd has no such variant.
    Implicit,
}

/// What all FTP servers have, beside what they have from [`Service`] by dereference.
///
/// ```no_run
/// use connection_tests::servers::ftp::{FtpServer, PureFtpd, Tls, Vsftpd};
///
/// let servers: Vec<Box<dyn FtpServer>> = vec![
///     Box::new(PureFtpd::start()),
///     Box::new(Vsftpd::builder().tls(Tls::Required).start()),
/// ];
/// for ftp in &servers {
///     ftp.write_file("a.txt", "hello");
///     println!("{} {}:{} {} {}", ftp.name(), ftp.host(), ftp.port(), ftp.user(), ftp.password());
/// }
/// ```
pub trait FtpServer: Deref<Target = Service> + Send + Sync {
    /// The program's name, such as `vsftpd`.
    fn name(&self) -> &'static str;

    /// Which TLS it speaks.
    fn tls(&self) -> Tls;

    /// The certificate it shows now; `None` without TLS.
    fn certificate(&self) -> Option<Certificate>;

    /// SHA-256 of the certificate it shows now, 64 lower case hexadecimal digits.
    ///
    /// # Panics
    /// Without TLS.
    #[track_caller]
    fn cert_fingerprint_sha256(&self) -> String {
        match self.certificate() {
            Some(certificate) => certificate.fingerprint_sha256().to_owned(),
            None => panic!("{} runs without TLS", self.name()),
        }
    }

    /// Ends the server and starts it on the same port with another self-signed certificate.
    ///
    /// # Panics
    /// Without TLS.
    fn restart_with_new_cert(&self) {
        self.restart_with(Certificate::generate(self.dir(), LOOPBACK_NAMES));
    }

    /// Ends the server and starts it on the same port with this certificate.
    ///
    /// # Panics
    /// Without TLS.
    fn restart_with(&self, certificate: Certificate);
}

/// What every server type here is made of.
struct Ftp {
    service: Service,
    program: &'static str,
    tls: Tls,
    certificate: Option<Arc<Mutex<Certificate>>>,
}

/// What a server's configuration is written from.
struct Context<'a> {
    dir: &'a Path,
    account: &'a Account,
    port: u16,
    tls: Tls,
    certificate: Option<&'a Certificate>,
}

/// Where and how a server of a type runs.
struct Plan {
    program: &'static str,
    tls: Tls,
    /// Runs only in namespaces, as the account does not exist elsewhere.
    needs_root: bool,
    executable: PathBuf,
    /// See [`Launch::cuts_on_usr1`].
    cuts_on_usr1: bool,
}

impl Ftp {
    /// Starts a server; `configure` writes its files and returns its arguments.
    #[track_caller]
    fn start(
        plan: Plan,
        configure: impl Fn(&Context<'_>) -> Vec<std::ffi::OsString> + Send + Sync + 'static,
    ) -> Self {
        let Plan {
            program,
            tls,
            needs_root,
            executable,
            cuts_on_usr1,
        } = plan;
        assert!(
            install::isolated() || !needs_root,
            "{program} needs root (see the crate documentation)"
        );
        let dir = server_dir();
        let path = dir.path().to_owned();
        let account = Account::throw_away(&path);
        let certificate = (tls != Tls::Off)
            .then(|| Arc::new(Mutex::new(Certificate::generate(&path, LOOPBACK_NAMES))));
        let sandbox = account.sandbox(&path);
        let shown = certificate.clone();
        let login = account.clone();
        let service = Service::start(program, dir, account, move |port| {
            let certificate = shown.as_ref().map(current);
            let context = Context {
                dir: &path,
                account: &login,
                port,
                tls,
                certificate: certificate.as_ref(),
            };
            Launch {
                program: executable.clone(),
                args: configure(&context),
                sandbox: sandbox.clone(),
                log: path.join("log"),
                current_dir: path.clone(),
                cuts_on_usr1,
            }
        });
        Self {
            service,
            program,
            tls,
            certificate,
        }
    }
}

impl Context<'_> {
    /// Writes a file of the server's directory, readable by the tester alone (proftpd insists on
    /// it for password files).
    fn write(&self, name: &str, text: &str) -> PathBuf {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.dir.join(name);
        std::fs::write(&path, text).expect("write a configuration file");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("chmod");
        path
    }
}

impl Deref for Ftp {
    type Target = Service;

    fn deref(&self) -> &Service {
        &self.service
    }
}

impl FtpServer for Ftp {
    fn name(&self) -> &'static str {
        self.program
    }

    fn tls(&self) -> Tls {
        self.tls
    }

    fn certificate(&self) -> Option<Certificate> {
        self.certificate.as_ref().map(current)
    }

    fn restart_with(&self, new: Certificate) {
        let Some(certificate) = &self.certificate else {
            panic!("{} runs without TLS", self.program);
        };
        *certificate.lock().expect("no panic while held") = new;
        self.service.restart();
    }
}

fn current(certificate: &Arc<Mutex<Certificate>>) -> Certificate {
    certificate.lock().expect("no panic while held").clone()
}

/// Makes a server type of its own out of [`Ftp`], which it holds as its only field.
macro_rules! server_type {
    ($name:ident) => {
        impl Deref for $name {
            type Target = Service;

            fn deref(&self) -> &Service {
                &self.0
            }
        }

        impl FtpServer for $name {
            fn name(&self) -> &'static str {
                self.0.name()
            }

            fn tls(&self) -> Tls {
                self.0.tls()
            }

            fn certificate(&self) -> Option<Certificate> {
                self.0.certificate()
            }

            fn restart_with(&self, certificate: Certificate) {
                self.0.restart_with(certificate);
            }
        }
    };
}
server_type!(ProFtpd);
server_type!(PureFtpd);
server_type!(Pyftpdlib);
server_type!(Vsftpd);
