//! One more connection for the pool, and what is made of it when the server will not have it.

use super::super::attempts::{self, Patience};
use super::super::deadline::Deadline;
use super::super::interrupt::Abort;
use super::super::link::Link;
use super::super::login;
use super::super::room::Place;
use super::super::stream::given_up;
use super::{Pool, Slot, closed};
use crate::error::{Error, ErrorKind, Result};
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Steps of a login, each under the connect clock: TCP, TLS, login, settings.
const LOGIN_STEPS: u32 = 4;

impl Pool {
    pub(super) fn opened(&self, slot: &mut Slot) {
        if let Some(allowed) = slot.opened() {
            let (host, limit) = (&self.target.host, self.target.connections);
            tracing::info!(
                host,
                allowed,
                limit,
                "the FTP server allows more connections again"
            );
        }
    }

    /// One more connection could not be opened: if there are others, it goes on with those.
    pub(super) fn make_do(
        &self,
        operation: &'static str,
        slot: Slot,
        error: Error,
        abort: &Abort,
    ) -> Result<Slot> {
        for dead in self
            .room
            .drain_idle(|link| !link.is_usable() || link.interrupt().has_unread())
        {
            self.end(dead);
        }
        if slot.others() == 0 || !login::means_crowded(&error) {
            self.attempts.failed(&error);
            self.alive.store(false, Ordering::Release);
            return Err(error);
        }
        let lane = slot.lane();
        let (spoken, first_wait) = attempts::wait_after(&error);
        let (allowed, wait) = slot.refused(spoken, first_wait);
        tracing::info!(
            host = self.target.host,
            allowed,
            limit = self.target.connections,
            wait_secs = wait.as_secs(),
            reason = error.message(),
            "the FTP server refuses one more connection"
        );
        self.serve_after(wait);
        self.runtime.block_on(async {
            tokio::select! {
                slot = self.slot(lane, Place::Front, operation) => slot,
                () = abort.token().cancelled() => Err(given_up(operation)),
            }
        })
    }

    /// Who waits is served once one more connection may be tried.
    fn serve_after(&self, wait: Duration) {
        let (room, closing) = (self.room.clone(), self.closing.clone());
        self.track(async move {
            tokio::select! {
                () = tokio::time::sleep(wait) => room.serve(),
                () = closing.cancelled() => {}
            }
        });
    }

    /// Opens a connection; a server that may still count one that was just ended is asked
    /// again for a moment.
    pub(super) fn open_patiently(&self, operation: &'static str, abort: &Abort) -> Result<Link> {
        let mut patience = Patience::default();
        loop {
            let error = match self.open(abort) {
                Ok(link) => return Ok(link),
                Err(error) => error,
            };
            if abort.is_given_up() {
                return Err(error);
            }
            let Some(pause) = self.attempts.pause(&error, &mut patience) else {
                return Err(error);
            };
            tracing::debug!(%error, "the server may still count a connection that is gone");
            self.runtime.block_on(async {
                tokio::select! {
                    () = tokio::time::sleep(pause) => Ok(()),
                    () = abort.token().cancelled() => Err(given_up(operation)),
                    () = self.closing.cancelled() => Err(closed(operation)),
                }
            })?;
        }
    }

    fn open(&self, abort: &Abort) -> Result<Link> {
        if let Some(error) = self.attempts.barred() {
            return Err(error);
        }
        let addresses = match self.chosen.get() {
            Some(chosen) => std::slice::from_ref(chosen),
            None => &self.addresses,
        };
        let ends = abort.clone();
        let whole = Deadline::set(self.target.timeouts.connect * LOGIN_STEPS, move || {
            ends.end_connection();
        });
        let opened = login::open(
            &self.target,
            addresses,
            self.tls.as_ref(),
            self.facts.get().cloned(),
            abort,
        );
        let link = match opened {
            Err(_) if whole.has_passed() => {
                return Err(Error::new(ErrorKind::TimedOut, "connect", "timed out")
                    .caused_by(std::io::Error::from(std::io::ErrorKind::TimedOut)));
            }
            opened => opened?,
        };
        self.facts.get_or_init(|| link.facts());
        self.chosen.get_or_init(|| link.peer());
        self.attempts.let_in();
        self.alive.store(true, Ordering::Release);
        if self.closing.is_cancelled() {
            link.interrupt().fire();
        }
        Ok(link)
    }
}
