//! A TCP proxy on loopback that makes the network between a client and a server bad: slow,
//! silent, cut, reset. It knows no protocol. Data connections of FTP do not pass through it, as
//! the client opens them to the server's own ports.

mod link;

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::wait;
use link::{End, Link};

/// A way through the proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the client to the server.
    ToServer,
    /// From the server to the client.
    ToClient,
}

impl Direction {
    /// Both ways.
    pub const BOTH: [Self; 2] = [Self::ToServer, Self::ToClient];
}

/// A running proxy. All faults hold for all connections, those open now included, until
/// [`ChaosProxy::resume`]. Dropping it closes them.
///
/// ```no_run
/// use connection_tests::{ChaosProxy, Direction, Sshd};
/// use std::time::Duration;
///
/// let sshd = Sshd::start();
/// let proxy = ChaosProxy::start(sshd.addr());
/// // a client connects to proxy.port() …
/// proxy.delay(Duration::from_millis(100));
/// proxy.stall(Direction::ToClient);
/// proxy.resume();
/// proxy.cut_after(Direction::ToClient, 10_000);
/// ```
pub struct ChaosProxy {
    addr: SocketAddr,
    network: Arc<Network>,
    thread: Option<JoinHandle<()>>,
}

/// What the connections share: the faults, and the connections themselves.
struct Network {
    upstream: SocketAddr,
    state: Mutex<State>,
    /// Told when the state changes.
    changed: Condvar,
}

#[derive(Default)]
struct State {
    faults: Faults,
    links: Vec<Arc<Link>>,
    /// Bytes passed on in each direction, all connections together.
    passed: [u64; 2],
    /// Which way bytes went last.
    last: Option<Direction>,
    /// How often a client's bytes came after bytes of its server.
    turns: u64,
    ending: bool,
}

#[derive(Clone, Default)]
struct Faults {
    delay: Duration,
    bytes_per_second: Option<u64>,
    stalled: [bool; 2],
    /// What happens once so many bytes more have passed.
    cut: [Option<(u64, End)>; 2],
    refuse: bool,
}

impl ChaosProxy {
    /// Starts a proxy to `upstream` that does nothing bad yet.
    pub fn start(upstream: SocketAddr) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("bind");
        let addr = listener.local_addr().expect("address");
        let network = Arc::new(Network {
            upstream,
            state: Mutex::default(),
            changed: Condvar::new(),
        });
        let thread = std::thread::spawn({
            let network = Arc::clone(&network);
            move || network.serve(&listener)
        });
        Self {
            addr,
            network,
            thread: Some(thread),
        }
    }

    /// The address clients connect to.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The address clients connect to, always `127.0.0.1`.
    pub fn host(&self) -> &'static str {
        "127.0.0.1"
    }

    /// The port clients connect to.
    pub fn port(&self) -> u16 {
        self.addr.port()
    }

    /// Every byte arrives so much later, in both directions; the rate is not affected.
    pub fn delay(&self, delay: Duration) {
        self.change(|faults| faults.delay = delay);
    }

    /// At most so many bytes a second pass, in each direction of each connection.
    pub fn throttle(&self, bytes_per_second: u64) {
        self.change(|faults| faults.bytes_per_second = Some(bytes_per_second.max(1)));
    }

    /// Nothing passes in this direction any more, not even the end of the connection. Nothing is
    /// lost: what was sent meanwhile arrives after [`ChaosProxy::resume`].
    pub fn stall(&self, direction: Direction) {
        self.change(|faults| faults.stalled[direction as usize] = true);
    }

    /// Nothing passes in either direction any more, see [`ChaosProxy::stall`].
    pub fn stall_all(&self) {
        self.change(|faults| faults.stalled = [true; 2]);
    }

    /// Closes a connection towards both sides once `bytes` more have passed in this direction,
    /// all connections counted together, and from then on every connection at its next byte; 0
    /// begins with that.
    pub fn cut_after(&self, direction: Direction, bytes: u64) {
        self.change(|faults| faults.cut[direction as usize] = Some((bytes, End::Close)));
    }

    /// As [`ChaosProxy::cut_after`], with a reset in place of a close.
    pub fn reset_after(&self, direction: Direction, bytes: u64) {
        self.change(|faults| faults.cut[direction as usize] = Some((bytes, End::Reset)));
    }

    /// Closes all connections now, towards both sides.
    pub fn cut(&self) {
        self.end_links(End::Close);
    }

    /// Resets all connections now, towards both sides.
    pub fn reset(&self) {
        self.end_links(End::Reset);
    }

    /// Closes new connections at once, without asking the server; open ones go on.
    pub fn refuse(&self) {
        self.change(|faults| faults.refuse = true);
    }

    /// Ends all faults; connections that are cut stay so.
    pub fn resume(&self) {
        self.change(|faults| *faults = Faults::default());
    }

    /// Bytes passed on in a direction so far.
    pub fn passed(&self, direction: Direction) -> u64 {
        self.network.lock().passed[direction as usize]
    }

    /// How often a client sent after its server had, all connections together: with a delay
    /// longer than a client takes to say all it has to say, that is how often it waited for
    /// an answer.
    pub fn turns(&self) -> u64 {
        self.network.lock().turns
    }

    /// Number of connections through the proxy that are open.
    pub fn connections(&self) -> usize {
        let mut state = self.network.lock();
        state.links.retain(|link| !link.gone());
        state.links.len()
    }

    fn change(&self, change: impl FnOnce(&mut Faults)) {
        change(&mut self.network.lock().faults);
        self.network.changed.notify_all();
    }

    fn end_links(&self, end: End) {
        let links = self.network.lock().links.clone();
        for link in &links {
            link.end(end);
        }
        self.network.changed.notify_all();
        drop(links);
        wait::poll(wait::PATIENCE, || (self.connections() == 0).then_some(()));
    }
}

impl Drop for ChaosProxy {
    fn drop(&mut self) {
        self.network.lock().ending = true;
        // Wakes the listener up.
        let _ = TcpStream::connect_timeout(&self.addr, wait::PATIENCE);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        self.end_links(End::Close);
    }
}

impl Network {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn serve(self: Arc<Self>, listener: &TcpListener) {
        for client in listener.incoming().flatten() {
            let refuse = {
                let state = self.lock();
                if state.ending {
                    break;
                }
                state.faults.refuse
            };
            if refuse {
                continue;
            }
            // A server that refuses closes the client's connection: a proxy cannot do better.
            let Ok(server) = TcpStream::connect_timeout(&self.upstream, wait::PATIENCE) else {
                continue;
            };
            // Not a byte passes before the connection is listed, or a cut could miss it.
            let mut state = self.lock();
            let link = Link::start(client, server, &self);
            state.links.retain(|link| !link.gone());
            state.links.push(link);
        }
    }
}
