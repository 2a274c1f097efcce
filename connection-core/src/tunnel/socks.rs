//! The server's side of SOCKS5 (RFC 1928): `CONNECT` without a login, names handed on as
//! they are.
//!
//! Written here because it is small: the crate `fast-socks5` (1.0) is 3,400 lines of client,
//! UDP, own dialling and own name lookup, none of which a tunnel may use, and brings older
//! releases of `socket2` and `thiserror` beside ours for the two messages that are left.
//!
//! It knows bytes and addresses, and nothing of channels.

use super::request::{Endpoint, is_host};
use crate::error::{Error, ErrorKind, Result, Side};
use crate::ssh::engine::{CONNECT_FAILED, PROHIBITED, REASON};
use std::net::{Ipv4Addr, Ipv6Addr};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

const VERSION: u8 = 5;
const NO_LOGIN: u8 = 0;
const NO_METHOD: u8 = 0xFF;
const CONNECT: u8 = 1;
const IPV4: u8 = 1;
const NAME: u8 = 3;
const IPV6: u8 = 4;

/// Section 6: what became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reply {
    Succeeded = 0,
    Failed = 1,
    NotAllowed = 2,
    HostUnreachable = 4,
    ConnectionRefused = 5,
    UnknownCommand = 7,
    UnknownAddress = 8,
}

impl Reply {
    /// What a client is told of a channel the server did not open.
    pub(super) fn to(error: &Error) -> Self {
        match (error.kind(), error.context(REASON)) {
            (ErrorKind::ChannelRefused, Some(PROHIBITED)) => Self::NotAllowed,
            // SSH does not tell a refused connection from a name that is not known.
            (ErrorKind::ChannelRefused, Some(CONNECT_FAILED)) => Self::ConnectionRefused,
            (ErrorKind::TimedOut, _) => Self::HostUnreachable,
            _ => Self::Failed,
        }
    }
}

/// Reads what the client wants, and answers by itself what it cannot have.
///
/// # Errors
/// `Protocol`, `Unsupported`, `InvalidInput` for what is not to be served; `LocalIo` when
/// the client broke off.
pub(super) async fn negotiate<S>(stream: &mut S) -> Result<Endpoint>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let [version, methods] = read(stream).await?;
    if version != VERSION {
        return Err(wrong(
            ErrorKind::Protocol,
            "the client does not speak SOCKS5",
        ));
    }
    let mut offered = vec![0; usize::from(methods)];
    stream.read_exact(&mut offered).await.map_err(broken)?;
    if !offered.contains(&NO_LOGIN) {
        send(stream, &[VERSION, NO_METHOD]).await?;
        return Err(wrong(
            ErrorKind::Unsupported,
            "the client insists on a login",
        ));
    }
    send(stream, &[VERSION, NO_LOGIN]).await?;
    let [version, command, _, form] = read(stream).await?;
    if version != VERSION {
        return Err(wrong(
            ErrorKind::Protocol,
            "the request is not one of SOCKS5",
        ));
    }
    // Read before anything is refused: a reply that overtakes unread bytes may be lost.
    let host = match form {
        IPV4 => Some(Ipv4Addr::from(read::<4, S>(stream).await?).to_string()),
        IPV6 => Some(Ipv6Addr::from(read::<16, S>(stream).await?).to_string()),
        NAME => {
            let [length] = read(stream).await?;
            let mut name = vec![0; usize::from(length)];
            stream.read_exact(&mut name).await.map_err(broken)?;
            Some(String::from_utf8(name).unwrap_or_default())
        }
        _ => None,
    };
    let Some(host) = host else {
        reply(stream, Reply::UnknownAddress).await?;
        return Err(wrong(ErrorKind::Unsupported, "no such form of address"));
    };
    let port = u16::from_be_bytes(read(stream).await?);
    if command != CONNECT {
        reply(stream, Reply::UnknownCommand).await?;
        return Err(wrong(ErrorKind::Unsupported, "only CONNECT is served"));
    }
    if !is_host(&host) || port == 0 {
        reply(stream, Reply::Failed).await?;
        return Err(wrong(ErrorKind::InvalidInput, "the address can be none"));
    }
    Ok(Endpoint { host, port })
}

/// Tells the client what became of its request. The address in it is of no use to it.
pub(super) async fn reply<S: AsyncWrite + Unpin>(stream: &mut S, reply: Reply) -> Result<()> {
    send(stream, &[VERSION, reply as u8, 0, IPV4, 0, 0, 0, 0, 0, 0]).await
}

async fn read<const N: usize, S: AsyncRead + Unpin>(stream: &mut S) -> Result<[u8; N]> {
    let mut bytes = [0; N];
    stream.read_exact(&mut bytes).await.map_err(broken)?;
    Ok(bytes)
}

async fn send<S: AsyncWrite + Unpin>(stream: &mut S, bytes: &[u8]) -> Result<()> {
    stream.write_all(bytes).await.map_err(broken)?;
    stream.flush().await.map_err(broken)
}

fn broken(source: std::io::Error) -> Error {
    wrong(ErrorKind::LocalIo, &source.to_string()).caused_by(source)
}

fn wrong(kind: ErrorKind, message: &str) -> Error {
    Error::new(kind, "read SOCKS request", message).on(Side::Local)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What comes of these bytes and the end behind them, and what was answered.
    async fn given(sent: &[u8]) -> (Result<Endpoint>, Vec<u8>) {
        let (mut near, mut far) = tokio::io::duplex(4096);
        far.write_all(sent).await.unwrap();
        far.shutdown().await.unwrap();
        let result = negotiate(&mut near).await;
        drop(near);
        let mut answered = Vec::new();
        far.read_to_end(&mut answered).await.unwrap();
        (result, answered)
    }

    fn request(command: u8, form: u8, address: &[u8], port: u16) -> Vec<u8> {
        let mut bytes = vec![5, 1, 0, 5, command, 0, form];
        bytes.extend_from_slice(address);
        bytes.extend_from_slice(&port.to_be_bytes());
        bytes
    }

    #[tokio::test]
    async fn the_three_forms_of_an_address() {
        let long = "a".repeat(253);
        let named = |name: &str| [&[u8::try_from(name.len()).unwrap()], name.as_bytes()].concat();
        for (form, address, host) in [
            (IPV4, vec![10, 0, 0, 7], "10.0.0.7"),
            (IPV6, [vec![0; 15], vec![1]].concat(), "::1"),
            (NAME, named("db.internal"), "db.internal"),
            (NAME, named(&long), long.as_str()),
        ] {
            let (end, answered) = given(&request(CONNECT, form, &address, 443)).await;
            let end = end.unwrap();
            assert_eq!((end.host.as_str(), end.port), (host, 443));
            assert_eq!(answered, [5, 0]);
        }
    }

    #[tokio::test]
    async fn what_cannot_be_had_is_answered_with_its_code() {
        let code = async |bytes: Vec<u8>| {
            let (result, answered) = given(&bytes).await;
            assert!(result.is_err(), "{bytes:?}");
            assert_eq!(answered.len(), 12, "{answered:?}");
            answered[3]
        };
        assert_eq!(code(request(2, IPV4, &[1, 2, 3, 4], 80)).await, 7);
        assert_eq!(code(request(3, IPV4, &[1, 2, 3, 4], 80)).await, 7);
        assert_eq!(code(request(CONNECT, 9, &[], 80)).await, 8);
        assert_eq!(code(request(CONNECT, NAME, &[0], 80)).await, 1);
        assert_eq!(code(request(CONNECT, NAME, b"\x03a\0b", 80)).await, 1);
        assert_eq!(code(request(CONNECT, NAME, b"\x02\xFF\xFE", 80)).await, 1);
        assert_eq!(code(request(CONNECT, IPV4, &[1, 2, 3, 4], 0)).await, 1);
        let (login, answered) = given(&[5, 2, 1, 2]).await;
        assert!(login.is_err());
        assert_eq!(answered, [5, 0xFF]);
        for other in [
            &b"GET / HTTP/1.1\r\n\r\n"[..],
            &[4, 1, 0, 80, 1, 2, 3, 4, 0],
            &[],
        ] {
            let (result, answered) = given(other).await;
            assert!(result.is_err() && answered.is_empty(), "{other:?}");
        }
    }

    #[test]
    fn a_refusal_of_the_server_has_its_code() {
        let refused =
            |reason: &str| Error::new(ErrorKind::ChannelRefused, "open", "no").with(REASON, reason);
        assert_eq!(Reply::to(&refused("1")), Reply::NotAllowed);
        assert_eq!(Reply::to(&refused("2")), Reply::ConnectionRefused);
        assert_eq!(Reply::to(&refused("4")), Reply::Failed);
        let lost = Error::new(ErrorKind::ConnectionLost, "open", "gone");
        assert_eq!(Reply::to(&lost), Reply::Failed);
    }

    proptest! {
        #[test]
        fn no_bytes_are_more_than_refused(sent in prop::collection::vec(any::<u8>(), 0..600)) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let (result, answered) = runtime.block_on(given(&sent));
            prop_assert!(answered.len() <= 12);
            if let Ok(end) = result {
                prop_assert!(is_host(&end.host) && end.port != 0);
            }
        }

        #[test]
        fn a_cut_request_never_passes(
            name in "[a-z][a-z0-9.-]{0,60}", port in 1..=u16::MAX, cut in any::<prop::sample::Index>(),
        ) {
            let address = [&[u8::try_from(name.len()).unwrap()], name.as_bytes()].concat();
            let whole = request(CONNECT, NAME, &address, port);
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let (end, _) = runtime.block_on(given(&whole));
            prop_assert_eq!(end.unwrap(), Endpoint { host: name, port });
            let (cut_short, _) = runtime.block_on(given(&whole[..cut.index(whole.len())]));
            prop_assert!(cut_short.is_err());
        }
    }
}
