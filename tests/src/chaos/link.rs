//! One connection through the proxy: for each direction a thread that reads and one that writes,
//! with a queue between them in which bytes wait for their delay.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use socket2::SockRef;

use super::Direction::{self, ToClient, ToServer};
use super::Network;

/// How often a waiting thread looks whether the connection was ended.
const LOOK: Duration = Duration::from_millis(10);

/// Bytes read at once.
const CHUNK: usize = 16 * 1024;

/// Chunks waiting in a direction, beyond which the proxy stops reading.
const QUEUE: usize = 64;

/// Bytes written at once while throttled take about this long.
const SLICE: Duration = Duration::from_millis(20);

/// How long the rest of a closed connection is read, so that the close stays one: closing with
/// unread bytes is a reset.
const DRAIN: Duration = Duration::from_secs(2);

/// How a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Close = 1,
    Reset = 2,
}

/// Bytes with the time they were read, or the end of them.
type Item = (Instant, Option<Vec<u8>>);

pub(super) struct Link {
    /// 0 while it lives, else an [`End`].
    end: AtomicU8,
    /// Threads still at work.
    threads: AtomicUsize,
}

impl Link {
    pub(super) fn start(client: TcpStream, server: TcpStream, network: &Arc<Network>) -> Arc<Self> {
        let link = Arc::new(Self {
            end: AtomicU8::new(0),
            threads: AtomicUsize::new(4),
        });
        for socket in [&client, &server] {
            // A socket without these still passes bytes; only its end is noticed late.
            let _ = socket.set_nodelay(true);
            let _ = socket.set_read_timeout(Some(LOOK));
            let _ = socket.set_write_timeout(Some(LOOK));
        }
        // Shared, not cloned: the sockets close once the last thread lets go.
        let (client, server) = (Arc::new(client), Arc::new(server));
        for direction in Direction::BOTH {
            let (from, to) = match direction {
                ToServer => (&client, &server),
                ToClient => (&server, &client),
            };
            let (sender, receiver) = sync_channel(QUEUE);
            let (own, from) = (Arc::clone(&link), Arc::clone(from));
            std::thread::spawn(move || {
                own.read(&from, &sender);
                own.leave(from);
            });
            let (own, to, network) = (Arc::clone(&link), Arc::clone(to), Arc::clone(network));
            std::thread::spawn(move || {
                own.write(&to, &receiver, direction, &network);
                own.leave(to);
            });
        }
        link
    }

    /// Ends the connection, unless it has an end already.
    pub(super) fn end(&self, end: End) {
        let _ = self
            .end
            .compare_exchange(0, end as u8, Ordering::SeqCst, Ordering::SeqCst);
    }

    /// Whether both sockets are closed.
    pub(super) fn gone(&self) -> bool {
        self.threads.load(Ordering::SeqCst) == 0
    }

    fn ended(&self) -> bool {
        self.end.load(Ordering::SeqCst) != 0
    }

    fn leave(&self, socket: Arc<TcpStream>) {
        if self.end.load(Ordering::SeqCst) == End::Reset as u8 {
            // Closing then sends a reset.
            let _ = SockRef::from(&*socket).set_linger(Some(Duration::ZERO));
        } else if self.ended() {
            let _ = socket.shutdown(Shutdown::Write);
        }
        drop(socket);
        self.threads.fetch_sub(1, Ordering::SeqCst);
    }

    fn read(&self, mut from: &TcpStream, queue: &SyncSender<Item>) {
        let mut buffer = vec![0; CHUNK];
        while !self.ended() {
            let item = match from.read(&mut buffer) {
                Ok(0) => None,
                Ok(count) => Some(buffer[..count].to_vec()),
                Err(error) if waits(&error) => continue,
                // One side reset the connection; so does the proxy to the other.
                Err(_) => return self.end(End::Reset),
            };
            let last = item.is_none();
            if !self.put(queue, (Instant::now(), item)) || last {
                break;
            }
        }
        if self.end.load(Ordering::SeqCst) == End::Close as u8 {
            let _ = from.shutdown(Shutdown::Write);
            let end = Instant::now() + DRAIN;
            while Instant::now() < end {
                match from.read(&mut buffer) {
                    Ok(0) => return,
                    Err(error) if !waits(&error) => return,
                    _ => {}
                }
            }
        }
    }

    /// Queues bytes as soon as there is room; false once the connection was ended.
    fn put(&self, queue: &SyncSender<Item>, mut item: Item) -> bool {
        loop {
            match queue.try_send(item) {
                Ok(()) => return true,
                Err(TrySendError::Disconnected(_)) => return false,
                Err(TrySendError::Full(back)) => item = back,
            }
            if self.ended() {
                return false;
            }
            std::thread::sleep(LOOK);
        }
    }

    fn write(
        &self,
        to: &TcpStream,
        queue: &Receiver<Item>,
        direction: Direction,
        network: &Network,
    ) {
        while !self.ended() {
            let (read_at, bytes) = match queue.recv_timeout(LOOK) {
                Ok(item) => item,
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            let Some(bytes) = bytes else {
                if self.admit(read_at, direction, network, 0).is_some() {
                    let _ = to.shutdown(Shutdown::Write);
                }
                return;
            };
            let mut rest = bytes.as_slice();
            while !rest.is_empty() {
                let admitted = self.admit(read_at, direction, network, rest.len());
                let Some((allowed, end)) = admitted else {
                    return;
                };
                let (now, later) = rest.split_at(allowed);
                if !self.write_all(to, now) {
                    return self.end(End::Reset);
                }
                if let Some(end) = end {
                    return self.end(end);
                }
                rest = later;
            }
        }
    }

    /// Waits until bytes read at `read_at` may pass and counts those that may now, with the end
    /// that is due after them; `None` once the connection was ended. Asked for 0 bytes it is
    /// about the end of the stream.
    fn admit(
        &self,
        read_at: Instant,
        direction: Direction,
        network: &Network,
        wanted: usize,
    ) -> Option<(usize, Option<End>)> {
        let way = direction as usize;
        let mut state = network.lock();
        loop {
            if self.ended() {
                return None;
            }
            let due = read_at + state.faults.delay;
            let now = Instant::now();
            if !state.faults.stalled[way] && now >= due {
                break;
            }
            let nap = if state.faults.stalled[way] {
                LOOK
            } else {
                LOOK.min(due - now)
            };
            let woken = network.changed.wait_timeout(state, nap);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        if wanted == 0 {
            return Some((0, None));
        }
        let rate = state.faults.bytes_per_second;
        let slice = rate.map_or(wanted as u64, |rate| {
            (rate * SLICE.as_millis() as u64 / 1000).max(1)
        });
        let mut allowed = slice.min(wanted as u64);
        let mut due = None;
        if let Some((left, end)) = &mut state.faults.cut[way] {
            allowed = allowed.min(*left);
            *left -= allowed;
            due = (*left == 0).then_some(*end);
        }
        state.passed[way] += allowed;
        let last = state.last.replace(direction);
        state.turns += u64::from((last, direction) == (Some(ToClient), ToServer));
        drop(state);
        if let Some(rate) = rate {
            std::thread::sleep(Duration::from_secs_f64(allowed as f64 / rate as f64));
        }
        Some((usize::try_from(allowed).ok()?, due))
    }

    fn write_all(&self, mut to: &TcpStream, mut bytes: &[u8]) -> bool {
        while !bytes.is_empty() {
            if self.ended() {
                return true;
            }
            match to.write(bytes) {
                Ok(count) => bytes = &bytes[count..],
                Err(error) if waits(&error) => {}
                Err(_) => return false,
            }
        }
        true
    }
}

fn waits(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
    )
}
