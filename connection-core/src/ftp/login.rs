//! From an address to a connection that is logged in: greeting, TLS, the check of the
//! server, and only then the credentials.

use super::charset::Names;
use super::dial;
use super::facts::Facts;
use super::iac::{Commands, Way};
use super::interrupt::{Abort, Interrupt};
use super::link::{Client, DataDialer, Link};
use super::reply::{Wire, refusal_as, translate};
use super::settle::settle;
use super::sign_in::sign_in;
use super::tls::{self, LinkTls, TlsClient};
use crate::error::{Error, ErrorKind, Result};
use crate::target::{FtpSecurity, FtpTarget};
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
    let socket = dial::control(&origin.addresses, target.timeouts.connect, interrupt)?;
    let peer = socket
        .peer_addr()
        .map_err(|error| super::reply::io_error(CONNECT, error))?
        .ip();

    let names = Names::new(target.charset);
    let link_tls = origin.tls.as_ref().map(LinkTls::new);
    let iac = facts.as_ref().map(|f| f.iac.clone()).unwrap_or_default();
    let way = match &link_tls {
        Some(link_tls) => Way::Tls(link_tls.ahead()),
        None => Way::Plain(
            socket
                .try_clone()
                .map_err(|error| super::reply::io_error(CONNECT, error))?,
        ),
    };
    let mut far_end = None;
    let client = match &link_tls {
        Some(link_tls) if target.security == FtpSecurity::Implicit => {
            let greeted = tls::greet(link_tls, socket, CONNECT)?;
            far_end = Some(greeted.far);
            greeted.client
        }
        _ => Client::connect_with_stream(socket),
    };
    let client = client.map_err(|e| greeting_error(translate(CONNECT, e, names)))?;
    let dialer = Arc::new(DataDialer::new(peer, target.timeouts, interrupt.clone()));
    let data = dialer.clone();
    let mut client = client.passive_stream_builder(move |named| data.dial(named));
    client.set_encoding(Commands::new(names, iac.clone(), way));

    if let Some(link_tls) = &link_tls {
        client = client
            .into_secure(link_tls.clone(), &target.host)
            .map_err(|error| secure_error(link_tls, error, names))?;
    }
    drop(far_end);
    let mut link = Link::new(client, link_tls, dialer, interrupt.clone(), origin.clone());
    link.set_facts(Arc::new(Facts::unknown(names, iac)));
    sign_in(&mut link, target)?;
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
fn secure_error(tls: &LinkTls, error: suppaftp::FtpError, names: Names) -> Error {
    if let Some(error) = tls.take_error() {
        return error;
    }
    match translate("secure connection", error, names) {
        Wire::Refused(reply) if reply.code == 421 => {
            refusal_as(ErrorKind::LimitReached, "secure connection", &reply)
        }
        Wire::Refused(reply) => refusal_as(ErrorKind::Unsupported, "secure connection", &reply),
        Wire::Broken(error) => error,
    }
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
