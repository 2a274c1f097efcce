//! What is done to connections while nobody uses them.

use super::super::interrupt::Abort;
use super::super::room::{Lane, Place};
use super::Pool;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

impl Pool {
    /// Ends the idle connections that nobody used for this long, but for one.
    pub(in crate::ftp) fn end_surplus(&self, age: Duration) {
        let surplus = self
            .room
            .drain_surplus(|link| link.idle_since().elapsed() >= age);
        if !surplus.is_empty() {
            tracing::debug!(ended = surplus.len(), "idle FTP connections are closed");
        }
        for link in surplus {
            self.end(link);
        }
    }

    /// Asks one idle connection that was last heard of before this moment whether it lives;
    /// whether there was one.
    pub(in crate::ftp) fn probe_one(&self, before: Instant, abort: &Abort) -> bool {
        let Some((slot, mut link)) = self.room.take_idle(|link| link.heard_at() <= before) else {
            return false;
        };
        abort.attach(link.interrupt());
        let answered = link.answers(self.probe_clock());
        abort.detach();
        if !answered || !link.is_usable() {
            self.end_as_old_as(link);
        } else if let Some(link) = slot.put_back(link) {
            self.end(link);
        }
        true
    }

    /// Opens a connection, to see whether the server is there.
    pub(in crate::ftp) fn reopen(&self, abort: &Abort) {
        let asked = self.room.ask(Lane::Short, Place::Back);
        let Some(mut slot) = self.runtime.block_on(async {
            tokio::select! {
                slot = asked => slot.ok(),
                () = self.closing.cancelled() => None,
            }
        }) else {
            return;
        };
        if let Some(link) = slot.take() {
            // Somebody else was quicker.
            self.give_back(link, slot);
            return;
        }
        let opened = self.open_patiently("keep alive", abort);
        abort.detach();
        match opened {
            Ok(link) => {
                self.opened(&mut slot);
                self.give_back(link, slot);
            }
            Err(_) if abort.is_given_up() => {}
            Err(error) => {
                tracing::debug!(%error, "the FTP server is gone");
                self.attempts.failed(&error);
                self.alive.store(false, Ordering::Release);
            }
        }
    }
}
