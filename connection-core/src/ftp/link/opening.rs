//! The way to an open data connection: which commands ask for it, and what is tried when
//! the server, or what stands before it, will not have one of them.

use super::super::address;
use super::super::conn::Conn;
use super::super::data::Source;
use super::super::reply::{Reply, Wire, WireResult, out_of_step, refusal_as};
use super::super::tls;
use super::{Data, Link, NEEDS_ACCOUNT, Stream};
use crate::error::{Error, ErrorKind};
use crate::path::bytes_to_text;
use crate::target::FtpDataMode;
use suppaftp::types::Mode;
use suppaftp::{DataStream, FtpError, Status};
use zeroize::Zeroizing;

/// The replies that open a transfer: 150 and 125.
const OPENING: [Status; 2] = [Status::AboutToSend, Status::AlreadyOpen];

impl Link {
    /// Opens a data connection for a command; with an offset, `REST` goes right before it.
    pub(in crate::ftp) fn open_data(
        &mut self,
        operation: &'static str,
        command: &str,
        offset: u64,
    ) -> WireResult<Data> {
        let offset = usize::try_from(offset)
            .map_err(|_| Wire::Broken(Error::invalid("offset", "the offset is too large")))?;
        self.ask_about_iac(operation, command)?;
        let mut renewed = false;
        loop {
            self.nothing_unasked(operation)?;
            let data = match self.try_open_data(operation, command, offset) {
                Ok(data) => data,
                Err(Wire::Refused(reply))
                    if reply.code == NEEDS_ACCOUNT && self.send_account(operation)? =>
                {
                    continue;
                }
                Err(Wire::Broken(error))
                    if !renewed
                        && error.operation() == tls::HANDSHAKE
                        && self.was_refused_in_handshake(operation, error.kind()) =>
                {
                    renewed = true;
                    self.renew(operation)?;
                    continue;
                }
                Err(wire) => return Err(wire),
            };
            match self.settle_data(operation, data) {
                Err(Wire::Refused(reply)) if !renewed && tls::may_mean_the_session(reply.code) => {
                    renewed = true;
                    self.renew(operation)?;
                }
                outcome => return outcome,
            }
        }
    }

    fn try_open_data(
        &mut self,
        operation: &'static str,
        command: &str,
        offset: usize,
    ) -> WireResult<Data> {
        let total = self
            .dialer
            .transfer_limit()
            .map(|limit| self.deadline(limit));
        let clocks = *self.dialer.clocks();
        // The passive reply, the connection, the reply to the command, TLS.
        let opening = self.deadline(clocks.connect * 2 + clocks.no_progress * 2);
        let opened = match self.dialer.mode() {
            FtpDataMode::Passive => self.open_passive(operation, command, offset),
            FtpDataMode::Active => self.open_active(operation, command, offset),
        };
        if opened.is_err() {
            self.interrupt.release_data();
            // What failed then was not the first thing the server was asked.
            self.replies += usize::from(self.dialer.was_answered());
        }
        self.dialer.end();
        let late = total.as_ref().filter(|total| total.has_passed());
        let stream = self.in_time(operation, late.unwrap_or(&opening), opened)?;
        self.replies += 1;
        Ok(Data::new(stream, self.interrupt.clone(), total))
    }

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

    fn open_passive(
        &mut self,
        operation: &'static str,
        command: &str,
        offset: usize,
    ) -> WireResult<Stream> {
        // What EPSV named could not be reached.
        let mut unreached = false;
        loop {
            let extended = self.facts.epsv() && !unreached;
            self.client.set_mode(if extended {
                Mode::ExtendedPassive
            } else {
                Mode::Passive
            });
            let error = match self.transfer(command, offset) {
                Ok(stream) => {
                    if unreached {
                        self.facts.refuse_epsv();
                    }
                    return Ok(stream);
                }
                Err(error) => error,
            };
            self.interrupt.release_data();
            if let FtpError::UnexpectedResponse(response) = &error
                && !self.dialer.was_reached()
                && let Some(reply) = Reply::parse(response.body.clone())
                && (reply.code == 229 || reply.code == 227)
            {
                // An address, in a form `suppaftp` does not read.
                return self.open_named(operation, command, offset, &reply);
            }
            if extended
                && self.dialer.was_reached()
                && self.dialer.peer().ip().to_canonical().is_ipv4()
                && !self.interrupt.is_fired()
                && self.dialer.takes_another_port(&error)
            {
                // As curl does: firewalls that look into FTP open the ports that PASV
                // names, and know nothing of EPSV.
                tracing::debug!("the port EPSV named cannot be reached, asking with PASV");
                unreached = true;
                continue;
            }
            match self.refused_by(operation, error) {
                Err(Wire::Refused(reply))
                    if extended && reply.code >= 500 && !self.dialer.was_reached() =>
                {
                    self.facts.refuse_epsv();
                }
                Err(Wire::Refused(reply)) if !self.dialer.was_reached() => {
                    return Err(mode_refused(operation, reply));
                }
                outcome => return outcome,
            }
        }
    }

    /// Connects to what the reply names, and has the transfer use that.
    fn open_named(
        &mut self,
        operation: &'static str,
        command: &str,
        offset: usize,
        reply: &Reply,
    ) -> WireResult<Stream> {
        let line = reply.lines().next_back().unwrap_or_default();
        let named = match reply.code {
            229 => address::extended_passive(line).map(|port| {
                let mut named = self.dialer.peer();
                named.set_port(port);
                named
            }),
            _ => address::passive(line),
        };
        self.replies += 1;
        let Some(named) = named else {
            return Err(self.break_with(out_of_step(operation, reply)));
        };
        let connected = self.dialer.connect(named);
        let stream = connected.map_err(|error| self.break_with(error))?;
        // What is said before each transfer anyway, and answered with 200 everywhere.
        let said = "TYPE I".to_owned();
        self.carry(said, Source::Connected(stream), command, offset)
            .or_else(|error| self.refused_by(operation, error))
    }

    fn open_active(
        &mut self,
        operation: &'static str,
        command: &str,
        offset: usize,
    ) -> WireResult<Stream> {
        loop {
            let listening = self.dialer.listen();
            let listener = listening.map_err(|error| self.break_with(error))?;
            let plain = address::port(listener.address());
            let extended = self.facts.eprt() || plain.is_none();
            let said = match plain {
                Some(port) if !extended => port,
                _ => address::eprt(listener.address()),
            };
            let error = match self.carry(said, Source::Listening(listener), command, offset) {
                Ok(stream) => return Ok(stream),
                Err(error) => error,
            };
            let accepted = self.dialer.was_accepted();
            self.interrupt.release_data();
            match self.refused_by(operation, error) {
                Err(Wire::Refused(reply))
                    if extended
                        && reply.code >= 500
                        && !accepted
                        && self.dialer.peer().ip().to_canonical().is_ipv4() =>
                {
                    self.facts.refuse_eprt();
                }
                Err(Wire::Refused(reply)) if !accepted => {
                    return Err(mode_refused(operation, reply));
                }
                outcome => return outcome,
            }
        }
    }

    /// A transfer over a data connection that is made by the dialer.
    fn carry(
        &mut self,
        said: String,
        source: Source,
        command: &str,
        offset: usize,
    ) -> suppaftp::FtpResult<Stream> {
        self.dialer.begin();
        self.dialer.carry(said, source);
        self.client.set_mode(Mode::Active);
        self.client.resume_transfer(offset)?;
        let (_, mut stream) = self.client.custom_data_command(command, &OPENING)?;
        if let DataStream::Ssl(conn) = stream.get_mut()
            && !conn.is_secured()
        {
            match self.dialer.exchange() {
                Some(Ok(real)) => **conn = Conn::plain_data(real),
                Some(Err(error)) => return Err(self.not_exchanged(stream, error)),
                None => return Err(FtpError::DataConnectionAlreadyOpen),
            }
        }
        Ok(stream)
    }

    /// The transfer has no data connection: its last reply says why, if the server sent one.
    fn not_exchanged(&mut self, stream: Stream, error: Error) -> FtpError {
        if error.kind() != ErrorKind::Unreachable {
            // Nothing more is waited for.
            self.interrupt.fire();
        }
        match stream.finish() {
            Err(refused @ FtpError::UnexpectedResponse(_)) => refused,
            _ => self.dialer.fail(error),
        }
    }

    /// A transfer over a data connection that `suppaftp` asks for.
    fn transfer(&mut self, command: &str, offset: usize) -> suppaftp::FtpResult<Stream> {
        self.dialer.begin();
        self.client.resume_transfer(offset)?;
        let (_, stream) = self.client.custom_data_command(command, &OPENING)?;
        Ok(stream)
    }
}

/// The server will have no data connection in this mode, whatever it is for. The connection
/// is in step; as a refusal of the command itself this would be taken for one of its path.
fn mode_refused(operation: &'static str, reply: Reply) -> Wire {
    match reply.code {
        421 => Wire::Refused(reply),
        500.. => Wire::Broken(refusal_as(ErrorKind::Unsupported, operation, &reply)),
        _ => Wire::Broken(refusal_as(ErrorKind::Failure, operation, &reply)),
    }
}
