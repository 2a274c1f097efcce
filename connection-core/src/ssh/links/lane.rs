//! One link and the channels on it: how many there are, what the server was seen to
//! allow, and when asking for another is worth it. Pure bookkeeping: it waits for nothing.

use crate::ssh::engine::Link;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How long a server may take to free a closed channel: OpenSSH does it only after it
/// answered what came right behind the close.
const JUST_NOW: Duration = Duration::from_secs(1);

/// First and longest pause before it is asked again within that time.
const SETTLE: Duration = Duration::from_millis(10);
const MAX_SETTLE: Duration = Duration::from_millis(200);

/// How long a refusal is believed. What a server allows may change while it runs, and a
/// refusal may have had a reason of the moment.
const LEARNED_FOR: Duration = Duration::from_secs(60);

/// What a refusal said.
struct Learned {
    /// Channels the server allows beside those that are not counted here.
    budget: usize,
    /// How many had been given back when the refused one was asked for: with one more
    /// given back, another may be granted.
    freed: u64,
    /// When to ask again all the same, because a channel was closed just before.
    again: Option<Instant>,
    until: Instant,
}

/// A link of the connection.
pub(super) struct Lane {
    pub(super) id: u64,
    pub(super) link: Arc<dyn Link>,
    /// Asked for and not answered. The answers come in the server's order, but the tasks
    /// that wait for them run in any: a refusal may be seen before the grants it is due to.
    asked: usize,
    /// Session channels in use.
    used: usize,
    /// Channels in use that no limit of the server's counts, such as tunnels.
    uncounted: usize,
    /// Most sessions in use at once, ever: the server's limit is no less.
    peak: usize,
    /// How many sessions were given back, ever.
    freed: u64,
    last_freed: Option<Instant>,
    learned: Option<Learned>,
    settle: Duration,
    idle_since: Instant,
}

impl Lane {
    pub(super) fn new(id: u64, link: Arc<dyn Link>, now: Instant) -> Self {
        Self {
            id,
            link,
            asked: 0,
            used: 0,
            uncounted: 0,
            peak: 0,
            freed: 0,
            last_freed: None,
            learned: None,
            settle: SETTLE,
            idle_since: now,
        }
    }

    /// Whether something on it may end and make room.
    pub(super) fn is_busy(&self) -> bool {
        self.asked + self.used > 0
    }

    /// Whether it ever carried a session.
    pub(super) fn was_of_use(&self) -> bool {
        self.peak > 0
    }

    /// Since when nothing is on it.
    pub(super) fn idle_since(&self) -> Option<Instant> {
        (!self.is_busy() && self.uncounted == 0).then_some(self.idle_since)
    }

    /// Whether another session may well be granted.
    pub(super) fn has_room(&self, now: Instant) -> bool {
        self.room(now) > 0
    }

    /// How many more may well be granted.
    pub(super) fn room(&self, now: Instant) -> usize {
        let Some(learned) = self.learned.as_ref().filter(|l| now < l.until) else {
            return usize::MAX;
        };
        let fresh = learned.freed != self.freed || learned.again.is_some_and(|at| at <= now);
        match fresh {
            true => learned.budget.saturating_sub(self.used + self.asked),
            false => 0,
        }
    }

    /// When it is to be asked again without anything happening before.
    pub(super) fn asks_again(&self, now: Instant) -> Option<Instant> {
        let learned = self.learned.as_ref().filter(|l| now < l.until)?;
        let again = learned.again?;
        (self.used + self.asked < learned.budget).then_some(again)
    }

    /// A session is asked for. The number belongs to the answer.
    pub(super) fn ask(&mut self) -> u64 {
        self.asked += 1;
        self.freed
    }

    /// It was granted.
    pub(super) fn granted(&mut self) {
        self.asked = self.asked.saturating_sub(1);
        self.used += 1;
        self.peak = self.peak.max(self.used);
        self.settle = SETTLE;
    }

    /// It was refused: the server holds what is in use here, what it granted to others of
    /// those who asked, and perhaps what it has yet to free.
    pub(super) fn refused(&mut self, freed: u64, now: Instant) {
        self.asked = self.asked.saturating_sub(1);
        self.idle(now);
        let just_now = self.last_freed.is_some_and(|at| now < at + JUST_NOW);
        let again = just_now.then(|| now + self.settle);
        if just_now {
            self.settle = self.settle.saturating_mul(2).min(MAX_SETTLE);
        }
        // An answer that was long under way knows less than a later one.
        let freed = self.learned.as_ref().map_or(freed, |l| l.freed.max(freed));
        self.learned = Some(Learned {
            budget: self.peak.max(self.used + self.asked),
            freed,
            again,
            until: now + LEARNED_FOR,
        });
    }

    /// Whoever asked went away, or the link failed. The engine closes what is granted yet.
    pub(super) fn given_up(&mut self, now: Instant) {
        self.asked = self.asked.saturating_sub(1);
        self.made_room(now);
    }

    /// A session ended.
    pub(super) fn given_back(&mut self, now: Instant) {
        self.used = self.used.saturating_sub(1);
        self.made_room(now);
    }

    /// A channel that no limit counts came or went.
    pub(super) fn count_other(&mut self, came: bool, now: Instant) {
        match came {
            true => self.uncounted += 1,
            false => self.uncounted = self.uncounted.saturating_sub(1),
        }
        self.idle(now);
    }

    fn made_room(&mut self, now: Instant) {
        self.freed += 1;
        self.last_freed = Some(now);
        self.settle = SETTLE;
        self.idle(now);
    }

    fn idle(&mut self, now: Instant) {
        self.idle_since = now;
    }

    /// Sessions it was seen to allow, where a refusal told.
    #[cfg(test)]
    pub(super) fn budget(&self) -> Option<usize> {
        self.learned.as_ref().map(|l| l.budget)
    }
}
