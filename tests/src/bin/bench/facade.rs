//! Our server as a user starts it, and what it uses while others work it.

use crate::clients::Protocol;
use crate::measure::Usage;
use crate::processes;
use crate::results::Metrics;
use crate::site::Site;
use crate::{Failure, Result, fail};
use connection_tests::manager::{Answer, Manager, ManagerBuilder};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// The running server.
pub(crate) struct Facade {
    manager: Manager,
}

impl Facade {
    /// Starts it with room for many sessions, and leave to read the keys of the run.
    pub(crate) fn start(sessions: usize) -> Self {
        Self::start_with(Manager::builder(), sessions)
    }

    /// As [`Facade::start`], with more settings.
    pub(crate) fn start_with(builder: ManagerBuilder, sessions: usize) -> Self {
        let builder = builder
            .flag("--max-sessions", sessions.to_string())
            .flag("--local-root", std::env::temp_dir());
        Self {
            manager: builder.start(),
        }
    }

    /// `http://127.0.0.1:PORT`.
    pub(crate) fn base(&self) -> &str {
        self.manager.base()
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.manager.pid()
    }

    /// Opens a session with the default engine and the key, or over FTP; answers its id.
    pub(crate) fn open(&self, site: &Site, protocol: Protocol) -> Result<String> {
        match protocol {
            Protocol::Sftp => self.connect("ssh", &key_login(site)),
            Protocol::Ftp => {
                let login = json!({
                    "host": site.host, "port": site.ftp_port, "username": site.user,
                    "password": site.ftp_password,
                });
                self.connect("ftp", &login)
            }
        }
    }

    /// The answer of a GET of a route.
    pub(crate) fn get<T: DeserializeOwned>(&self, route: &str) -> Result<T> {
        success(self.manager.try_send("GET", route, |request| request))
    }

    /// The answer of a POST.
    pub(crate) fn post(&self, route: &str, body: &Value) -> Result<Value> {
        success(
            self.manager
                .try_send("POST", route, |request| request.json(body)),
        )
    }

    /// Closes a session.
    pub(crate) fn close(&self, session: &str) -> Result<()> {
        let route = format!("/connections/{session}");
        success(self.manager.try_send("DELETE", &route, |request| request)).map(drop::<Value>)
    }

    /// Opens a session with this body.
    pub(crate) fn connect(&self, kind: &str, login: &Value) -> Result<String> {
        let answer = self.post(&format!("/connections/{kind}"), login)?;
        match answer.get("session_id").and_then(Value::as_str) {
            Some(id) => Ok(id.to_owned()),
            None => fail(format!("no session_id in {answer}")),
        }
    }

    /// Runs a client of the server; answers its time, the server's processor seconds and
    /// peak memory, and the client's own processor seconds as `curl_cpu`.
    pub(crate) fn watch(
        &self,
        client: impl FnOnce() -> Result<Usage>,
    ) -> Result<(Metrics, Vec<u8>)> {
        let pid = self.pid();
        processes::forget_peak(pid)?;
        let before = processes::cpu(pid).ok_or("the server is gone")?;
        let used = client()?;
        let after = processes::cpu(pid).ok_or("the server is gone")?;
        let memory = processes::peak_memory(pid).ok_or("the server is gone")?;
        let mut metrics = used.metrics();
        metrics.insert("curl_cpu".to_owned(), used.cpu);
        metrics.insert("cpu".to_owned(), after - before);
        metrics.insert("memory".to_owned(), memory as f64);
        Ok((metrics, used.stdout))
    }
}

fn success<T: DeserializeOwned, E: Into<Failure>>(
    answer: std::result::Result<Answer, E>,
) -> Result<T> {
    let answer = answer.map_err(Into::into)?;
    match answer.status {
        200..300 => Ok(serde_json::from_str(&answer.text)?),
        status => fail(format!("{status}: {}", answer.text)),
    }
}

/// The body that opens an SSH session with the key.
pub(crate) fn key_login(site: &Site) -> Value {
    json!({
        "host": site.host, "port": site.ssh_port, "username": site.user, "keyPath": site.key,
    })
}

/// The body that opens an SSH session with the password.
pub(crate) fn password_login(site: &Site) -> Value {
    json!({
        "host": site.host, "port": site.ssh_port, "username": site.user,
        "password": site.password,
    })
}
