//! Who gets a connection, and when one more may be opened. Counts connections, without
//! knowing what they are.
//!
//! At no moment are there more connections than the limit, those being opened and those being
//! probed included. Below the limit lies what the server turned out to allow: the number
//! there was when it refused one more. That many are tried again later, after waits that grow.
//! Beyond what has worked before, connections are opened one after another: eight operations
//! that start together would otherwise be refused seven times on a server that allows one
//! connection, and some servers ban an address for that.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// Longest time a server that refused one more connection is not asked again.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// What a connection is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lane {
    /// A few commands.
    Short,
    /// A listing, as long as its caller takes to read it. One connection is kept free of
    /// these and of transfers where there may be more than two, so that slow readers do not
    /// stop the rest.
    Listing,
    /// A file's transfer.
    Transfer,
}

impl Lane {
    fn is_stream(self) -> bool {
        self != Self::Short
    }
}

/// Where a request joins the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Behind all others.
    Back,
    /// Before all others: it was granted a connection once already.
    Front,
}

/// The connections of one login.
pub(super) struct Room<L> {
    limit: usize,
    state: Mutex<State<L>>,
}

struct State<L> {
    idle: Vec<L>,
    lent: usize,
    opening: usize,
    /// Of the lent ones and those being opened, how many are for streams.
    streams: usize,
    /// Most connections there ever were since the last refusal.
    proven: usize,
    learned: Option<Learned>,
    queue: VecDeque<Waiter<L>>,
    closed: bool,
}

/// What a refusal taught.
#[derive(Debug, Clone, Copy)]
struct Learned {
    allowed: usize,
    /// The server said so. Otherwise it may have been the network, and holds no longer than
    /// there are connections.
    spoken: bool,
    wait: Duration,
    until: Instant,
}

struct Waiter<L> {
    lane: Lane,
    grant: oneshot::Sender<Lease<L>>,
}

/// How many connections there are, and how many there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Census {
    /// The limit.
    pub(super) limit: usize,
    /// What the server allows, where it refused more.
    pub(super) allowed: Option<usize>,
    /// Connections there are, those being opened included.
    pub(super) open: usize,
    /// Of these, how many are lent out or being opened.
    pub(super) busy: usize,
    /// Requests that wait.
    pub(super) waiting: usize,
}

impl<L> State<L> {
    fn open(&self) -> usize {
        self.idle.len() + self.lent + self.opening
    }

    /// How many there may be now: once the wait after a refusal is over, one more.
    fn cap(&self, limit: usize) -> usize {
        match self.learned {
            None => limit,
            Some(learned) if Instant::now() < learned.until => learned.allowed.min(limit),
            Some(learned) => (learned.allowed + 1).min(limit),
        }
    }

    fn may_open(&self, limit: usize) -> bool {
        let open = self.open();
        open < self.cap(limit) && (self.opening == 0 || open < self.proven)
    }

    /// An idle connection, or leave to open one (`Some(None)`).
    fn grant(&mut self, limit: usize, lane: Lane) -> Option<Option<L>> {
        if lane.is_stream() {
            let cap = self.cap(limit);
            if self.streams >= if cap > 2 { cap - 1 } else { cap } {
                return None;
            }
        }
        let granted = match self.idle.pop() {
            Some(idle) => {
                self.lent += 1;
                Some(idle)
            }
            None if self.may_open(limit) => {
                self.opening += 1;
                None
            }
            None => return None,
        };
        self.streams += usize::from(lane.is_stream());
        Some(granted)
    }
}

impl<L> Room<L> {
    /// Room for so many connections; there is none yet.
    pub(super) fn new(limit: NonZeroUsize) -> Arc<Self> {
        Arc::new(Self {
            limit: limit.get(),
            state: Mutex::new(State {
                idle: Vec::new(),
                lent: 0,
                opening: 0,
                streams: 0,
                proven: 0,
                learned: None,
                queue: VecDeque::new(),
                closed: false,
            }),
        })
    }

    /// Asks for a connection. The answer comes when there is one, or leave to open one;
    /// the sender is dropped when the room is closed.
    pub(super) fn ask(self: &Arc<Self>, lane: Lane, place: Place) -> oneshot::Receiver<Lease<L>> {
        let (grant, answer) = oneshot::channel();
        let waiter = Waiter { lane, grant };
        {
            let mut state = self.lock();
            if state.closed {
                return answer;
            }
            match place {
                Place::Back => state.queue.push_back(waiter),
                Place::Front => state.queue.push_front(waiter),
            }
        }
        self.serve();
        answer
    }

    /// Serves the queue, in its order; a stream that must wait does not hold up the rest.
    pub(super) fn serve(self: &Arc<Self>) {
        let mut granted = Vec::new();
        {
            let mut state = self.lock();
            let mut waiting = VecDeque::new();
            while let Some(waiter) = state.queue.pop_front() {
                if waiter.grant.is_closed() {
                    continue;
                }
                if state.idle.is_empty() && !state.may_open(self.limit) {
                    waiting.push_back(waiter);
                    waiting.append(&mut state.queue);
                    break;
                }
                match state.grant(self.limit, waiter.lane) {
                    Some(idle) => granted.push((waiter, idle)),
                    None => waiting.push_back(waiter),
                }
            }
            state.queue = waiting;
        }
        for (waiter, idle) in granted {
            let stage = if idle.is_some() {
                Stage::Lent
            } else {
                Stage::Opening
            };
            let lease = Lease {
                room: self.clone(),
                lane: waiter.lane,
                stage,
                idle,
            };
            // Whoever left meanwhile drops the lease, which serves the next.
            let _ = waiter.grant.send(lease);
        }
    }

    /// Takes an idle connection that nobody used for long, as `wanted` says.
    pub(super) fn take_idle(
        self: &Arc<Self>,
        wanted: impl Fn(&L) -> bool,
    ) -> Option<(Lease<L>, L)> {
        let mut state = self.lock();
        let at = state.idle.iter().position(wanted)?;
        let idle = state.idle.remove(at);
        state.lent += 1;
        drop(state);
        let lease = Lease {
            room: self.clone(),
            lane: Lane::Short,
            stage: Stage::Lent,
            idle: None,
        };
        Some((lease, idle))
    }

    /// Removes idle connections; they are the caller's to end.
    pub(super) fn drain_idle(self: &Arc<Self>, unwanted: impl Fn(&L) -> bool) -> Vec<L> {
        self.drain(unwanted, false)
    }

    /// As [`Self::drain_idle`], but the one used last stays.
    pub(super) fn drain_surplus(self: &Arc<Self>, unwanted: impl Fn(&L) -> bool) -> Vec<L> {
        self.drain(unwanted, true)
    }

    fn drain(self: &Arc<Self>, unwanted: impl Fn(&L) -> bool, spare_last: bool) -> Vec<L> {
        let drained: Vec<L> = {
            let mut state = self.lock();
            let last = if spare_last { state.idle.pop() } else { None };
            let (out, mut kept): (Vec<L>, Vec<L>) = std::mem::take(&mut state.idle)
                .into_iter()
                .partition(|idle| unwanted(idle));
            kept.extend(last);
            state.idle = kept;
            self.forget_the_unsaid(&mut state);
            out
        };
        if !drained.is_empty() {
            self.serve();
        }
        drained
    }

    /// How many there are.
    pub(super) fn census(&self) -> Census {
        let state = self.lock();
        Census {
            limit: self.limit,
            allowed: state.learned.map(|learned| learned.allowed),
            open: state.open(),
            busy: state.lent + state.opening,
            waiting: state
                .queue
                .iter()
                .filter(|waiter| !waiter.grant.is_closed())
                .count(),
        }
    }

    /// Ends the queue and gives out the idle connections; nothing is granted any more.
    pub(super) fn close(&self) -> Vec<L> {
        let mut state = self.lock();
        state.closed = true;
        let waiting = std::mem::take(&mut state.queue);
        let idle = std::mem::take(&mut state.idle);
        drop(state);
        drop(waiting);
        idle
    }

    fn forget_the_unsaid(&self, state: &mut State<L>) {
        if state.open() == 0 && state.learned.is_some_and(|learned| !learned.spoken) {
            state.learned = None;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<L>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Lent,
    Opening,
    Over,
}

/// One connection's worth of room. Dropped without giving a connection back, it says that
/// there is none any more.
pub(super) struct Lease<L> {
    room: Arc<Room<L>>,
    lane: Lane,
    stage: Stage,
    idle: Option<L>,
}

impl<L> Lease<L> {
    /// What it was asked for.
    pub(super) fn lane(&self) -> Lane {
        self.lane
    }

    /// The idle connection that was granted; without one, it is leave to open one.
    pub(super) fn take(&mut self) -> Option<L> {
        self.idle.take()
    }

    /// How many connections there are besides.
    pub(super) fn others(&self) -> usize {
        let state = self.room.lock();
        let own = usize::from(self.stage == Stage::Lent);
        (state.idle.len() + state.lent).saturating_sub(own)
    }

    /// The connection is gone; in its place comes another idle one, or leave to open one.
    pub(super) fn renew(&mut self) {
        if self.stage != Stage::Lent {
            return;
        }
        let mut state = self.room.lock();
        self.idle = state.idle.pop();
        if self.idle.is_none() {
            state.lent -= 1;
            state.opening += 1;
            self.stage = Stage::Opening;
        }
    }

    /// The connection that may be opened is open. Returns how many the server allows, if
    /// that is more than was known.
    pub(super) fn opened(&mut self) -> Option<usize> {
        if self.stage != Stage::Opening {
            return None;
        }
        self.stage = Stage::Lent;
        let mut more = None;
        {
            let mut state = self.room.lock();
            state.opening -= 1;
            state.lent += 1;
            let there = state.idle.len() + state.lent;
            state.proven = state.proven.max(there);
            if let Some(learned) = &mut state.learned
                && there > learned.allowed
            {
                learned.allowed = there;
                more = Some(there);
                // It allows more than it did: the next one is tried without a wait.
                learned.wait = Duration::ZERO;
                learned.until = Instant::now();
            }
            if state
                .learned
                .is_some_and(|learned| learned.allowed >= self.room.limit)
            {
                state.learned = None;
            }
        }
        self.room.serve();
        more
    }

    /// The server refused the connection, and there are others: their number is what it
    /// allows. `spoken` tells whether it said that it refuses. Returns that number and when
    /// one more will be tried.
    pub(super) fn refused(mut self, spoken: bool, first_wait: Duration) -> (usize, Duration) {
        let (allowed, wait) = {
            let mut state = self.room.lock();
            let allowed = (state.idle.len() + state.lent).max(1);
            let before = state.learned.map_or(Duration::ZERO, |learned| learned.wait);
            let wait = (before * 2).clamp(first_wait.min(LONGEST_WAIT), LONGEST_WAIT);
            state.proven = allowed;
            state.learned = Some(Learned {
                allowed,
                spoken,
                wait,
                until: Instant::now() + wait,
            });
            (allowed, wait)
        };
        self.end();
        (allowed, wait)
    }

    /// Gives the connection back for others to use; to the caller, when the room is closed.
    pub(super) fn give_back(self, connection: L) -> Option<L> {
        self.put(connection, |idle, connection| idle.push(connection))
    }

    /// As [`Self::give_back`], for a connection that was only probed: others are used before.
    pub(super) fn put_back(self, connection: L) -> Option<L> {
        self.put(connection, |idle, connection| idle.insert(0, connection))
    }

    fn put(mut self, connection: L, put: impl FnOnce(&mut Vec<L>, L)) -> Option<L> {
        let rejected = {
            let mut state = self.room.lock();
            if state.closed {
                Some(connection)
            } else {
                put(&mut state.idle, connection);
                None
            }
        };
        self.end();
        rejected
    }

    fn end(&mut self) {
        let stage = std::mem::replace(&mut self.stage, Stage::Over);
        if stage == Stage::Over {
            return;
        }
        {
            let mut state = self.room.lock();
            match stage {
                Stage::Lent => state.lent -= 1,
                Stage::Opening => state.opening -= 1,
                Stage::Over => {}
            }
            state.streams -= usize::from(self.lane.is_stream());
            // Never taken: it is as good as before.
            if let Some(idle) = self.idle.take()
                && !state.closed
            {
                state.idle.push(idle);
            }
            self.room.forget_the_unsaid(&mut state);
        }
        self.room.serve();
    }
}

impl<L> Drop for Lease<L> {
    fn drop(&mut self) {
        self.end();
    }
}
