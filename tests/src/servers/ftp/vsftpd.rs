//! vsftpd: LIST only (no MLSD), and by default TLS data connections must resume the control
//! connection's session.

use super::{Context, Ftp, Plan, Tls};
use crate::servers::install;

/// A running vsftpd.
///
/// ```no_run
/// use connection_tests::servers::ftp::{Tls, Vsftpd};
///
/// let plain = Vsftpd::start();
/// let strict = Vsftpd::builder().tls(Tls::Required).session_reuse(true).start();
/// ```
pub struct Vsftpd(pub(super) Ftp);

impl Vsftpd {
    /// Starts one without TLS.
    pub fn start() -> Self {
        Self::builder().start()
    }

    /// One with other settings.
    pub fn builder() -> VsftpdBuilder {
        VsftpdBuilder::default()
    }
}

/// Settings of a [`Vsftpd`] to start.
#[derive(Clone, Default)]
pub struct VsftpdBuilder {
    tls: Tls,
    reuse: bool,
    lines: Vec<String>,
    zone: Option<String>,
}

impl VsftpdBuilder {
    /// TLS, off at first.
    pub fn tls(self, tls: Tls) -> Self {
        Self { tls, ..self }
    }

    /// Whether data connections must resume the control connection's TLS session
    /// (`require_ssl_reuse`); off at first, although vsftpd's own default is on.
    pub fn session_reuse(self, reuse: bool) -> Self {
        Self { reuse, ..self }
    }

    /// A line of `vsftpd.conf`, after the harness's own lines; vsftpd takes the last setting of a
    /// keyword, so this one wins.
    pub fn line(mut self, line: &str) -> Self {
        self.lines.push(line.to_owned());
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
    /// When it does not start, or without root.
    #[track_caller]
    pub fn start(self) -> Vsftpd {
        let plan = Plan {
            program: "vsftpd",
            tls: self.tls,
            needs_root: true,
            executable: install::find("vsftpd/usr/sbin/vsftpd"),
            cuts_on_usr1: false,
            zone: self.zone.clone(),
        };
        Vsftpd(Ftp::start(plan, move |context| {
            vec![context.write("vsftpd.conf", &self.config(context)).into()]
        }))
    }

    fn config(&self, context: &Context<'_>) -> String {
        let yes = |on: bool| if on { "YES" } else { "NO" };
        let empty = context.dir.join("empty");
        std::fs::create_dir_all(&empty).expect("create vsftpd's empty directory");
        let mut lines = vec![
            "listen=YES".to_owned(),
            "listen_address=127.0.0.1".to_owned(),
            format!("listen_port={}", context.port),
            "background=NO".to_owned(),
            "anonymous_enable=NO".to_owned(),
            "local_enable=YES".to_owned(),
            "write_enable=YES".to_owned(),
            "local_umask=022".to_owned(),
            "chroot_local_user=YES".to_owned(),
            "allow_writeable_chroot=YES".to_owned(),
            "pam_service_name=vsftpd".to_owned(),
            format!("secure_chroot_dir={}", empty.display()),
            "xferlog_enable=YES".to_owned(),
            "log_ftp_protocol=YES".to_owned(),
            format!("vsftpd_log_file={}", context.dir.join("log").display()),
            // It needs no namespaces and filters of its own inside ours, and some kernels refuse.
            "isolate=NO".to_owned(),
            "isolate_network=NO".to_owned(),
            "seccomp_sandbox=NO".to_owned(),
        ];
        if let Some(certificate) = context.certificate {
            let required = yes(context.tls != Tls::Offered);
            lines.extend([
                "ssl_enable=YES".to_owned(),
                format!("rsa_cert_file={}", certificate.path().display()),
                format!("rsa_private_key_file={}", certificate.key_path().display()),
                // Its own default is triple DES alone.
                "ssl_ciphers=HIGH".to_owned(),
                format!("force_local_logins_ssl={required}"),
                format!("force_local_data_ssl={required}"),
                format!("implicit_ssl={}", yes(context.tls == Tls::Implicit)),
                format!("require_ssl_reuse={}", yes(self.reuse)),
                "debug_ssl=YES".to_owned(),
            ]);
        }
        lines.extend(self.lines.iter().cloned());
        lines.join("\n") + "\n"
    }
}
