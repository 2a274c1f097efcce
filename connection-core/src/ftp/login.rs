//! From an address to a connection that is logged in: greeting, TLS, the check of the
//! server, and only then the credentials.

use super::data::DataDialer;
use super::dial;
use super::facts::Facts;
use super::interrupt::{Abort, Interrupt};
use super::link::{ByteNames, Client, Link};
use super::reply::{Reply, Wire, WireResult, refusal_as, translate};
use super::tls::{LinkTls, TlsClient};
use crate::error::{Error, ErrorKind, Result};
use crate::path::{RemotePath, bytes_to_text};
use crate::target::FtpTarget;
use std::net::SocketAddr;
use std::sync::Arc;
use suppaftp::types::FileType;

const CONNECT: &str = "connect";
const LOG_IN: &str = "log in";

/// Opens one connection and logs in. `facts` are those of an earlier connection of the
/// same login; without them the server is asked.
pub(super) fn open(
    target: &FtpTarget,
    addresses: &[SocketAddr],
    tls: Option<&Arc<TlsClient>>,
    facts: Option<Arc<Facts>>,
    abort: &Abort,
) -> Result<Link> {
    let interrupt = Arc::new(Interrupt::default());
    abort.attach(&interrupt);
    let socket = dial::control(addresses, target.timeouts.connect, &interrupt)?;
    let ends = socket
        .peer_addr()
        .and_then(|p| Ok((p, socket.local_addr()?)));
    let (peer, local) = ends.map_err(|error| super::reply::io_error(CONNECT, error))?;

    let client =
        Client::connect_with_stream(socket).map_err(|e| greeting_error(translate(CONNECT, e)))?;
    let dialer = DataDialer::new(peer, local, target, interrupt.clone());
    let mut client = dialer.fit(client, ByteNames);

    let link_tls = tls.map(LinkTls::new);
    if let Some(link_tls) = &link_tls {
        client = client
            .into_secure(dialer.secure(link_tls.clone()), &target.host)
            .map_err(|error| secure_error(link_tls, error))?;
    }
    let mut link = Link::new(client, link_tls, dialer, interrupt);
    log_in(&mut link, target)?;
    settle(&mut link, facts).map_err(|wire| wire.into_error(CONNECT))?;
    dial::set_clock(&link.client().get_ref(), target.timeouts.no_progress)
        .map_err(|error| super::reply::io_error(CONNECT, error))?;
    Ok(link)
}

fn greeting_error(wire: Wire) -> Error {
    match wire {
        // "Too many connections", or the service is going down: worth another try later.
        Wire::Refused(reply) if reply.code == 421 => {
            refusal_as(ErrorKind::LimitReached, CONNECT, &reply)
        }
        wire => wire.into_error(CONNECT),
    }
}

/// `AUTH TLS` or what follows it failed. There is no way from here to clear text.
fn secure_error(tls: &LinkTls, error: suppaftp::FtpError) -> Error {
    if let Some(error) = tls.take_error() {
        return error;
    }
    match translate("secure connection", error) {
        Wire::Refused(reply) if reply.code == 421 => {
            refusal_as(ErrorKind::LimitReached, "secure connection", &reply)
        }
        Wire::Refused(reply) => refusal_as(ErrorKind::Unsupported, "secure connection", &reply),
        Wire::Broken(error) => error,
    }
}

fn log_in(link: &mut Link, target: &FtpTarget) -> Result<()> {
    let password = zeroize::Zeroizing::new(bytes_to_text(target.password.expose()));
    let outcome = link.client().login(target.user.as_str(), password.as_str());
    outcome.map_err(|error| match translate(LOG_IN, error) {
        Wire::Refused(reply) => {
            let kind = match reply.code {
                421 => ErrorKind::LimitReached,
                430 | 530 => ErrorKind::AuthenticationFailed,
                // "SSL/TLS required on the control channel", no anonymous logins and such.
                _ => ErrorKind::PermissionDenied,
            };
            refusal_as(kind, LOG_IN, &reply)
        }
        // 332: the server wants an account besides user and password.
        Wire::Broken(error) if error.context("reply_code") == Some("332") => Error::new(
            ErrorKind::AuthenticationFailed,
            LOG_IN,
            error.message().to_owned(),
        ),
        Wire::Broken(error) => error,
    })
}

/// Binary transfers, UTF-8 names, complete listings; and the facts, when nobody knows them.
fn settle(link: &mut Link, facts: Option<Arc<Facts>>) -> WireResult<()> {
    let facts = match facts {
        Some(facts) => facts,
        None => Arc::new(learn(link)?),
    };
    if facts.utf8 {
        // Servers that have UTF-8 always on refuse this.
        link.ask(CONNECT, "OPTS UTF8 ON")?;
    }
    if let Some(options) = &facts.mlst_options {
        // Refused, the listing has fewer facts.
        link.ask(CONNECT, options)?;
    }
    // The protocol starts in ASCII, which rewrites line ends. Through `suppaftp`'s own
    // function, because it remembers the type too.
    let set = link.client().transfer_type(FileType::Binary);
    set.map_err(|error| translate(CONNECT, error))?;
    link.set_facts(facts);
    Ok(())
}

fn learn(link: &mut Link) -> WireResult<Facts> {
    let feat = link.ask(CONNECT, "FEAT")?;
    let help = link.ask(CONNECT, "SITE HELP")?;
    let pwd = link.expect(CONNECT, "PWD", &[257])?;
    let home = quoted_path(&pwd).ok_or_else(|| {
        Wire::Broken(Error::new(
            ErrorKind::Protocol,
            CONNECT,
            "the server's answer to PWD has no path",
        ))
    })?;
    Ok(Facts::new(
        (feat.code == 211).then_some(&feat),
        Some(&help),
        home,
    ))
}

/// `257 "/a ""b"" c" is the current directory`: quotes are doubled inside.
fn quoted_path(reply: &Reply) -> Option<RemotePath> {
    let line = super::reply::unescape_iac(reply.lines().next_back()?);
    let start = line.iter().position(|b| *b == b'"')? + 1;
    let mut path = Vec::new();
    let mut rest = line.get(start..)?.iter().peekable();
    while let Some(byte) = rest.next() {
        if *byte == b'"' && rest.next_if_eq(&&b'"').is_none() {
            return RemotePath::parse(&path, &RemotePath::root()).ok();
        }
        path.push(*byte);
    }
    None
}

/// Whether an error of opening one more connection means that the server has enough of
/// them, as long as others of the same login work.
pub(super) fn means_crowded(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::LimitReached
            | ErrorKind::AuthenticationFailed
            | ErrorKind::PermissionDenied
            | ErrorKind::ConnectionRefused
            | ErrorKind::ConnectionLost
            | ErrorKind::TimedOut
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_home_is_what_stands_in_quotes() {
        for (line, want) in [
            (&b"257 \"/\" is the current directory\r\n"[..], &b"/"[..]),
            (b"257 \"/a \"\"b\"\" c\"\r\n", b"/a \"b\" c"),
            (b"257 \"/\xff\xffx\" here\r\n", b"/\xffx"),
        ] {
            let reply = Reply::parse(line.to_vec()).unwrap();
            assert_eq!(quoted_path(&reply).unwrap().as_bytes(), want);
        }
        let bare = Reply::parse(b"257 /home\r\n".to_vec()).unwrap();
        assert!(quoted_path(&bare).is_none());
    }
}
