//! An authenticated link: opening channels, and the end of it all.

use super::KillOnDrop;
use super::channel;
use super::forwards::{self, Forwards};
use super::handler::{Callbacks, Mailboxes};
use super::translate::translate;
use super::wire::Wire;
use crate::error::{Error, ErrorKind, Result};
use crate::ssh::engine::{Channel, ChannelKind, Link, Listener, Negotiated, REASON};
use ::russh::client::Handle;
use ::russh::{ChannelOpenFailure, Disconnect};
use async_trait::async_trait;
use std::sync::Arc;
use std::time::Duration;

const OPEN: &str = "open channel";

/// Longest wait for each of the three steps of a close.
const STEP: Duration = Duration::from_millis(250);

pub(super) struct RusshLink {
    handle: Arc<Handle<Callbacks>>,
    wire: Arc<Wire>,
    mailboxes: Arc<Mailboxes>,
    forwards: Arc<Forwards>,
    negotiated: Negotiated,
    _guard: KillOnDrop,
}

impl RusshLink {
    pub(super) fn new(
        handle: Handle<Callbacks>,
        wire: Arc<Wire>,
        mailboxes: Arc<Mailboxes>,
        forwards: Arc<Forwards>,
        negotiated: Negotiated,
        guard: KillOnDrop,
    ) -> Self {
        Self {
            handle: Arc::new(handle),
            wire,
            mailboxes,
            forwards,
            negotiated,
            _guard: guard,
        }
    }
}

#[async_trait]
impl Link for RusshLink {
    async fn open(&self, kind: ChannelKind) -> Result<Channel> {
        if !self.wire.is_alive() {
            return Err(self.wire.lost_error(OPEN));
        }
        let handle = self.handle.clone();
        let wire = self.wire.clone();
        let mailboxes = self.mailboxes.clone();
        // A task of its own: an open that is given up half-way still takes the channel the
        // server opens for it, and closes it by dropping it. Otherwise it would stay open,
        // and count against the server's limit, as long as the link.
        let runtime = self.wire.runtime.clone();
        let opening = async move {
            let opening = async {
                match kind {
                    ChannelKind::Session | ChannelKind::Terminal => {
                        handle.channel_open_session().await
                    }
                    ChannelKind::DirectTcpip { host, port } => {
                        handle
                            .channel_open_direct_tcpip(host, u32::from(port), "127.0.0.1", 0)
                            .await
                    }
                }
            };
            match wire.answer(OPEN, opening).await? {
                Ok(channel) => Ok(channel::open(channel, wire, mailboxes)),
                Err(::russh::Error::ChannelOpenFailure(why)) => Err(refused(&why)),
                Err(_) if !wire.is_alive() => Err(wire.lost_error(OPEN)),
                Err(error) => Err(translate(error, OPEN)),
            }
        };
        let opening = self.wire.tasks.spawn_on(opening, &runtime);
        opening.await.map_err(|e| {
            Error::new(ErrorKind::Internal, OPEN, "the opening task ended").caused_by(e)
        })?
    }

    async fn listen(&self, host: &str, port: u16) -> Result<Box<dyn Listener>> {
        const LISTEN: &str = "listen on the server";
        if !self.wire.is_alive() {
            return Err(self.wire.lost_error(LISTEN));
        }
        // A task of its own, as for an open: given up half-way, the listener that comes of
        // it is dropped, which has the server stop.
        let (handle, wire) = (self.handle.clone(), self.wire.clone());
        let asking = forwards::listen(handle, wire, self.forwards.clone(), host.to_owned(), port);
        let asking = self.wire.tasks.spawn_on(asking, &self.wire.runtime);
        let listener = asking.await.map_err(|e| {
            Error::new(ErrorKind::Internal, LISTEN, "the asking task ended").caused_by(e)
        })??;
        Ok(Box::new(listener))
    }

    fn negotiated(&self) -> &Negotiated {
        &self.negotiated
    }

    fn is_alive(&self) -> bool {
        self.wire.is_alive()
    }

    async fn closed(&self) {
        tokio::select! {
            () = self.wire.gone.cancelled() => {}
            () = self.wire.killed.cancelled() => {}
        }
    }

    async fn close(&self) {
        self.wire
            .lose_because("the connection was closed on this side");
        let farewell = self
            .handle
            .disconnect(Disconnect::ByApplication, "closed", "");
        if let Ok(Ok(())) = tokio::time::timeout(STEP, farewell).await {
            let _ = tokio::time::timeout(STEP, self.wire.gone.cancelled()).await;
        }
        self.wire.kill();
        self.wire.tasks.close();
        let _ = tokio::time::timeout(STEP, async {
            self.wire.gone.cancelled().await;
            self.wire.tasks.wait().await;
        })
        .await;
    }
}

/// The library keeps the reason and not the server's text.
fn refused(why: &ChannelOpenFailure) -> Error {
    let message = match why {
        ChannelOpenFailure::AdministrativelyProhibited => "administratively prohibited",
        ChannelOpenFailure::ConnectFailed => "connect failed",
        ChannelOpenFailure::UnknownChannelType => "unknown channel type",
        ChannelOpenFailure::ResourceShortage => "resource shortage",
        ChannelOpenFailure::Other { .. } => "refused",
    };
    Error::new(ErrorKind::ChannelRefused, OPEN, message).with(REASON, why.code().to_string())
}
