//! The byte 0xFF in commands: `я` in windows-1251, `ÿ` in windows-1252, half a character in
//! others.
//!
//! The control connection is a Telnet connection (RFC 959 section 3.1), on which 0xFF begins a
//! Telnet command and as data is sent twice. Of the servers in use only some know that: ProFTPD
//! takes two for one. vsftpd, Pure-FTPd and pyftpdlib take every byte as it comes, so that a
//! doubled one names another file. So a server is asked, once and before the first name with
//! such a byte is sent to it: to enter a directory that is not there, with two of them in its
//! name. Whoever repeats the name in the refusal with one of them takes two for one. Servers
//! that do not repeat it (vsftpd, pyftpdlib) are taken for the larger kind, which the byte is
//! sent to once.
//!
//! `suppaftp` doubles the byte in whatever it sends. To send it once, the part of a command up
//! to its last 0xFF is sent ahead of what `suppaftp` is given to send: at the moment when it
//! asks for the command's bytes, since it sends them next.

use super::charset::Names;
use super::reply::Reply;
use std::io::{self, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Telnet's "interpret as command".
const IAC: u8 = 0xFF;
/// Asks for a directory that is not there, with two bytes 0xFF in its name.
pub(super) const QUESTION: &str = "CWD /connection-manager-\u{F7FF}\u{F7FF}-asks";
/// What stands before the two bytes in it.
const BEFORE: &[u8] = b"connection-manager-";

/// How a server takes the byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taking {
    /// It was not asked; the byte is sent once.
    Unknown,
    /// As it comes.
    Once,
    /// Two for one.
    Twice,
}

/// How a login's server takes the byte, known to all its connections.
#[derive(Debug, Default)]
pub(super) struct IacForm(AtomicU8);

impl IacForm {
    /// What is known.
    pub(super) fn get(&self) -> Taking {
        match self.0.load(Ordering::Relaxed) {
            0 => Taking::Unknown,
            1 => Taking::Once,
            _ => Taking::Twice,
        }
    }

    /// Remembers it.
    pub(super) fn set(&self, taking: Taking) {
        let value = match taking {
            Taking::Unknown => 0,
            Taking::Once => 1,
            Taking::Twice => 2,
        };
        self.0.store(value, Ordering::Relaxed);
    }
}

/// Whether a command has the byte.
pub(super) fn concerns(names: Names, command: &str) -> bool {
    use suppaftp::Encoding as _;
    !command.is_ascii() && names.encode(command).is_ok_and(|line| line.contains(&IAC))
}

/// What the answer to [`QUESTION`] says.
pub(super) fn judge(answer: &Reply) -> Taking {
    let repeated = answer.lines().find_map(|line| {
        let at = line.windows(BEFORE.len()).position(|part| part == BEFORE)?;
        line.get(at + BEFORE.len()..)
    });
    let count = repeated.map_or(0, |rest| rest.iter().take_while(|b| **b == IAC).count());
    if count == 1 {
        Taking::Twice
    } else {
        Taking::Once
    }
}

/// What a TLS connection is to send before anything else it is given.
pub(super) type Ahead = Arc<Mutex<Vec<u8>>>;

/// Takes what is to be sent first.
pub(super) fn take_ahead(ahead: &Ahead) -> Vec<u8> {
    std::mem::take(&mut *ahead.lock().unwrap_or_else(PoisonError::into_inner))
}

/// The way around `suppaftp` to a control connection.
#[derive(Debug)]
pub(super) enum Way {
    /// Its socket.
    Plain(TcpStream),
    /// What its TLS sends first.
    Tls(Ahead),
}

/// The commands of one connection, as they go to the wire.
#[derive(Debug)]
pub(super) struct Commands {
    names: Names,
    form: Arc<IacForm>,
    way: Way,
}

impl Commands {
    /// Of a connection that is reached this way.
    pub(super) fn new(names: Names, form: Arc<IacForm>, way: Way) -> Self {
        Self { names, form, way }
    }
}

impl suppaftp::Encoding for Commands {
    fn decode(&self, bytes: &[u8]) -> String {
        self.names.decode(bytes)
    }

    fn encode(&self, text: &str) -> io::Result<Vec<u8>> {
        let mut line = self.names.encode(text)?;
        if self.form.get() == Taking::Twice {
            return Ok(line);
        }
        let Some(last) = line.iter().rposition(|b| *b == IAC) else {
            return Ok(line);
        };
        let rest = line.split_off(last + 1);
        // What would end the command must not leave before `suppaftp` has checked the rest.
        if line.iter().any(|b| matches!(b, b'\r' | b'\n')) {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        match &self.way {
            Way::Plain(socket) => (&mut &*socket).write_all(&line)?,
            Way::Tls(ahead) => {
                *ahead.lock().unwrap_or_else(PoisonError::into_inner) = line;
            }
        }
        Ok(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(answer: &[u8]) -> Taking {
        judge(&Reply::parse(answer.to_vec()).unwrap())
    }

    #[test]
    fn the_answer_tells_how_the_byte_is_taken() {
        for (answer, want) in [
            // ProFTPD and Pure-FTPd.
            (
                &b"550 /connection-manager-\xff-asks: No such file or directory\r\n"[..],
                Taking::Twice,
            ),
            (
                b"550 Can't change directory to /connection-manager-\xff\xff-asks: No such file\r\n",
                Taking::Once,
            ),
            // vsftpd.
            (b"550 Failed to change directory.\r\n", Taking::Once),
            (b"550 /connection-manager-\r\n", Taking::Once),
        ] {
            assert_eq!(judged(answer), want);
        }
    }

    #[test]
    fn only_names_with_the_byte_concern_it() {
        let cyrillic = Names::new(Some(encoding_rs::WINDOWS_1251));
        assert!(concerns(cyrillic, "CWD /я"));
        assert!(!concerns(cyrillic, "CWD /ю"));
        assert!(concerns(Names::default(), "CWD /\u{F7FF}"));
        assert!(!concerns(Names::default(), "CWD /я"));
    }
}
