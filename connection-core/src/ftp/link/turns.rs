//! One command, one reply: what a server says beyond that belongs to nobody, and must not be
//! taken for the answer to the next command.

use super::super::reply::{Reply, Wire, WireResult, out_of_step};
use super::Link;
use crate::error::{Error, ErrorKind};

impl Link {
    /// Checks that no reply lies there before a command is sent: it would be taken for the
    /// command's own.
    pub(super) fn nothing_unasked(&mut self, operation: &'static str) -> WireResult<()> {
        match self.behind.line().map(Reply::parse_line) {
            None => Ok(()),
            Some(Ok(farewell)) if farewell.code == 421 => {
                self.broken = true;
                Err(Wire::Refused(farewell))
            }
            Some(unasked) => {
                let text = unasked.map_or_else(|line| line, |reply| reply.message());
                let text = format!("the server sent a reply that nothing asked for: {text}");
                Err(self.break_with(Error::new(ErrorKind::Protocol, operation, text)))
            }
        }
    }

    /// Of two replies to one command either may be the answer. A farewell (421) is none, and
    /// is heeded before the next command.
    pub(super) fn only(&mut self, operation: &'static str, reply: Reply) -> WireResult<Reply> {
        match self.behind.line().map(Reply::parse_line) {
            Some(Ok(farewell)) if farewell.code == 421 => Ok(reply),
            None => Ok(reply),
            Some(other) => {
                let other = other.map_or_else(|line| line, |reply| reply.message());
                let text = format!(
                    "the server sent more than one reply: {}, and {other}",
                    reply.message()
                );
                Err(self.break_with(Error::new(ErrorKind::Protocol, operation, text)))
            }
        }
    }

    /// Checks what follows the good last reply of a transfer: said twice it is one all the
    /// same, and taken back it is none.
    pub(super) fn last_word(&mut self, operation: &'static str) -> WireResult<()> {
        let Some(Ok(next)) = self.behind.line().map(Reply::parse_line) else {
            return Ok(());
        };
        match next.code {
            226 | 250 if next.is_one_line() => self.behind.skip_line(),
            421 => {}
            _ if next.is_refusal() => {
                return Err(self.break_with(out_of_step(operation, &next)));
            }
            _ => {}
        }
        Ok(())
    }
}
