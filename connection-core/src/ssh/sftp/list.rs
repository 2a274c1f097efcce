//! Listing a directory page by page, with several `READDIR`s in flight.

use super::call::{Call, OpenHandle};
use super::longname;
use super::reply::{NameEntry, Reply};
use super::request::Request;
use super::status::{Doing, END_OF_FILE, Fault};
use crate::error::{ErrorKind, Result};
use crate::fs::{DirPages, Entry, FileType};
use crate::path::{RemoteName, RemotePath};
use async_trait::async_trait;
use bytes::Bytes;
use std::collections::VecDeque;

const OPERATION: &str = "list directory";

/// Requests in flight at the start: one for the names, one for the end, which is all a
/// small directory needs.
const FIRST_REQUESTS: usize = 2;

/// Most requests in flight. A page of OpenSSH is some 20 KiB, one of a hostile server at
/// most a packet: far below what a transfer may hold either way.
const MAX_REQUESTS: usize = 16;

/// Pages after which the requests in flight are doubled: the directory is a large one.
const PAGES_PER_STEP: usize = 4;

/// Pages in a row without anything new before the server is taken to be broken.
const MAX_IDLE_PAGES: u32 = 100;

/// An open listing.
pub(super) struct SftpPages {
    handle: OpenHandle,
    path: RemotePath,
    calls: VecDeque<Call>,
    window: usize,
    pages: usize,
    idle: u32,
    /// First name of the page before, to notice a server that repeats itself for ever.
    first_name: Bytes,
    /// The end was seen: what is still in flight is only collected.
    ended: bool,
}

impl SftpPages {
    pub(super) fn new(handle: OpenHandle, path: RemotePath) -> Self {
        Self {
            handle,
            path,
            calls: VecDeque::new(),
            window: FIRST_REQUESTS,
            pages: 0,
            idle: 0,
            first_name: Bytes::new(),
            ended: false,
        }
    }

    async fn fill(&mut self) -> Result<(), Fault> {
        while !self.ended && self.calls.len() < self.window {
            let request = Request::ReadDir(self.handle.bytes());
            let call = self.handle.client().submit(request).await?;
            self.calls.push_back(call);
        }
        Ok(())
    }

    /// Ends the listing with this fault.
    fn fail(&mut self, fault: Fault) -> crate::error::Error {
        self.ended = true;
        self.calls.clear();
        let doing = Doing {
            operation: OPERATION,
            path: &self.path,
        };
        doing.failed(fault)
    }

    /// Whether this page brings something, or the server has been idle for too long.
    fn check_progress(&mut self, names: &[NameEntry]) -> Result<()> {
        let first = names.first().map(|entry| &entry.name);
        if first.is_none_or(|first| *first == self.first_name) {
            self.idle += 1;
        } else {
            self.idle = 0;
        }
        if let Some(first) = first {
            self.first_name = Bytes::copy_from_slice(first);
        }
        if self.idle < MAX_IDLE_PAGES {
            return Ok(());
        }
        self.ended = true;
        self.calls.clear();
        let doing = Doing {
            operation: OPERATION,
            path: &self.path,
        };
        Err(doing.error(
            ErrorKind::Protocol,
            "the server keeps sending pages with nothing new in them",
        ))
    }
}

#[async_trait]
impl DirPages for SftpPages {
    async fn next_page(&mut self) -> Result<Option<Vec<Entry>>> {
        loop {
            if let Err(fault) = self.fill().await {
                return Err(self.fail(fault));
            }
            let Some(call) = self.calls.front_mut() else {
                return Ok(None);
            };
            let reply = call.reply().await;
            self.calls.pop_front();
            let names = match reply {
                Ok(Reply::Names(names)) => names,
                // A server that works on several requests at once may give the end to an
                // earlier one and names to a later one.
                Err(fault) if fault.code() == Some(END_OF_FILE) => {
                    self.ended = true;
                    continue;
                }
                Err(fault) => return Err(self.fail(fault)),
                Ok(other) => {
                    let fault = self.handle.client().reject(&other);
                    return Err(self.fail(fault));
                }
            };
            self.check_progress(&names)?;
            self.pages += 1;
            if self.pages.is_multiple_of(PAGES_PER_STEP) {
                self.window = (self.window * 2).min(MAX_REQUESTS);
            }
            let page: Vec<Entry> = names
                .into_iter()
                .filter(|entry| !matches!(entry.name.as_ref(), b"." | b".."))
                .map(entry_of)
                .collect();
            if !page.is_empty() {
                return Ok(Some(page));
            }
        }
    }
}

fn entry_of(entry: NameEntry) -> Entry {
    let mut metadata = entry.attrs.metadata();
    let long = longname::parse(&entry.long_name, &entry.name);
    if entry.attrs.file_type().is_none() {
        metadata.file_type = long.file_type.unwrap_or(FileType::Other);
    }
    // A number in the place of a name means that the server found none.
    let is_id = |name: &str, id: Option<u32>| id.is_some_and(|id| name == id.to_string());
    metadata.owner = long.owner.filter(|name| !is_id(name, metadata.uid));
    metadata.group = long.group.filter(|name| !is_id(name, metadata.gid));
    Entry {
        name: RemoteName::new(entry.name.as_ref()),
        metadata,
        link_target: None,
    }
}
