//! proftpd: MLSD with `UNIX.mode`, `SITE CHMOD`, strict about resuming TLS sessions.

use std::process::Command;

use super::{Context, Ftp, Plan, Tls};
use crate::servers::account::UID;
use crate::servers::install;

/// A running proftpd.
///
/// ```no_run
/// use connection_tests::servers::ftp::{ProFtpd, Tls};
///
/// let plain = ProFtpd::start();
/// let strict = ProFtpd::builder().tls(Tls::Required).start();
/// let lax = ProFtpd::builder().tls(Tls::Implicit).session_reuse(false).start();
/// ```
pub struct ProFtpd(pub(super) Ftp);

impl ProFtpd {
    /// Starts one without TLS.
    pub fn start() -> Self {
        Self::builder().start()
    }

    /// One with other settings.
    pub fn builder() -> ProFtpdBuilder {
        ProFtpdBuilder::default()
    }
}

/// Settings of a [`ProFtpd`] to start.
#[derive(Clone)]
pub struct ProFtpdBuilder {
    tls: Tls,
    reuse: bool,
    modules: Vec<String>,
    virtual_host: Option<String>,
    lines: Vec<String>,
}

impl Default for ProFtpdBuilder {
    fn default() -> Self {
        Self {
            tls: Tls::Off,
            reuse: true,
            modules: Vec::new(),
            virtual_host: None,
            lines: Vec::new(),
        }
    }
}

impl ProFtpdBuilder {
    /// TLS, off at first.
    pub fn tls(self, tls: Tls) -> Self {
        Self { tls, ..self }
    }

    /// Whether data connections must resume the control connection's TLS session; on at first,
    /// as proftpd's own default.
    pub fn session_reuse(self, reuse: bool) -> Self {
        Self { reuse, ..self }
    }

    /// Loads a module of the package that is not built in, such as `mod_digest.c`.
    pub fn module(mut self, name: &str) -> Self {
        self.modules.push(name.to_owned());
        self
    }

    /// Serves the same account once more, read-only, to who names this host with `HOST`.
    pub fn virtual_host(mut self, name: &str) -> Self {
        self.virtual_host = Some(name.to_owned());
        self
    }

    /// A line of `proftpd.conf`, after the harness's own lines.
    pub fn line(mut self, line: &str) -> Self {
        self.lines.push(line.to_owned());
        self
    }

    /// Starts the server and waits until it listens.
    ///
    /// # Panics
    /// When it does not start, or without root.
    #[track_caller]
    pub fn start(self) -> ProFtpd {
        let plan = Plan {
            program: "proftpd",
            tls: self.tls,
            needs_root: true,
            executable: install::find("proftpd/usr/sbin/proftpd"),
            cuts_on_usr1: false,
        };
        ProFtpd(Ftp::start(plan, move |context| {
            let config = context.write("proftpd.conf", &self.config(context));
            vec!["--nodaemon".into(), "--config".into(), config.into()]
        }))
    }

    fn config(&self, context: &Context<'_>) -> String {
        let account = context.account;
        let hash = install::run(Command::new("openssl").args(["passwd", "-6", &account.password]));
        let hash = String::from_utf8_lossy(&hash);
        let users = context.write(
            "proftpd.passwd",
            &format!(
                "{}:{}:{UID}:{UID}::{}:/bin/sh\n",
                account.name,
                hash.trim(),
                account.home.display()
            ),
        );
        let file = |name: &str| context.dir.join(name).display().to_string();
        let mut lines = vec![
            "ServerName test".to_owned(),
            "ServerType standalone".to_owned(),
            "DefaultAddress 127.0.0.1".to_owned(),
            "SocketBindTight on".to_owned(),
            format!("Port {}", context.port),
            "UseIPv6 off".to_owned(),
            "UseReverseDNS off".to_owned(),
            "User nobody".to_owned(),
            "Group nogroup".to_owned(),
            format!("PidFile {}", file("proftpd.pid")),
            format!("ScoreboardFile {}", file("proftpd.scoreboard")),
            format!("SystemLog {}", file("log")),
            r#"LogFormat commands "%t %r -> %s %S""#.to_owned(),
            format!("ExtendedLog {} ALL commands", file("log")),
            "TransferLog none".to_owned(),
            "WtmpLog off".to_owned(),
            "AuthOrder mod_auth_file.c".to_owned(),
            format!("AuthUserFile {}", users.display()),
            "RequireValidShell off".to_owned(),
            "DefaultRoot ~".to_owned(),
            "AllowOverwrite on".to_owned(),
            "AllowStoreRestart on".to_owned(),
            "AllowRetrieveRestart on".to_owned(),
            "Umask 022".to_owned(),
            // Hides how long a login takes by making all logins slow.
            "<IfModule mod_delay.c>\nDelayEngine off\n</IfModule>".to_owned(),
        ];
        if let Some(certificate) = context.certificate {
            let modules = install::find("proftpd/usr/lib/proftpd");
            let required = if context.tls == Tls::Offered {
                "off"
            } else {
                "on"
            };
            // Before the other lines: the module has to be there when they name it.
            lines.insert(
                0,
                format!("ModulePath {}\nLoadModule mod_tls.c", modules.display()),
            );
            lines.extend([
                "TLSEngine on".to_owned(),
                format!("TLSRequired {required}"),
                format!("TLSLog {}", file("log")),
                format!("TLSECCertificateFile {}", certificate.path().display()),
                format!(
                    "TLSECCertificateKeyFile {}",
                    certificate.key_path().display()
                ),
                "TLSVerifyClient off".to_owned(),
                "TLSRenegotiate none".to_owned(),
            ]);
            let options = [
                (!self.reuse).then_some("NoSessionReuseRequired"),
                (context.tls == Tls::Implicit).then_some("UseImplicitSSL"),
            ];
            let options: Vec<&str> = options.into_iter().flatten().collect();
            if !options.is_empty() {
                lines.push(format!("TLSOptions {}", options.join(" ")));
            }
        }
        if !self.modules.is_empty() {
            let path = install::find("proftpd/usr/lib/proftpd");
            lines.push(format!("ModulePath {}", path.display()));
            let load = |name| format!("LoadModule {name}");
            lines.extend(self.modules.iter().map(load));
        }
        if let Some(name) = &self.virtual_host {
            lines.push(format!(
                "<VirtualHost 127.0.0.1>\nServerName virtual\nServerAlias {name}\nPort {}\n\
                 AuthUserFile {}\nRequireValidShell off\nDefaultRoot ~\n\
                 <Limit WRITE>\nDenyAll\n</Limit>\n</VirtualHost>",
                context.port,
                users.display()
            ));
        }
        lines.extend(self.lines.iter().cloned());
        lines.join("\n") + "\n"
    }
}
