//! What a session was negotiated to be and what its server can do.

use super::entries::Looking;
use super::{Group, State};
use crate::auth::Caller;
use crate::entry_models::FileCapabilities;
use crate::extension::Refused;
use crate::models::SessionType;
use crate::responses::Success;
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
    /// What can be done with files.
    files: FileCapabilities,
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
pub struct CapabilitiesApi(pub(super) Arc<State>);

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
            files: session.fs().capabilities().into(),
        }))
    }
}
