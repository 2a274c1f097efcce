//! The channels one file is written over.
//!
//! A server takes no more on a channel than the window it grants, and then waits for the
//! way there and back: with OpenSSH's 2 MiB and 50 ms a file goes up at 40 MB/s, whatever
//! the line carries. Downloads wait for nothing like it, since there the window is ours.
//! So a long file on a long line is opened again on [`further`](super::further) channels,
//! and every WRITE goes over the one with the least on its way. A version 3 WRITE names its
//! place in the file, and which channel it comes by makes no difference to the file.
//!
//! Only what the window holds back gains by it: the engine says when bytes waited for the
//! window and not for the link ([`Stalls`](crate::ssh::engine::Stalls)), the pace how long
//! the way is. How much is in flight stays the pace's to say: a wait for the window
//! lengthens the replies as a queue at the server does, so a held-back writer stands at the
//! window and a little. Whatever the channels could take, more than the line carries queues
//! on it, and is taken back as ever.
//!
//! What makes it safe:
//! - The server reads its channels in processes of their own, and one may be ahead of
//!   another by a window. When a connection dies there can be gaps before the file's end, so
//!   a file whose size says where to go on is never written so. A new file under a name
//!   of its own is ([`WriteMode::CreateNew`](crate::fs::WriteMode)), which nobody goes on
//!   with.
//! - What is opened again must be the same file: owner and mode are compared, and that its
//!   size lies between what was answered and what was sent. Where the server does not offer
//!   `fsync`, a path may lead to something other than a file of a file system, such as an
//!   object that appears when it is closed, and nothing is opened again.
//! - A channel or an open that is refused, as servers do that let only one write, is no
//!   error: the file goes on over what there is. A failure on any channel after that is one
//!   of the file.

use super::attrs::Attrs;
use super::call::{Call, OpenHandle};
use super::client::Client;
use super::codec::flags;
use super::further::Further;
use super::request::Request;
use super::status::Fault;
use crate::path::RemotePath;
use bytes::Bytes;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

/// A shorter way than this fills no window: at 10 ms, one of 2 MiB carries 200 MB/s.
const LONG: Duration = Duration::from_millis(10);

/// Nothing is asked for before that many bytes were written: a file of that size is over
/// before further channels are there.
const WORTH: u64 = 4 * 1024 * 1024;

/// The window must have been met in every one of so many stretches of so many bytes. The
/// window of the pace overshoots once while it opens.
const STRETCHES: u32 = 2;
const STRETCH: usize = 1024 * 1024;

/// One of the channels.
pub(super) struct Lane {
    pub(super) handle: OpenHandle,
    pub(super) in_flight: usize,
}

impl Lane {
    fn new(handle: OpenHandle) -> Self {
        Self {
            handle,
            in_flight: 0,
        }
    }
}

/// All channels of one file.
pub(super) struct Stripes {
    first: Lane,
    more: Vec<Lane>,
    watch: Watch,
}

/// Whether further channels are wanted.
enum Watch {
    /// Not any more, or never.
    Off,
    On {
        further: Arc<Further>,
        /// Bytes of this stretch, and the stalls before it.
        bytes: usize,
        stalls: u64,
        /// Stretches in a row that met the window.
        met: u32,
    },
    Asked {
        found: oneshot::Receiver<Option<Found>>,
        /// Bytes the file had at least by then.
        least: u64,
    },
}

/// The file, opened again.
struct Found {
    first: Attrs,
    again: Vec<(OpenHandle, Attrs)>,
}

impl Stripes {
    /// One channel, and more from `further` if they turn out to be needed.
    pub(super) fn new(handle: OpenHandle, further: Option<Arc<Further>>) -> Self {
        let stalls = handle.client().stalls();
        Self {
            first: Lane::new(handle),
            more: Vec::new(),
            watch: match further {
                None => Watch::Off,
                Some(further) => Watch::On {
                    further,
                    bytes: 0,
                    stalls,
                    met: 0,
                },
            },
        }
    }

    /// The handle the file was opened by first.
    pub(super) fn first(&self) -> &OpenHandle {
        &self.first.handle
    }

    /// How many channels there are.
    pub(super) fn count(&self) -> usize {
        1 + self.more.len()
    }

    /// The channel for the next request, and its number.
    pub(super) fn next(&mut self) -> (usize, &mut Lane) {
        let mut least = (0, &mut self.first);
        for (at, lane) in self.more.iter_mut().enumerate() {
            if lane.in_flight < least.1.in_flight {
                least = (at + 1, lane);
            }
        }
        least
    }

    /// A request of a channel was answered.
    pub(super) fn answered(&mut self, lane: usize, length: usize) {
        let more = lane.checked_sub(1).and_then(|at| self.more.get_mut(at));
        let lane = more.unwrap_or(&mut self.first);
        lane.in_flight = lane.in_flight.saturating_sub(length);
    }

    /// Looks whether the window holds the file back, and asks for further channels if so.
    /// `length` bytes were just written, `settled` in all, over a way of `way`.
    pub(super) fn look(
        &mut self,
        length: usize,
        settled: u64,
        way: Option<Duration>,
        path: &RemotePath,
    ) {
        let client = self.first.handle.client();
        let Watch::On {
            further,
            bytes,
            stalls,
            met,
        } = &mut self.watch
        else {
            return;
        };
        *bytes += length;
        if *bytes < STRETCH {
            return;
        }
        *bytes = 0;
        let now = client.stalls();
        *met = match now > *stalls {
            true => *met + 1,
            false => 0,
        };
        *stalls = now;
        if would_help(*met, settled, way) {
            let (tell, found) = oneshot::channel();
            client.beside(find(
                tell,
                further.clone(),
                client.clone(),
                Bytes::copy_from_slice(self.first.handle.bytes()),
                path.clone(),
            ));
            self.watch = Watch::Asked {
                found,
                least: settled,
            };
        }
    }

    /// Takes the further channels into use once they are there; says whether that was now.
    /// `sent` bytes were sent, so the file has no more.
    pub(super) fn have_come(&mut self, sent: u64) -> bool {
        let Watch::Asked { found, least } = &mut self.watch else {
            return false;
        };
        let found = match found.try_recv() {
            Err(oneshot::error::TryRecvError::Empty) => return false,
            answer => answer.ok().flatten(),
        };
        let sizes = *least..=sent;
        self.watch = Watch::Off;
        let Some(Found { first, again }) = found else {
            return false;
        };
        for (handle, attrs) in again {
            let same = (attrs.owner, attrs.mode) == (first.owner, first.mode)
                && attrs.size.is_some_and(|size| sizes.contains(&size));
            if same {
                self.more.push(Lane::new(handle));
            }
        }
        tracing::debug!(
            channels = 1 + self.more.len(),
            "a file is written over several"
        );
        self.count() > 1
    }

    /// Sends CLOSE on every channel; the answers are not waited for here.
    pub(super) fn begin_close(&mut self) -> Vec<Result<Call, Fault>> {
        let lanes = std::iter::once(&mut self.first).chain(&mut self.more);
        lanes.map(|lane| lane.handle.begin_close()).collect()
    }
}

/// Whether further channels carry more of a file of which `settled` bytes were written over a
/// way of `way`, when the window was met in `met` stretches in a row.
pub(super) fn would_help(met: u32, settled: u64, way: Option<Duration>) -> bool {
    met >= STRETCHES && settled >= WORTH && way.is_some_and(|way| way > LONG)
}

/// Opens the file on further channels, as long as somebody waits for it.
async fn find(
    mut tell: oneshot::Sender<Option<Found>>,
    further: Arc<Further>,
    client: Arc<Client>,
    handle: Bytes,
    path: RemotePath,
) {
    let finding = async {
        let clients = further.clients(client.max_packet()).await;
        let opening = clients.into_iter().map(|client| open_again(client, &path));
        let again = futures::future::join_all(opening).await;
        let again: Vec<_> = again.into_iter().flatten().collect();
        if again.is_empty() {
            return None;
        }
        let first = client.attrs(Request::Fstat(&handle)).await.ok()?;
        Some(Found { first, again })
    };
    let found = tokio::select! {
        biased;
        () = tell.closed() => return,
        found = finding => found,
    };
    // Its writer may have left meanwhile.
    drop(tell.send(found));
}

/// The existing file as it is: neither made nor cut.
async fn open_again(client: Arc<Client>, path: &RemotePath) -> Option<(OpenHandle, Attrs)> {
    let request = Request::Open {
        path: path.as_bytes(),
        flags: flags::WRITE,
        attrs: Attrs::default(),
    };
    let opened = match client.open(request).await {
        Ok(handle) => {
            let attrs = client.attrs(Request::Fstat(handle.bytes())).await;
            attrs.map(|attrs| (handle, attrs))
        }
        Err(fault) => Err(fault),
    };
    opened
        .inspect_err(|fault| tracing::debug!(code = fault.code(), "a file is not opened again"))
        .ok()
}
