//! The two halves of a channel.

use super::handler::{Mailbox, Mailboxes};
use super::translate::translate;
use super::wire::{Wire, lock};
use crate::error::{Error, ErrorKind, Result};
use crate::ssh::engine::{
    Channel, ChannelEvent, ChannelReceiver, ChannelRequest, ChannelSender, Stalls,
};
use ::russh::client::Msg;
use ::russh::{ChannelMsg, ChannelReadHalf, ChannelWriteHalf, Sig};
use async_trait::async_trait;
use bytes::Bytes;
use futures::future::BoxFuture;
use std::pin::pin;
use std::sync::Arc;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

const REQUEST: &str = "start on channel";
const SEND: &str = "send on channel";
const RECEIVE: &str = "receive on channel";

/// Type code of standard error in `SSH_MSG_CHANNEL_EXTENDED_DATA` (RFC 4254 section 5.2).
const STDERR: u32 = 1;

type Write = Arc<ChannelWriteHalf<Msg>>;

/// What the halves share. Dropping both drops it, which closes the channel.
struct Shared {
    write: Write,
    wire: Arc<Wire>,
    mailboxes: Arc<Mailboxes>,
    mailbox: Arc<Mailbox>,
    /// This side closed the channel.
    closed: CancellationToken,
}

impl Shared {
    /// Has the channel closed, without waiting for the session task to take the message.
    fn close(&self) {
        if self.closed.is_cancelled() || self.mailbox.closed.is_cancelled() {
            return;
        }
        self.closed.cancel();
        if !self.wire.is_alive() {
            return;
        }
        let (write, wire) = (self.write.clone(), self.wire.clone());
        self.wire.tasks.spawn_on(
            async move {
                tokio::select! {
                    // It fails only when the link is gone, and the channel with it.
                    _ = write.close() => {}
                    () = wire.gone.cancelled() => {}
                    () = wire.killed.cancelled() => {}
                }
            },
            &self.wire.runtime,
        );
    }

    fn over(&self, operation: &'static str) -> Error {
        if self.wire.is_alive() {
            let who = if self.closed.is_cancelled() {
                "the channel was closed on this side"
            } else {
                "the server closed the channel"
            };
            Error::new(ErrorKind::ConnectionLost, operation, who)
        } else {
            self.wire.lost_error(operation)
        }
    }

    /// Hands something to the session task, which may wait for the network or a window.
    async fn hand_over(
        &self,
        operation: &'static str,
        send: impl Future<Output = Result<(), ::russh::Error>>,
    ) -> Result<()> {
        tokio::select! {
            biased;
            () = self.closed.cancelled() => Err(self.over(operation)),
            () = self.mailbox.closed.cancelled() => Err(self.over(operation)),
            () = self.wire.killed.cancelled() => Err(self.over(operation)),
            () = self.wire.gone.cancelled() => Err(self.over(operation)),
            sent = send => sent.map_err(|e| {
                if self.wire.is_alive() { translate(e, operation) } else { self.over(operation) }
            }),
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.close();
        self.mailboxes.forget(self.write.id());
    }
}

pub(super) fn open(
    channel: ::russh::Channel<Msg>,
    wire: Arc<Wire>,
    mailboxes: Arc<Mailboxes>,
) -> Channel {
    let (read, write) = channel.split();
    let shared = Arc::new(Shared {
        mailbox: mailboxes.of(write.id()),
        write: Arc::new(write),
        wire,
        mailboxes,
        closed: CancellationToken::new(),
    });
    Channel {
        sender: Box::new(Sender {
            shared: shared.clone(),
            unfinished: None,
            unanswered: false,
            stalls: Stalls::default(),
        }),
        receiver: Box::new(Receiver {
            read,
            shared,
            ended: false,
        }),
    }
}

struct Sender {
    shared: Arc<Shared>,
    /// A write whose caller went away: the library has taken a part of the window for it,
    /// which would be lost with it, so the next call brings it to its end first.
    unfinished: Option<BoxFuture<'static, Result<(), ::russh::Error>>>,
    /// A request whose caller went away before the answer: the next answer would be taken
    /// for another request's.
    unanswered: bool,
    stalls: Stalls,
}

/// Sends bytes, and notes it when they have to wait for the window.
async fn send(write: Write, data: Bytes, stalls: Stalls) -> Result<(), ::russh::Error> {
    let mut sending = pin!(write.data_bytes(data));
    // Both are polled: the two share a lock that goes to who asked first.
    tokio::select! {
        biased;
        sent = &mut sending => return sent,
        // It has taken what there was of the window; with some left it waits for the link.
        window = write.writable_packet_size() => {
            if window == 0 {
                stalls.count();
            }
        }
    }
    sending.await
}

impl Sender {
    async fn finish_write(&mut self) -> Result<()> {
        if let Some(write) = &mut self.unfinished {
            let sent = self.shared.hand_over(SEND, write).await;
            self.unfinished = None;
            sent?;
        }
        Ok(())
    }
}

#[async_trait]
impl ChannelSender for Sender {
    async fn request(&mut self, request: ChannelRequest) -> Result<()> {
        self.finish_write().await?;
        if self.unanswered {
            return Err(Error::new(
                ErrorKind::Cancelled,
                REQUEST,
                "an earlier request on the channel was given up",
            ));
        }
        let refusal = match &request {
            ChannelRequest::Pty { .. } => "the server refuses a terminal",
            ChannelRequest::Env { .. } => "the server refuses the environment variable",
            ChannelRequest::Exec(_) => "the server refuses to run commands",
            ChannelRequest::Shell => "the server refuses a shell",
            ChannelRequest::Subsystem(_) => "the server refuses the subsystem",
        };
        let (yes, answer) = oneshot::channel();
        self.unanswered = true;
        lock(&self.shared.mailbox.replies).push_back(yes);
        let write = &self.shared.write;
        let sending = async {
            match request {
                ChannelRequest::Pty {
                    term,
                    columns,
                    rows,
                } => {
                    write
                        .request_pty(true, &term, columns, rows, 0, 0, &[])
                        .await
                }
                ChannelRequest::Env { name, value } => write.set_env(true, name, value).await,
                ChannelRequest::Exec(command) => write.exec(true, command).await,
                ChannelRequest::Shell => write.request_shell(true).await,
                ChannelRequest::Subsystem(name) => write.request_subsystem(true, name).await,
            }
        };
        self.shared.hand_over(REQUEST, sending).await?;
        let answer = self.shared.wire.answer(REQUEST, answer).await?;
        self.unanswered = false;
        match answer {
            Ok(true) => Ok(()),
            Ok(false) => Err(Error::new(ErrorKind::Unsupported, REQUEST, refusal)),
            // The mailbox was emptied by the server's close.
            Err(_) => Err(self.shared.over(REQUEST)),
        }
    }

    async fn write(&mut self, data: Bytes) -> Result<()> {
        self.finish_write().await?;
        let write = self.shared.write.clone();
        self.unfinished = Some(Box::pin(send(write, data, self.stalls.clone())));
        self.finish_write().await
    }

    async fn eof(&mut self) -> Result<()> {
        self.finish_write().await?;
        self.shared.hand_over(SEND, self.shared.write.eof()).await
    }

    async fn signal(&mut self, name: &str) -> Result<()> {
        let signal = self.shared.write.signal(signal(name));
        self.shared.hand_over(SEND, signal).await
    }

    async fn resize(&mut self, columns: u32, rows: u32) -> Result<()> {
        let resize = self.shared.write.window_change(columns, rows, 0, 0);
        self.shared.hand_over(SEND, resize).await
    }

    async fn close(&mut self) {
        self.unfinished = None;
        self.shared.close();
    }

    fn stalls(&self) -> Stalls {
        self.stalls.clone()
    }
}

struct Receiver {
    read: ChannelReadHalf,
    shared: Arc<Shared>,
    ended: bool,
}

#[async_trait]
impl ChannelReceiver for Receiver {
    fn runtime(&self) -> Handle {
        self.shared.wire.runtime.clone()
    }

    async fn next(&mut self) -> Result<Option<ChannelEvent>> {
        while !self.ended {
            // What came before the end is handed out before it.
            let message = tokio::select! {
                biased;
                message = self.read.wait() => message,
                () = self.shared.closed.cancelled() => {
                    self.ended = true;
                    break;
                }
                () = self.shared.wire.killed.cancelled() => {
                    return Err(self.shared.wire.lost_error(RECEIVE));
                }
            };
            match message {
                Some(ChannelMsg::Data { data }) if !data.is_empty() => {
                    return Ok(Some(ChannelEvent::Data(data)));
                }
                Some(ChannelMsg::ExtendedData { data, ext: STDERR }) if !data.is_empty() => {
                    return Ok(Some(ChannelEvent::Stderr(data)));
                }
                Some(ChannelMsg::Eof) => return Ok(Some(ChannelEvent::Eof)),
                Some(ChannelMsg::ExitStatus { exit_status }) => {
                    return Ok(Some(ChannelEvent::ExitStatus(exit_status)));
                }
                Some(ChannelMsg::ExitSignal { signal_name, .. }) => {
                    return Ok(Some(ChannelEvent::ExitSignal(signal_name_of(signal_name))));
                }
                Some(ChannelMsg::Close) => self.ended = true,
                // Answers reach the sender by the mailbox; the rest has no use here.
                Some(_) => {}
                None if self.shared.closed.is_cancelled() => self.ended = true,
                None => return Err(self.shared.wire.lost_error(RECEIVE)),
            }
        }
        Ok(None)
    }
}

fn signal(name: &str) -> Sig {
    match name {
        "ABRT" => Sig::ABRT,
        "ALRM" => Sig::ALRM,
        "FPE" => Sig::FPE,
        "HUP" => Sig::HUP,
        "ILL" => Sig::ILL,
        "INT" => Sig::INT,
        "KILL" => Sig::KILL,
        "PIPE" => Sig::PIPE,
        "QUIT" => Sig::QUIT,
        "SEGV" => Sig::SEGV,
        "TERM" => Sig::TERM,
        "USR1" => Sig::USR1,
        other => Sig::Custom(other.to_owned()),
    }
}

fn signal_name_of(signal: Sig) -> String {
    match signal {
        Sig::ABRT => "ABRT",
        Sig::ALRM => "ALRM",
        Sig::FPE => "FPE",
        Sig::HUP => "HUP",
        Sig::ILL => "ILL",
        Sig::INT => "INT",
        Sig::KILL => "KILL",
        Sig::PIPE => "PIPE",
        Sig::QUIT => "QUIT",
        Sig::SEGV => "SEGV",
        Sig::TERM => "TERM",
        Sig::USR1 => "USR1",
        // A name of RFC 4254 is short; a hostile one is not kept.
        Sig::Custom(name) => return name.chars().take(64).collect(),
    }
    .to_owned()
}
