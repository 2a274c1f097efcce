//! The links of one connection, and room for channels on them.
//!
//! A server allows a number of channels on one link and does not say which: OpenSSH ten,
//! or what `MaxSessions` says. The first link carries the files; commands and terminals
//! take a session channel each, on the first link that has room. What a link allows is
//! learned from its refusals ([`lane`]). A session that finds no room
//!
//! 1. waits a moment for one that ends, which is quicker than a login;
//! 2. has another link opened with the same login ([`open`]), one for all who wait;
//! 3. waits for a session to end, where no further link is allowed or can be had;
//! 4. is refused, in the server's words, only with nothing to wait for.
//!
//! What can do without a session asks for a spare one ([`spare`]) and waits for nothing.
//!
//! No channel is ever closed to make room for another. A link other than the first is
//! closed once nothing was on it for a while, and with the first; when it dies by itself,
//! what ran on it ends and nothing else.
//!
//! It knows channels, and nothing of what runs on them.

mod lane;
mod open;
mod slot;
mod spare;

#[cfg(test)]
mod tests;

use crate::error::{Error, ErrorKind, Result};
use crate::ssh::engine::{Channel, ChannelKind, Link};
use crate::target::LinkLimits;
use lane::Lane;
use open::Further;
pub(crate) use open::OpenLink;
use slot::Asking;
pub(crate) use slot::Slot;
pub(crate) use spare::Spare;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long a session waits for another to end before it has a link opened: most commands
/// are over sooner than a login is.
const GRACE: Duration = Duration::from_millis(100);

/// Longest wait of [`Links::close`] for its tasks, which wait for no network by then.
const CLOSE_WAIT: Duration = Duration::from_millis(900);

const OPEN: &str = "open channel";

/// The first lane's number.
const FIRST: u64 = 0;

/// All links of a connection. Dropping it gives them up.
pub(crate) struct Links {
    first: Arc<dyn Link>,
    inner: Arc<Inner>,
}

struct Inner {
    limits: LinkLimits,
    state: Mutex<State>,
    changed: Notify,
    closing: CancellationToken,
    tasks: TaskTracker,
}

struct State {
    /// Holds the login's secrets, and goes when the connection does, whatever slots of it
    /// are still held.
    opener: Option<Arc<dyn OpenLink>>,
    /// The first link is the first of them, until all are closed.
    lanes: Vec<Lane>,
    next_id: u64,
    /// A further link is being opened.
    opening: bool,
    further: Further,
}

impl State {
    fn lane(&mut self, id: u64) -> Option<&mut Lane> {
        self.lanes.iter_mut().find(|lane| lane.id == id)
    }

    /// The end: forgets the login, and gives the links out of hand.
    fn let_go(&mut self) -> Vec<Lane> {
        self.opener = None;
        std::mem::take(&mut self.lanes)
    }
}

/// What one who wants a session does next.
enum Step {
    Ask(Asking),
    /// Wait for a change, or until then.
    Wait(Option<Instant>),
    Refuse,
    /// The connection was closed meanwhile.
    Leave,
}

impl Links {
    /// The links of a connection that has its first one; `opener` opens others.
    pub(crate) fn new(
        first: Arc<dyn Link>,
        opener: impl OpenLink + 'static,
        limits: LinkLimits,
    ) -> Self {
        let lane = Lane::new(FIRST, first.clone(), Instant::now());
        let state = State {
            opener: Some(Arc::new(opener)),
            lanes: vec![lane],
            next_id: FIRST + 1,
            opening: false,
            further: Further::Allowed,
        };
        Self {
            first,
            inner: Arc::new(Inner {
                limits,
                state: Mutex::new(state),
                changed: Notify::new(),
                closing: CancellationToken::new(),
                tasks: TaskTracker::new(),
            }),
        }
    }

    /// The link that carries the files: the connection lives as long as it does.
    pub(crate) fn first(&self) -> &Arc<dyn Link> {
        &self.first
    }

    /// How many links are open.
    pub(crate) fn count(&self) -> usize {
        let state = self.inner.lock();
        state.lanes.iter().filter(|l| l.link.is_alive()).count()
    }

    /// Opens a channel. The slot is to be held as long as the channel is open.
    ///
    /// A session waits for room, and has further links opened for it. A tunnel is asked
    /// for on the first link alone and its refusal is the answer: servers count no
    /// tunnels, and refuse them for where they lead.
    ///
    /// # Errors
    /// `ChannelRefused`, for a session only with nothing to wait for; it names the reason
    /// that there is no further link as `further_link`. Besides those of the link.
    pub(crate) async fn channel(&self, kind: ChannelKind) -> Result<(Channel, Slot)> {
        match kind {
            ChannelKind::Session | ChannelKind::Terminal => self.session(kind).await,
            ChannelKind::DirectTcpip { .. } => {
                let channel = self.first.open(kind).await?;
                if let Some(lane) = self.inner.lock().lane(FIRST) {
                    lane.count_other(true, Instant::now());
                }
                let slot = Slot::new(self.inner.clone(), FIRST, false);
                Ok((channel, slot))
            }
        }
    }

    async fn session(&self, kind: ChannelKind) -> Result<(Channel, Slot)> {
        let arrived = Instant::now();
        let mut refusal: Option<Error> = None;
        loop {
            // Listening begins before looking, so that no change is missed.
            let changed = self.inner.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            match self
                .inner
                .next_step(&self.first, arrived, refusal.is_some())
            {
                Step::Ask(asking) => match asking.link.open(kind.clone()).await {
                    Ok(channel) => return Ok((channel, asking.granted())),
                    Err(error) if error.kind() == ErrorKind::ChannelRefused => {
                        asking.refused();
                        refusal = Some(error);
                    }
                    // A further link that died took nothing of this one with it.
                    Err(_) if asking.lane != FIRST && !asking.link.is_alive() => {
                        self.inner.remove(asking.lane);
                    }
                    Err(error) => return Err(error),
                },
                Step::Wait(until) => {
                    let alarm = async {
                        match until {
                            Some(until) => tokio::time::sleep_until(until).await,
                            None => std::future::pending().await,
                        }
                    };
                    tokio::select! {
                        () = changed => {}
                        () = alarm => {}
                        () = self.first.closed() => {}
                    }
                }
                Step::Leave => {
                    return Err(Error::new(
                        ErrorKind::ConnectionLost,
                        OPEN,
                        "the connection was closed on this side",
                    ));
                }
                Step::Refuse => {
                    let error = refusal
                        .unwrap_or_else(|| Error::new(ErrorKind::ChannelRefused, OPEN, "no room"));
                    return Err(match self.inner.lock().further.reason() {
                        Some(reason) => without_another(error, reason),
                        None => error,
                    });
                }
            }
        }
    }

    /// Where sessions are to be had that can be done without.
    pub(crate) fn spare(&self) -> Spare {
        Spare::new(self.inner.clone())
    }

    /// Closes every link and everything on them, within a second.
    pub(crate) async fn close(&self) {
        self.inner.closing.cancel();
        let lanes = self.inner.lock().let_go();
        futures::future::join_all(lanes.iter().map(|lane| lane.link.close())).await;
        self.inner.changed.notify_waiters();
        self.inner.tasks.close();
        if tokio::time::timeout(CLOSE_WAIT, self.inner.tasks.wait())
            .await
            .is_err()
        {
            tracing::warn!("a further link of a connection did not end in time");
        }
    }

    /// Sessions the first link was seen to allow.
    #[cfg(test)]
    pub(crate) fn budget(&self) -> Option<usize> {
        self.inner.lock().lane(FIRST).and_then(|lane| lane.budget())
    }
}

impl Drop for Links {
    fn drop(&mut self) {
        self.inner.closing.cancel();
        // Slots in use elsewhere hold what they count in, and no link. What goes, goes
        // after the lock.
        let lanes = self.inner.lock().let_go();
        drop(lanes);
    }
}

/// The refusal of a channel, and why there is no other link for it.
fn without_another(refusal: Error, reason: &str) -> Error {
    let message = format!("{}; and no further link: {reason}", refusal.message());
    Error::new(refusal.kind(), refusal.operation(), message)
        .with("further_link", reason)
        .caused_by(refusal)
}

impl Inner {
    /// A panic while the lock is held leaves nothing half-done behind.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next_step(self: &Arc<Self>, first: &Arc<dyn Link>, arrived: Instant, refused: bool) -> Step {
        let now = Instant::now();
        let mut state = self.lock();
        if state.opener.is_none() {
            return Step::Leave;
        }
        // With the first link gone, its own error is the answer.
        let free = match first.is_alive() {
            false => Some(FIRST),
            true => state
                .lanes
                .iter()
                .find(|lane| lane.link.is_alive() && lane.has_room(now))
                .map(|lane| lane.id),
        };
        if let Some(id) = free {
            return Step::Ask(self.ask(&mut state, first, id));
        }
        let busy = state.lanes.iter().any(Lane::is_busy);
        let mut until = state
            .lanes
            .iter()
            .filter_map(|lane| lane.asks_again(now))
            .min();
        let wait = busy || until.is_some() || state.opening;
        if !state.opening
            && state.lanes.len() < self.limits.max
            && let Some(allowed) = state.further.allowed_at(now)
        {
            let at = match wait {
                true => allowed.max(arrived + GRACE),
                false => allowed,
            };
            if at <= now {
                state.opening = true;
                // Not while the state is held: a runtime that ends drops the task at once.
                drop(state);
                self.open_another();
                return Step::Wait(until);
            }
            until = Some(until.map_or(at, |other| other.min(at)));
        }
        match (wait, refused) {
            (true, _) => Step::Wait(until),
            // Whatever was learned, it is the server that refuses.
            (false, false) => Step::Ask(self.ask(&mut state, first, FIRST)),
            (false, true) => Step::Refuse,
        }
    }

    fn ask(self: &Arc<Self>, state: &mut State, first: &Arc<dyn Link>, id: u64) -> Asking {
        let (link, freed) = match state.lane(id) {
            Some(lane) => (lane.link.clone(), lane.ask()),
            None => (first.clone(), 0),
        };
        Asking::new(self.clone(), id, link, freed)
    }
}
