//! One control connection of a scripted server, from the greeting to its end.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::Ordering;
use std::time::Duration;

use socket2::SockRef;

use super::step::{GREETING, Step};
use super::wire::Wire;
use super::{Shared, usual};

/// Longest command read.
const MAX_COMMAND: usize = 1 << 20;
/// Time between two looks at a passive port.
const LOOK: Duration = Duration::from_millis(1);

/// What a connection knows between its commands.
pub(super) struct Conversation<'a> {
    pub(super) shared: &'a Shared,
    number: usize,
    control: Option<Wire>,
    /// Read and not used yet.
    unread: Vec<u8>,
    /// Said and not sent yet.
    unsent: Vec<u8>,
    pub(super) passive: Option<TcpListener>,
    stolen: Option<TcpStream>,
    data: Option<Wire>,
    pub(super) private: bool,
    pub(super) directory: Vec<u8>,
    pub(super) offset: usize,
    pub(super) from: Option<Vec<u8>>,
}

/// Why a conversation ends: it was told to, or the client is gone.
type Held<T> = io::Result<T>;

/// Holds a conversation to its end.
pub(super) fn hold(shared: &Shared, client: TcpStream, number: usize) {
    let _ = client.set_nodelay(true);
    let control = match (&shared.acceptor, shared.implicit) {
        (Some(acceptor), true) => Wire::secure(client, acceptor),
        _ => Ok(Wire::Plain(client)),
    };
    let Ok(control) = control else { return };
    let mut conversation = Conversation {
        shared,
        number,
        control: Some(control),
        unread: Vec::new(),
        unsent: Vec::new(),
        passive: None,
        stolen: None,
        data: None,
        private: shared.implicit,
        directory: b"/".to_vec(),
        offset: 0,
        from: None,
    };
    // Ends when the client leaves or a step ends it.
    let _ = conversation.go_on();
}

fn end() -> io::Error {
    io::ErrorKind::ConnectionAborted.into()
}

impl Conversation<'_> {
    fn go_on(&mut self) -> Held<()> {
        self.follow(GREETING.as_bytes())?;
        loop {
            self.flush()?;
            let command = self.read_command()?;
            self.follow(&command)?;
        }
    }

    fn follow(&mut self, command: &[u8]) -> Held<()> {
        for step in self.shared.steps(command) {
            self.take(step, command)?;
        }
        Ok(())
    }

    /// Takes one step of the answer to a command.
    pub(super) fn take(&mut self, step: Step, command: &[u8]) -> Held<()> {
        if !matches!(step, Step::Say(_) | Step::Usual | Step::Listen) {
            self.flush()?;
        }
        match step {
            Step::Usual => usual::answer(self, command)?,
            Step::Say(text) => self.say(&text),
            Step::Flush => {}
            Step::SayForEver(text) => loop {
                self.say(&text);
                self.flush()?;
            },
            Step::Dribble(text, pause) => {
                for byte in text {
                    self.say(&[byte]);
                    self.flush()?;
                    std::thread::sleep(pause);
                }
            }
            Step::StartTls => self.start_tls()?,
            Step::Listen => {
                let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
                listener.set_nonblocking(true)?;
                self.passive = Some(listener);
            }
            Step::Steal(data) => {
                let mut thief = TcpStream::connect(self.passive_address()?)?;
                thief.write_all(&data)?;
                self.stolen = Some(thief);
            }
            Step::Take => self.take_data()?,
            Step::Send(data) => self.send(&data),
            Step::Repeat(data, times) => {
                for _ in 0..times {
                    if self.data.is_none() {
                        break;
                    }
                    self.send(&data);
                }
            }
            Step::Receive => self.receive(command, u64::MAX),
            Step::ReceiveSome(bytes) => self.receive(command, bytes as u64),
            Step::EndData => {
                self.forget_data();
                if let Some(data) = self.data.take() {
                    data.end();
                }
                self.passive = None;
            }
            Step::CutData => {
                self.forget_data();
                self.data = None;
            }
            Step::ResetData => {
                self.forget_data();
                if let Some(data) = self.data.take() {
                    let _ = SockRef::from(data.socket()).set_linger(Some(Duration::ZERO));
                }
            }
            Step::Hang => {
                while self.read_more()? > 0 {}
                return Err(end());
            }
            Step::Close => {
                if let Some(control) = self.control.take() {
                    control.end();
                }
                return Err(end());
            }
            Step::Reset => {
                if let Some(control) = &self.control {
                    let _ = SockRef::from(control.socket()).set_linger(Some(Duration::ZERO));
                }
                return Err(end());
            }
        }
        Ok(())
    }

    /// Says this, together with what follows before the next wait.
    pub(super) fn say(&mut self, text: &[u8]) {
        let port = self.passive_address().map_or(0, |address| address.port());
        let text = replace(text, b"{port}", &port.to_string());
        let text = replace(&text, b"{p1}", &(port >> 8).to_string());
        let text = replace(&text, b"{p2}", &(port & 0xFF).to_string());
        self.unsent.extend_from_slice(&text);
    }

    fn passive_address(&self) -> Held<SocketAddr> {
        self.passive.as_ref().ok_or_else(end)?.local_addr()
    }

    fn flush(&mut self) -> Held<()> {
        let said = std::mem::take(&mut self.unsent);
        self.control()
            .and_then(|control| control.write_all(&said))?;
        self.shared
            .said
            .fetch_add(said.len() as u64, Ordering::SeqCst);
        Ok(())
    }

    fn control(&mut self) -> Held<&mut Wire> {
        self.control.as_mut().ok_or_else(end)
    }

    fn read_more(&mut self) -> Held<usize> {
        let mut block = [0; 4096];
        let read = self.control()?.read(&mut block)?;
        self.unread.extend_from_slice(&block[..read]);
        Ok(read)
    }

    fn read_command(&mut self) -> Held<Vec<u8>> {
        loop {
            if let Some(at) = self.unread.iter().position(|byte| *byte == b'\n') {
                let mut line: Vec<_> = self.unread.drain(..=at).collect();
                while line
                    .last()
                    .is_some_and(|byte| matches!(byte, b'\r' | b'\n'))
                {
                    line.pop();
                }
                self.note(&line);
                return Ok(line);
            }
            if self.unread.len() > MAX_COMMAND || self.read_more()? == 0 {
                return Err(end());
            }
        }
    }

    fn note(&self, line: &[u8]) {
        let line = String::from_utf8_lossy(line).into_owned();
        let noted = match line.split_once(' ') {
            Some((verb @ ("PASS" | "ACCT"), _)) => verb.to_owned(),
            _ => line,
        };
        self.shared.lock().commands.push((self.number, noted));
    }

    pub(super) fn start_tls(&mut self) -> Held<()> {
        self.flush()?;
        let (Some(acceptor), Some(Wire::Plain(socket))) =
            (&self.shared.acceptor, self.control.take())
        else {
            return Err(end());
        };
        // What came before belongs to nobody.
        self.unread.clear();
        self.control = Some(Wire::secure(socket, acceptor)?);
        Ok(())
    }

    /// Waits for the data connection, as long as the client is there.
    fn take_data(&mut self) -> Held<()> {
        loop {
            let Some(listener) = &self.passive else {
                return Err(end());
            };
            match listener.accept() {
                Ok((socket, _)) => {
                    socket.set_nonblocking(false)?;
                    socket.set_nodelay(true)?;
                    let handle = (self.number, socket.try_clone()?);
                    {
                        let mut state = self.shared.lock();
                        state.data.push(handle);
                        // The end may have come since the last look at it.
                        if self.shared.is_ending() {
                            return Err(end());
                        }
                    }
                    self.data = match &self.shared.acceptor {
                        // A client that refuses the handshake is gone, and no failure here.
                        Some(acceptor) if self.private => Wire::secure(socket, acceptor).ok(),
                        _ => Some(Wire::Plain(socket)),
                    };
                    return Ok(());
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    if self.shared.is_ending() || self.is_left() {
                        return Err(end());
                    }
                    std::thread::sleep(LOOK);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Whether the client closed the control connection.
    fn is_left(&self) -> bool {
        let Some(control) = &self.control else {
            return true;
        };
        let socket = control.socket();
        let _ = socket.set_nonblocking(true);
        let seen = socket.peek(&mut [0]);
        let _ = socket.set_nonblocking(false);
        !matches!(seen, Ok(1..)) && !matches!(seen, Err(e) if e.kind() == io::ErrorKind::WouldBlock)
    }

    /// A socket closes with its last handle.
    fn forget_data(&self) {
        let mut state = self.shared.lock();
        state.data.retain(|(number, _)| *number != self.number);
    }

    fn send(&mut self, bytes: &[u8]) {
        if let Some(data) = &mut self.data {
            match data.write_all(bytes) {
                Ok(()) => {
                    let sent = bytes.len() as u64;
                    self.shared.sent.fetch_add(sent, Ordering::SeqCst);
                }
                Err(_) => {
                    self.forget_data();
                    self.data = None;
                }
            }
        }
    }

    fn receive(&mut self, command: &[u8], most: u64) {
        let mut content = Vec::new();
        if let Some(data) = &mut self.data {
            // What came before an error is kept.
            let _ = data.take(most).read_to_end(&mut content);
        }
        let path = self.path_of(command);
        usual::store(self, command, &path, &content);
    }

    /// The path a command names.
    pub(super) fn path_of(&self, command: &[u8]) -> Vec<u8> {
        let at = command.iter().position(|byte| *byte == b' ');
        let argument = at.and_then(|at| command.get(at + 1..)).unwrap_or_default();
        if argument.starts_with(b"/") {
            return argument.to_owned();
        }
        let mut path = self.directory.clone();
        if !argument.is_empty() {
            if !path.ends_with(b"/") {
                path.push(b'/');
            }
            path.extend_from_slice(argument);
        }
        path
    }
}

fn replace(text: &[u8], what: &[u8], with: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.windows(what.len()).position(|window| window == what) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(with.as_bytes());
        rest = &rest[at + what.len()..];
    }
    out.extend_from_slice(rest);
    out
}
