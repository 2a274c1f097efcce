//! pure-ftpd: MLSD with entries for the directory itself, virtual users.

use std::ffi::OsString;
use std::process::Command;
use std::sync::OnceLock;

use super::{Context, Ftp, Plan, Tls};
use crate::servers::account::UID;
use crate::servers::install;
use crate::servers::syslog::Syslog;

/// A running pure-ftpd.
///
/// ```no_run
/// use connection_tests::servers::ftp::{PureFtpd, Tls};
///
/// let plain = PureFtpd::start();
/// let tls = PureFtpd::builder().tls(Tls::Offered).start();
/// ```
pub struct PureFtpd(pub(super) Ftp);

impl PureFtpd {
    /// Starts one without TLS.
    pub fn start() -> Self {
        Self::builder().start()
    }

    /// One with other settings.
    pub fn builder() -> PureFtpdBuilder {
        PureFtpdBuilder::default()
    }
}

/// Settings of a [`PureFtpd`] to start.
#[derive(Clone, Default)]
pub struct PureFtpdBuilder {
    tls: Tls,
    args: Vec<String>,
    zone: Option<String>,
}

impl PureFtpdBuilder {
    /// TLS, off at first; not [`Tls::Implicit`].
    pub fn tls(self, tls: Tls) -> Self {
        Self { tls, ..self }
    }

    /// A command line option, such as `--maxidletime=1`.
    pub fn arg(mut self, arg: &str) -> Self {
        self.args.push(arg.to_owned());
        self
    }

    /// Its time zone, as `TZ` names it: `IST-5:30` needs no files of zones.
    pub fn zone(mut self, zone: &str) -> Self {
        self.zone = Some(zone.to_owned());
        self
    }

    /// Starts the server and waits until it listens.
    ///
    /// # Panics
    /// When it does not start, without root, or for implicit TLS.
    #[track_caller]
    pub fn start(self) -> PureFtpd {
        assert!(self.tls != Tls::Implicit, "no implicit TLS on pure-ftpd");
        let plan = Plan {
            program: "pure-ftpd",
            tls: self.tls,
            needs_root: true,
            executable: install::find("pure-ftpd/usr/sbin/pure-ftpd"),
            cuts_on_usr1: false,
            zone: self.zone.clone(),
        };
        let syslog = OnceLock::new();
        PureFtpd(Ftp::start(plan, move |context| {
            // It logs to syslog only.
            syslog
                .get_or_init(|| Syslog::start(&context.dir.join("etc"), &context.dir.join("log")));
            self.args(context)
        }))
    }

    fn args(&self, context: &Context<'_>) -> Vec<OsString> {
        let account = context.account;
        let hash = install::run(Command::new("openssl").args(["passwd", "-6", &account.password]));
        let hash = String::from_utf8_lossy(&hash);
        // name:hash:uid:gid:gecos:home, then limits, all unset; `/./` is where it changes root.
        let line = format!(
            "{}:{}:{UID}:{UID}::{}/./{}\n",
            account.name,
            hash.trim(),
            account.home.display(),
            ":".repeat(12)
        );
        let users = context.write("pureftpd.passwd", &line);
        let database = context.dir.join("pureftpd.pdb");
        let mut command = Command::new(install::find("pure-ftpd/usr/bin/pure-pw"));
        install::run(command.arg("mkdb").arg(&database).arg("-f").arg(users));
        let mut args = vec![
            format!("--bind=127.0.0.1,{}", context.port),
            format!("--login=puredb:{}", database.display()),
            format!("--pidfile={}", context.dir.join("pure-ftpd.pid").display()),
            "--noanonymous".to_owned(),
            "--chrooteveryone".to_owned(),
            "--dontresolve".to_owned(),
            "--displaydotfiles".to_owned(),
            "--verboselog".to_owned(),
            // Otherwise a test that connects often meets the limit of 8 from one address.
            "--maxclientsnumber=500".to_owned(),
            "--maxclientsperip=500".to_owned(),
        ];
        if let Some(certificate) = context.certificate {
            let pem = [certificate.path(), certificate.key_path()]
                .map(|path| std::fs::read_to_string(path).expect("read a PEM file"));
            let both = context.write("pure-ftpd.pem", &pem.concat());
            args.push(format!("--certfile={}", both.display()));
            // 3 refuses clear control and data connections.
            let level = if context.tls == Tls::Offered { 1 } else { 3 };
            args.push(format!("--tls={level}"));
        }
        args.extend(self.args.iter().cloned());
        args.into_iter().map(OsString::from).collect()
    }
}
