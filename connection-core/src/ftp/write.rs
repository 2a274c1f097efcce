//! Uploads.

use super::attributes::{self, Chmod};
use super::interrupt::{Abort, GiveUpOnDrop};
use super::link::{Data, Link};
use super::lookup::{self, Purpose, Sight, explain};
use super::pool::{Pool, Repeat, thread_gone};
use super::reply::{Wire, io_error};
use super::skills::Skill;
use super::stream::{Waiter, given_up};
use crate::error::{Error, ErrorKind, Result};
use crate::fs::{FileWriter, WriteMode, WriteOptions};
use crate::path::RemotePath;
use async_trait::async_trait;
use bytes::Bytes;
use std::io::Write;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

const OPERATION: &str = "upload";
/// Largest piece handed over at once.
const PIECE_BYTES: usize = 256 * 1024;
/// Pieces that wait, and as many more that the thread has taken: at most 8 MiB. The thread
/// takes all there are at once, since waking the caller for each piece costs more than
/// sending it.
const DEPTH: usize = 16;

enum Order {
    Data(Bytes),
    Finish,
}

/// Opens a file for writing.
pub(super) async fn open(
    pool: &Arc<Pool>,
    path: RemotePath,
    options: WriteOptions,
) -> Result<Box<dyn FileWriter>> {
    let slot = pool.stream_slot(OPERATION).await?;
    let abort = Abort::default();
    let guard = GiveUpOnDrop(abort.clone());
    let (orders, mut queue) = mpsc::channel(DEPTH);
    let (ready, is_ready) = oneshot::channel();
    let (done, outcome) = oneshot::channel();
    let waiter = Waiter::new(pool, &abort);
    let mut ready = Some(ready);
    pool.spawn(
        OPERATION,
        Repeat::Freely,
        slot,
        abort,
        move |link| write(link, &path, options, &mut ready, &mut queue, &waiter),
        move |result| {
            let _ = done.send(result);
        },
    )?;
    if is_ready.await.is_err() {
        return Err(match outcome.await {
            Ok(Err(error)) => error,
            Ok(Ok(())) | Err(_) => thread_gone(OPERATION),
        });
    }
    Ok(Box::new(Writer {
        orders,
        outcome,
        halfway: false,
        _guard: guard,
    }))
}

/// Dropped before its end, it cuts the transfer off with its connection.
struct Writer {
    orders: mpsc::Sender<Order>,
    outcome: oneshot::Receiver<Result<()>>,
    /// A call of `write` is under way, failed, or was dropped halfway.
    halfway: bool,
    _guard: GiveUpOnDrop,
}

impl Writer {
    /// Refuses to go on where bytes are missing. The outcome is told once.
    fn check(&self) -> Result<()> {
        match self.halfway {
            false => Ok(()),
            true => Err(Error::new(
                ErrorKind::Cancelled,
                OPERATION,
                "an earlier write failed or was given up halfway; what the file holds is not \
                 known",
            )),
        }
    }
}

#[async_trait]
impl FileWriter for Writer {
    async fn write(&mut self, mut data: Bytes) -> Result<()> {
        self.check()?;
        self.halfway = true;
        while !data.is_empty() {
            let piece = data.split_to(data.len().min(PIECE_BYTES));
            if self.orders.send(Order::Data(piece)).await.is_err() {
                return Err(match (&mut self.outcome).await {
                    Ok(Err(error)) => error,
                    Ok(Ok(())) | Err(_) => thread_gone(OPERATION),
                });
            }
        }
        self.halfway = false;
        Ok(())
    }

    async fn finish(self: Box<Self>) -> Result<()> {
        self.check()?;
        // Refused only when the thread has ended; then the outcome says why.
        let _ = self.orders.send(Order::Finish).await;
        self.outcome
            .await
            .unwrap_or_else(|_| Err(thread_gone(OPERATION)))
    }

    async fn abort(self: Box<Self>) {}
}

/// The command, the offset to restart at, and whether the file comes into being.
struct Plan {
    verb: &'static str,
    offset: u64,
    /// Where in the file the data begins.
    begin: u64,
    creates: bool,
}

fn write(
    link: &mut Link,
    path: &RemotePath,
    options: WriteOptions,
    ready: &mut Option<oneshot::Sender<()>>,
    queue: &mut mpsc::Receiver<Order>,
    waiter: &Waiter,
) -> Result<()> {
    let plan = plan(link, path, options)?;
    let command = format!("{} {}", plan.verb, path.to_text());
    let mut data = match link.open_data(OPERATION, &command, plan.offset) {
        Ok(data) => data,
        Err(Wire::Refused(reply)) => {
            return Err(explain(link, OPERATION, &reply, path, Purpose::Write));
        }
        Err(wire) => return Err(wire.into_error(OPERATION)),
    };
    let is_wanted = ready.take().is_some_and(|ready| ready.send(()).is_ok());
    if !is_wanted {
        return Err(given_up(OPERATION));
    }
    let mut end = plan.begin;
    let mut orders = Vec::with_capacity(DEPTH);
    'sending: loop {
        if !matches!(waiter.wait(queue.recv_many(&mut orders, DEPTH)), Some(1..)) {
            return Err(given_up(OPERATION));
        }
        for order in orders.drain(..) {
            let Order::Data(piece) = order else {
                break 'sending;
            };
            if let Err(error) = data.write_all(&piece) {
                return Err(why_cut(link, data, error).with("path", path.to_text()));
            }
            end += piece.len() as u64;
        }
    }
    let flushed = data.flush().map_err(|error| io_error(OPERATION, error));
    let finished = link.finish(OPERATION, data).map_err(|wire| match wire {
        Wire::Refused(reply) => explain(link, OPERATION, &reply, path, Purpose::Write),
        Wire::Broken(error) => error,
    });
    finished.and(flushed)?;
    is_whole(link, path, end, plan.verb == "APPE")?;
    if let (true, Some(mode)) = (plan.creates, options.permissions) {
        set_mode(link, path, mode)?;
    }
    Ok(())
}

/// The error of an upload whose data connection the server ended: its reply says why.
fn why_cut(link: &mut Link, data: Data, error: std::io::Error) -> Error {
    let error = io_error(OPERATION, error);
    if error.kind() == ErrorKind::TimedOut || !link.is_usable() {
        return error;
    }
    match link.finish(OPERATION, data) {
        Err(Wire::Refused(reply)) => Wire::Refused(reply).into_error(OPERATION),
        Ok(()) | Err(Wire::Broken(_)) => error,
    }
}

/// A data connection that is cut looks to the server like one that is done, and it says 226:
/// so it is asked how long the file is now. One that does not tell is believed.
///
/// What was appended lies where it belongs only if the length is exact: someone else may have
/// written to the file too, such as the server's own process of an upload that was cut off,
/// which goes on until it notices.
fn is_whole(link: &mut Link, path: &RemotePath, end: u64, appended: bool) -> Result<()> {
    let size = lookup::size(link, OPERATION, path).map_err(|wire| wire.into_error(OPERATION))?;
    let text = match size {
        Some(size) if size < end => format!("the server has stored {size} of {end} bytes"),
        Some(size) if appended && size != end => {
            format!("the file has {size} bytes after appending to it, not {end}")
        }
        _ => return Ok(()),
    };
    Err(Error::new(ErrorKind::Incomplete, OPERATION, text).with("path", path.to_text()))
}

/// FTP creates files by the server's own umask; the wanted bits are set afterwards, where
/// there is a way. The upload itself is done, so a refusal is only reported to the log.
fn set_mode(link: &mut Link, path: &RemotePath, mode: u32) -> Result<()> {
    if link.facts().chmod.skill() == Skill::Lacks {
        return Ok(());
    }
    match attributes::chmod(link, OPERATION, path, mode) {
        Ok(Chmod::Done) => Ok(()),
        Ok(Chmod::Unknown(reply)) | Err(Wire::Refused(reply)) if reply.code != 421 => {
            tracing::debug!(
                reply = reply.message(),
                "the server keeps its own permissions"
            );
            Ok(())
        }
        Ok(Chmod::Unknown(reply)) | Err(Wire::Refused(reply)) => {
            Err(Wire::Refused(reply).into_error(OPERATION))
        }
        Err(wire) => Err(wire.into_error(OPERATION)),
    }
}

fn plan(link: &mut Link, path: &RemotePath, options: WriteOptions) -> Result<Plan> {
    let must_look = options.mode != WriteMode::Truncate
        || (options.permissions.is_some() && link.facts().chmod.skill() != Skill::Lacks);
    let sight = if must_look {
        let seen = lookup::look_through(link, OPERATION, path);
        Some(seen.map_err(|wire| wire.into_error(OPERATION))?)
    } else {
        None
    };
    let there = match &sight {
        Some(Sight::Seen(metadata, _)) => Some(metadata),
        _ => None,
    };
    match options.mode {
        WriteMode::Truncate => Ok(Plan {
            verb: "STOR",
            offset: 0,
            begin: 0,
            creates: sight.is_some() && there.is_none(),
        }),
        WriteMode::CreateNew if there.is_some() => Err(Error::new(
            ErrorKind::AlreadyExists,
            OPERATION,
            "the file exists already",
        )
        .with("path", path.to_text())),
        WriteMode::CreateNew => Ok(Plan {
            verb: "STOR",
            offset: 0,
            begin: 0,
            creates: true,
        }),
        WriteMode::At(offset) => {
            let size = match sight {
                Some(Sight::Seen(metadata, _)) => match metadata.size {
                    Some(size) => Some(size),
                    None => lookup::size(link, OPERATION, path)
                        .map_err(|wire| wire.into_error(OPERATION))?,
                },
                Some(sight) => {
                    lookup::answer(sight, OPERATION, path)?;
                    None
                }
                None => None,
            };
            // Appending is the one form of resuming that every server has.
            if size == Some(offset) {
                return Ok(Plan {
                    verb: "APPE",
                    offset: 0,
                    begin: offset,
                    creates: false,
                });
            }
            if !link.facts().write_at || offset == 0 {
                return Err(Error::new(
                    ErrorKind::Unsupported,
                    OPERATION,
                    "the server can only append to the file or write it anew",
                ));
            }
            Ok(Plan {
                verb: "STOR",
                offset,
                begin: offset,
                creates: false,
            })
        }
    }
}
