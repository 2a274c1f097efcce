//! What a session was negotiated to be and what its server can do.

use super::entries::Looking;
use super::{Group, State};
use crate::auth::Caller;
use crate::entry_models::FileCapabilities;
use crate::extension::Refused;
use crate::models::SessionType;
use crate::responses::Success;
use connection_core::ftp::FtpConnection;
use connection_core::session::SessionKind;
use connection_core::ssh::SshConnection;
use poem_openapi::param::Path;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use std::sync::Arc;

/// What can be done with a session.
#[derive(Debug, Object, Serialize)]
pub(super) struct SessionCapabilities {
    /// Protocol.
    #[oai(rename = "type")]
    #[serde(rename = "type")]
    kind: SessionType,
    /// What was negotiated, on SSH.
    #[serde(skip_serializing_if = "Option::is_none")]
    ssh: Option<Negotiation>,
    /// What was agreed and what the server says of itself, on FTP.
    #[serde(skip_serializing_if = "Option::is_none")]
    ftp: Option<FtpServer>,
    /// What can be done with files.
    files: FileCapabilities,
}

/// An FTP server as it turned out.
#[derive(Debug, Object, Serialize)]
pub(super) struct FtpServer {
    /// The server's system in its own words (`SYST`), such as `UNIX Type: L8`.
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<String>,
    /// The features it lists (`FEAT`), as it sent them; at most 200.
    features: Vec<String>,
    /// The command directories are listed with: `MLSD`, `LIST -a` or `LIST`.
    listing: String,
    /// The command data connections are asked for with: `EPSV`, `PASV`, `EPRT` or `PORT`.
    data: String,
    /// TLS version of the control connection, such as `TLSv1.3`; absent without TLS.
    #[serde(skip_serializing_if = "Option::is_none")]
    tls_version: Option<String>,
    /// Cipher suite of the control connection, such as `TLS_AES_256_GCM_SHA384`.
    #[serde(skip_serializing_if = "Option::is_none")]
    tls_cipher: Option<String>,
    /// Character set of names: the chosen one, or `UTF-8` where the server says that it
    /// speaks it; absent when nobody says, and names are bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    charset: Option<String>,
    /// Control connections of the session.
    connections: FtpConnectionsObject,
}

/// Control connections of an FTP session, at this moment.
#[derive(Debug, Object, Serialize)]
pub(super) struct FtpConnectionsObject {
    /// Open ones.
    open: usize,
    /// Most there may be, as configured.
    limit: usize,
    /// Most the server allows; absent while it has not refused one more.
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed: Option<usize>,
}

impl From<&FtpConnection> for FtpServer {
    fn from(ftp: &FtpConnection) -> Self {
        let details = ftp.details();
        let connections = ftp.connections();
        let (tls_version, tls_cipher) = match details.tls {
            Some(tls) => (Some(tls.version), Some(tls.cipher)),
            None => (None, None),
        };
        Self {
            system: details.system,
            features: details.features,
            listing: details.listing.to_owned(),
            data: details.data.to_owned(),
            tls_version,
            tls_cipher,
            charset: details.charset.map(str::to_owned),
            connections: FtpConnectionsObject {
                open: connections.open,
                limit: connections.limit,
                allowed: connections.allowed,
            },
        }
    }
}

/// What both sides of an SSH connection agreed on.
#[derive(Debug, Object, Serialize)]
pub(super) struct Negotiation {
    /// Implementation of SSH: `russh` or `libssh2`.
    engine: String,
    /// The server's identification, such as `SSH-2.0-OpenSSH_9.2p1`.
    server_version: String,
    /// Key exchange method.
    key_exchange: String,
    /// Whether recorded traffic stays secret from a quantum computer.
    post_quantum: bool,
    /// Host key algorithm.
    host_key: String,
    /// Cipher, to the server.
    cipher: String,
    /// MAC, to the server; empty when the cipher needs none.
    mac: String,
    /// Links to the server that are open: more than one where it allows few channels on each.
    links: usize,
    /// SFTP extensions of the server.
    sftp_extensions: Vec<SftpExtension>,
}

/// An SFTP extension.
#[derive(Debug, Object, Serialize)]
pub(super) struct SftpExtension {
    /// Such as `posix-rename@openssh.com`.
    name: String,
    /// Its version or data.
    version: String,
}

impl From<&SshConnection> for Negotiation {
    fn from(ssh: &SshConnection) -> Self {
        let agreed = ssh.negotiated();
        let hybrid = ["mlkem", "sntrup", "kyber"];
        Self {
            engine: agreed.engine.to_owned(),
            server_version: agreed.server_version.clone(),
            post_quantum: hybrid.iter().any(|name| agreed.key_exchange.contains(name)),
            key_exchange: agreed.key_exchange.clone(),
            host_key: agreed.host_key.clone(),
            cipher: agreed.cipher.clone(),
            mac: agreed.mac.clone(),
            links: ssh.links(),
            sftp_extensions: ssh
                .sftp_extensions()
                .map(|(name, version)| SftpExtension {
                    name: name.to_owned(),
                    version: version.to_owned(),
                })
                .collect(),
        }
    }
}

/// The route about capabilities.
pub(crate) struct CapabilitiesApi(pub(super) Arc<State>);

#[OpenApi(tag = "Group::Sessions")]
impl CapabilitiesApi {
    /// What a session can do
    #[oai(
        path = "/connections/:session_id/capabilities",
        method = "get",
        operation_id = "capabilities"
    )]
    async fn capabilities(
        &self,
        caller: Caller,
        session_id: Path<String>,
    ) -> Result<Success<SessionCapabilities>, Refused<Looking>> {
        let session = self.0.session(&caller, &session_id)?;
        Ok(Success(SessionCapabilities {
            kind: match session.kind() {
                SessionKind::Ssh => SessionType::Ssh,
                SessionKind::Ftp => SessionType::Ftp,
            },
            ssh: session.ssh().ok().map(Negotiation::from),
            ftp: session.ftp().ok().map(FtpServer::from),
            files: session.fs().capabilities().into(),
        }))
    }
}
