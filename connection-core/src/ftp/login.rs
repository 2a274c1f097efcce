//! From an address to a connection that is logged in: the `door`, and then the credentials.

use super::charset::Names;
use super::data::DataDialer;
use super::dial;
use super::door;
use super::facts::Facts;
use super::iac::{Commands, Way};
use super::interrupt::{Abort, Interrupt};
use super::link::Link;
use super::settle::settle;
use super::sign_in::sign_in;
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
    let socket = dial::control(&origin.addresses, target.timeouts.connect, interrupt)?;
    let ends = socket
        .peer_addr()
        .and_then(|p| Ok((p, socket.local_addr()?)));
    let (peer, local) = ends.map_err(|error| super::reply::io_error(CONNECT, error))?;

    let names = Names::new(target.charset);
    let dialer = DataDialer::new(peer, local, target, interrupt.clone());
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
    let opened = door::open(socket, target, link_tls.as_ref(), &dialer, names)?;
    let client = dialer.fit(opened.client, Commands::new(names, iac.clone(), way));
    let mut link = Link::new(
        client,
        opened.behind,
        link_tls,
        dialer,
        interrupt.clone(),
        origin.clone(),
    );
    link.set_facts(Arc::new(Facts::unknown(names, iac)));
    sign_in(&mut link, target)?;
    settle(&mut link, facts).map_err(|wire| wire.into_error(CONNECT))?;
    dial::set_clock(&link.client().get_ref(), target.timeouts.no_progress)
        .map_err(|error| super::reply::io_error(CONNECT, error))?;
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
