//! Further links: opening one, and closing it when nobody needs it.

use super::lane::Lane;
use super::{FIRST, Inner};
use crate::error::{ErrorKind, Result};
use crate::ssh::engine::Link;
use crate::ssh::login::Login;
use async_trait::async_trait;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How long a failure to open a further link is believed, where it may have been of the
/// moment: a server that is overrun is not helped by more logins.
const RETRY_AFTER: Duration = Duration::from_secs(30);

/// Opens another link to the same server with the same login.
#[async_trait]
pub(crate) trait OpenLink: Send + Sync {
    async fn open_link(&self) -> Result<Arc<dyn Link>>;
}

#[async_trait]
impl OpenLink for Login {
    async fn open_link(&self) -> Result<Arc<dyn Link>> {
        self.open().await
    }
}

/// Whether there may be further links.
pub(super) enum Further {
    Allowed,
    /// Not now, for this reason.
    NotBefore(Instant, String),
    /// Not on this connection, for this reason.
    Never(String),
}

impl Further {
    /// When one may be opened.
    pub(super) fn allowed_at(&self, now: Instant) -> Option<Instant> {
        match self {
            Self::Allowed => Some(now),
            Self::NotBefore(at, _) => Some(*at),
            Self::Never(_) => None,
        }
    }

    pub(super) fn reason(&self) -> Option<&str> {
        match self {
            Self::Allowed => None,
            Self::NotBefore(_, reason) | Self::Never(reason) => Some(reason),
        }
    }
}

/// Whether the same login is not to be tried again: one with a one-time code cannot be
/// repeated, and servers lock accounts after a few failures; a server that is not the one
/// the first link saw will not become it.
fn is_final(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::AuthenticationFailed
            | ErrorKind::HostChanged
            | ErrorKind::HostRevoked
            | ErrorKind::HostUnknown
    )
}

/// A link being opened; however that ends, others may try again.
struct Opening(Arc<Inner>);

impl Drop for Opening {
    fn drop(&mut self) {
        self.0.lock().opening = false;
        self.0.changed.notify_waiters();
    }
}

impl Inner {
    /// Opens another link, in a task: others wait for it too, whoever wanted it first.
    pub(super) fn open_another(self: &Arc<Self>) {
        let opening = Opening(self.clone());
        let Some(opener) = self.lock().opener.clone() else {
            return;
        };
        self.tasks.spawn(async move {
            let inner = &opening.0;
            let opened = tokio::select! {
                biased;
                // What was begun is dropped, and leaves nothing behind.
                () = inner.closing.cancelled() => return,
                opened = opener.open_link() => opened,
            };
            drop(opener);
            match opened {
                Ok(link) => inner.add(link).await,
                Err(error) => {
                    tracing::info!(%error, "no further link to the server");
                    let reason = error.to_string();
                    inner.lock().further = match is_final(error.kind()) {
                        true => Further::Never(reason),
                        false => Further::NotBefore(Instant::now() + RETRY_AFTER, reason),
                    };
                }
            }
        });
    }

    async fn add(self: &Arc<Self>, link: Arc<dyn Link>) {
        let added = {
            let mut state = self.lock();
            // Decided while the lanes are held: the close that follows takes it along.
            match (self.closing.is_cancelled(), state.lanes.first()) {
                (false, Some(first)) => {
                    let first = first.link.clone();
                    let id = state.next_id;
                    state.next_id += 1;
                    state.further = Further::Allowed;
                    state
                        .lanes
                        .push(Lane::new(id, link.clone(), Instant::now()));
                    tracing::info!(links = state.lanes.len(), "another link was opened");
                    Some((id, first))
                }
                _ => None,
            }
        };
        match added {
            Some((id, first)) => {
                self.tasks.spawn(tend(self.clone(), id, link, first));
            }
            None => link.close().await,
        }
    }

    /// Takes a link off the list, for its owner to close.
    pub(super) fn remove(&self, id: u64) -> Option<Lane> {
        let removed = {
            let mut state = self.lock();
            let place = state.lanes.iter().position(|lane| lane.id == id)?;
            let lane = state.lanes.remove(place);
            if !lane.link.is_alive() && !lane.was_of_use() {
                let reason = "the server ended a further link at once".to_owned();
                state.further = Further::NotBefore(Instant::now() + RETRY_AFTER, reason);
            }
            lane
        };
        self.changed.notify_waiters();
        Some(removed)
    }

    /// A further link on which the server allows nothing is of no use, and the next one
    /// would be none either.
    pub(super) fn give_up_useless(&self, id: u64) {
        if id == FIRST {
            return;
        }
        let reason = "the server allows no channel on a further link".to_owned();
        self.lock().further = Further::Never(reason);
        if let Some(lane) = self.remove(id) {
            self.tasks.spawn(async move { lane.link.close().await });
        }
    }

    /// Takes a link off the list if nothing was on it for the idle time; says until when
    /// it stays otherwise.
    fn remove_idle(&self, id: u64) -> Result<(), Instant> {
        let now = Instant::now();
        let mut state = self.lock();
        let Some(place) = state.lanes.iter().position(|lane| lane.id == id) else {
            return Ok(());
        };
        let since = state.lanes.get(place).and_then(Lane::idle_since);
        let until = since.unwrap_or(now) + self.limits.idle;
        if now < until {
            return Err(until);
        }
        state.lanes.remove(place);
        tracing::debug!(links = state.lanes.len(), "an idle link is closed");
        Ok(())
    }
}

/// Keeps a further link until it is idle, until it or the first one ends, or until all
/// are closed.
async fn tend(inner: Arc<Inner>, id: u64, link: Arc<dyn Link>, first: Arc<dyn Link>) {
    let mut until = Instant::now() + inner.limits.idle;
    loop {
        tokio::select! {
            // Whoever closes or drops the connection has the links.
            () = inner.closing.cancelled() => return,
            () = link.closed() => break,
            () = first.closed() => break,
            () = tokio::time::sleep_until(until) => match inner.remove_idle(id) {
                Ok(()) => break,
                Err(later) => until = later,
            },
        }
    }
    drop(inner.remove(id));
    link.close().await;
}
