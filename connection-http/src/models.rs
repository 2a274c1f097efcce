//! The objects of the API. Keys and types are the contract's; none may be added to an
//! answer of the contract.

use crate::time::{local, remaining_seconds};
use connection_core::session::{SessionInfo, SessionKind};
use poem_openapi::{Enum, Object};
use serde::Serialize;

/// Protocol of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub(crate) enum SessionType {
    /// SSH and SFTP.
    Ssh,
    /// FTP or FTPS.
    Ftp,
}

/// An open session.
#[derive(Debug, Object, Serialize)]
pub(crate) struct SessionObject {
    /// Its id, a UUID.
    session_id: String,
    /// Its protocol.
    #[oai(rename = "type")]
    #[serde(rename = "type")]
    kind: SessionType,
    /// Host, as it was given.
    host: String,
    /// TCP port.
    port: u16,
    /// Account on the host.
    username: String,
    /// What the client calls it; `user@host` when it gave no name, null when it gave null.
    session_name: Option<String>,
    /// When it was opened; the server's local time, like all times here.
    connected_at: String,
    /// When it expires if nobody uses it.
    expires_at: String,
    /// When it was last used.
    last_activity: String,
    /// Whether its connection still lives.
    is_active: bool,
    /// Whole seconds until `expires_at`.
    time_remaining_seconds: u64,
}

impl From<SessionInfo> for SessionObject {
    fn from(info: SessionInfo) -> Self {
        Self {
            session_id: info.id.to_string(),
            kind: match info.kind {
                SessionKind::Ssh => SessionType::Ssh,
                SessionKind::Ftp => SessionType::Ftp,
            },
            host: info.host,
            port: info.port,
            username: info.user,
            session_name: info.label,
            connected_at: local(info.opened_at),
            expires_at: local(info.expires_at),
            last_activity: local(info.last_activity),
            is_active: info.is_alive,
            time_remaining_seconds: remaining_seconds(info.remaining),
        }
    }
}

/// The caller's sessions.
#[derive(Debug, Object, Serialize)]
pub(crate) struct SessionList {
    /// In the order they were opened.
    pub sessions: Vec<SessionObject>,
}

/// A session was opened.
#[derive(Debug, Object, Serialize)]
pub(crate) struct Connected {
    /// Id of the session, a UUID.
    pub session_id: String,
}

/// Something was done.
#[derive(Debug, Object, Serialize)]
pub(crate) struct Done {
    /// What was done, in words.
    pub message: String,
}

/// Expired sessions were closed.
#[derive(Debug, Object, Serialize)]
pub(crate) struct Cleaned {
    /// How many.
    pub cleaned: u64,
    /// The same in words.
    pub message: String,
}

/// An entry of a directory.
#[derive(Debug, Object, Serialize)]
pub(crate) struct FileObject {
    /// Its name; a byte that is not UTF-8 is one character of U+F780 to U+F7FF.
    pub name: String,
    /// `current_path` with the name.
    pub path: String,
    /// Whether it is a directory, links followed.
    pub is_directory: bool,
    /// Bytes, links followed.
    pub size: u64,
    /// The size for people.
    pub size_formatted: String,
    /// Last change, `YYYY-MM-DDTHH:MM:SS` in the server's local time; empty when unknown.
    pub modified: String,
    /// Three octal digits such as `644`; empty when unknown.
    pub permissions: String,
}

/// A directory.
#[derive(Debug, Object, Serialize)]
pub(crate) struct FileList {
    /// The directory as the request named it.
    pub current_path: String,
    /// Directories first, then by name.
    pub files: Vec<FileObject>,
}

/// A file was downloaded.
#[derive(Debug, Object, Serialize)]
pub(crate) struct Downloaded {
    /// Where it lies on the server's machine.
    pub local_path: String,
    /// Bytes.
    pub size: u64,
    /// The same in words.
    pub message: String,
}

/// A command ended.
#[derive(Debug, Object, Serialize)]
pub(crate) struct CommandOutput {
    /// Standard output and standard error.
    pub output: String,
}

/// The service lives.
#[derive(Debug, Object, Serialize)]
pub(crate) struct Health {
    /// Always `ok`.
    pub status: String,
    /// Name of the service.
    pub service: String,
}

/// What this service is.
#[derive(Debug, Object, Serialize)]
pub(crate) struct ServiceInfo {
    /// Its name.
    pub service: String,
    /// Version of the API.
    pub version: String,
    /// Its routes.
    pub endpoints: Endpoints,
}

/// The routes of the contract, each as `METHOD /path`.
#[derive(Debug, Object, Serialize)]
pub(crate) struct Endpoints {
    /// Whether the service lives.
    pub health: String,
    /// Open an SSH session.
    pub ssh_connect: String,
    /// Open an FTP session.
    pub ftp_connect: String,
    /// All sessions.
    pub list_sessions: String,
    /// Close a session.
    pub disconnect: String,
    /// Run a command.
    pub execute_command: String,
    /// List a directory.
    pub list_files: String,
    /// Fetch a file.
    pub download: String,
    /// Send a file.
    pub upload: String,
    /// Close expired sessions.
    pub cleanup: String,
}

/// A login over SSH. Either `password`, `keyPath` or `privateKey` must be there.
#[derive(Object)]
#[oai(rename_all = "camelCase")]
#[expect(dead_code, reason = "a description: bodies are read field by field")]
pub(crate) struct SshConnect {
    /// Host name or address.
    pub host: String,
    /// Account on the host.
    pub username: String,
    /// TCP port [default: 22].
    pub port: Option<u16>,
    /// Password, for the methods `password` and `keyboard-interactive`.
    #[oai(write_only)]
    pub password: Option<String>,
    /// Private key file on the server's machine; `~` is the home directory.
    pub key_path: Option<String>,
    /// Text of a private key.
    #[oai(write_only)]
    pub private_key: Option<String>,
    /// Passphrase of the private key; without it the password is tried.
    #[oai(write_only)]
    pub passphrase: Option<String>,
    /// What to call the session; `username@host` by default.
    pub session_name: Option<String>,
    /// Seconds to connect and log in.
    pub timeout: Option<f64>,
    /// Implementation of SSH: `russh` or `libssh2`.
    pub engine: Option<String>,
}

/// A login over FTP.
#[derive(Object)]
#[oai(rename_all = "camelCase")]
#[expect(dead_code, reason = "a description: bodies are read field by field")]
pub(crate) struct FtpConnect {
    /// Host name or address.
    pub host: String,
    /// Account on the host.
    pub username: String,
    /// Password.
    #[oai(write_only)]
    pub password: String,
    /// TCP port [default: 21, with implicit TLS 990].
    pub port: Option<u16>,
    /// Whether to secure the connection with TLS; it never falls back to clear text
    /// [default: false].
    #[oai(rename = "useTLS")]
    pub use_tls: Option<bool>,
    /// With `useTLS`: `explicit` begins in clear text and asks for TLS (`AUTH TLS`) before
    /// the login, `implicit` is TLS from the first byte [default: explicit].
    pub tls_mode: Option<String>,
    /// Who opens data connections: `passive`, the client, or `active`, the server, which then
    /// must be able to reach this machine [default: passive].
    pub data_mode: Option<String>,
    /// Character set of the server's file names, such as `windows-1252` or `shift_jis`
    /// [default: UTF-8, with stray bytes kept].
    pub charset: Option<String>,
    /// What a server gets that asks for an account (`ACCT`) besides user and password.
    #[oai(write_only)]
    pub account: Option<String>,
    /// Name of the virtual host (`HOST`), for servers that know several.
    pub virtual_host: Option<String>,
    /// Control connections at once, 1 to 64; the server may allow fewer [default: 8].
    pub max_connections: Option<u64>,
    /// What to call the session; `username@host` by default.
    pub session_name: Option<String>,
    /// Seconds to connect and log in.
    pub timeout: Option<f64>,
}

/// What to change about a session.
#[derive(Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct SessionChange {
    /// What to call it: 1 to 200 characters, none of them a control character.
    pub session_name: String,
}

/// A command.
#[derive(Object)]
pub(crate) struct Execute {
    /// For the account's shell.
    pub command: String,
    /// Ignored; the limit is the server's setting.
    pub timeout: Option<f64>,
}

/// A file to fetch.
#[derive(Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct Download {
    /// The file on the remote machine.
    pub remote_path: String,
    /// Where to put it on the server's machine [default: its name in the temporary directory].
    pub local_path: Option<String>,
}

/// A file to send.
#[derive(Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct Upload {
    /// The file on the server's machine.
    pub local_path: String,
    /// Where to put it on the remote machine.
    pub remote_path: String,
}

/// A checksum of content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "lowercase")]
pub(crate) enum ChecksumKind {
    /// SHA-256.
    Sha256,
}

/// A file was written.
#[derive(Debug, Object, Serialize)]
pub(crate) struct Stored {
    /// Its path; a byte that is not UTF-8 is one character of U+F780 to U+F7FF.
    pub path: String,
    /// Bytes of the whole file.
    pub size: u64,
    /// SHA-256 of the body in hexadecimal digits, when it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

/// What became of the files of a form.
#[derive(Debug, Default, Object, Serialize)]
pub(crate) struct FormStored {
    /// The files that were written, in the order of the form.
    pub stored: Vec<Stored>,
    /// Those that were not.
    pub errors: Vec<NotStored>,
}

/// A file of a form that was not written.
#[derive(Debug, Object, Serialize)]
pub(crate) struct NotStored {
    /// Its name, as the form gave it.
    pub name: String,
    /// What went wrong, such as `permission_denied`.
    pub code: String,
    /// The same in words.
    pub detail: String,
}
