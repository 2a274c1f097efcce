//! Opening sessions on the servers of the harness through our server.

use serde_json::{Value, json};

use super::{Answer, Manager};
use crate::servers::ftp::{FtpServer, Tls};
use crate::servers::service::Service;
use crate::servers::sshd::Sshd;

/// The values of the request field `engine`: every SSH test runs with each.
pub const ENGINES: [&str; 2] = ["russh", "libssh2"];

/// The body of a request to connect, filled in for a server.
pub struct Login(Value);

impl Login {
    /// By password, over SSH, with this engine.
    pub fn ssh(server: &Service, engine: &str) -> Self {
        Self::password(server).with("engine", engine)
    }

    /// By the key the server lets in from the start.
    pub fn key(server: &Sshd, engine: &str) -> Self {
        Self(json!({
            "host": server.host(), "port": server.port(), "username": server.user(),
            "keyPath": server.key().path(), "engine": engine,
        }))
    }

    /// By password, over FTP, with TLS when the server has it, in the way it has it.
    pub fn ftp(server: &dyn FtpServer) -> Self {
        let login = Self::password(server).with("useTLS", server.tls() != Tls::Off);
        match server.tls() {
            Tls::Implicit => login.with("tlsMode", "implicit"),
            Tls::Off | Tls::Offered | Tls::Required => login,
        }
    }

    fn password(server: &Service) -> Self {
        Self(json!({
            "host": server.host(), "port": server.port(), "username": server.user(),
            "password": server.password(),
        }))
    }

    /// With this field, in place of what was there.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.0[field] = value.into();
        self
    }

    /// Without this field.
    #[must_use]
    pub fn without(mut self, field: &str) -> Self {
        if let Some(object) = self.0.as_object_mut() {
            object.remove(field);
        }
        self
    }

    /// The body.
    pub fn body(&self) -> &Value {
        &self.0
    }
}

impl Manager {
    /// Answers a request for an SSH session.
    #[track_caller]
    pub fn connect_ssh(&self, login: &Login) -> Answer {
        self.post("/connections/ssh", login.body())
    }

    /// Answers a request for an FTP session.
    #[track_caller]
    pub fn connect_ftp(&self, login: &Login) -> Answer {
        self.post("/connections/ftp", login.body())
    }

    /// Opens an SSH session by password; returns its id.
    #[track_caller]
    pub fn ssh(&self, server: &Service, engine: &str) -> String {
        id(&self.connect_ssh(&Login::ssh(server, engine)))
    }

    /// Opens an FTP session; returns its id.
    #[track_caller]
    pub fn ftp(&self, server: &dyn FtpServer) -> String {
        id(&self.connect_ftp(&Login::ftp(server)))
    }
}

/// The session's id in the answer of a request to connect.
#[track_caller]
fn id(answer: &Answer) -> String {
    match answer.ok()["session_id"].as_str() {
        Some(id) => id.to_owned(),
        None => answer.fail("wanted a session_id"),
    }
}
