//! Reading a file with many requests in flight.
//!
//! Requests are slots in the order of the file; replies may come in any order. What is in
//! flight or waits unread is bounded by the window, so a slow caller simply stops asking.

use super::call::{Call, OpenHandle};
use super::pace::Pace;
use super::reply::Reply;
use super::request::Request;
use super::status::{Doing, END_OF_FILE, Fault};
use crate::error::{ErrorKind, Result};
use crate::fs::FileReader;
use crate::path::RemotePath;
use async_trait::async_trait;
use bytes::Bytes;
use std::collections::VecDeque;
use std::time::Instant;

const OPERATION: &str = "read file";

/// A server whose reads come short is asked for less, but never for less than this.
const MIN_CHUNK: u32 = 4096;

/// Empty answers in a row before the server is taken to be broken.
const MAX_EMPTY: u32 = 16;

/// Part of the file that was asked for, or is to be asked for again.
struct Slot {
    offset: u64,
    length: u32,
    /// `None`: not sent, or answered in part.
    call: Option<Call>,
    /// When it was sent first.
    asked: Instant,
    /// Bytes the first, short answer had.
    short: Option<u32>,
}

/// A file open for reading.
pub(super) struct SftpReader {
    /// `None` once the end was reached.
    handle: Option<OpenHandle>,
    path: RemotePath,
    chunk: u32,
    /// Where the next new slot begins.
    next: u64,
    /// Where the file ended when it was opened. Not believed: the last request asks for a
    /// byte beyond it, and when that is there, the hint is dropped.
    size_hint: Option<u64>,
    asked_beyond: bool,
    slots: VecDeque<Slot>,
    /// Bytes of all slots.
    outstanding: usize,
    pace: Pace,
    empty: u32,
}

impl SftpReader {
    /// Reads from `offset` on, `chunk` bytes at a time.
    pub(super) fn new(
        handle: OpenHandle,
        path: RemotePath,
        chunk: u32,
        offset: u64,
        size_hint: Option<u64>,
    ) -> Self {
        // Beyond this offset no file system has bytes, and servers answer with errors.
        let possible = i64::try_from(offset).is_ok();
        Self {
            pace: Pace::new(chunk as usize, handle.client().transfer()),
            handle: possible.then_some(handle),
            path,
            chunk,
            next: offset,
            size_hint,
            asked_beyond: false,
            slots: VecDeque::new(),
            outstanding: 0,
            empty: 0,
        }
    }

    fn doing(&self) -> Doing<'_> {
        Doing {
            operation: OPERATION,
            path: &self.path,
        }
    }

    /// Length of the next new slot; `None` while nothing more should be asked for.
    fn next_length(&self) -> Option<u32> {
        let length = match self.size_hint {
            Some(size) if self.next < size => {
                let beyond =
                    u32::try_from((size - self.next).saturating_add(1)).unwrap_or(u32::MAX);
                self.chunk.min(beyond)
            }
            Some(_) if self.asked_beyond => return None,
            _ => self.chunk,
        };
        let fits = self.outstanding + length as usize <= self.pace.window();
        // One at least, whatever the window.
        (fits || self.slots.is_empty()).then_some(length)
    }

    /// Sends what should be in flight.
    async fn fill(&mut self) -> Result<(), Fault> {
        let Some(handle) = &self.handle else {
            return Ok(());
        };
        if let Some(slot) = self.slots.front_mut()
            && slot.call.is_none()
        {
            slot.call = Some(ask(handle, slot.offset, slot.length).await?);
        }
        while let Some(length) = self.next_length() {
            let Some(handle) = &self.handle else { break };
            let call = ask(handle, self.next, length).await?;
            self.slots.push_back(Slot {
                offset: self.next,
                length,
                call: Some(call),
                asked: Instant::now(),
                short: None,
            });
            self.outstanding += length as usize;
            self.next = self.next.saturating_add(u64::from(length));
            self.asked_beyond = self.size_hint.is_some_and(|size| self.next > size);
        }
        Ok(())
    }

    /// The reply to the first slot, and whether it had to be waited for.
    async fn first_reply(&mut self) -> Option<(Result<Reply, Fault>, bool)> {
        let call = self.slots.front_mut()?.call.as_mut()?;
        match call.try_reply() {
            Some(reply) => Some((reply, false)),
            None => Some((call.reply().await, true)),
        }
    }

    /// Takes the bytes of the first slot; empty when the server sent none.
    fn take(&mut self, data: Bytes, waited: bool) -> Bytes {
        let Some(slot) = self.slots.front_mut() else {
            return Bytes::new();
        };
        // Never more than was asked for: that was checked when it came.
        let got = u32::try_from(data.len())
            .unwrap_or(u32::MAX)
            .min(slot.length);
        if got > 0
            && let Some(short) = slot.short
        {
            // The file went on behind a short answer: the server gives no more at once.
            self.chunk = self.chunk.min(short.max(MIN_CHUNK));
        }
        slot.offset = slot.offset.saturating_add(u64::from(got));
        slot.length -= got;
        slot.call = None;
        slot.short = Some(slot.short.unwrap_or(got).max(got));
        self.outstanding -= got as usize;
        if got > 0 && self.size_hint.is_some_and(|size| slot.offset > size) {
            self.size_hint = None;
            self.asked_beyond = false;
        }
        let now = Instant::now();
        let wait = waited.then(|| now.saturating_duration_since(slot.asked));
        // All that was promised, and not the byte beyond it: the file ends here.
        let ends_here = got > 0 && slot.length == 1 && self.size_hint == Some(slot.offset);
        if ends_here || slot.length == 0 {
            self.outstanding -= slot.length as usize;
            self.slots.pop_front();
        }
        self.pace.delivered(data.len(), wait, now);
        data
    }

    /// Gives up what is in flight and closes the file in the background.
    fn end(&mut self) {
        self.slots.clear();
        self.outstanding = 0;
        self.handle = None;
    }
}

async fn ask(handle: &OpenHandle, offset: u64, length: u32) -> Result<Call, Fault> {
    let request = Request::Read {
        handle: handle.bytes(),
        offset,
        length,
    };
    handle.client().submit(request).await
}

#[async_trait]
impl FileReader for SftpReader {
    async fn next_chunk(&mut self) -> Result<Option<Bytes>> {
        loop {
            if let Err(fault) = self.fill().await {
                self.end();
                return Err(self.doing().failed(fault));
            }
            let Some((reply, waited)) = self.first_reply().await else {
                self.end();
                return Ok(None);
            };
            match reply {
                Ok(Reply::Data(data)) => {
                    let data = self.take(data, waited);
                    if !data.is_empty() {
                        self.empty = 0;
                        return Ok(Some(data));
                    }
                    self.empty += 1;
                    if self.empty > MAX_EMPTY {
                        self.end();
                        return Err(self.doing().error(
                            ErrorKind::Protocol,
                            "the server answers reads with no bytes, and with no end of file",
                        ));
                    }
                }
                Err(fault) if fault.code() == Some(END_OF_FILE) => {
                    self.end();
                    return Ok(None);
                }
                Err(fault) => {
                    self.end();
                    return Err(self.doing().failed(fault));
                }
                Ok(other) => {
                    let fault = self.handle.as_ref().map(|h| h.client().reject(&other));
                    self.end();
                    return match fault {
                        Some(fault) => Err(self.doing().failed(fault)),
                        None => Ok(None),
                    };
                }
            }
        }
    }
}
