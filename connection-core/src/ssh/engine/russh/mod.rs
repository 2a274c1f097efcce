//! The engine on `russh`: asynchronous, memory-safe, post-quantum key exchange.
//!
//! The library runs one task per link that reads the socket and hands each channel its
//! messages through a bounded queue. Three facts of it shape this engine:
//! - A full queue stops the whole link, hence the rule that consumers drain.
//! - The task cannot be aborted from outside; it is ended by shutting its socket down
//!   ([`wire`]).
//! - A channel closed from this side first keeps a few KiB in the library until the link
//!   ends. A command that ended by itself was closed by the server and keeps nothing.

mod channel;
mod config;
mod forwards;
mod handler;
mod link;
mod login;
mod stream;
mod threads;
mod translate;
mod wire;

use crate::error::{Error, ErrorKind, Result};
use crate::ssh::banner;
use crate::ssh::engine::{ConnectSpec, Handshaken};
use forwards::Forwards;
use handler::{Callbacks, HANDSHAKE, Mailboxes};
use std::sync::{Arc, OnceLock};
use stream::WireStream;
use tokio::net::TcpStream;
use tokio_util::task::AbortOnDropHandle;
use wire::Wire;

/// The engine's name.
const NAME: &str = "russh";

/// Ends a link whose connecting was given up.
struct KillOnDrop(Arc<Wire>);

impl Drop for KillOnDrop {
    fn drop(&mut self) {
        self.0.kill();
    }
}

/// Exchanges keys and has the server's key checked, within the connect clock.
///
/// # Errors
/// Those of the check; `TimedOut` and `Protocol` with the operation
/// [`banner::READ_BANNER`] before the server identified itself; else `TimedOut`,
/// `NoCommonAlgorithm`, `Protocol` or `ConnectionLost`.
pub(crate) async fn connect(stream: TcpStream, spec: ConnectSpec) -> Result<Box<dyn Handshaken>> {
    let broken =
        |e| Error::new(ErrorKind::Internal, HANDSHAKE, "the socket is unusable").caused_by(e);
    let stream = stream.into_std().map_err(broken)?;
    let connecting = threads::next()?.spawn(async move {
        // Readiness is told to the runtime a socket was made in.
        let stream = TcpStream::from_std(stream).map_err(broken)?;
        connect_here(stream, spec).await
    });
    let connected = AbortOnDropHandle::new(connecting).await;
    connected.map_err(|e| {
        Error::new(ErrorKind::Internal, HANDSHAKE, "the connecting task ended").caused_by(e)
    })?
}

async fn connect_here(stream: TcpStream, spec: ConnectSpec) -> Result<Box<dyn Handshaken>> {
    let socket = Arc::new(stream);
    let wire = Arc::new(Wire::new(&socket, spec.timeouts.no_progress));
    let guard = KillOnDrop(wire.clone());
    let negotiated = Arc::new(OnceLock::new());
    let mailboxes = Arc::new(Mailboxes::default());
    let forwards = Arc::new(Forwards::default());
    let config = config::config(&spec, &spec.host_key.preferred_algorithms());
    let callbacks = Callbacks {
        wire: wire.clone(),
        check: spec.host_key,
        negotiated: negotiated.clone(),
        mailboxes: mailboxes.clone(),
        forwards: forwards.clone(),
    };
    let connecting = ::russh::client::connect_stream(
        Arc::new(config),
        WireStream::new(socket, wire.clone()),
        callbacks,
    );
    let handle = match tokio::time::timeout(spec.timeouts.connect, connecting).await {
        Ok(Ok(handle)) => handle,
        Ok(Err(error)) => return Err(failure(&wire, error)),
        Err(_) if wire.version.get().is_none() => return Err(banner::silent()),
        Err(_) => {
            return Err(Error::new(
                ErrorKind::TimedOut,
                HANDSHAKE,
                "the key exchange did not end in time",
            ));
        }
    };
    let negotiated = negotiated.get().cloned().unwrap_or_default();
    Ok(Box::new(login::Login {
        handle,
        wire,
        mailboxes,
        forwards,
        negotiated,
        timeouts: spec.timeouts,
        guard,
    }))
}

fn failure(wire: &Wire, error: ::russh::Error) -> Error {
    if let Some(refusal) = wire.take_refusal() {
        return refusal;
    }
    if wire.version.get().is_some() {
        return translate::translate(error, HANDSHAKE);
    }
    // Our own identification could not be sent: the peer broke off at once.
    match error {
        ::russh::Error::IO(source) => banner::not_ssh(Some(source)),
        _ => banner::not_ssh(None),
    }
}
