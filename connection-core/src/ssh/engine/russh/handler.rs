//! The library's callbacks: the server's key, what was negotiated, answers to channel
//! requests, channels the server opens, and the end of the link. All run inside the session
//! task and never wait for anything of this crate but the key check.

use super::channel;
use super::forwards::{Forwards, Taker};
use super::translate::translate;
use super::wire::{Lost, Wire, lock};
use crate::error::{Error, ErrorKind};
use crate::ssh::engine::{HostKeyCheck, Negotiated};
use ::russh::client::{ChannelOpenHandle, DisconnectReason, Handler, Msg, Session};
use ::russh::keys::PublicKeyOrCertificate;
use ::russh::{ChannelId, ChannelOpenFailure, Names};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, OnceLock};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

/// [`Error::operation`] of the key exchange.
pub(super) const HANDSHAKE: &str = "handshake";

/// Longest text of the server kept as a reason.
const MAX_REASON: usize = 500;

/// What a channel's two halves and the session task share.
#[derive(Default)]
pub(super) struct Mailbox {
    /// Requests that wait for the server's yes or no, in the order they were sent.
    pub(super) replies: Mutex<VecDeque<oneshot::Sender<bool>>>,
    /// The server closed the channel.
    pub(super) closed: CancellationToken,
}

/// The mailboxes of the open channels.
#[derive(Default)]
pub(super) struct Mailboxes(Mutex<HashMap<ChannelId, Arc<Mailbox>>>);

impl Mailboxes {
    /// The channel's mailbox. The confirmation of a channel reaches the session task
    /// before anyone can use the channel, so an early close finds it as well.
    pub(super) fn of(&self, id: ChannelId) -> Arc<Mailbox> {
        lock(&self.0).entry(id).or_default().clone()
    }

    pub(super) fn forget(&self, id: ChannelId) {
        lock(&self.0).remove(&id);
    }

    fn reply(&self, id: ChannelId, yes: bool) {
        let mailbox = lock(&self.0).get(&id).cloned();
        if let Some(waiting) = mailbox.and_then(|m| lock(&m.replies).pop_front()) {
            // Nobody waits any more when the request was given up.
            let _ = waiting.send(yes);
        }
    }

    fn closed(&self, id: ChannelId) {
        let mailbox = lock(&self.0).get(&id).cloned();
        if let Some(mailbox) = mailbox {
            mailbox.closed.cancel();
            lock(&mailbox.replies).clear();
        }
    }
}

/// A channel the server opens.
type Incoming = ::russh::Channel<Msg>;

pub(super) struct Callbacks {
    pub(super) wire: Arc<Wire>,
    pub(super) check: Arc<dyn HostKeyCheck>,
    pub(super) negotiated: Arc<OnceLock<Negotiated>>,
    pub(super) mailboxes: Arc<Mailboxes>,
    pub(super) forwards: Arc<Forwards>,
}

impl Handler for Callbacks {
    type Error = ::russh::Error;

    async fn check_server_key(
        &mut self,
        key: &PublicKeyOrCertificate,
    ) -> Result<bool, Self::Error> {
        let PublicKeyOrCertificate::PublicKey { key, .. } = key else {
            self.wire.refuse(Error::new(
                ErrorKind::Protocol,
                HANDSHAKE,
                "the server sent a host certificate that was not asked for",
            ));
            return Ok(false);
        };
        let bytes = key.to_bytes()?;
        let check = self.check.clone();
        // The record is a file.
        let verdict = tokio::task::spawn_blocking(move || check.check(&bytes)).await;
        let verdict = verdict.unwrap_or_else(|e| {
            let broken = Error::new(ErrorKind::Internal, HANDSHAKE, "the key check ended early");
            Err(broken.caused_by(e))
        });
        match verdict {
            Ok(()) => Ok(true),
            Err(refusal) => {
                self.wire.refuse(refusal);
                Ok(false)
            }
        }
    }

    async fn kex_done(
        &mut self,
        _: Option<&[u8]>,
        names: &Names,
        _: &mut Session,
    ) -> Result<(), Self::Error> {
        let cipher = names.cipher.as_ref().to_owned();
        let is_aead = cipher.contains("gcm") || cipher.contains("poly1305");
        let mac = names.client_mac.as_ref().to_owned();
        // Exchanged keys later on change nothing that is reported.
        let _ = self.negotiated.set(Negotiated {
            engine: super::NAME,
            server_version: self.wire.version.get().cloned().unwrap_or_default(),
            key_exchange: names.kex.as_ref().to_owned(),
            host_key: names.key.as_str().to_owned(),
            cipher,
            mac: if is_aead { String::new() } else { mac },
        });
        Ok(())
    }

    async fn channel_open_confirmation(
        &mut self,
        id: ChannelId,
        _: u32,
        _: u32,
        _: &mut Session,
    ) -> Result<(), Self::Error> {
        self.mailboxes.of(id);
        Ok(())
    }

    async fn channel_success(&mut self, id: ChannelId, _: &mut Session) -> Result<(), Self::Error> {
        self.mailboxes.reply(id, true);
        Ok(())
    }

    async fn channel_failure(&mut self, id: ChannelId, _: &mut Session) -> Result<(), Self::Error> {
        self.mailboxes.reply(id, false);
        Ok(())
    }

    async fn channel_close(&mut self, id: ChannelId, _: &mut Session) -> Result<(), Self::Error> {
        self.mailboxes.closed(id);
        Ok(())
    }

    async fn server_channel_open_forwarded_tcpip(
        &mut self,
        channel: Incoming,
        host: &str,
        port: u32,
        _: &str,
        _: u32,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Self::Error> {
        match self.forwards.taker(host, port) {
            Taker::Ready(place) => {
                let channel = channel::open(channel, self.wire.clone(), self.mailboxes.clone());
                // The confirmation is queued before anyone can write on the channel.
                reply.accept().await;
                place.send(channel);
            }
            Taker::Full => reply.reject(ChannelOpenFailure::ResourceShortage).await,
            Taker::Nobody => {
                let prohibited = ChannelOpenFailure::AdministrativelyProhibited;
                reply.reject(prohibited).await;
            }
        }
        Ok(())
    }

    // The library accepts every other channel a server opens, unless told not to: nobody
    // here asked for one. A reply that is dropped refuses.

    async fn server_channel_open_forwarded_streamlocal(
        &mut self,
        _: Incoming,
        _: &str,
        _: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Self::Error> {
        Ok(())
    }

    async fn server_channel_open_agent_forward(
        &mut self,
        _: Incoming,
        _: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Self::Error> {
        Ok(())
    }

    async fn server_channel_open_session(
        &mut self,
        _: Incoming,
        _: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Self::Error> {
        Ok(())
    }

    async fn server_channel_open_direct_tcpip(
        &mut self,
        _: Incoming,
        _: &str,
        _: u32,
        _: &str,
        _: u32,
        _: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Self::Error> {
        Ok(())
    }

    async fn server_channel_open_direct_streamlocal(
        &mut self,
        _: Incoming,
        _: &str,
        _: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Self::Error> {
        Ok(())
    }

    async fn server_channel_open_x11(
        &mut self,
        _: Incoming,
        _: &str,
        _: u32,
        _: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Self::Error> {
        Ok(())
    }

    async fn disconnected(
        &mut self,
        reason: DisconnectReason<Self::Error>,
    ) -> Result<(), Self::Error> {
        let lost = match reason {
            DisconnectReason::ReceivedDisconnect(info) => {
                let text: String = info.message.chars().take(MAX_REASON).collect();
                Lost {
                    message: format!("the server disconnected: {}", text.escape_debug()),
                    disconnect: Some(info.reason_code as u32),
                    no_auth_method: false,
                }
            }
            DisconnectReason::Error(error) => Lost {
                no_auth_method: matches!(error, ::russh::Error::NoAuthMethod),
                message: translate(error, "").message().to_owned(),
                disconnect: None,
            },
        };
        self.wire.lose(lost);
        Ok(())
    }
}
