//! One control connection, logged in: commands, replies and data connections.
//!
//! Blocking; lives on the thread of the operation it is lent to. After a timeout, a cut
//! transfer or a reply that fits no command it is broken for good: the next reply would
//! belong to the command before. `ABOR` is never sent, since servers answer it with one
//! reply or with two.

mod asking;

use super::charset::Names;
use super::details::FtpTls;
use super::dial;
use super::facts::Facts;
use super::interrupt::Interrupt;
use super::login::{self, Origin};
use super::reply::{Reply, Wire, WireResult, out_of_step, translate};
use super::tls::{self, LinkTls, Start, TlsSocket};
use crate::error::{Error, ErrorKind};
use crate::path::RemotePath;
use crate::secret::Secret;
use crate::target::Timeouts;
use asking::NEEDS_ACCOUNT;
use std::io::{self, Read, Write};
use std::net::{IpAddr, Shutdown, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use suppaftp::types::Mode;
use suppaftp::{DataStream, FtpError, ImplFtpStream, Status, TransferStream};

/// `suppaftp`'s client over our TLS; without TLS its streams are plain TCP.
pub(super) type Client = ImplFtpStream<TlsSocket>;

/// Makes data connections: always to the control connection's own peer.
#[derive(Debug)]
pub(super) struct DataDialer {
    peer: IpAddr,
    clocks: Timeouts,
    interrupt: Arc<Interrupt>,
    /// The passive command was answered: what fails after it is the transfer's own command.
    reached: AtomicBool,
    error: Mutex<Option<Error>>,
}

impl DataDialer {
    /// A dialer to `peer`.
    pub(super) fn new(peer: IpAddr, clocks: Timeouts, interrupt: Arc<Interrupt>) -> Self {
        Self {
            peer,
            clocks,
            interrupt,
            reached: AtomicBool::new(false),
            error: Mutex::default(),
        }
    }

    /// Connects to the port the server named. The address it named is not trusted: it may
    /// be that of a third host, or one from behind the server's own translation.
    pub(super) fn dial(&self, named: SocketAddr) -> Result<std::net::TcpStream, FtpError> {
        self.reached.store(true, Ordering::Release);
        if named.ip().to_canonical() != self.peer.to_canonical() {
            tracing::warn!(named = %named.ip(), used = %self.peer, "the server named another host for the data connection");
        }
        let dialled = if named.port() == 0 {
            Err(Error::new(
                ErrorKind::Protocol,
                "open data connection",
                "the server named port 0",
            ))
        } else {
            dial::data(
                SocketAddr::new(self.peer, named.port()),
                self.clocks.connect,
                self.clocks.no_progress,
                &self.interrupt,
            )
        };
        dialled.map_err(|error| {
            *self.error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            FtpError::ConnectionError(io::ErrorKind::NotConnected.into())
        })
    }

    fn take_error(&self) -> Option<Error> {
        self.error
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }
}

/// A control connection.
pub(super) struct Link {
    client: Client,
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
}

impl Link {
    /// A connection whose greeting was read.
    pub(super) fn new(
        client: Client,
        tls: Option<LinkTls>,
        dialer: Arc<DataDialer>,
        interrupt: Arc<Interrupt>,
        origin: Arc<Origin>,
    ) -> Self {
        Self {
            client,
            tls,
            origin,
            directory: None,
            dialer,
            interrupt,
            facts: Arc::new(Facts::unknown(Names::default(), Arc::default())),
            account: None,
            broken: false,
            replies: 0,
            idle_since: Instant::now(),
        }
    }

    /// The way to end it from outside.
    pub(super) fn interrupt(&self) -> &Arc<Interrupt> {
        &self.interrupt
    }

    /// The server's address.
    pub(super) fn peer(&self) -> IpAddr {
        self.dialer.peer
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
        !self.broken && !self.interrupt.is_fired()
    }

    /// Whether it turned out to be dead before it answered anything.
    pub(super) fn was_stale(&self) -> bool {
        self.broken && self.replies == 0
    }

    /// Since when nobody has used it.
    pub(super) fn idle_since(&self) -> Instant {
        self.idle_since
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

    /// As [`Self::ask`], when nothing has to be said before or again.
    fn ask_once(&mut self, operation: &'static str, command: &str) -> WireResult<Reply> {
        self.ask_about_iac(operation, command)?;
        // With nothing expected, every reply comes back as the unexpected one it carries.
        let outcome = self.client.custom_command(command, &[]);
        match self.check(operation, outcome.map(drop)) {
            Err(Wire::Refused(reply)) => Ok(reply),
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

    /// Opens a data connection for a command; with an offset, `REST` goes right before it.
    pub(super) fn open_data(
        &mut self,
        operation: &'static str,
        command: &str,
        offset: u64,
    ) -> WireResult<Data> {
        self.ask_about_iac(operation, command)?;
        let mut renewed = false;
        loop {
            let extended = self.facts.epsv();
            self.client.set_mode(if extended {
                Mode::ExtendedPassive
            } else {
                Mode::Passive
            });
            if offset > 0 {
                let offset = usize::try_from(offset).map_err(|_| {
                    Wire::Broken(Error::invalid("offset", "the offset is too large"))
                })?;
                let set = self.client.resume_transfer(offset);
                self.check(operation, set)?;
            }
            self.dialer.reached.store(false, Ordering::Release);
            let opened = self
                .client
                .custom_data_command(command, &[Status::AboutToSend, Status::AlreadyOpen]);
            let outcome = match opened {
                Ok((_, stream)) => {
                    self.replies += 1;
                    let data = Data::new(stream, self.interrupt.clone());
                    match self.settle_data(operation, data) {
                        Err(Wire::Refused(reply))
                            if !renewed && tls::may_mean_the_session(reply.code) =>
                        {
                            renewed = true;
                            self.renew(operation)?;
                            continue;
                        }
                        outcome => return outcome,
                    }
                }
                Err(error) => {
                    let outcome = self.check(operation, Err(error));
                    self.in_step(operation, outcome)
                }
            };
            self.interrupt.release_data();
            match outcome {
                Err(Wire::Refused(reply))
                    if extended
                        && reply.code >= 500
                        && !self.dialer.reached.load(Ordering::Acquire) =>
                {
                    self.facts.refuse_epsv();
                }
                Err(Wire::Refused(reply))
                    if reply.code == NEEDS_ACCOUNT && self.send_account(operation)? => {}
                Err(wire) => return Err(wire),
                Ok(()) => {}
            }
        }
    }

    /// A data connection the server closed at once has transferred nothing: its reply says
    /// whether there was nothing, or whether the server refuses.
    fn settle_data(&mut self, operation: &'static str, data: Data) -> WireResult<Data> {
        if data.start != Some(Start::ClosedAtOnce) {
            return Ok(data);
        }
        let (interrupt, cut_off) = (data.interrupt.clone(), data.cut_off());
        self.finish(operation, data)?;
        Ok(Data {
            stream: None,
            interrupt,
            cut_off,
            start: None,
        })
    }

    /// Replaces the connection, whose data connections the server refuses for their TLS
    /// session, by a new one that stands where this one stood.
    fn renew(&mut self, operation: &'static str) -> WireResult<()> {
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

    /// Ends a transfer: closes the data connection and reads the final reply, without which
    /// nothing was transferred.
    pub(super) fn finish(&mut self, operation: &'static str, mut data: Data) -> WireResult<()> {
        self.interrupt.release_data();
        let Some(stream) = data.stream.take() else {
            return Ok(());
        };
        let outcome = stream.finish();
        let outcome = self.check(operation, outcome);
        if let (Ok(()), Some(start), Some(tls)) = (&outcome, data.start, &self.tls) {
            tls.transfer_was_completed(start);
        }
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
                return Ok(value);
            }
            Err(FtpError::UnexpectedResponse(response)) => {
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
        let deeper = match &error {
            FtpError::SecureError(_) => self.tls.as_ref().and_then(LinkTls::take_error),
            _ => self.dialer.take_error(),
        };
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

/// An open data connection. Dropped before [`Link::finish`], it ends the whole connection.
pub(super) struct Data {
    stream: Option<TransferStream<TlsSocket>>,
    interrupt: Arc<Interrupt>,
    cut_off: Option<Arc<AtomicBool>>,
    start: Option<Start>,
}

impl Data {
    fn new(stream: TransferStream<TlsSocket>, interrupt: Arc<Interrupt>) -> Self {
        let (cut_off, start) = match stream.get_ref() {
            DataStream::Tcp(_) => (None, None),
            DataStream::Ssl(socket) => (Some(socket.cut_off()), socket.start()),
        };
        Self {
            stream: Some(stream),
            interrupt,
            cut_off,
            start,
        }
    }

    /// Set once the data ended without TLS's own end mark.
    pub(super) fn cut_off(&self) -> Option<Arc<AtomicBool>> {
        self.cut_off.clone()
    }
}

impl Read for Data {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match &mut self.stream {
            Some(stream) => stream.read(buf),
            None => Ok(0),
        }
    }
}

impl Write for Data {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        match &mut self.stream {
            Some(stream) => stream.write(buf),
            None => Err(io::ErrorKind::NotConnected.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.stream {
            Some(stream) => stream.flush(),
            None => Ok(()),
        }
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        if self.stream.is_some() {
            // `suppaftp` waits for the final reply when a transfer is dropped; with the
            // sockets shut down it returns at once.
            self.interrupt.fire();
        }
    }
}
