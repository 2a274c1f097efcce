//! Implicit TLS: the connection is secured before the server's greeting.
//!
//! `suppaftp` has two ways to a client over TLS. `connect_secure_implicit` (its feature
//! `deprecated`) opens the TCP connection by itself, without a clock and out of reach of the
//! interrupt, so a cancelled login would hang in it for the two minutes of the kernel.
//! `into_secure` sends `AUTH TLS` in clear text over a connection it owns, reads 234, and asks
//! its connector for the secured connection. The second one is used: greeting and 234 are
//! said to it over a pair of sockets, and the connector answers with the connection that was
//! dialled, secured and checked here before. The pair carries these two lines and is closed;
//! nothing of the session passes through it. What follows in `into_secure` is what implicit
//! TLS needs as well: `PBSZ 0` and `PROT P` over the secured connection, where a refusal is
//! an error, since a server whose data connections are in clear text is not the one that was
//! asked for.

use super::super::link::Client;
use super::super::reply::{Reply, io_error};
use super::{LinkTls, TlsSocket, lock};
use crate::error::{Error, ErrorKind, Result};
use socket2::{Domain, Socket, Type};
use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use suppaftp::{FtpResult, TlsStream as _};

/// Longest greeting, in bytes; lines of any server's are told in far fewer.
const MAX_GREETING_BYTES: usize = 256 * 1024;
/// Longest part of it that is passed on: what fits in the pair's buffers of any system.
const MAX_PASSED_BYTES: usize = 1024;

/// A client that waits for [`greet`]'s caller to go on with `into_secure`.
pub(in super::super) struct Greeted {
    /// The client, greeted.
    pub(in super::super) client: FtpResult<Client>,
    /// The far end of the pair: to be kept until the client is secured.
    pub(in super::super) far: TcpStream,
}

/// Secures the connection, has its server accepted, and reads the greeting. The error of a
/// greeting that refuses is the client's.
///
/// # Errors
/// Those of the handshake and of the trust policy; `Protocol` when what comes is no reply.
pub(in super::super) fn greet(
    tls: &LinkTls,
    socket: TcpStream,
    operation: &'static str,
) -> Result<Greeted> {
    let mut secured = tls.secure(socket)?;
    let greeting = read_reply(&mut secured, operation)?;
    let far = pass_on(&greeting).and_then(|(near, far)| {
        lock(&tls.shared).secured = Some(secured);
        Ok((near, far))
    });
    let (near, far) = far.map_err(|error| {
        Error::new(ErrorKind::Internal, operation, "no pair of sockets").caused_by(error)
    })?;
    Ok(Greeted {
        client: Client::connect_with_stream(near),
        far,
    })
}

/// The last line of the greeting and the answer to `AUTH TLS`, on the near one of a pair.
fn pass_on(greeting: &Reply) -> io::Result<(TcpStream, TcpStream)> {
    let (near, far) = Socket::pair(Domain::UNIX, Type::STREAM, None)?;
    let (near, mut far) = (TcpStream::from(near), TcpStream::from(far));
    let line = greeting.lines().next_back().unwrap_or_default();
    far.write_all(line.get(..MAX_PASSED_BYTES).unwrap_or(line))?;
    far.write_all(b"\r\n234 secured from the start\r\n")?;
    Ok((near, far))
}

/// One reply, and not a byte of what follows.
fn read_reply(socket: &mut TlsSocket, operation: &'static str) -> Result<Reply> {
    let no_reply = || {
        let text = "the server's greeting is not an FTP reply";
        Error::new(ErrorKind::Protocol, operation, text)
    };
    let stream = socket.mut_ref();
    let mut body = Vec::new();
    let mut line_start = 0;
    let mut byte = [0];
    while body.len() < MAX_GREETING_BYTES {
        match stream.read(&mut byte) {
            Ok(0) => return Err(io_error(operation, io::ErrorKind::UnexpectedEof.into())),
            Ok(_) => body.extend_from_slice(&byte),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(io_error(operation, error)),
        }
        if byte == *b"\n" {
            let line = body.get(line_start..).unwrap_or_default();
            // The last line has a space behind its code, as `suppaftp` too has it.
            match line {
                [a, b, c, b' ', ..] if [a, b, c].iter().all(|digit| digit.is_ascii_digit()) => {
                    return Reply::parse(body).ok_or_else(no_reply);
                }
                _ if line_start == 0
                    && !line
                        .get(..3)
                        .is_some_and(|code| code.iter().all(u8::is_ascii_digit)) =>
                {
                    return Err(no_reply());
                }
                _ => line_start = body.len(),
            }
        }
    }
    Err(no_reply())
}
