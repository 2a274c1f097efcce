//! Writing a file with many requests in flight.
//!
//! An error of an earlier write shows in a later one or in `finish`, and from then on in
//! every call: a file with a hole in it must not look finished.

mod ending;

use super::attrs::Attrs;
use super::call::{Call, OpenHandle};
use super::codec::Fields;
use super::copy::{Stopped, copy};
use super::handshake::Extensions;
use super::open;
use super::pace::Pace;
use super::rename::rename;
use super::reply::Reply;
use super::request::Request;
use super::space::parse_space;
use super::status::{Death, Doing, FAILURE, Fault};
use super::stripes::Stripes;
use crate::error::{Error, ErrorKind, Result};
use crate::fs::{FileWriter, Finished, Overwrite, Place};
use crate::path::RemotePath;
use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use std::collections::VecDeque;
use std::time::Instant;

const OPERATION: &str = "write file";

/// Longest request. A server begins to write once it has a request whole: with requests
/// of half of what OpenSSH takes, more of them are under way in the same window.
const LARGEST: usize = 128 * 1024;

/// Pieces smaller than this are gathered, so that a caller with small buffers does not
/// pay a request for each.
const SMALL: usize = 16 * 1024;

/// Gathered bytes that make a request.
const GATHERED: usize = 32 * 1024;

/// A write that is under way.
struct Under {
    call: Call,
    /// The channel it went by.
    lane: usize,
    length: usize,
    sent: Instant,
}

/// A file open for writing.
pub(super) struct SftpWriter {
    stripes: Stripes,
    path: RemotePath,
    chunk: usize,
    fsync: bool,
    statvfs: bool,
    copy_data: bool,
    posix_rename: bool,
    /// Whether the file was empty at first: its size then tells what was written.
    fresh: bool,
    /// Where the next request writes.
    next: u64,
    /// Up to where every request was answered, and well.
    settled: u64,
    /// Requests under way, oldest first.
    calls: VecDeque<Under>,
    in_flight: usize,
    pace: Pace,
    small: BytesMut,
    failed: Option<(ErrorKind, Fault)>,
    /// A call of `write` is under way, or was dropped halfway.
    halfway: bool,
    /// Nothing more is written: CLOSE was sent.
    closed: bool,
}

impl SftpWriter {
    /// Writes from an offset on, at most `chunk` bytes at a time; beside the offset,
    /// whether the file is empty.
    pub(super) fn new(
        stripes: Stripes,
        path: RemotePath,
        chunk: u32,
        (offset, fresh): (u64, bool),
        extensions: &Extensions,
    ) -> Self {
        let chunk = (chunk as usize).min(LARGEST);
        Self {
            pace: Pace::new(chunk, stripes.first().client().transfer()),
            stripes,
            path,
            chunk,
            fsync: extensions.fsync(),
            statvfs: extensions.statvfs(),
            copy_data: extensions.copy_data(),
            posix_rename: extensions.posix_rename(),
            fresh,
            next: offset,
            settled: offset,
            calls: VecDeque::new(),
            in_flight: 0,
            small: BytesMut::new(),
            failed: None,
            halfway: false,
            closed: false,
        }
    }

    fn doing(&self) -> Doing<'_> {
        Doing {
            operation: OPERATION,
            path: &self.path,
        }
    }

    /// Errors of before come again.
    fn check(&self) -> Result<()> {
        if let Some((kind, fault)) = &self.failed {
            return Err(self.doing().failed_as(*kind, fault.clone()));
        }
        if self.halfway {
            return Err(self.doing().error(
                ErrorKind::Cancelled,
                "an earlier write was given up halfway; what the file holds is not known",
            ));
        }
        Ok(())
    }

    async fn fail(&mut self, fault: Fault, length: usize) -> Error {
        let kind = match &fault {
            Fault::Session(death) => death.kind,
            Fault::Status(status) if status.code == FAILURE && self.is_full(length).await => {
                ErrorKind::NoSpace
            }
            Fault::Status(status) => status.kind(),
        };
        self.failed = Some((kind, fault.clone()));
        if self.stripes.count() > 1 {
            // What is under way on other channels is not in order with whatever the caller
            // does about the file next.
            for mut under in std::mem::take(&mut self.calls) {
                drop(under.call.reply().await);
            }
        }
        self.doing().failed_as(kind, fault)
    }

    /// Version 3 has no code for a full disk; the file system itself says it.
    async fn is_full(&self, length: usize) -> bool {
        if !self.statvfs {
            return false;
        }
        // By path, since CLOSE may have been sent behind what failed.
        let request = Request::Extended {
            name: "statvfs@openssh.com",
            strings: &[self.path.as_bytes()],
        };
        match self.stripes.first().client().extended(request).await {
            Ok(answer) => parse_space(&mut Fields::new(answer))
                .is_ok_and(|space| space.available < length as u64),
            Err(_) => false,
        }
    }

    /// Sends bytes, waiting for room.
    async fn send(&mut self, mut data: Bytes) -> Result<()> {
        while !data.is_empty() {
            let piece = data.split_to(data.len().min(self.chunk));
            let length = piece.len();
            self.make_room(length).await?;
            if self.stripes.have_come(self.next) {
                self.pace.widen(self.stripes.count());
            }
            let (number, lane) = self.stripes.next();
            let request = Request::Write {
                handle: lane.handle.bytes(),
                offset: self.next,
                data: piece,
            };
            match lane.handle.client().submit(request).await {
                Ok(call) => {
                    lane.in_flight += length;
                    self.calls.push_back(Under {
                        call,
                        lane: number,
                        length,
                        sent: Instant::now(),
                    });
                }
                Err(fault) => return Err(self.fail(fault, length).await),
            }
            self.in_flight += length;
            self.next = self.next.saturating_add(length as u64);
        }
        Ok(())
    }

    async fn make_room(&mut self, length: usize) -> Result<()> {
        while let Some(Under { call, .. }) = self.calls.front_mut() {
            let (reply, waited) = match call.try_reply() {
                Some(reply) => (reply, false),
                None if self.in_flight + length <= self.pace.window() => return Ok(()),
                None => (call.reply().await, true),
            };
            self.settle(reply, waited).await?;
        }
        Ok(())
    }

    /// Takes the reply of the oldest request.
    async fn settle(&mut self, reply: Result<Reply, Fault>, waited: bool) -> Result<()> {
        let Some(under) = self.calls.pop_front() else {
            return Ok(());
        };
        let Under {
            call,
            lane,
            length,
            sent,
        } = under;
        self.in_flight -= length;
        self.stripes.answered(lane, length);
        match reply {
            Ok(Reply::Status(_)) => {
                self.settled = self.settled.saturating_add(length as u64);
                let now = Instant::now();
                let wait = waited.then(|| now.saturating_duration_since(sent));
                self.pace.delivered(length, wait, now);
                if !self.closed {
                    let way = self.pace.way();
                    self.stripes.look(length, self.settled, way, &self.path);
                }
                Ok(())
            }
            Ok(other) => {
                let fault = call.reject(&other);
                Err(self.fail(fault, length).await)
            }
            Err(fault) => Err(self.fail(fault, length).await),
        }
    }

    async fn flush(&mut self) -> Result<()> {
        self.send_gathered().await?;
        self.settle_all().await
    }

    async fn send_gathered(&mut self) -> Result<()> {
        let gathered = self.small.split().freeze();
        self.send(gathered).await
    }

    /// Waits for every reply that is due.
    async fn settle_all(&mut self) -> Result<()> {
        while let Some(Under { call, .. }) = self.calls.front_mut() {
            let reply = call.reply().await;
            self.settle(reply, true).await?;
        }
        Ok(())
    }

    fn unsupported(&self, message: &str) -> Error {
        self.doing().error(ErrorKind::Unsupported, message)
    }

    fn incomplete(&mut self, fault: Fault) -> Error {
        self.failed = Some((ErrorKind::Incomplete, fault.clone()));
        self.doing().failed_as(ErrorKind::Incomplete, fault)
    }

    /// Appends `length` bytes of another open file, on the server.
    async fn append(&mut self, source: &OpenHandle, length: u64) -> Result<()> {
        match copy(source, length, self.stripes.first(), self.next).await {
            Ok(()) => {}
            // Where the next bytes go is not moved on: they are written over what is there.
            Err(Stopped::Refused(status)) => {
                tracing::debug!(code = status.code, "the server refuses to copy");
                return Err(self
                    .unsupported("the server refuses to copy the file itself")
                    .with("reason", &*status.text));
            }
            Err(Stopped::Ended(fault)) => return Err(self.incomplete(fault)),
            Err(Stopped::Failed(fault, range)) => {
                let range = usize::try_from(range).unwrap_or(usize::MAX);
                let error = self.fail(fault.clone(), range).await;
                if error.kind() != ErrorKind::Unsupported {
                    return Err(error);
                }
                // Too late to say that nothing was written.
                self.failed = Some((ErrorKind::Failure, fault.clone()));
                return Err(self.doing().failed_as(ErrorKind::Failure, fault));
            }
        }
        // The server said how it ended, and not how much it copied.
        let end = self.next.saturating_add(length);
        let request = Request::Fstat(self.stripes.first().bytes());
        let size = match self.stripes.first().client().attrs(request).await {
            Ok(attrs) => attrs.size,
            Err(fault @ Fault::Session(_)) => return Err(self.fail(fault, 0).await),
            Err(Fault::Status(_)) => None,
        };
        match size {
            None => Err(self.unsupported("the server does not say how much it copied")),
            Some(size) if size < end || (self.fresh && size != end) => {
                let error = self.doing().error(
                    ErrorKind::Incomplete,
                    format!("the server copied to a size of {size} bytes in place of {end}"),
                );
                self.failed = Some((
                    ErrorKind::Incomplete,
                    Fault::Session(Death::new(ErrorKind::Incomplete, error.message())),
                ));
                Err(error)
            }
            Some(_) => {
                self.next = end;
                Ok(())
            }
        }
    }
}

#[async_trait]
impl FileWriter for SftpWriter {
    async fn write(&mut self, data: Bytes) -> Result<()> {
        self.check()?;
        self.halfway = true;
        if data.len() < SMALL {
            self.small.extend_from_slice(&data);
            if self.small.len() >= GATHERED {
                self.send_gathered().await?;
            }
        } else {
            self.send_gathered().await?;
            self.send(data).await?;
        }
        self.halfway = false;
        Ok(())
    }

    async fn copy_from(&mut self, from: &RemotePath) -> Result<u64> {
        self.check()?;
        if !self.copy_data {
            return Err(self.unsupported("the server does not offer copy-data"));
        }
        let (source, size) = open::for_reading(self.stripes.first().client(), from).await?;
        // A file of /proc has contents and no size.
        let Some(size) = size else {
            return Err(self.unsupported("the size of what is to be copied is not known"));
        };
        self.halfway = true;
        self.flush().await?;
        let outcome = self.append(&source, size).await;
        self.halfway = false;
        if outcome.is_ok() {
            self.settled = self.next;
        }
        outcome.map(|()| size)
    }

    async fn finish(self: Box<Self>) -> Result<()> {
        self.end(Attrs::default(), None).await.map(drop)
    }

    async fn finish_as(self: Box<Self>, place: Place<'_>) -> Result<Finished> {
        let (attrs, None) = Attrs::of_changes(place.attributes)? else {
            return self.finish().await.map(|()| Finished::Closed);
        };
        let must_be_free = place.overwrite == Overwrite::Refuse;
        let (client, posix) = (self.stripes.first().client().clone(), self.posix_rename);
        let from = self.path.clone();
        let ended = self.end(attrs, must_be_free.then_some(place.path)).await?;
        if !ended.attributes_set {
            return Ok(Finished::Closed);
        }
        rename(
            &client,
            posix,
            &from,
            place.path,
            place.overwrite,
            ended.taken,
        )
        .await?;
        Ok(Finished::Placed)
    }

    async fn abort(self: Box<Self>) {
        // Dropping gives up what is under way and closes the file behind it, in the
        // order of the queue: a server that reuses the handle has seen the writes by then.
        drop(self);
    }

    fn settled(&self) -> Option<u64> {
        // Requests are settled in the order they were sent, and none after the first failure.
        Some(self.settled)
    }
}
