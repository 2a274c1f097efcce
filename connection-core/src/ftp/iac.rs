//! The byte 0xFF in commands: `я` in windows-1251, `ÿ` in windows-1252, half a character in
//! others.
//!
//! The control connection is a Telnet connection (RFC 959 section 2.2), on which 0xFF begins a
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
use super::skills::{Skill, Trial};

/// Telnet's "interpret as command".
const IAC: u8 = 0xFF;
/// Asks for a directory that is not there, with two bytes 0xFF in its name.
pub(super) const QUESTION: &str = "CWD /connection-manager-\u{F7FF}\u{F7FF}-asks";
/// What stands before the two bytes in it.
const BEFORE: &[u8] = b"connection-manager-";

/// Whether a command has the byte.
pub(super) fn concerns(names: Names, command: &str) -> bool {
    use suppaftp::Encoding as _;
    !command.is_ascii() && names.encode(command).is_ok_and(|line| line.contains(&IAC))
}

/// Whether the server takes two for one, by its answer to [`QUESTION`].
pub(super) fn judge(answer: &Reply) -> Skill {
    let repeated = answer.lines().find_map(|line| {
        let at = line.windows(BEFORE.len()).position(|part| part == BEFORE)?;
        line.get(at + BEFORE.len()..)
    });
    let count = repeated.map_or(0, |rest| rest.iter().take_while(|b| **b == IAC).count());
    if count == 1 { Skill::Has } else { Skill::Lacks }
}

/// A line of commands, in which every such byte was doubled, as the server takes it; `None`
/// when that is how it is.
pub(super) fn as_taken(twice: &Trial, line: &[u8]) -> Option<Vec<u8>> {
    (twice.skill() != Skill::Has && line.contains(&IAC)).then(|| unescape_iac(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(answer: &[u8]) -> Skill {
        judge(&Reply::parse(answer.to_vec()).unwrap())
    }

    #[test]
    fn the_answer_tells_how_the_byte_is_taken() {
        for (answer, want) in [
            // ProFTPD and Pure-FTPd.
            (
                &b"550 /connection-manager-\xff-asks: No such file or directory\r\n"[..],
                Skill::Has,
            ),
            (
                b"550 Can't change directory to /connection-manager-\xff\xff-asks: No such file\r\n",
                Skill::Lacks,
            ),
            // vsftpd.
            (b"550 Failed to change directory.\r\n", Skill::Lacks),
            (b"550 /connection-manager-\r\n", Skill::Lacks),
        ] {
            assert_eq!(judged(answer), want);
        }
    }

    #[test]
    fn a_line_goes_out_as_the_server_takes_it() {
        let (twice, line) = (Trial::default(), b"CWD /\xff\xffa\xff\xff\r\n");
        for once in [Skill::Untried, Skill::Lacks] {
            twice.learn(once);
            assert_eq!(as_taken(&twice, line).unwrap(), b"CWD /\xffa\xff\r\n");
            assert!(as_taken(&twice, b"NOOP\r\n").is_none());
        }
        twice.learn(Skill::Has);
        assert!(as_taken(&twice, line).is_none());
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
