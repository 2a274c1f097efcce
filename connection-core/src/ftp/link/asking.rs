//! What has to be said before a command, or between a refusal and the same command again.

use super::super::iac::{self, Taking};
use super::super::reply::{Wire, WireResult};
use super::Link;
use crate::path::bytes_to_text;
use zeroize::Zeroizing;

/// The server wants an account for this operation.
pub(super) const NEEDS_ACCOUNT: u16 = 532;

impl Link {
    /// Sends the account, once on each connection; whether the server took it.
    pub(super) fn send_account(&mut self, operation: &'static str) -> WireResult<bool> {
        let Some(account) = self.account.take() else {
            return Ok(false);
        };
        let text = Zeroizing::new(bytes_to_text(account.expose()));
        let command = Zeroizing::new(format!("ACCT {}", text.as_str()));
        let reply = self.ask_once(operation, &command)?;
        Ok(matches!(reply.code, 200 | 202 | 230))
    }

    /// Before a command with the byte 0xFF, or what leads to it: learns how the server takes
    /// that byte, if nobody did.
    pub(in super::super) fn ask_about_iac(
        &mut self,
        operation: &'static str,
        command: &str,
    ) -> WireResult<()> {
        let form = self.facts.iac.clone();
        if form.get() != Taking::Unknown || !iac::concerns(self.facts.names, command) {
            return Ok(());
        }
        form.set(Taking::Once);
        match self.ask_once(operation, iac::QUESTION) {
            Ok(reply) if reply.code != 421 => {
                form.set(iac::judge(&reply));
                Ok(())
            }
            outcome => {
                form.set(Taking::Unknown);
                Err(match outcome {
                    Ok(reply) => Wire::Refused(reply),
                    Err(wire) => wire,
                })
            }
        }
    }
}
