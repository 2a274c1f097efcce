//! Sessions for what goes on without them: given only where some are left for those who
//! cannot.
//!
//! A server says what it allows only by refusing, so what is to be left over is asked for
//! too, and closed again: a channel on which nothing was started costs the server next to
//! nothing. Whoever wants a session in that moment and is refused waits for that close.

use super::slot::{Asking, Slot};
use super::{FIRST, Inner};
use crate::error::ErrorKind;
use crate::ssh::engine::{Channel, ChannelKind};
use std::sync::Arc;
use tokio::time::Instant;

/// Sessions that are left: for a command and a terminal.
const LEFT: usize = 2;

/// Gives spare sessions of the first link. It does not hold the connection.
pub(crate) struct Spare(Arc<Inner>);

impl Spare {
    pub(super) fn new(inner: Arc<Inner>) -> Self {
        Self(inner)
    }

    /// At most so many sessions of those the first link has to spare; perhaps none.
    /// Nothing is waited for but the server's answers.
    pub(crate) async fn sessions(&self, most: usize) -> Vec<(Channel, Slot)> {
        let asked = self.ask(most);
        let answers = asked.into_iter().map(answer);
        let mut granted: Vec<_> = futures::future::join_all(answers).await;
        granted.retain(Option::is_some);
        granted.truncate(granted.len().saturating_sub(LEFT));
        granted.into_iter().flatten().collect()
    }

    fn ask(&self, most: usize) -> Vec<Asking> {
        let mut state = self.0.lock();
        let Some(lane) = state.lane(FIRST) else {
            return Vec::new();
        };
        let first = lane.link.clone();
        let wanted = most.saturating_add(LEFT).min(lane.room(Instant::now()));
        if wanted <= LEFT {
            return Vec::new();
        }
        let asking = (0..wanted).map(|_| self.0.ask(&mut state, &first, FIRST));
        asking.collect()
    }
}

async fn answer(asking: Asking) -> Option<(Channel, Slot)> {
    match asking.link.open(ChannelKind::Session).await {
        Ok(channel) => Some((channel, asking.granted())),
        Err(error) => {
            if error.kind() == ErrorKind::ChannelRefused {
                asking.refused();
            }
            None
        }
    }
}
