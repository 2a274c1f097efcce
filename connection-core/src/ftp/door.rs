//! From a socket to a client: the greeting, TLS, and the check of the server. Nothing of the
//! login is sent here.
//!
//! It is done without `suppaftp`, which knows one form of greeting and, for implicit TLS, one
//! way to connect that has no clock and no end from outside. `suppaftp` then gets a client by
//! its `into_secure`, which sends `AUTH TLS` over a connection it owns, reads 234, and asks
//! its connector for the secured connection: greeting and 234 are said to it over a pair of
//! sockets, and the connector answers with the connection that was dialled, greeted and
//! secured here. The pair carries these two lines and is closed; nothing of the session
//! passes through it. What follows in `into_secure` is what both sorts of TLS need: `PBSZ 0`
//! and `PROT P` over the secured connection, where a refusal is an error, since a server
//! whose data connections are in clear text is not the one that was asked for.

use super::charset::Names;
use super::conn::{Conn, Connector};
use super::data::{DataDialer, Exchange};
use super::inbox::Behind;
use super::link::Client;
use super::reply::{Reply, Wire, io_error, out_of_step, refusal_as, translate};
use super::skills::Trial;
use super::tls::LinkTls;
use crate::error::{Error, ErrorKind, Result};
use crate::target::{FtpSecurity, FtpTarget};
use socket2::{Domain, Socket, Type};
use std::io::{self, Write as _};
use std::net::TcpStream;
use std::sync::Arc;

const CONNECT: &str = "connect";
/// [`Error::operation`] of asking the server for TLS.
pub const SECURE: &str = "secure connection";
/// Most replies that only ask for patience before the greeting.
const MAX_DELAYS: usize = 8;

/// A client that may log in.
pub(super) struct Opened {
    /// The client.
    pub(super) client: Client,
    /// What arrives on its control connection unasked.
    pub(super) behind: Behind,
}

/// Greets and secures the connection.
///
/// # Errors
/// `LimitReached` when the server has too many connections; `Unsupported` when it cannot do
/// TLS; `Protocol` when what it says is no FTP; those of the socket, of the handshake and of
/// the trust policy.
pub(super) fn open(
    socket: TcpStream,
    target: &FtpTarget,
    tls: Option<&LinkTls>,
    dialer: &Arc<DataDialer>,
    names: Names,
    iac: Arc<Trial>,
) -> Result<Opened> {
    let mut control = match (target.security, tls) {
        (FtpSecurity::None, None) => {
            let mut control = Conn::plain(socket);
            greeting(&mut control, names)?;
            control
        }
        (FtpSecurity::Explicit, Some(tls)) => {
            let mut control = Conn::plain(socket);
            greeting(&mut control, names)?;
            Conn::secured(tls.secure(ask_for_tls(control, names)?)?)
        }
        (FtpSecurity::Implicit, Some(tls)) => {
            let mut control = Conn::secured(tls.secure(socket)?);
            greeting(&mut control, names)?;
            control
        }
        (FtpSecurity::None, Some(_)) | (FtpSecurity::Explicit | FtpSecurity::Implicit, None) => {
            return Err(internal(
                "the connection's security is not what was asked for",
            ));
        }
    };
    control.speak(iac);
    let behind = control.behind();
    let exchange = tls.map(|tls| dialer.secure(tls.clone()));
    let client = client_over(control, exchange, &target.host, names)?;
    Ok(Opened { client, behind })
}

/// Reads the greeting, past what only asks for patience (120).
fn greeting(control: &mut Conn, names: Names) -> Result<()> {
    for _ in 0..MAX_DELAYS {
        let reply = next_reply(control, CONNECT, names)?;
        match reply.code {
            120 => {}
            220 => return Ok(()),
            // "Too many connections", or the service is going down: worth another try later.
            421 => return Err(refusal_as(ErrorKind::LimitReached, CONNECT, &reply)),
            _ if reply.is_refusal() => return Err(Wire::Refused(reply).into_error(CONNECT)),
            _ => return Err(out_of_step(CONNECT, &reply)),
        }
    }
    let text = "the server only asks for patience";
    Err(Error::new(ErrorKind::Protocol, CONNECT, text))
}

/// `AUTH TLS`. There is no way from its refusal to clear text.
fn ask_for_tls(mut control: Conn, names: Names) -> Result<TcpStream> {
    control
        .write_all(b"AUTH TLS\r\n")
        .map_err(|error| io_error(SECURE, error))?;
    let reply = next_reply(&mut control, SECURE, names)?;
    match reply.code {
        234 => {}
        421 => return Err(refusal_as(ErrorKind::LimitReached, SECURE, &reply)),
        _ if reply.is_refusal() => {
            return Err(refusal_as(ErrorKind::Unsupported, SECURE, &reply));
        }
        _ => return Err(out_of_step(SECURE, &reply)),
    }
    control
        .into_socket()
        .map_err(|error| io_error(SECURE, error))
}

fn next_reply(control: &mut Conn, operation: &'static str, names: Names) -> Result<Reply> {
    let body = control
        .next_reply()
        .map_err(|error| io_error(operation, error))?;
    if body.is_empty() {
        return Err(io_error(operation, io::ErrorKind::UnexpectedEof.into()));
    }
    let reply = Reply::parse(body).ok_or_else(|| super::reply::not_ftp(operation))?;
    Ok(reply.in_charset(names))
}

fn client_over(
    control: Conn,
    exchange: Option<Exchange>,
    host: &str,
    names: Names,
) -> Result<Client> {
    let (near, far) = pair().map_err(|error| internal("no pair of sockets").caused_by(error))?;
    let connector = Connector::new(control, exchange);
    let client = Client::connect_with_stream(near)
        .and_then(|client| client.into_secure(connector, host))
        .map_err(|error| secure_error(translate(SECURE, error, names)))?;
    drop(far);
    Ok(client)
}

/// Two sockets, and said on the first what `suppaftp` waits for before it asks its connector.
fn pair() -> io::Result<(TcpStream, TcpStream)> {
    let (near, far) = Socket::pair(Domain::UNIX, Type::STREAM, None)?;
    let mut far = TcpStream::from(far);
    far.write_all(b"220 greeted\r\n234 secured\r\n")?;
    Ok((TcpStream::from(near), far))
}

fn secure_error(wire: Wire) -> Error {
    match wire {
        Wire::Refused(reply) if reply.code == 421 => {
            refusal_as(ErrorKind::LimitReached, SECURE, &reply)
        }
        Wire::Refused(reply) => refusal_as(ErrorKind::Unsupported, SECURE, &reply),
        Wire::Broken(error) => error,
    }
}

fn internal(text: &str) -> Error {
    Error::new(ErrorKind::Internal, CONNECT, text)
}
