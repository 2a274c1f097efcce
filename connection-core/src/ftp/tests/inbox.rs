//! Replies cut out of what a server sends, however it arrives.

use super::super::inbox::{Inbox, Source};
use proptest::prelude::*;
use std::collections::VecDeque;
use std::io::{self, Read};
use std::net::{Ipv4Addr, TcpListener, TcpStream};

/// Bytes that arrive in these pieces, and then the end.
struct Pieces {
    pieces: VecDeque<Vec<u8>>,
    /// Whose clock nobody here looks at.
    socket: TcpStream,
}

impl Pieces {
    fn new(pieces: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        Self {
            pieces: pieces.into_iter().collect(),
            socket: TcpStream::connect(listener.local_addr().unwrap()).unwrap(),
        }
    }
}

impl Source for Pieces {
    fn socket(&self) -> &TcpStream {
        &self.socket
    }
}

impl Read for Pieces {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let Some(mut piece) = self.pieces.pop_front() else {
            return Ok(0);
        };
        let read = piece.as_slice().read(buf)?;
        let rest = piece.split_off(read);
        if !rest.is_empty() {
            self.pieces.push_front(rest);
        }
        Ok(read)
    }
}

fn replies(pieces: impl IntoIterator<Item = Vec<u8>>) -> io::Result<Vec<String>> {
    let (mut inbox, mut source) = (Inbox::default(), Pieces::new(pieces));
    let mut all = Vec::new();
    loop {
        let reply = inbox.next(&mut source)?;
        if reply.is_empty() {
            return Ok(all);
        }
        all.push(String::from_utf8_lossy(&reply).into_owned());
    }
}

fn whole(text: &str) -> Vec<Vec<u8>> {
    vec![text.as_bytes().to_vec()]
}

#[test]
fn one_reply_at_a_time_in_one_form() {
    for (sent, want) in [
        ("250 a\r\n200 b\r\n", vec!["250 a\r\n", "200 b\r\n"]),
        (
            "250-a\r\n250 b\r\n226 c\r\n",
            vec!["250-a\r\n250 b\r\n", "226 c\r\n"],
        ),
        ("220\r\n220\n", vec!["220 \r\n", "220 \r\n"]),
        (
            "250-a\r\n123 b\r\n250 c\r\n",
            vec!["250-a\r\n 123 b\r\n250 c\r\n"],
        ),
        (
            "250-a\r\n250\r\n250-b\r\n250 c\r\n",
            vec!["250-a\r\n250\r\n250-b\r\n250 c\r\n"],
        ),
        // Ended under another code, with nothing behind it.
        ("250-a\r\n226 b\r\n", vec!["250-a\r\n226 b\r\n"]),
        ("what?\r\n200 ok\r\n", vec!["?\r\n", "200 ok\r\n"]),
        ("2200 x\r\n\r\n", vec!["?\r\n", "?\r\n"]),
    ] {
        assert_eq!(replies(whole(sent)).unwrap(), want, "{sent:?}");
    }
}

#[test]
fn what_does_not_end_is_an_error() {
    for (sent, kind) in [
        ("250-a\r\n250".to_owned(), io::ErrorKind::UnexpectedEof),
        ("250 a".to_owned(), io::ErrorKind::UnexpectedEof),
        (
            format!("250 {}", "a".repeat(300_000)),
            io::ErrorKind::InvalidData,
        ),
        ("250-a\r\n".repeat(50_000), io::ErrorKind::InvalidData),
    ] {
        assert_eq!(replies(whole(&sent)).unwrap_err().kind(), kind);
    }
}

#[test]
fn what_lies_behind_a_reply_can_be_seen() {
    let (mut inbox, mut source) = (Inbox::default(), Pieces::new(whole("250 a\r\n421 bye\r\n")));
    let behind = inbox.behind();
    assert_eq!(behind.line(), None);
    inbox.next(&mut source).unwrap();
    assert_eq!(behind.line().unwrap(), b"421 bye\r");
    behind.skip_line();
    assert_eq!(behind.line(), None);
}

proptest! {
    #[test]
    fn it_does_not_matter_how_bytes_arrive(
        sent in proptest::collection::vec("(2[0-9]{2}[ -][a-z0-9 -]{0,8}|[a-z ]{0,4})\r\n", 0..12),
        cuts in proptest::collection::vec(1_usize..9, 1..40),
    ) {
        let bytes = sent.concat().into_bytes();
        let mut pieces = Vec::new();
        let (mut rest, mut cuts) = (bytes.as_slice(), cuts.into_iter().cycle());
        while !rest.is_empty() {
            let (piece, more) = rest.split_at(rest.len().min(cuts.next().unwrap()));
            pieces.push(piece.to_vec());
            rest = more;
        }
        let at_once = replies([bytes.clone()]).map_err(|e| e.kind());
        let by_and_by = replies(pieces).map_err(|e| e.kind());
        // Whether a line under another code ends a reply is told by what follows it at once.
        if let (Ok(at_once), Ok(by_and_by)) = (at_once, by_and_by) {
            prop_assert_eq!(at_once, by_and_by);
        }
    }
}
