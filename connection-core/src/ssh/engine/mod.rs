//! The narrow interface between SSH libraries and everything built on SSH here.
//!
//! Two engines implement it: `russh` and `libssh2`. SFTP, commands, terminals and tunnels
//! are written once above it, so every feature works on both. It speaks the words of
//! RFC 4252-4254 and knows nothing of files, sessions or HTTP.
//!
//! # Contract
//! - `connect` finishes the handshake and calls [`HostKeyCheck::check`] exactly once with
//!   the server's key, before any credential is sent; a refusal ends the connection.
//! - Channels of one link run side by side; a pause of one consumer delays no other
//!   channel for longer than it takes the engine to notice.
//! - **A consumer always drains its [`ChannelReceiver`]**, unless
//!   [`ChannelReceiver::can_wait`] and the channel's window is small: that of a terminal
//!   or of a tunnel's connection. An engine may stop taking a channel's bytes when its queue
//!   is full, and with russh that stops the whole link, so memory is bounded by what the
//!   other side is *asked* for: requests in flight for SFTP, a ring for terminals, a bounded
//!   spool for commands. With libssh2 the server waits once the channel's window is used up,
//!   but what came by then slows every other channel: it is one list of packets that each
//!   read walks, and a window holds millions of key strokes.
//! - Dropping a [`Channel`] (both halves) closes the channel without waiting.
//! - [`Link::close`] returns within a second whatever the network does, and leaves no
//!   task, thread or descriptor behind. Dropping the last `Arc<dyn Link>` does the same
//!   in the background.
//! - When the link dies, every wait on it ends with `ConnectionLost`.

pub(crate) mod libssh2;
pub(crate) mod russh;

use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;
use crate::target::Timeouts;
pub(crate) use crate::trust::HostKeyCheck;
use async_trait::async_trait;
use bytes::Bytes;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What both sides agreed on, and what the server said of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Negotiated {
    /// The engine's name.
    pub engine: &'static str,
    /// The server's identification string, such as `SSH-2.0-OpenSSH_9.2p1`.
    pub server_version: String,
    /// Key exchange method.
    pub key_exchange: String,
    /// Host key algorithm.
    pub host_key: String,
    /// Cipher, client to server.
    pub cipher: String,
    /// MAC, client to server; empty with an AEAD cipher.
    pub mac: String,
}

/// A method of RFC 4252, with what it needs.
pub(crate) enum AuthMethod<'a> {
    /// `none`: asks which methods the server takes, and now and then succeeds.
    None,
    /// `password`.
    Password(&'a Secret),
    /// `publickey`, with an unencrypted private key in OpenSSH text form.
    PublicKey(&'a Secret),
    /// `keyboard-interactive`; every prompt is answered by the function given the
    /// prompts' texts and echo flags. Engines bound the rounds (16) and prompts (32).
    KeyboardInteractive(&'a (dyn Fn(&[Prompt]) -> Vec<Secret> + Send + Sync)),
}

/// A question of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Prompt {
    /// The question, at most 4 KiB of it.
    pub(crate) text: String,
    /// Whether the answer may be shown while it is typed.
    pub(crate) echo: bool,
}

/// The server's answer to an [`AuthMethod`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AuthReply {
    /// Logged in.
    Success,
    /// Refused, or not enough yet.
    Failure {
        /// Methods that may go on, as the server lists them.
        remaining: Vec<String>,
        /// The method itself succeeded, and another one is needed beside it.
        partial: bool,
    },
}

/// A link whose server is trusted and whose user is not logged in yet.
#[async_trait]
pub(crate) trait Handshaken: Send {
    /// Tries one method. Each call is bounded by the connect clock.
    async fn authenticate(&mut self, user: &str, method: AuthMethod<'_>) -> Result<AuthReply>;

    /// The link, after a `Success`.
    fn into_link(self: Box<Self>) -> Arc<dyn Link>;
}

/// Parameters of an engine's `connect`, which takes a connected TCP stream:
/// `pub(crate) async fn connect(stream: tokio::net::TcpStream, spec: ConnectSpec) -> Result<Box<dyn Handshaken>>`
pub(crate) struct ConnectSpec {
    /// The clocks.
    pub(crate) timeouts: Timeouts,
    /// Who decides about the server's key.
    pub(crate) host_key: Arc<dyn HostKeyCheck>,
    /// Bytes in one direction after which this side asks for new keys, where the engine
    /// can; at most 1 GiB. Both engines exchange keys whenever the server asks.
    pub(crate) rekey_bytes: u64,
}

/// What a new channel is for.
#[derive(Debug, Clone)]
pub(crate) enum ChannelKind {
    /// `session`, with nothing started on it yet.
    Session,
    /// A `session` for a terminal. The engine that can hold a sender back gives it a small
    /// window, so that one held back makes this side keep little.
    Terminal,
    /// `direct-tcpip` to this host and port, as seen from the server.
    DirectTcpip {
        /// Host, resolved by the server.
        host: String,
        /// Port.
        port: u16,
    },
}

/// One authenticated connection.
#[async_trait]
pub(crate) trait Link: Send + Sync + 'static {
    /// Opens a channel.
    ///
    /// # Errors
    /// `ChannelRefused` when the server refuses, with its text.
    async fn open(&self, kind: ChannelKind) -> Result<Channel>;

    /// Has the server listen on an address of its own, and open a `forwarded-tcpip`
    /// channel here for each connection (RFC 4254 section 7). Port 0 has it choose one.
    ///
    /// A channel of that kind that no listener asked for is refused.
    ///
    /// # Errors
    /// `ChannelRefused` when the server refuses, which gives no reason.
    async fn listen(&self, host: &str, port: u16) -> Result<Box<dyn Listener>>;

    /// What was negotiated.
    fn negotiated(&self) -> &Negotiated;

    /// Whether the link can still carry anything. Turns false by itself when the peer is
    /// gone or stays silent for three keepalives.
    fn is_alive(&self) -> bool;

    /// Waits until the link is dead or closed.
    async fn closed(&self);

    /// Closes the link and everything on it.
    async fn close(&self);
}

/// Key in the context of a `ChannelRefused`: the reason code of RFC 4254 section 5.1, where
/// it is known.
pub(crate) const REASON: &str = "reason";
/// [`REASON`]: administratively prohibited.
pub(crate) const PROHIBITED: &str = "1";
/// [`REASON`]: connect failed.
pub(crate) const CONNECT_FAILED: &str = "2";

/// An open channel: the two directions can be used by two tasks.
pub(crate) struct Channel {
    /// Towards the server.
    pub(crate) sender: Box<dyn ChannelSender>,
    /// From the server.
    pub(crate) receiver: Box<dyn ChannelReceiver>,
}

/// Connections a server's listener keeps for a slow acceptor; more are turned away.
pub(crate) const ACCEPT_QUEUE: usize = 64;

/// A listener on the server's side. Dropping it has the server stop listening, in the
/// background; what it accepted lives on.
#[async_trait]
pub(crate) trait Listener: Send {
    /// The port the server listens on.
    fn port(&self) -> u16;

    /// The next connection.
    ///
    /// # Errors
    /// `ConnectionLost`.
    async fn accept(&mut self) -> Result<Channel>;

    /// Has the server stop listening. Waits for it only as long as a link's close may.
    async fn close(&mut self);
}

/// A server's refusal to listen: it says no more than that (RFC 4254 section 7.1).
pub(crate) fn refused_to_listen(operation: &'static str, host: &str, port: u16) -> Error {
    let message = format!(
        "the server refuses to listen on {host}:{port}: the port is in use, or the account \
         may not forward ports"
    );
    Error::new(ErrorKind::ChannelRefused, operation, message)
}

/// A request on a session channel (RFC 4254 section 6).
#[derive(Debug, Clone)]
pub(crate) enum ChannelRequest {
    /// A pseudo-terminal for what is started next.
    Pty {
        /// Value of `TERM`.
        term: String,
        /// Width in characters.
        columns: u32,
        /// Height in rows.
        rows: u32,
    },
    /// An environment variable; servers refuse most of them.
    Env {
        /// Name.
        name: String,
        /// Value.
        value: String,
    },
    /// Runs a command.
    Exec(Vec<u8>),
    /// Starts the account's shell.
    Shell,
    /// Starts a subsystem, such as `sftp`.
    Subsystem(String),
}

/// Counts how often a channel's bytes had to wait for the server's window, which was used
/// up, and not for the link. Whoever holds one can look while another writes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stalls(Arc<AtomicU64>);

impl Stalls {
    /// Once more.
    pub(crate) fn count(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// How often so far.
    pub(crate) fn so_far(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The sending half of a channel.
#[async_trait]
pub(crate) trait ChannelSender: Send {
    /// Makes a request and waits for the server's answer.
    ///
    /// # Errors
    /// `Unsupported` when the server refuses it.
    async fn request(&mut self, request: ChannelRequest) -> Result<()>;

    /// Sends bytes; waits while the server's window is used up.
    async fn write(&mut self, data: Bytes) -> Result<()>;

    /// Says that nothing more will be sent.
    async fn eof(&mut self) -> Result<()>;

    /// Tells the remote process a signal, named without `SIG`. Some servers ignore it.
    async fn signal(&mut self, name: &str) -> Result<()>;

    /// Tells the pseudo-terminal its new size.
    async fn resize(&mut self, columns: u32, rows: u32) -> Result<()>;

    /// Closes the channel; never waits on the network.
    async fn close(&mut self);

    /// The waits for the server's window.
    fn stalls(&self) -> Stalls {
        Stalls::default()
    }
}

/// Something that came on a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ChannelEvent {
    /// Bytes of the channel, or a command's standard output. Never empty.
    Data(Bytes),
    /// A command's standard error. Never empty.
    Stderr(Bytes),
    /// The server will send no more bytes.
    Eof,
    /// The command returned this code.
    ExitStatus(u32),
    /// The command was killed by this signal, named without `SIG`.
    ExitSignal(String),
}

/// The receiving half of a channel.
#[async_trait]
pub(crate) trait ChannelReceiver: Send {
    /// The next event in the order of the wire; `None` once the server closed the channel.
    ///
    /// # Errors
    /// `ConnectionLost` when the link died first: the end that a `None` stands for was
    /// never seen.
    async fn next(&mut self) -> Result<Option<ChannelEvent>>;

    /// Whether leaving events untaken holds back this channel's sender, and nothing else.
    fn can_wait(&self) -> bool {
        false
    }

    /// Where a task runs best that does little more than take this channel's events: on
    /// the thread that makes them, if the engine has one to share.
    fn runtime(&self) -> tokio::runtime::Handle {
        tokio::runtime::Handle::current()
    }
}
