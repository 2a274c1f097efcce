//! A WebSocket spoken byte by byte, for what no library sends.

use connection_tests::manager::Manager;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// The mask of every frame; any will do.
const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

/// A connection after its handshake.
pub(crate) struct Raw(TcpStream);

impl Raw {
    /// Asks for a socket.
    #[track_caller]
    pub(crate) fn connect(address: SocketAddr, path: &str) -> Self {
        let mut stream = TcpStream::connect(address).unwrap();
        let patience = Some(Duration::from_secs(30));
        stream.set_read_timeout(patience).unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\n\
             Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.extend(byte);
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        Self(stream)
    }

    /// One that opened an echo, at which everything so far was read.
    #[track_caller]
    pub(crate) fn echo(manager: &Manager, session: &str) -> Self {
        let mut raw = Self::connect(manager.addr(), &format!("/ws/terminal/{session}"));
        let command = super::ECHO;
        let open = format!(r#"{{"type":"open","cols":80,"rows":24,"command":"{command}"}}"#);
        raw.send(&frame(0x81, open.as_bytes()));
        let mut got = Vec::new();
        while !got.ends_with(b"ready") {
            got.extend(raw.some());
        }
        raw
    }

    /// Writes these bytes, whatever they are.
    pub(crate) fn send(&mut self, bytes: &[u8]) {
        // A server that has closed already is what some tests are about.
        let _ = self.0.write_all(bytes);
    }

    /// Some bytes, none at the end.
    #[track_caller]
    pub(crate) fn some(&mut self) -> Vec<u8> {
        let mut buffer = [0; 4096];
        match self.0.read(&mut buffer) {
            Ok(count) => buffer[..count].to_vec(),
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => Vec::new(),
            Err(error) => panic!("nothing comes: {error}"),
        }
    }

    /// Reads on to the end; answers the code of the close frame that came, if one did. Only
    /// for a server that says little before.
    #[track_caller]
    pub(crate) fn closed(&mut self) -> Option<u16> {
        let mut all = Vec::new();
        loop {
            let some = self.some();
            if some.is_empty() {
                break;
            }
            all.extend(some);
        }
        let mut rest = &all[..];
        while let [first, length, ..] = *rest {
            let (start, length) = match length {
                126 => (4, usize::from(u16::from_be_bytes([rest[2], rest[3]]))),
                127 => panic!("a large frame"),
                short => (2, usize::from(short)),
            };
            let payload = &rest[start..start + length];
            if first == 0x88 {
                return Some(u16::from_be_bytes([payload[0], payload[1]]));
            }
            rest = &rest[start + length..];
        }
        None
    }
}

/// A masked frame with this first byte.
pub(crate) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = header(first, payload.len() as u64);
    let masked = payload.iter().zip(MASK.iter().cycle());
    frame.extend(masked.map(|(byte, mask)| byte ^ mask));
    frame
}

/// The head of a masked frame of this length.
pub(crate) fn header(first: u8, length: u64) -> Vec<u8> {
    let mut head = vec![first];
    match length {
        0..=125 => head.push(0x80 | length as u8),
        126..=0xffff => {
            head.push(0x80 | 126);
            head.extend((length as u16).to_be_bytes());
        }
        _ => {
            head.push(0x80 | 127);
            head.extend(length.to_be_bytes());
        }
    }
    head.extend(MASK);
    head
}
