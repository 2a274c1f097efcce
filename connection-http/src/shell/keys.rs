//! The keyboard: what is typed, and the keys that mean this program and not the remote side.

use std::io::Read;
use tokio::sync::mpsc;

/// Ctrl-], which no shell binds by default.
const BRACKET: u8 = 0x1d;

/// Pieces of input that wait.
const PIECES: usize = 4;

/// Bytes read at once; far below what a frame may hold.
const PIECE: usize = 16 * 1024;

/// Reads standard input in a thread of its own, which ends with the process: a read cannot be
/// given up.
pub(super) fn read() -> mpsc::Receiver<Vec<u8>> {
    let (typed, keys) = mpsc::channel(PIECES);
    std::thread::spawn(move || {
        let mut stdin = std::io::stdin();
        let mut buffer = vec![0; PIECE];
        loop {
            match stdin.read(&mut buffer) {
                Ok(0) => return,
                Ok(count) => {
                    let piece = buffer.get(..count).unwrap_or_default().to_vec();
                    if typed.blocking_send(piece).is_err() {
                        return;
                    }
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(_) => return,
            }
        }
    });
    keys
}

/// Where in a sequence of own keys the typing is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    LineStart,
    Line,
    /// After `~` at the beginning of a line.
    Tilde,
    /// After Ctrl-], and whether a line began before it.
    Bracket(bool),
}

/// Finds the keys that leave the terminal.
pub(super) struct Escapes(Place);

impl Escapes {
    pub(super) fn new() -> Self {
        Self(Place::LineStart)
    }

    /// What of the typed bytes is for the remote side, and whether they say to leave.
    pub(super) fn filter(&mut self, typed: &[u8]) -> (Vec<u8>, bool) {
        let mut out = Vec::with_capacity(typed.len() + 1);
        for &byte in typed {
            match (self.0, byte) {
                (Place::Tilde, b'.') | (Place::Bracket(_), b'd' | b'D') => return (out, true),
                (Place::Bracket(_), BRACKET) | (Place::Tilde, b'~') => {
                    out.push(byte);
                    self.0 = Place::Line;
                    continue;
                }
                (Place::Bracket(_), _) => out.push(BRACKET),
                (Place::Tilde, _) => out.push(b'~'),
                (Place::LineStart | Place::Line, _) => {}
            }
            self.0 = match (self.0, byte) {
                (place, BRACKET) => {
                    self.0 = Place::Bracket(place == Place::LineStart);
                    continue;
                }
                (Place::LineStart, b'~') => {
                    self.0 = Place::Tilde;
                    continue;
                }
                (_, b'\r' | b'\n') => Place::LineStart,
                _ => Place::Line,
            };
            out.push(byte);
        }
        (out, false)
    }
}

/// Whether bytes from the keyboard are a terminal's answer, and no key: a report of its
/// attributes, its cursor or its state (`ESC [ … c`, `R`, `n`, `y`, `t`), or a string (`ESC P`,
/// `ESC ]`). No key of a keyboard is sent as one of them, but for some with modifiers that
/// old terminals report with `R`.
pub(super) fn is_answer(bytes: &[u8]) -> bool {
    match bytes {
        [0x1b, b'P' | b']', ..] => true,
        [0x1b, b'[', rest @ ..] => {
            let is_parameter = |b: &&u8| (0x20..0x40).contains(*b);
            let parameters = rest.iter().take_while(is_parameter).count();
            parameters > 0 && matches!(rest.get(parameters), Some(b'c' | b'R' | b'n' | b'y' | b't'))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(pieces: &[&str]) -> (String, bool) {
        let mut escapes = Escapes::new();
        let mut all = Vec::new();
        for piece in pieces {
            let (out, leave) = escapes.filter(piece.as_bytes());
            all.extend(out);
            if leave {
                return (String::from_utf8(all).unwrap(), true);
            }
        }
        (String::from_utf8(all).unwrap(), false)
    }

    #[test]
    fn the_keys_that_leave_and_everything_else() {
        for (pieces, out, leave) in [
            (&["ls\r"][..], "ls\r", false),
            (&["\u{1d}d"], "", true),
            (&["a\u{1d}", "D"], "a", true),
            (&["\u{1d}\u{1d}d"], "\u{1d}d", false),
            (&["\u{1d}x"], "\u{1d}x", false),
            (&["~."], "", true),
            (&["ls\r~", "."], "ls\r", true),
            (&["a~."], "a~.", false),
            (&["~~."], "~.", false),
            (&["~a\r"], "~a\r", false),
            (&["cd ~/.x\r"], "cd ~/.x\r", false),
            (&["~\r~."], "~\r", true),
        ] {
            assert_eq!(typed(pieces), (out.to_owned(), leave), "{pieces:?}");
        }
    }

    #[test]
    fn answers_of_a_terminal_are_told_from_keys() {
        let answers: [&[u8]; 7] = [
            b"\x1b[?62;22c",
            b"\x1b[>0;276;0c",
            b"\x1b[12;40R",
            b"\x1b[0n",
            b"\x1b[?2026;2$y",
            b"\x1bP>|xterm(390)\x1b\\",
            b"\x1b]11;rgb:0000/0000/0000\x1b\\",
        ];
        for answer in answers {
            assert!(is_answer(answer), "{answer:?}");
        }
        let typed: [&[u8]; 8] = [
            b"",
            b"c",
            b"ls\n",
            b"\x1b",
            b"\x1b[A",
            b"\x1b[3~",
            b"\x1bOP",
            b"\x1b[1;5C",
        ];
        for key in typed {
            assert!(!is_answer(key), "{key:?}");
        }
    }
}
