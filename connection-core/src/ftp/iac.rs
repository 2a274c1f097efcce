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
//! `suppaftp` doubles the byte in whatever it sends; [`super::conn::Conn`] undoes that for a
//! server that takes it as it comes.

use super::charset::Names;
use super::reply::{Reply, unescape_iac};
use std::sync::atomic::{AtomicU8, Ordering};

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

/// A line of commands, in which every such byte was doubled, as the server takes it; `None`
/// when that is how it is.
pub(super) fn as_taken(form: &IacForm, line: &[u8]) -> Option<Vec<u8>> {
    (form.get() != Taking::Twice && line.contains(&IAC)).then(|| unescape_iac(line))
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
    fn a_line_goes_out_as_the_server_takes_it() {
        let (form, line) = (IacForm::default(), b"CWD /\xff\xffa\xff\xff\r\n");
        for once in [Taking::Unknown, Taking::Once] {
            form.set(once);
            assert_eq!(as_taken(&form, line).unwrap(), b"CWD /\xffa\xff\r\n");
            assert!(as_taken(&form, b"NOOP\r\n").is_none());
        }
        form.set(Taking::Twice);
        assert!(as_taken(&form, line).is_none());
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
