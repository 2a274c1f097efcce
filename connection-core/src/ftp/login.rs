//! From an address to a connection that is logged in: the `door`, and then the credentials.

use super::charset::Names;
use super::data::DataDialer;
use super::dial;
use super::door;
use super::facts::Facts;
use super::interrupt::{Abort, Interrupt};
use super::link::Link;
use super::settle::settle;
use super::sign_in::{WANTS_TLS, sign_in, wants_tls};
use super::tls::{LinkTls, TlsClient};
use crate::error::{Error, ErrorKind, Result};
use crate::target::FtpTarget;
use std::net::SocketAddr;
use std::sync::Arc;

const CONNECT: &str = "connect";

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
    let mut link = greeted(origin, facts.as_deref(), interrupt)?;
    if let Err(error) = sign_in(&mut link, target) {
        let first = facts.is_none() && origin.tls.is_none();
        return Err(
            match first && refused_in_clear(origin, link, interrupt, &error) {
                true => error.with(WANTS_TLS, "yes"),
                false => error,
            },
        );
    }
    settle(&mut link, facts).map_err(|wire| wire.into_error(CONNECT))?;
    dial::set_clock(&link.client().get_ref(), target.timeouts.no_progress)
        .map_err(|error| super::reply::io_error(CONNECT, error))?;
    Ok(link)
}

/// Whether a login without TLS was refused for the lack of it. A server that closed the
/// connection with its refusal is asked on another one.
fn refused_in_clear(
    origin: &Arc<Origin>,
    mut link: Link,
    interrupt: &Arc<Interrupt>,
    error: &Error,
) -> bool {
    let refusal = matches!(
        error.kind(),
        ErrorKind::AuthenticationFailed | ErrorKind::PermissionDenied | ErrorKind::LimitReached
    );
    if !refusal || error.context("reply_code").is_none() {
        return false;
    }
    let target = &origin.target;
    if let Some(known) = wants_tls(&mut link, target) {
        return known;
    }
    drop(link);
    let again = greeted(origin, None, interrupt).ok();
    again
        .and_then(|mut link| wants_tls(&mut link, target))
        .unwrap_or(false)
}

/// A connection that may log in.
fn greeted(
    origin: &Arc<Origin>,
    facts: Option<&Facts>,
    interrupt: &Arc<Interrupt>,
) -> Result<Link> {
    let target = &origin.target;
    let socket = dial::control(&origin.addresses, target.timeouts.connect, interrupt)?;
    let ends = socket
        .peer_addr()
        .and_then(|p| Ok((p, socket.local_addr()?)));
    let (peer, local) = ends.map_err(|error| super::reply::io_error(CONNECT, error))?;

    let names = Names::new(target.charset);
    let dialer = DataDialer::new(peer, local, target, interrupt.clone());
    let link_tls = origin.tls.as_ref().map(LinkTls::new);
    let iac = facts.map(|f| f.iac.clone()).unwrap_or_default();
    let opened = door::open(
        socket,
        target,
        link_tls.as_ref(),
        &dialer,
        names,
        iac.clone(),
    )?;
    let client = dialer.fit(opened.client, names);
    let mut link = Link::new(
        client,
        opened.behind,
        link_tls,
        dialer,
        interrupt.clone(),
        origin.clone(),
    );
    link.set_facts(Arc::new(Facts::unknown(names, iac)));
    Ok(link)
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
