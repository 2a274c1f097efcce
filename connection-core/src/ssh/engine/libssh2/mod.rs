//! The engine on `libssh2`, through the crate `ssh2`.
//!
//! libssh2 is a state machine that one thread at a time may turn, and that remembers half
//! of what it was asked. So each connection has one owner thread ([`worker`]), which never
//! blocks in libssh2 and from which nothing of the session leaves; the async side talks to
//! it through queues ([`port`], [`shared`]). Beneath libssh2 lies a socket that takes every
//! packet whole ([`wire`]), so that no packet is ever half sent and any two calls may
//! follow each other. What has an answer runs one at a time ([`control`]); bytes of open
//! channels flow side by side ([`lane`]).
//!
//! # What libssh2 cannot tell
//! - The server's text for a refused channel: only its reason code, as a phrase.
//! - The partial-success flag of a login (see [`login`]).
//! - The order of the wire between a command's output and its standard error.
//! - Which request a late answer to its own keepalive belongs to (see [`control`]).
//!
//! # What libssh2 cannot do
//! - Ask for new keys: it has no call for it. It exchanges them when the server asks, which
//!   OpenSSH does after 1 GiB with chacha20-poly1305, this engine's first choice, and after
//!   64 GiB with AES, unless its `RekeyLimit` says otherwise.

mod control;
mod error;
mod ffi;
mod forwards;
mod lane;
mod login;
mod port;
mod prompts;
mod shared;
mod wire;
mod worker;

use crate::error::{Error, ErrorKind, Result, Side};
use crate::secret::Secret;
use crate::ssh::banner;
use crate::ssh::engine::{
    AuthMethod, AuthReply, Channel, ChannelKind, ConnectSpec, Handshaken, Link, Listener,
    Negotiated,
};
use async_trait::async_trait;
use control::Operation;
use error::lost;
use login::{Command, Method};
use prompts::Asker;
use shared::{Shared, Stage, lock};
use std::ffi::CString;
use std::future::Future;
use std::sync::{Arc, Mutex, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::oneshot;

/// Unsent bytes the kernel takes beyond what is on its way: a key stroke is not queued
/// behind megabytes of an upload.
#[cfg(target_os = "linux")]
const NOT_SENT_LIMIT: u32 = 128 * 1024;

/// The engine's `connect`: handshake and check of the server's key.
///
/// # Errors
/// Those of [`crate::ssh::engine::HostKeyCheck`], `NoCommonAlgorithm`, `Protocol`,
/// `ConnectionLost`, `TimedOut`.
pub(crate) async fn connect(stream: TcpStream, spec: ConnectSpec) -> Result<Box<dyn Handshaken>> {
    const DOING: &str = "ssh handshake";
    let local = |error: std::io::Error| {
        Error::new(ErrorKind::LocalIo, DOING, error.to_string())
            .on(Side::Local)
            .caused_by(error)
    };
    let stream = stream.into_std().map_err(local)?;
    stream.set_nonblocking(true).map_err(local)?;
    stream.set_nodelay(true).map_err(local)?;
    #[cfg(target_os = "linux")]
    socket2::SockRef::from(&stream)
        .set_tcp_notsent_lowat(NOT_SENT_LIMIT)
        .map_err(local)?;
    let (shared, wake) = Shared::new().map_err(local)?;
    let shared = Arc::new(shared);
    let (greeted, greeting) = oneshot::channel();
    let (commands, receiver) = mpsc::channel();
    // The library answers a server's key exchange and cannot begin one.
    let ConnectSpec {
        timeouts, host_key, ..
    } = spec;
    let thread = std::thread::Builder::new()
        .name("ssh-libssh2".to_owned())
        .spawn({
            let shared = shared.clone();
            move || worker::run(stream, shared, wake, timeouts, host_key, greeted, receiver)
        })
        .map_err(local)?;
    // From here on a dropped future ends the thread.
    let owner = Owner {
        shared,
        thread: Mutex::new(Some(thread)),
    };
    let greeted = within(timeouts.connect, DOING, greeting, &owner).await;
    let negotiated = match greeted {
        Err(e) if e.kind() == ErrorKind::TimedOut && !owner.shared.identified() => {
            return Err(banner::silent());
        }
        greeted => greeted?,
    };
    Ok(Box::new(Connection {
        owner,
        commands,
        negotiated,
        limit: timeouts.connect,
    }))
}

/// The owner thread, ended when this is dropped.
struct Owner {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.shared.close();
    }
}

/// An answer of the owner thread, within the time.
async fn within<T>(
    limit: Duration,
    operation: &'static str,
    answer: oneshot::Receiver<Result<T>>,
    owner: &Owner,
) -> Result<T> {
    match tokio::time::timeout(limit, answer).await {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => Err(lost(operation, &owner.shared.reason())),
        Err(_) => {
            owner.shared.close();
            Err(Error::new(
                ErrorKind::TimedOut,
                operation,
                format!("no answer within {} s", limit.as_secs()),
            ))
        }
    }
}

/// A connection whose server is trusted.
struct Connection {
    owner: Owner,
    commands: mpsc::Sender<Command>,
    negotiated: Negotiated,
    limit: Duration,
}

#[async_trait]
impl Handshaken for Connection {
    async fn authenticate(&mut self, user: &str, method: AuthMethod<'_>) -> Result<AuthReply> {
        const DOING: &str = "log in";
        let (reply, answer) = oneshot::channel();
        let (method, asking) = match method {
            AuthMethod::None => (Method::None, None),
            AuthMethod::Password(secret) => (Method::Password(copy(secret)), None),
            AuthMethod::PublicKey(secret) => (Method::PublicKey(copy(secret)), None),
            AuthMethod::KeyboardInteractive(respond) => {
                let (asker, rounds) = Asker::new();
                (Method::KeyboardInteractive(asker), Some((rounds, respond)))
            }
        };
        let command = Command::Authenticate {
            user: user.to_owned(),
            method,
            reply,
        };
        if self.commands.send(command).is_err() {
            return Err(lost(DOING, &self.owner.shared.reason()));
        }
        self.owner.shared.wake();
        let answer = within(self.limit, DOING, answer, &self.owner);
        match asking {
            None => answer.await,
            Some((rounds, respond)) => answering(rounds, respond, answer).await,
        }
    }

    fn into_link(self: Box<Self>) -> Arc<dyn Link> {
        // A thread that is gone already has ended the link.
        let _ = self.commands.send(Command::Start);
        Arc::new(Libssh2Link {
            owner: self.owner,
            negotiated: self.negotiated,
        })
    }
}

/// Answers the server's questions until the login is decided.
async fn answering(
    mut rounds: tokio::sync::mpsc::Receiver<prompts::Round>,
    respond: &(dyn Fn(&[crate::ssh::engine::Prompt]) -> Vec<Secret> + Send + Sync),
    answer: impl Future<Output = Result<AuthReply>>,
) -> Result<AuthReply> {
    tokio::pin!(answer);
    loop {
        tokio::select! {
            biased;
            Some((questions, reply)) = rounds.recv() => {
                // The thread stops waiting when the login is given up.
                let _ = reply.send(respond(&questions));
            }
            decided = &mut answer => return decided,
        }
    }
}

fn copy(secret: &Secret) -> Secret {
    Secret::from(secret.expose().to_vec())
}

/// A link on libssh2.
struct Libssh2Link {
    owner: Owner,
    negotiated: Negotiated,
}

#[async_trait]
impl Link for Libssh2Link {
    async fn open(&self, kind: ChannelKind) -> Result<Channel> {
        const DOING: &str = "open channel";
        let (reply, answer) = oneshot::channel();
        self.owner
            .shared
            .submit(DOING, Operation::Open { kind, reply })?;
        match answer.await {
            Ok(result) => result,
            Err(_) => Err(lost(DOING, &self.owner.shared.reason())),
        }
    }

    async fn listen(&self, host: &str, port: u16) -> Result<Box<dyn Listener>> {
        const DOING: &str = "listen on the server";
        let host =
            CString::new(host).map_err(|_| Error::invalid("host", "an address holds no NUL"))?;
        let (reply, answer) = oneshot::channel();
        self.owner
            .shared
            .submit(DOING, Operation::Listen { host, port, reply })?;
        match answer.await {
            Ok(result) => result,
            Err(_) => Err(lost(DOING, &self.owner.shared.reason())),
        }
    }

    fn negotiated(&self) -> &Negotiated {
        &self.negotiated
    }

    fn is_alive(&self) -> bool {
        !self.owner.shared.has_ended()
    }

    async fn closed(&self) {
        self.owner.shared.reached(Stage::Ended).await;
    }

    async fn close(&self) {
        self.owner.shared.close();
        self.owner.shared.reached(Stage::Gone).await;
        if let Some(thread) = lock(&self.owner.thread).take() {
            // Its last act was to say that it is gone: this waits for its return only.
            // A panic in it has been reported by the panic hook.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests;
