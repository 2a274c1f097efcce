//! How many connections may be in use at once: a fixed limit, and below it what the
//! server turned out to allow. Knows nothing of connections themselves.

use crate::error::{Error, ErrorKind, Result};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

/// Connections of one login in use at once. Servers commonly allow eight or more for one
/// address (pure-ftpd's example configuration allows eight).
const MAX_IN_USE: usize = 8;
/// How long a refused connection is not tried again; doubled each time, since some servers
/// ban an address for many refused logins.
const FIRST_HOLD: Duration = Duration::from_secs(30);
/// Longest such wait.
const LONGEST_HOLD: Duration = Duration::from_secs(600);
/// Longest wait for a connection in use elsewhere. On a server that allows a single one, an
/// open stream and the next operation of the same caller would wait for each other for ever.
const LONGEST_QUEUE: Duration = Duration::from_secs(300);

/// What a connection is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lane {
    /// A few commands.
    Short,
    /// A transfer or listing, as long as its caller takes. One connection is kept free of
    /// these where the server allows more than two, so that slow readers do not stop the rest.
    Stream,
}

/// The slots of one pool.
pub(super) struct Slots {
    all: Arc<Semaphore>,
    streams: Arc<Semaphore>,
    limits: Arc<Mutex<Limits>>,
    closing: CancellationToken,
}

#[derive(Debug)]
struct Limits {
    all: usize,
    streams: usize,
    hold: Duration,
}

impl Limits {
    /// Streams leave one connection free, if there are more than two.
    fn streams_wanted(&self) -> usize {
        if self.all > 2 { self.all - 1 } else { self.all }
    }
}

/// One connection's worth of room; given back when dropped.
pub(super) struct Slot {
    lane: Lane,
    all: OwnedSemaphorePermit,
    stream: Option<OwnedSemaphorePermit>,
    limits: Arc<Mutex<Limits>>,
    streams: Arc<Semaphore>,
    closing: CancellationToken,
}

impl Slots {
    /// All slots free.
    pub(super) fn new(closing: CancellationToken) -> Self {
        Self {
            all: Arc::new(Semaphore::new(MAX_IN_USE)),
            streams: Arc::new(Semaphore::new(MAX_IN_USE - 1)),
            limits: Arc::new(Mutex::new(Limits {
                all: MAX_IN_USE,
                streams: MAX_IN_USE - 1,
                hold: FIRST_HOLD,
            })),
            closing,
        }
    }

    /// Waits for a slot.
    ///
    /// # Errors
    /// `LimitReached` when none came free for five minutes; `Cancelled` when the pool closes.
    pub(super) async fn take(&self, lane: Lane, operation: &'static str) -> Result<Slot> {
        let both = async {
            let stream = match lane {
                Lane::Short => None,
                Lane::Stream => Some(self.streams.clone().acquire_owned().await),
            };
            (stream, self.all.clone().acquire_owned().await)
        };
        let taken = tokio::select! {
            biased;
            () = self.closing.cancelled() => None,
            taken = tokio::time::timeout(LONGEST_QUEUE, both) => Some(taken),
        };
        match taken {
            Some(Ok((None, Ok(all)))) => Ok(self.slot(lane, all, None)),
            Some(Ok((Some(Ok(stream)), Ok(all)))) => Ok(self.slot(lane, all, Some(stream))),
            Some(Err(_)) => Err(Error::new(
                ErrorKind::LimitReached,
                operation,
                "every connection the server allows is in use",
            )),
            _ => Err(Error::new(
                ErrorKind::Cancelled,
                operation,
                "the session was closed",
            )),
        }
    }

    fn slot(
        &self,
        lane: Lane,
        all: OwnedSemaphorePermit,
        stream: Option<OwnedSemaphorePermit>,
    ) -> Slot {
        Slot {
            lane,
            all,
            stream,
            limits: self.limits.clone(),
            streams: self.streams.clone(),
            closing: self.closing.clone(),
        }
    }
}

impl Slot {
    /// What it was taken for.
    pub(super) fn lane(&self) -> Lane {
        self.lane
    }

    /// Keeps the slot from everybody for a while: the server refused the connection.
    pub(super) fn hold_back(self, runtime: &Handle) {
        let Self {
            all,
            stream,
            limits,
            streams,
            closing,
            ..
        } = self;
        let (hold, held_stream) = {
            let mut now = limits.lock().unwrap_or_else(PoisonError::into_inner);
            now.all = now.all.saturating_sub(1).max(1);
            let hold = now.hold;
            now.hold = (hold * 2).min(LONGEST_HOLD);
            let surplus = now.streams > now.streams_wanted();
            let permit = stream.or_else(|| streams.try_acquire_owned().ok());
            let held = permit.filter(|_| surplus);
            if held.is_some() {
                now.streams -= 1;
            }
            (hold, held)
        };
        runtime.spawn(async move {
            tokio::select! {
                () = tokio::time::sleep(hold) => {}
                () = closing.cancelled() => {}
            }
            let mut now = limits.lock().unwrap_or_else(PoisonError::into_inner);
            now.all += 1;
            if held_stream.is_some() {
                now.streams += 1;
            }
            drop((all, held_stream));
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn streams_leave_room_for_short_operations() {
        let slots = Slots::new(CancellationToken::new());
        let mut held = Vec::new();
        for _ in 0..MAX_IN_USE - 1 {
            held.push(slots.take(Lane::Stream, "t").await.unwrap());
        }
        let more = tokio::time::timeout(Duration::from_millis(20), slots.take(Lane::Stream, "t"));
        assert!(more.await.is_err());
        slots.take(Lane::Short, "t").await.unwrap();
    }

    #[tokio::test]
    async fn refusals_never_take_the_last_slot_of_a_lane() {
        let slots = Slots::new(CancellationToken::new());
        for _ in 0..MAX_IN_USE - 1 {
            let slot = slots.take(Lane::Stream, "t").await.unwrap();
            slot.hold_back(&Handle::current());
        }
        let slot = slots.take(Lane::Stream, "t").await.unwrap();
        let other = tokio::time::timeout(Duration::from_millis(20), slots.take(Lane::Short, "t"));
        assert!(other.await.is_err(), "the cap is one");
        drop(slot);
        slots.take(Lane::Short, "t").await.unwrap();
    }

    #[tokio::test]
    async fn closing_ends_the_queue() {
        let closing = CancellationToken::new();
        let slots = Slots::new(closing.clone());
        closing.cancel();
        let error = slots.take(Lane::Short, "t").await.err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Cancelled);
    }
}
