//! pyftpdlib: the one that can be told to misbehave, and the one that runs without root.
//! Its settings go as JSON to `tests/servers/pyftpd.py`.

use serde_json::{Map, Value, json};

use super::{Ftp, Plan, Tls};
use crate::servers::account::UID;
use crate::servers::install;

/// A running pyftpdlib server.
///
/// ```no_run
/// use connection_tests::servers::ftp::{Pyftpdlib, Tls};
///
/// let plain = Pyftpdlib::start();
/// let old = Pyftpdlib::builder().without(&["MLSD", "MLST"]).tls(Tls::Offered).start();
/// let odd = Pyftpdlib::builder().list_lines(&["total 1", "garbage"]).start();
/// let full = Pyftpdlib::builder().reply("STOR", "552 Quota exceeded.").start();
/// ```
pub struct Pyftpdlib(pub(super) Ftp);

impl Pyftpdlib {
    /// Starts one without TLS and without faults.
    pub fn start() -> Self {
        Self::builder().start()
    }

    /// One with other settings.
    pub fn builder() -> PyftpdlibBuilder {
        PyftpdlibBuilder::default()
    }
}

/// Settings of a [`Pyftpdlib`] to start.
#[derive(Clone, Default)]
pub struct PyftpdlibBuilder {
    tls: Tls,
    settings: Map<String, Value>,
}

impl PyftpdlibBuilder {
    /// TLS, off at first.
    pub fn tls(self, tls: Tls) -> Self {
        Self { tls, ..self }
    }

    /// Commands the server does not know (`500`), and that its `FEAT` answer lacks.
    pub fn without(self, commands: &[&str]) -> Self {
        self.set("without", json!(commands))
    }

    /// Encoding of names, such as `latin-1`, in place of UTF-8.
    pub fn encoding(self, encoding: &str) -> Self {
        self.set("encoding", json!(encoding))
    }

    /// The text after `220 `.
    pub fn banner(self, banner: &str) -> Self {
        self.set("banner", json!(banner))
    }

    /// Answers a command with this line and does nothing else.
    pub fn reply(self, command: &str, reply: &str) -> Self {
        self.entry("replies", command, json!(reply))
    }

    /// Waits before it carries a command out.
    pub fn delay(self, command: &str, delay: std::time::Duration) -> Self {
        self.entry("delays", command, json!(delay.as_secs_f64()))
    }

    /// Never answers these commands.
    pub fn silent_on(self, commands: &[&str]) -> Self {
        self.set("silent_on", json!(commands))
    }

    /// Closes the control connection on these commands, without an answer.
    pub fn close_on(self, commands: &[&str]) -> Self {
        self.set("close_on", json!(commands))
    }

    /// Sends these lines (ended by CR LF, each character one byte) for every LIST.
    pub fn list_lines(self, lines: &[&str]) -> Self {
        self.set("list_lines", json!(lines))
    }

    /// Sends these lines (ended by CR LF, each character one byte) for every MLSD.
    pub fn mlsd_lines(self, lines: &[&str]) -> Self {
        self.set("mlsd_lines", json!(lines))
    }

    /// The IPv4 address `PASV` answers with, in place of the true one.
    pub fn passive_address(self, address: &str) -> Self {
        self.set("passive_address", json!(address))
    }

    /// Cuts every data connection after so many bytes sent, answering `426`.
    pub fn cut_downloads_after(self, bytes: u64) -> Self {
        self.set("cut_downloads_after", json!(bytes))
    }

    /// Cuts every data connection after so many bytes received, answering `552`.
    pub fn cut_uploads_after(self, bytes: u64) -> Self {
        self.set("cut_uploads_after", json!(bytes))
    }

    /// Closes idle control connections (`421`) after so many whole seconds, at least 1.
    pub fn idle_timeout(self, seconds: u64) -> Self {
        self.set("idle_timeout", json!(seconds))
    }

    /// Refuses more control connections from one address than this (`421`).
    pub fn max_connections(self, connections: u64) -> Self {
        self.set("max_connections", json!(connections))
    }

    /// Listens on `::1` in place of `127.0.0.1`, where [`crate::Service::host`] does not lead.
    pub fn ipv6(self) -> Self {
        self.set("address", json!("::1"))
    }

    /// Bytes a second of each data connection, in either direction.
    pub fn throttle(self, bytes_per_second: u64) -> Self {
        self.set("throttle", json!(bytes_per_second))
    }

    /// Refuses data connections (`522`, after their handshake) unless they resume a session in
    /// one of these versions of TLS, such as `TLSv1.2`.
    pub fn require_resumption_in(self, versions: &[&str]) -> Self {
        self.set("require_resumption_in", json!(versions))
    }

    /// Knows no TLS session or ticket any more after so many data connections with TLS.
    pub fn forget_sessions_after(self, connections: u64) -> Self {
        self.set("forget_sessions_after", json!(connections))
    }

    /// Speaks these versions of TLS only, such as `TLS1_2_VERSION`.
    pub fn tls_versions(self, oldest: &str, newest: &str) -> Self {
        self.set("tls_versions", json!([oldest, newest]))
    }

    /// Starts the server and waits until it listens.
    ///
    /// # Panics
    /// When it does not start.
    #[track_caller]
    pub fn start(self) -> Pyftpdlib {
        let plan = Plan {
            program: "pyftpdlib",
            tls: self.tls,
            needs_root: false,
            executable: install::python(),
            cuts_on_usr1: true,
        };
        Pyftpdlib(Ftp::start(plan, move |context| {
            let mut config = json!({
                "port": context.port,
                "user": context.account.name,
                "password": context.account.password,
                "home": context.account.home,
                "uid": context.account.uid.map(|_| UID),
                "settings": self.settings,
            });
            if let Some(certificate) = context.certificate {
                config["tls"] = json!({
                    "cert": certificate.path(),
                    "key": certificate.key_path(),
                    "required": context.tls != Tls::Offered,
                    "implicit": context.tls == Tls::Implicit,
                });
            }
            let config = context.write("pyftpd.json", &config.to_string());
            vec![install::asset("pyftpd.py").into(), config.into()]
        }))
    }

    fn set(mut self, key: &str, value: Value) -> Self {
        self.settings.insert(key.to_owned(), value);
        self
    }

    fn entry(mut self, table: &str, key: &str, value: Value) -> Self {
        let table = self.settings.entry(table).or_insert_with(|| json!({}));
        table[key] = value;
        self
    }
}
