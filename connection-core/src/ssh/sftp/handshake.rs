//! The exchange of versions, and what the server says it can do.

use super::client::Client;
use super::codec::{Fields, Malformed, kind};
use super::frames::{Frames, Packet};
use super::request::{COPY_DATA, FSYNC, Request};
use crate::error::{Error, ErrorKind, Result};
use crate::path::bytes_to_text;
use crate::ssh::engine::{Channel, ChannelEvent};
use bytes::{BufMut, Bytes, BytesMut};
use std::time::Duration;

const OPERATION: &str = "start SFTP";
const VERSION: u32 = 3;

/// Longest packet taken from a server that names no limit: OpenSSH's 256 KiB, and a little
/// for servers that do not count the head.
pub(super) const MAX_PACKET: usize = 257 * 1024;

/// Longest packet taken whatever limit a server names.
const MAX_PACKET_EVER: usize = 4 * 1024 * 1024;

/// What every server takes in one read or write (section 3 of the draft).
const DEFAULT_CHUNK: u32 = 32 * 1024;

/// Largest read or write: OpenSSH's own limit, 256 KiB less 1 KiB for the head. Larger
/// ones gain nothing.
const MAX_CHUNK: u32 = 255 * 1024;

/// A server that names a smaller limit than this gets it all the same: every one takes
/// packets of 32 KiB, and the number of requests in flight follows from it.
const MIN_CHUNK: u32 = 8 * 1024;

/// Extensions kept from a server's list; OpenSSH offers about ten.
const MAX_EXTENSIONS: usize = 64;

/// Bytes of what is not SFTP that an error shows: the greeting of a shell script, mostly.
const SHOWN: usize = 120;

/// The extensions a server offers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Extensions {
    offered: Vec<(String, String)>,
}

impl Extensions {
    /// Whether the server offers an extension in the version of it that is known here.
    pub(crate) fn has(&self, name: &str, version: &str) -> bool {
        self.offered.iter().any(|(n, v)| n == name && v == version)
    }

    /// Names and data, as the server listed them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.offered.iter().map(|(n, v)| (n.as_str(), v.as_str()))
    }

    pub(super) fn posix_rename(&self) -> bool {
        self.has("posix-rename@openssh.com", "1")
    }

    pub(super) fn fsync(&self) -> bool {
        self.has(FSYNC, "1")
    }

    pub(super) fn statvfs(&self) -> bool {
        self.has("statvfs@openssh.com", "2")
    }

    pub(super) fn copy_data(&self) -> bool {
        self.has(COPY_DATA, "1")
    }

    fn limits(&self) -> bool {
        self.has("limits@openssh.com", "1")
    }
}

/// Limits that hold on a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Largest read, in bytes.
    pub(crate) read: u32,
    /// Largest write, in bytes.
    pub(crate) write: u32,
    /// Handles the server opens at once, where it says so.
    pub(crate) handles: Option<u64>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            read: DEFAULT_CHUNK,
            write: DEFAULT_CHUNK,
            handles: None,
        }
    }
}

/// Exchanges versions. What came behind the server's is in the frames.
pub(super) async fn exchange(
    channel: &mut Channel,
    no_progress: Duration,
) -> Result<(Frames, Extensions)> {
    let mut frames = Frames::new(MAX_PACKET);
    let mut init = BytesMut::with_capacity(9);
    init.put_u32(5);
    init.put_u8(kind::INIT);
    init.put_u32(VERSION);
    within(no_progress, channel.sender.write(init.freeze())).await?;
    let mut first = BytesMut::new();
    let mut said = BytesMut::new();
    loop {
        match within(no_progress, channel.receiver.next()).await? {
            Some(ChannelEvent::Data(bytes)) => {
                keep(&mut first, &bytes);
                frames.push(bytes);
            }
            Some(ChannelEvent::Stderr(bytes)) => keep(&mut said, &bytes),
            Some(ChannelEvent::Eof) | None => {
                let error = Error::new(
                    ErrorKind::Protocol,
                    OPERATION,
                    "the server ended SFTP before it answered",
                );
                return Err(with_words(error, &first, &said));
            }
            Some(ChannelEvent::ExitStatus(_) | ChannelEvent::ExitSignal(_)) => {}
        }
        let packet = frames.next().and_then(|packet| match packet {
            Some(packet) => version(packet).map(Some),
            None => Ok(None),
        });
        match packet {
            Ok(Some((VERSION, extensions))) => return Ok((frames, extensions)),
            Ok(Some((other, _))) => {
                return Err(Error::new(
                    ErrorKind::Unsupported,
                    OPERATION,
                    format!("the server speaks SFTP version {other}; version 3 is needed"),
                ));
            }
            Ok(None) => {}
            Err(Malformed(what)) => {
                let error = Error::new(
                    ErrorKind::Protocol,
                    OPERATION,
                    format!("what the server sent is not SFTP: {what}"),
                );
                return Err(with_words(error, &first, &said));
            }
        }
    }
}

/// Asks for the limits, where the server offers to say them.
pub(super) async fn limits(client: &Client, extensions: &Extensions) -> Result<Limits> {
    if !extensions.limits() {
        return Ok(Limits::default());
    }
    let request = Request::Extended {
        name: "limits@openssh.com",
        strings: &[],
    };
    let answer = match client.extended(request).await {
        Ok(answer) => answer,
        // Offered and then refused: what every server takes still holds.
        Err(super::status::Fault::Status(_)) => return Ok(Limits::default()),
        Err(super::status::Fault::Session(death)) => return Err(death.into_error(OPERATION)),
    };
    let (limits, max_packet) = parse_limits(answer).map_err(|Malformed(what)| {
        Error::new(
            ErrorKind::Protocol,
            OPERATION,
            format!("the server's limits make no sense: {what}"),
        )
    })?;
    client.set_max_packet(max_packet);
    Ok(limits)
}

fn parse_limits(answer: Bytes) -> Result<(Limits, usize), Malformed> {
    let mut fields = Fields::new(answer);
    let packet = fields.u64()?;
    let read = fields.u64()?;
    let write = fields.u64()?;
    let handles = fields.u64()?;
    // Zero stands for a limit the server does not know.
    let chunk = |limit: u64| match u32::try_from(limit) {
        Ok(0) => DEFAULT_CHUNK,
        Ok(limit) => limit.clamp(MIN_CHUNK, MAX_CHUNK),
        Err(_) => MAX_CHUNK,
    };
    let limits = Limits {
        read: chunk(read),
        write: chunk(write),
        handles: (handles > 0).then_some(handles),
    };
    let packet = usize::try_from(packet).unwrap_or(MAX_PACKET_EVER);
    Ok((limits, packet.clamp(MAX_PACKET, MAX_PACKET_EVER)))
}

fn version(packet: Packet) -> Result<(u32, Extensions), Malformed> {
    if packet.kind != kind::VERSION {
        return Err(Malformed::new(format!(
            "packet type {} where a version was due",
            packet.kind
        )));
    }
    let mut fields = Fields::new(packet.body);
    let version = fields.u32()?;
    let mut offered = Vec::new();
    while fields.remaining() > 0 && offered.len() < MAX_EXTENSIONS {
        let name = bytes_to_text(&fields.string()?);
        let data = bytes_to_text(&fields.string()?);
        offered.push((name, data));
    }
    Ok((version, Extensions { offered }))
}

async fn within<T>(limit: Duration, work: impl Future<Output = Result<T>>) -> Result<T> {
    match tokio::time::timeout(limit, work).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Error::new(
            ErrorKind::TimedOut,
            OPERATION,
            "the SFTP server does not answer",
        )),
    }
}

fn keep(kept: &mut BytesMut, bytes: &[u8]) {
    let room = SHOWN.saturating_sub(kept.len());
    kept.extend_from_slice(bytes.get(..bytes.len().min(room)).unwrap_or_default());
}

/// Adds what the server said instead: it names the cause better than anything else.
fn with_words(mut error: Error, first: &[u8], said: &[u8]) -> Error {
    for (key, bytes) in [("received", first), ("stderr", said)] {
        if !bytes.is_empty() {
            let text = String::from_utf8_lossy(bytes);
            error = error.with(key, text.escape_debug().to_string());
        }
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn answer(numbers: [u64; 4]) -> Bytes {
        let mut out = BytesMut::new();
        for number in numbers {
            out.put_u64(number);
        }
        out.freeze()
    }

    #[test]
    fn limits_are_kept_within_reason() {
        let (limits, packet) = parse_limits(answer([262_144, 261_120, 261_120, 507])).unwrap();
        assert_eq!((limits.read, limits.write), (MAX_CHUNK, MAX_CHUNK));
        assert_eq!((limits.handles, packet), (Some(507), MAX_PACKET));
        let (limits, packet) = parse_limits(answer([u64::MAX, 1, 0, 0])).unwrap();
        assert_eq!((limits.read, limits.write), (MIN_CHUNK, DEFAULT_CHUNK));
        assert_eq!((limits.handles, packet), (None, MAX_PACKET_EVER));
        assert!(parse_limits(Bytes::from_static(b"short")).is_err());
    }

    proptest! {
        #[test]
        fn no_version_packet_makes_it_panic(bytes: Vec<u8>) {
            let body = Bytes::from(bytes);
            let _ = version(Packet { kind: kind::VERSION, body });
        }
    }
}
