//! One control connection, logged in: commands, replies and transfers.
//!
//! Blocking; lives on the thread of the operation it is lent to. After a timeout, a cut
//! transfer or a reply that fits no command it is broken for good: the next reply would
//! belong to the command before. `ABOR` is never sent, since servers answer it with one
//! reply or with two.
//!
//! Each wait has two clocks: one for silence, on the sockets, and a total one, which ends a
//! server that trickles ([`Deadline`]): for a command and its reply, for the way to an open
//! data connection, for the reply after the data, and for a whole transfer where the target
//! sets one.

mod opening;
mod transfer;
mod turns;

use super::charset::Names;
use super::conn::Conn;
use super::data::DataDialer;
use super::deadline::Deadline;
use super::details::FtpTls;
use super::facts::Facts;
use super::iac;
use super::inbox::Behind;
use super::interrupt::Interrupt;
use super::login::Origin;
use super::reply::{Reply, Wire, WireResult, out_of_step, translate};
use super::skills::Skill;
use super::tls::{self, LinkTls};
use crate::error::{Error, ErrorKind};
use crate::path::RemotePath;
use crate::secret::Secret;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use suppaftp::{FtpError, ImplFtpStream, TransferStream};
pub(super) use transfer::Data;

/// A transfer of `suppaftp`.
type Stream = TransferStream<Conn>;

/// A reply may take so many times the clock for silence in all: servers that calculate (a
/// checksum, a deep removal) send a line now and then.
const REPLY_CLOCKS: u32 = 3;

/// The server wants an account for this operation.
const NEEDS_ACCOUNT: u16 = 532;

/// `suppaftp`'s client over our connections.
pub(super) type Client = ImplFtpStream<Conn>;

/// A control connection.
pub(super) struct Link {
    client: Client,
    behind: Behind,
    tls: Option<LinkTls>,
    dialer: Arc<DataDialer>,
    interrupt: Arc<Interrupt>,
    facts: Arc<Facts>,
    /// What an operation may still be asked for (532), until it was sent.
    account: Option<Arc<Secret>>,
    origin: Arc<Origin>,
    /// Where the last `CWD` led.
    directory: Option<RemotePath>,
    broken: bool,
    /// Replies since it was lent out, a 421 not counted.
    replies: usize,
    idle_since: Instant,
    heard_at: Instant,
}

impl Link {
    /// A connection whose greeting was read.
    pub(super) fn new(
        client: Client,
        behind: Behind,
        tls: Option<LinkTls>,
        dialer: Arc<DataDialer>,
        interrupt: Arc<Interrupt>,
        origin: Arc<Origin>,
    ) -> Self {
        Self {
            client,
            behind,
            tls,
            dialer,
            interrupt,
            facts: Arc::new(Facts::unknown(Names::default(), Arc::default())),
            account: None,
            origin,
            directory: None,
            broken: false,
            replies: 0,
            idle_since: Instant::now(),
            heard_at: Instant::now(),
        }
    }

    /// The way to end it from outside.
    pub(super) fn interrupt(&self) -> &Arc<Interrupt> {
        &self.interrupt
    }

    /// The server's address.
    pub(super) fn peer(&self) -> SocketAddr {
        self.dialer.peer()
    }

    /// What the server can do.
    pub(super) fn facts(&self) -> Arc<Facts> {
        self.facts.clone()
    }

    /// Sets what the server can do.
    pub(super) fn set_facts(&mut self, facts: Arc<Facts>) {
        self.facts = facts;
    }

    /// Keeps the account for a server that asks for it only when something is to be stored.
    pub(super) fn set_account(&mut self, account: Option<Arc<Secret>>) {
        self.account = account;
    }

    /// What TLS agreed on.
    pub(super) fn tls_agreed(&self) -> Option<FtpTls> {
        self.tls.as_ref().and_then(LinkTls::agreed)
    }

    /// Whether it can be used again.
    pub(super) fn is_usable(&self) -> bool {
        !self.broken && !self.interrupt.is_fired() && self.behind.line().is_none()
    }

    /// Whether it turned out to be dead before it answered anything.
    pub(super) fn was_stale(&self) -> bool {
        self.broken && self.replies == 0
    }

    /// Since when nobody has used it.
    pub(super) fn idle_since(&self) -> Instant {
        self.idle_since
    }

    /// When the server last answered.
    pub(super) fn heard_at(&self) -> Instant {
        self.heard_at
    }

    /// Whether the server still answers on it, within this clock. `NOOP` may be refused:
    /// that is an answer too.
    pub(super) fn answers(&mut self, clock: Duration) -> bool {
        const OPERATION: &str = "probe connection";
        if !self.is_usable() || self.interrupt.has_unread() {
            return false;
        }
        let deadline = self.deadline(clock);
        let answered = self.ask(OPERATION, "NOOP").is_ok();
        answered && self.is_usable() && !deadline.has_passed()
    }

    /// Lent out.
    pub(super) fn lend(&mut self) {
        self.replies = 0;
    }

    /// Given back.
    pub(super) fn rest(&mut self) {
        self.idle_since = Instant::now();
    }

    /// Direct access for the login's own commands.
    pub(super) fn client(&mut self) -> &mut Client {
        &mut self.client
    }

    /// One command and its reply, whatever it says.
    pub(super) fn ask(&mut self, operation: &'static str, command: &str) -> WireResult<Reply> {
        let reply = self.ask_once(operation, command)?;
        if reply.code == NEEDS_ACCOUNT && self.send_account(operation)? {
            return self.ask_once(operation, command);
        }
        Ok(reply)
    }

    /// Before a command with the byte 0xFF, or what leads to it: learns how the server takes
    /// that byte, if nobody did.
    pub(super) fn ask_about_iac(
        &mut self,
        operation: &'static str,
        command: &str,
    ) -> WireResult<()> {
        let twice = self.facts.iac.clone();
        if twice.skill() != Skill::Untried || !iac::concerns(self.facts.names, command) {
            return Ok(());
        }
        twice.learn(Skill::Lacks);
        match self.ask_once(operation, iac::QUESTION) {
            Ok(reply) if reply.code != 421 => {
                twice.learn(iac::judge(&reply));
                Ok(())
            }
            outcome => {
                twice.learn(Skill::Untried);
                Err(match outcome {
                    Ok(reply) => Wire::Refused(reply),
                    Err(wire) => wire,
                })
            }
        }
    }

    fn ask_once(&mut self, operation: &'static str, command: &str) -> WireResult<Reply> {
        self.ask_about_iac(operation, command)?;
        self.nothing_unasked(operation)?;
        let deadline = self.deadline(self.dialer.clocks().no_progress * REPLY_CLOCKS);
        // With nothing expected, every reply comes back as the unexpected one it carries.
        let outcome = self.client.custom_command(command, &[]);
        let outcome = self.check(operation, outcome.map(drop));
        match self.in_time(operation, &deadline, outcome) {
            Err(Wire::Refused(reply)) => self.only(operation, reply),
            Err(Wire::Broken(error)) => Err(Wire::Broken(error)),
            Ok(()) => Err(self.break_with(Error::new(
                ErrorKind::Internal,
                operation,
                "a reply was taken for an expected one",
            ))),
        }
    }

    /// One command that must be answered with one of these codes.
    pub(super) fn expect(
        &mut self,
        operation: &'static str,
        command: &str,
        codes: &[u16],
    ) -> WireResult<Reply> {
        let reply = self.ask(operation, command)?;
        if codes.contains(&reply.code) {
            Ok(reply)
        } else if reply.is_refusal() {
            Err(Wire::Refused(reply))
        } else {
            Err(self.break_with(out_of_step(operation, &reply)))
        }
    }

    /// A command with a path as its argument.
    pub(super) fn expect_path(
        &mut self,
        operation: &'static str,
        verb: &str,
        path: &RemotePath,
        codes: &[u16],
    ) -> WireResult<Reply> {
        let reply = self.expect(operation, &format!("{verb} {}", path.to_text()), codes)?;
        if verb == "CWD" {
            self.directory = Some(path.clone());
        }
        Ok(reply)
    }

    /// Ends a transfer: closes the data connection and reads the final reply, without which
    /// nothing was transferred.
    ///
    /// A reply that does not come, because the way was closed while only data flowed or
    /// because the server never says it, is an error with `last_reply: missing`. All the bytes
    /// may be there; that is not looked up here on another connection. Equal lengths would
    /// say that they arrived, and not that the server kept them, and what the length should
    /// be only the caller knows: to ask for it, and to resume, is up to him.
    pub(super) fn finish(&mut self, operation: &'static str, mut data: Data) -> WireResult<()> {
        self.interrupt.release_data();
        let Some(stream) = data.stream.take() else {
            return Ok(());
        };
        let last = self.deadline(self.dialer.clocks().no_progress * REPLY_CLOCKS);
        let outcome = stream.finish();
        let outcome = self.check(operation, outcome);
        let outcome = self.in_step(operation, outcome);
        let outcome = outcome.and_then(|()| self.last_word(operation));
        match (&outcome, data.start, &self.tls) {
            (Ok(()), Some(start), Some(tls)) => tls.transfer_was_completed(start),
            // Too late for this transfer, and in time for the next one.
            (Err(Wire::Refused(reply)), Some(_), Some(tls))
                if tls::may_mean_the_session(reply.code) =>
            {
                tls.session_was_refused();
            }
            _ => {}
        }
        // A socket that was shut down reads as one that ended, and the good reply may have
        // been on its way before the last of the data.
        let outcome = if outcome.is_ok() && self.interrupt.is_fired() {
            let error = Error::new(ErrorKind::ConnectionLost, operation, "cut off");
            Err(self.break_with(error))
        } else {
            outcome
        };
        let late = data.total.as_ref().filter(|total| total.has_passed());
        let outcome = self.in_time(operation, late.unwrap_or(&last), outcome);
        outcome.map_err(|wire| match wire {
            Wire::Broken(error)
                if matches!(
                    error.kind(),
                    ErrorKind::TimedOut | ErrorKind::ConnectionLost
                ) =>
            {
                // All of it may have arrived; nobody said so.
                Wire::Broken(error.with("last_reply", "missing"))
            }
            wire => wire,
        })
    }

    /// Ends the connection when the clock runs out.
    fn deadline(&self, clock: Duration) -> Deadline {
        let interrupt = self.interrupt.clone();
        Deadline::set(clock, move || interrupt.fire())
    }

    /// A failure after a deadline is its doing.
    fn in_time<T>(
        &mut self,
        operation: &'static str,
        deadline: &Deadline,
        outcome: WireResult<T>,
    ) -> WireResult<T> {
        if outcome.is_err() && deadline.has_passed() {
            let error = Error::new(ErrorKind::TimedOut, operation, "took longer than allowed")
                .caused_by(io::Error::from(io::ErrorKind::TimedOut));
            return Err(self.break_with(error));
        }
        outcome
    }

    fn refused_by<T>(&mut self, operation: &'static str, error: FtpError) -> WireResult<T> {
        let outcome = self.check(operation, Err(error));
        self.in_step(operation, outcome)
    }

    /// Of the replies that were not expected, only refusals leave the connection in step.
    fn in_step<T>(&mut self, operation: &'static str, outcome: WireResult<T>) -> WireResult<T> {
        match outcome {
            Err(Wire::Refused(reply)) if !reply.is_refusal() => {
                Err(self.break_with(out_of_step(operation, &reply)))
            }
            outcome => outcome,
        }
    }

    fn check<T>(
        &mut self,
        operation: &'static str,
        outcome: suppaftp::FtpResult<T>,
    ) -> WireResult<T> {
        let error = match outcome {
            Ok(value) => {
                self.replies += 1;
                self.heard_at = Instant::now();
                return Ok(value);
            }
            Err(FtpError::UnexpectedResponse(response)) => {
                self.heard_at = Instant::now();
                let Some(reply) = Reply::parse(response.body) else {
                    return Err(self.break_with(Error::new(
                        ErrorKind::Protocol,
                        operation,
                        "the server's answer is not an FTP reply",
                    )));
                };
                if reply.code == 421 {
                    self.broken = true;
                } else {
                    self.replies += 1;
                }
                return Err(Wire::Refused(reply.in_charset(self.facts.names)));
            }
            Err(error) => error,
        };
        let deeper = self.dialer.take_error().or_else(|| match &error {
            FtpError::SecureError(_) => self.tls.as_ref().and_then(LinkTls::take_error),
            _ => None,
        });
        let wire = match deeper {
            Some(error) => Wire::Broken(error),
            None => translate(operation, error, self.facts.names),
        };
        // A command refused on this side never reached the wire.
        if !matches!(&wire, Wire::Broken(error) if error.kind() == ErrorKind::InvalidInput) {
            self.broken = true;
        }
        Err(wire)
    }

    fn break_with(&mut self, error: Error) -> Wire {
        self.broken = true;
        Wire::Broken(error)
    }
}
