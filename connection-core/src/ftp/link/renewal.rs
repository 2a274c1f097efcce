//! What a control connection does about data connections the server refuses for their TLS
//! session: it takes a new place for itself, so that the operation under way goes on. Which
//! version of TLS the new one speaks is for [`super::super::tls`] to know.

use super::super::login;
use super::super::reply::{Wire, WireResult};
use super::super::tls::{self, Start};
use super::{Data, Link};
use crate::error::ErrorKind;
use std::net::Shutdown;

impl Link {
    /// A data connection the server closed at once has transferred nothing: its reply says
    /// whether there was nothing, or whether the server refuses.
    pub(super) fn settle_data(&mut self, operation: &'static str, data: Data) -> WireResult<Data> {
        if data.start != Some(Start::ClosedAtOnce) {
            return Ok(data);
        }
        let ended = data.ended();
        self.finish(operation, data)?;
        Ok(ended)
    }

    /// Whether the server broke a data connection's handshake off and says that it refuses.
    pub(super) fn was_refused_in_handshake(
        &mut self,
        operation: &'static str,
        kind: ErrorKind,
    ) -> bool {
        if !matches!(kind, ErrorKind::Protocol | ErrorKind::ConnectionLost) {
            return false;
        }
        // What comes first is the reply to the data command.
        let outcome = self.client.custom_command("NOOP", &[]);
        let outcome = self.check(operation, outcome.map(drop));
        matches!(outcome, Err(Wire::Refused(reply)) if tls::may_mean_the_session(reply.code))
    }

    /// Replaces the connection, whose data connections the server refuses for their TLS
    /// session, by a new one that stands where this one stood.
    pub(super) fn renew(&mut self, operation: &'static str) -> WireResult<()> {
        self.broken = true;
        if let Some(tls) = &self.tls {
            tls.session_was_refused();
        }
        // Fails only when the server closed it already.
        let _ = self.client.get_ref().shutdown(Shutdown::Both);
        let new = login::establish(
            self.origin.clone(),
            Some(self.facts.clone()),
            self.interrupt.clone(),
        )
        .map_err(Wire::Broken)?;
        let directory = self.directory.take();
        *self = Self {
            replies: self.replies,
            ..new
        };
        if let Some(directory) = directory {
            self.expect_path(operation, "CWD", &directory, &[200, 250])?;
        }
        Ok(())
    }
}
