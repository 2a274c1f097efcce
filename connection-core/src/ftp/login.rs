//! From an address to a connection that is logged in: the `door`, and then the credentials.

use super::dial;
use super::door;
use super::facts::Facts;
use super::interrupt::{Abort, Interrupt};
use super::link::{ByteNames, DataDialer, Link};
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
    let origin = Arc::new(Origin {
        target: target.clone(),
        addresses: addresses.to_vec(),
        tls: tls.cloned(),
    });
    establish(origin, facts, interrupt)
}

/// Where a connection leads, for opening it anew.
pub(super) struct Origin {
    target: FtpTarget,
    addresses: Vec<SocketAddr>,
    tls: Option<Arc<TlsClient>>,
}

/// Opens a connection that this interrupt ends.
pub(super) fn establish(
    origin: Arc<Origin>,
    facts: Option<Arc<Facts>>,
    interrupt: Arc<Interrupt>,
) -> Result<Link> {
    let opened = try_establish(&origin, facts.clone(), &interrupt);
    match (&opened, &origin.tls) {
        // It seemed to need TLS 1.2, and has none.
        (Err(error), Some(tls))
            if error.kind() == ErrorKind::NoCommonAlgorithm && tls.give_up_12() =>
        {
            try_establish(&origin, facts, &interrupt)
        }
        _ => opened,
    }
}

fn try_establish(
    origin: &Arc<Origin>,
    facts: Option<Arc<Facts>>,
    interrupt: &Arc<Interrupt>,
) -> Result<Link> {
    let target = &origin.target;
    let socket = dial::control(&origin.addresses, target.timeouts.connect, interrupt)?;
    let peer = socket
        .peer_addr()
        .map_err(|error| super::reply::io_error(CONNECT, error))?
        .ip();

    let link_tls = origin.tls.as_ref().map(LinkTls::new);
    let opened = door::open(socket, target.security, link_tls.as_ref(), &target.host)?;
    let dialer = Arc::new(DataDialer::new(peer, target.timeouts, interrupt.clone()));
    let data = dialer.clone();
    let dial = move |named| data.dial(named);
    let mut client = opened.client.passive_stream_builder(dial);
    client.set_encoding(ByteNames);
    let mut link = Link::new(
        client,
        opened.behind,
        link_tls,
        dialer,
        interrupt.clone(),
        origin.clone(),
    );
    log_in(&mut link, target)?;
    settle(&mut link, facts).map_err(|wire| wire.into_error(CONNECT))?;
    dial::set_clock(&link.client().get_ref(), target.timeouts.no_progress)
        .map_err(|error| super::reply::io_error(CONNECT, error))?;
    Ok(link)
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
