//! Opening sessions.

use super::{Group, State};
use crate::auth::Caller;
use crate::error::{Outcome, Problem};
use crate::fields::Fields;
use crate::ftp_login;
use crate::json::JsonBody;
use crate::local_roots::{Refusal, outside};
use crate::models::{Connected, FtpConnect, SshConnect};
use crate::responses::{Answer, Connecting, Success};
use crate::table::{self, connect_problem};
use connection_core::ErrorKind;
use connection_core::session::SessionKind;
use connection_core::target::{
    FtpTarget, PrivateKeySource, SshCredentials, SshEngine, SshTarget, Timeouts,
};
use poem_openapi::OpenApi;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Routes that open sessions.
pub(crate) struct ConnectApi(pub(super) Arc<State>);

#[OpenApi(tag = "Group::Sessions")]
impl ConnectApi {
    /// Open an SSH session
    #[oai(
        path = "/connections/ssh",
        method = "post",
        operation_id = "connectSsh"
    )]
    async fn ssh(
        &self,
        caller: Caller,
        body: JsonBody<SshConnect>,
    ) -> Answer<Connected, Connecting> {
        let settings = &self.0.settings;
        let mut fields = Fields::required(body.read(settings.body_timeout).await?)?;
        let (host, user) = (fields.filled("host")?, fields.filled("username")?);
        let missing = if host.is_none() { "host" } else { "username" };
        let (Some(host), Some(user)) = (host, user) else {
            let text = "host and username are required";
            return Err(Problem::bad_request(text).about(missing).into());
        };
        let port = fields.port(22)?;
        let label = label(&mut fields, &user, &host)?;
        let timeouts = self.timeouts(&mut fields)?;
        let engine = engine(&mut fields, settings.engine)?;
        let password = fields.secret("password")?;
        let passphrase = fields.secret("passphrase")?;
        let key_path = fields.filled("keyPath")?;
        let key = match (fields.secret("privateKey")?, &key_path) {
            (Some(_), Some(_)) => {
                let both = "keyPath and privateKey exclude each other";
                return Err(Problem::bad_request(both).about("privateKey").into());
            }
            (Some(text), None) => Some(PrivateKeySource::Memory(text)),
            (None, Some(path)) => Some(PrivateKeySource::File(self.key_file(path).await?)),
            (None, None) => None,
        };
        let sent = table::Connecting {
            kind: SessionKind::Ssh,
            host: &host,
            port,
            key_path: key_path.as_deref(),
        };
        let credentials = SshCredentials {
            password,
            key,
            passphrase,
        };
        let target = SshTarget::new(&host, &user, credentials)
            .map_err(|e| connect_problem(&e, &sent))?
            .port(port)
            .engine(engine)
            .timeouts(timeouts);
        let opened = self.0.store.open_ssh(&caller.owner, &target, label).await;
        let id = opened.map_err(|e| refused(&e, &sent))?;
        Ok(Success(Connected {
            session_id: id.to_string(),
        }))
    }

    /// Open an FTP session
    #[oai(
        path = "/connections/ftp",
        method = "post",
        operation_id = "connectFtp"
    )]
    async fn ftp(
        &self,
        caller: Caller,
        body: JsonBody<FtpConnect>,
    ) -> Answer<Connected, Connecting> {
        let body = body.read(self.0.settings.body_timeout).await?;
        let mut fields = Fields::required(body)?;
        let (host, user) = (fields.filled("host")?, fields.filled("username")?);
        let password = fields.secret("password")?;
        let missing = match (&host, &user) {
            (None, _) => "host",
            (_, None) => "username",
            (Some(_), Some(_)) => "password",
        };
        let (Some(host), Some(user), Some(password)) = (host, user, password) else {
            let text = "host, username, and password are required";
            return Err(Problem::bad_request(text).about(missing).into());
        };
        let security = ftp_login::security(&mut fields)?;
        let port = fields.port(security.default_port())?;
        let label = label(&mut fields, &user, &host)?;
        let timeouts = self.timeouts(&mut fields)?;
        let sent = table::Connecting {
            kind: SessionKind::Ftp,
            host: &host,
            port,
            key_path: None,
        };
        let target = FtpTarget::new(&host, &user, password)
            .map_err(|e| connect_problem(&e, &sent))?
            .port(port)
            .security(security)
            .timeouts(timeouts);
        let target = ftp_login::with_options(&mut fields, target)?;
        let opened = self.0.store.open_ftp(&caller.owner, &target, label).await;
        let id = opened.map_err(|e| refused(&e, &sent))?;
        Ok(Success(Connected {
            session_id: id.to_string(),
        }))
    }
}

impl ConnectApi {
    fn timeouts(&self, fields: &mut Fields) -> Outcome<Timeouts> {
        let connect: Option<Duration> = fields.seconds("timeout")?;
        Ok(Timeouts {
            connect: connect.unwrap_or(self.0.settings.default_timeout),
            ..Timeouts::default()
        })
    }

    /// The key file the client named: absolute, or below `~`, and inside the local roots.
    async fn key_file(&self, sent: &str) -> Outcome<PathBuf> {
        let unloadable = || {
            Problem::bad_request(format!(
                "Connection error: Could not load private key from {sent}"
            ))
            .named(ErrorKind::KeyUnreadable.code())
            .about("keyPath")
        };
        let absolute = match (sent.strip_prefix("~/"), std::env::home_dir()) {
            (Some(below), Some(home)) => home.join(below).to_string_lossy().into_owned(),
            _ if sent.starts_with('/') => sent.to_owned(),
            _ => return Err(unloadable()),
        };
        self.0
            .local_path(&absolute)
            .await?
            .map_err(|refusal| match refusal {
                Refusal::Outside => outside(sent).about("keyPath"),
                Refusal::Io(_) => unloadable(),
            })
    }
}

/// A failure to connect; the log gets what the client is not told.
fn refused(error: &connection_core::Error, sent: &table::Connecting<'_>) -> Problem {
    tracing::info!(%error, "no session was opened");
    connect_problem(error, sent)
}

fn label(fields: &mut Fields, user: &str, host: &str) -> Outcome<Option<String>> {
    Ok(fields
        .nullable("sessionName")?
        .unwrap_or_else(|| Some(format!("{user}@{host}"))))
}

fn engine(fields: &mut Fields, default: SshEngine) -> Outcome<SshEngine> {
    match fields.filled("engine")? {
        None => Ok(default),
        Some(name) => name
            .parse()
            .map_err(|_| Problem::wrong_field("engine", "must be russh or libssh2")),
    }
}
