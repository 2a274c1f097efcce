//! The control operations of a link - opening channels, requests that wait for an answer,
//! probes - one at a time, each repeated with the same arguments until it is answered.
//!
//! libssh2 keeps the state of an open in the session, so a second one would continue the
//! first; one token for every operation with an answer keeps replies and askers paired.
//! An operation whose asker has gone away is carried on to its end all the same.

use super::error::{Stop, channel_closed, lost, translate};
use super::ffi::Session;
use super::forwards::Forward;
use super::lane::Lane;
use super::port::Port;
use super::shared::Shared;
use crate::error::{Error, ErrorKind, Result};
use crate::ssh::engine::{
    ACCEPT_QUEUE, Channel, ChannelKind, ChannelRequest, Listener, refused_to_listen,
};
use std::collections::VecDeque;
use std::ffi::CString;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// Receive window of a channel: what a reader that stopped can make this side hold, and
/// with the channel's events less than 8 MiB. Over 50 ms of round trip it still lets
/// 120 MB/s through.
const WINDOW: u32 = 6 * 1024 * 1024;

/// Receive window of a terminal: what is still to come once its sender is held back, and
/// every read of another channel walks over. A person reads no faster than that.
const TERMINAL_WINDOW: u32 = 256 * 1024;

/// Receive window of a tunnel's connection, of which there may be hundreds: the one libssh2
/// itself gives to those that servers open.
const TUNNEL_WINDOW: u32 = 2 * 1024 * 1024;

/// A channel type that no server has: it is refused in one cheap round trip, which
/// leaves nothing behind on either side. (libssh2 never frees the answer to its own
/// keepalive request.)
const PROBE: &str = "probe@connection-manager";

/// A wish of the async side that waits for its turn.
pub(super) enum Operation {
    /// Open a channel.
    Open {
        /// What for.
        kind: ChannelKind,
        /// Where it goes.
        reply: oneshot::Sender<Result<Channel>>,
    },
    /// Have the server listen.
    Listen {
        /// On which of its addresses.
        host: CString,
        /// On which port.
        port: u16,
        /// Where the listener goes.
        reply: oneshot::Sender<Result<Box<dyn Listener>>>,
    },
    /// Make a request on an open channel.
    Request {
        /// Which channel.
        key: u64,
        /// What.
        request: ChannelRequest,
        /// Where the answer goes.
        reply: oneshot::Sender<Result<()>>,
    },
}

impl Operation {
    /// Answers that the link is gone. An asker that is gone too needs no answer.
    pub(super) fn fail(self, reason: &str) {
        match self {
            Self::Open { reply, .. } => {
                let _ = reply.send(Err(lost(OPEN, reason)));
            }
            Self::Listen { reply, .. } => {
                let _ = reply.send(Err(lost(LISTEN, reason)));
            }
            Self::Request { reply, .. } => {
                let _ = reply.send(Err(lost(REQUEST, reason)));
            }
        }
    }
}

const LISTEN: &str = "listen on the server";
const OPEN: &str = "open channel";
const REQUEST: &str = "send channel request";

/// The operation that has the token.
struct Active {
    since: Instant,
    what: What,
}

enum What {
    Open {
        name: &'static str,
        window: u32,
        message: Vec<u8>,
        /// `None` for a probe.
        reply: Option<oneshot::Sender<Result<Channel>>>,
    },
    Listen {
        host: CString,
        port: u16,
        reply: Option<oneshot::Sender<Result<Box<dyn Listener>>>>,
    },
    Request {
        key: u64,
        request: ChannelRequest,
        reply: oneshot::Sender<Result<()>>,
    },
}

/// The queue and the token.
#[derive(Default)]
pub(super) struct Control {
    queue: VecDeque<Operation>,
    active: Option<Active>,
    next_key: u64,
    forwards: Vec<Forward>,
    /// An answer to a global request that nobody takes may lie in libssh2's queue, where
    /// the next one who asks would take it for his own.
    stray_answers: bool,
}

impl Control {
    /// Queues operations.
    pub(super) fn extend(&mut self, operations: VecDeque<Operation>) {
        self.queue.extend(operations);
    }

    /// Whether the token is free and nobody waits for it.
    pub(super) fn is_idle(&self) -> bool {
        self.active.is_none() && self.queue.is_empty()
    }

    /// Since when an answer is due, and whether it is one to an open, which cannot be
    /// given up.
    pub(super) fn waiting_since(&self) -> Option<(Instant, bool)> {
        self.active
            .as_ref()
            .map(|a| (a.since, !matches!(a.what, What::Request { .. })))
    }

    /// Starts a probe, if the token is free.
    pub(super) fn probe(&mut self) -> bool {
        if self.active.is_some() {
            return false;
        }
        self.active = Some(Active {
            since: Instant::now(),
            what: What::Open {
                name: PROBE,
                window: WINDOW,
                message: Vec::new(),
                reply: None,
            },
        });
        true
    }

    /// Takes the operations forward; true when one began or ended. `Err`: the session is
    /// unusable.
    pub(super) fn step(
        &mut self,
        session: &Session,
        shared: &Arc<Shared>,
        lanes: &mut Vec<Lane>,
    ) -> Result<bool, String> {
        let mut progress = self.accept(session, shared, lanes)?;
        loop {
            if self.active.is_none() {
                match self.queue.pop_front() {
                    Some(operation) => self.begin(operation, lanes),
                    None => return Ok(progress),
                }
                progress = true;
            }
            let Some(mut active) = self.active.take() else {
                continue;
            };
            let answered = match &mut active.what {
                What::Open {
                    name,
                    window,
                    message,
                    reply,
                } => match session.open(name, *window, message) {
                    Ok(raw) => {
                        self.next_key += 1;
                        let (port, channel, events) = Port::open(shared, self.next_key);
                        lanes.push(Lane::new(self.next_key, raw, port, events));
                        // Without a taker the channel is dropped here, which closes it.
                        if let Some(reply) = reply.take() {
                            let _ = reply.send(Ok(channel));
                        }
                        true
                    }
                    Err(Stop::Again) => false,
                    Err(Stop::Failed(code)) => {
                        if Stop::Failed(code).is_fatal() {
                            let words = session.last_words();
                            if let Some(reply) = reply.take() {
                                let _ = reply.send(Err(lost(OPEN, &words)));
                            }
                            return Err(words);
                        }
                        if let Some(reply) = reply.take() {
                            let _ = reply.send(Err(translate(OPEN, code, &session.last_words())));
                        }
                        true
                    }
                },
                What::Listen { host, port, reply } => {
                    let result = match session.listen(host, *port, ACCEPT_QUEUE) {
                        Ok((raw, bound)) => {
                            let (forward, listener) = Forward::open(raw, bound, shared);
                            self.forwards.push(forward);
                            Some(Ok(listener))
                        }
                        Err(Stop::Again) => None,
                        Err(Stop::Failed(code)) if Stop::Failed(code).is_fatal() => {
                            let words = session.last_words();
                            if let Some(reply) = reply.take() {
                                let _ = reply.send(Err(lost(LISTEN, &words)));
                            }
                            return Err(words);
                        }
                        Err(Stop::Failed(_)) => {
                            let host = host.to_string_lossy();
                            Some(Err(refused_to_listen(LISTEN, &host, *port)))
                        }
                    };
                    let answered = result.is_some();
                    // Without a taker the listener is dropped here, which stops it.
                    if let (Some(result), Some(reply)) = (result, reply.take_if(|_| answered)) {
                        let _ = reply.send(result);
                    }
                    answered
                }
                What::Request { key, request, .. } => {
                    let lane = lanes.iter_mut().find(|l| l.key() == *key);
                    match request_step(session, lane, request)? {
                        Some(result) => {
                            if let What::Request { reply, .. } = active.what {
                                let _ = reply.send(result);
                            }
                            progress = true;
                            continue;
                        }
                        None => false,
                    }
                }
            };
            if !answered {
                self.active = Some(active);
                return Ok(progress);
            }
            progress = true;
        }
    }

    fn begin(&mut self, operation: Operation, lanes: &[Lane]) {
        let what = match operation {
            Operation::Open { reply, .. } if reply.is_closed() => return,
            Operation::Listen { reply, .. } if reply.is_closed() => return,
            Operation::Listen { reply, .. } if self.stray_answers => {
                let message = "this connection was too quiet to tell its answers apart since; \
                               open the session again, or use the other engine";
                let _ = reply.send(Err(Error::new(ErrorKind::Unsupported, LISTEN, message)));
                return;
            }
            Operation::Listen { host, port, reply } => What::Listen {
                host,
                port,
                reply: Some(reply),
            },
            Operation::Request { reply, .. } if reply.is_closed() => return,
            Operation::Open { kind, reply } => {
                let (name, window, message) = match kind {
                    ChannelKind::Session => ("session", WINDOW, Vec::new()),
                    ChannelKind::Terminal => ("session", TERMINAL_WINDOW, Vec::new()),
                    ChannelKind::DirectTcpip { host, port } => {
                        ("direct-tcpip", TUNNEL_WINDOW, direct_tcpip(&host, port))
                    }
                };
                What::Open {
                    name,
                    window,
                    message,
                    reply: Some(reply),
                }
            }
            Operation::Request {
                key,
                request,
                reply,
            } => {
                if !lanes.iter().any(|l| l.key() == key && l.is_open()) {
                    let _ = reply.send(Err(channel_closed(REQUEST)));
                    return;
                }
                What::Request {
                    key,
                    request,
                    reply,
                }
            }
        };
        self.active = Some(Active {
            since: Instant::now(),
            what,
        });
    }

    /// The channel whose request has the token: it is not closed before the answer.
    pub(super) fn busy_lane(&self) -> Option<u64> {
        match self.active.as_ref()?.what {
            What::Request { key, .. } => Some(key),
            What::Open { .. } | What::Listen { .. } => None,
        }
    }

    /// Gives up a request that the server leaves unanswered; its channel must be closed,
    /// because the answer may still come.
    pub(super) fn give_up_request(&mut self, after: Duration) -> Option<u64> {
        match self.active.take()?.what {
            What::Request { key, reply, .. } => {
                let _ = reply.send(Err(Error::new(
                    ErrorKind::TimedOut,
                    REQUEST,
                    format!("no answer within {} s", after.as_secs()),
                )));
                Some(key)
            }
            What::Open { .. } | What::Listen { .. } => None,
        }
    }

    /// A global request was made whose answer nobody takes.
    pub(super) fn expect_stray_answer(&mut self) {
        self.stray_answers = true;
    }

    /// Takes what came for the listeners, before anyone asks for another on the same port.
    fn accept(
        &mut self,
        session: &Session,
        shared: &Arc<Shared>,
        lanes: &mut Vec<Lane>,
    ) -> Result<bool, String> {
        let before = lanes.len();
        let mut at = 0;
        while let Some(forward) = self.forwards.get_mut(at) {
            if forward.step(session, shared, lanes, &mut self.next_key)? {
                at += 1;
            } else {
                self.forwards.remove(at);
            }
        }
        Ok(lanes.len() > before)
    }

    /// Answers everyone that the link is gone.
    pub(super) fn fail(&mut self, reason: &str) {
        self.forwards.clear();
        for operation in self.queue.drain(..) {
            operation.fail(reason);
        }
        match self.active.take().map(|a| a.what) {
            Some(What::Request { reply, .. }) => {
                let _ = reply.send(Err(lost(REQUEST, reason)));
            }
            Some(What::Open {
                reply: Some(reply), ..
            }) => {
                let _ = reply.send(Err(lost(OPEN, reason)));
            }
            Some(What::Listen {
                reply: Some(reply), ..
            }) => {
                let _ = reply.send(Err(lost(LISTEN, reason)));
            }
            Some(What::Open { reply: None, .. } | What::Listen { reply: None, .. }) | None => {}
        }
    }
}

/// One step of a request; `None` while it is unanswered. `Err`: the session is unusable.
fn request_step(
    session: &Session,
    lane: Option<&mut Lane>,
    request: &ChannelRequest,
) -> Result<Option<Result<()>>, String> {
    let Some((lane, raw)) = lane.and_then(Lane::raw) else {
        return Ok(Some(Err(channel_closed(REQUEST))));
    };
    let step = match request {
        ChannelRequest::Pty {
            term,
            columns,
            rows,
        } => raw.pty(term, *columns, *rows),
        ChannelRequest::Env { name, value } => raw.env(name, value),
        ChannelRequest::Exec(command) => raw.start("exec", Some(command)),
        ChannelRequest::Shell => raw.start("shell", None),
        ChannelRequest::Subsystem(name) => raw.start("subsystem", Some(name.as_bytes())),
    };
    match step {
        Ok(()) => {
            if matches!(request, ChannelRequest::Pty { .. }) {
                *lane = true;
            }
            Ok(Some(Ok(())))
        }
        // A server that closes the channel instead of answering will never answer.
        Err(Stop::Again) => match raw.remote_closed() {
            Ok(Some(true)) => Ok(Some(Err(channel_closed(REQUEST)))),
            Ok(_) | Err(Stop::Again) => Ok(None),
            Err(Stop::Failed(_)) => Err(session.last_words()),
        },
        Err(Stop::Failed(code)) if Stop::Failed(code).is_fatal() => Err(session.last_words()),
        Err(Stop::Failed(code)) => Ok(Some(Err(translate(REQUEST, code, &session.last_words())))),
    }
}

/// The type-specific part of a `direct-tcpip` open (RFC 4254 section 7.2).
fn direct_tcpip(host: &str, port: u16) -> Vec<u8> {
    let mut message = Vec::with_capacity(host.len() + 32);
    let put_text = |message: &mut Vec<u8>, text: &str| {
        let length = u32::try_from(text.len()).unwrap_or(0);
        message.extend_from_slice(&length.to_be_bytes());
        message.extend_from_slice(text.as_bytes());
    };
    put_text(&mut message, host);
    message.extend_from_slice(&u32::from(port).to_be_bytes());
    // Where the connection comes from is nothing the server can use.
    put_text(&mut message, "127.0.0.1");
    message.extend_from_slice(&0_u32.to_be_bytes());
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_direct_tcpip_message_has_the_four_fields_of_the_rfc() {
        let expected = [
            &[0, 0, 0, 2][..],
            b"db",
            &[0, 0, 0x15, 0x38],
            &[0, 0, 0, 9],
            b"127.0.0.1",
            &[0, 0, 0, 0],
        ]
        .concat();
        assert_eq!(direct_tcpip("db", 5432), expected);
    }
}
