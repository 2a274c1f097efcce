//! The file of a recording while it is written. Blocks, so not for the async threads.

use super::asciicast::Asciicast;
use super::header::Header;
use super::info::RecordingEnd;
use super::queue::{Event, What};
use super::room::Part;
use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::time::Duration;

/// Bytes of lines gathered for one write.
const BLOCK: usize = 64 * 1024;

/// Room kept below the limit for the line that says that it was reached.
const LAST_WORDS: u64 = 256;

/// How far a batch got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// Everything is in the file.
    All,
    /// The file is as large as it may be.
    UpToLimit,
    /// All recordings together are as large as they may be.
    UpToTotal,
}

/// A recording's file.
pub(super) struct Sink {
    file: File,
    header: Header,
    header_length: usize,
    cast: Asciicast,
    /// Bytes in the file, which are whole lines.
    length: u64,
    limit: u64,
    part: Part,
    /// Lines that are not in the file yet.
    lines: Vec<u8>,
}

impl Sink {
    /// Begins a recording in an empty file, within its part of the room. The header is in
    /// the file when this returns.
    pub(super) fn new(mut file: File, header: Header, limit: u64, part: Part) -> io::Result<Self> {
        let line = header.line().map_err(io::Error::other)?;
        file.write_all(&line)?;
        Ok(Self {
            file,
            header,
            header_length: line.len(),
            cast: Asciicast::default(),
            length: line.len() as u64,
            limit,
            part,
            lines: Vec::new(),
        })
    }

    /// Writes events. Once it returns they outlive the process.
    pub(super) fn write(&mut self, events: Vec<Event>) -> io::Result<Written> {
        for event in events {
            let before = self.lines.len();
            self.add(event);
            let size = self.length + self.lines.len() as u64 + LAST_WORDS;
            if size > self.limit {
                self.lines.truncate(before);
                return Ok(Written::UpToLimit);
            }
            if !self.part.covers(size, self.limit) {
                self.lines.truncate(before);
                return Ok(Written::UpToTotal);
            }
            if self.lines.len() >= BLOCK {
                self.flush()?;
            }
        }
        self.flush()?;
        Ok(Written::All)
    }

    fn add(&mut self, Event { at, what }: Event) {
        let lines = &mut self.lines;
        match what {
            What::Shown(bytes) => self.cast.shown(at, &bytes, lines),
            What::Typed(bytes) => self.cast.typed(at, &bytes, lines),
            What::Resized(columns, rows) => self.cast.resized(at, columns, rows, lines),
            What::Lost(lost) => self.cast.gap(at, lost, lines),
        }
    }

    /// Ends the recording: the last words, and how it ended. Returns that, which is another
    /// end when this cannot be written.
    pub(super) fn close(&mut self, at: Duration, end: RecordingEnd) -> RecordingEnd {
        let last_words = match &end {
            RecordingEnd::Failed(_) => Ok(()),
            RecordingEnd::Finished => {
                self.cast.flush(at, &mut self.lines);
                self.flush().and_then(|()| self.sync())
            }
            RecordingEnd::SizeLimit => {
                let limit = self.limit;
                self.mark(
                    at,
                    &format!("recording ended: limit of {limit} bytes reached"),
                )
            }
            RecordingEnd::TotalLimit => {
                let limit = self.part.limit();
                let text =
                    format!("recording ended: limit of {limit} bytes for all recordings reached");
                self.mark(at, &text)
            }
        };
        let end = match last_words {
            Ok(()) => end,
            Err(error) => RecordingEnd::Failed(error.to_string()),
        };
        let at = self.cast.last().max(at);
        self.header.end(at, end.clone());
        // In place of the first one and as long, which works on a full disk too.
        let line = self.header.line_of(self.header_length);
        let noted = match line {
            Some(line) => self.file.write_all_at(&line, 0),
            None => Err(io::Error::other("the header has no room")),
        };
        if let Err(error) = noted {
            tracing::debug!(%error, "a recording's end could not be noted in its header");
        }
        self.part.settle(self.length);
        end
    }

    /// Adds the last words, for which there is room in both limits.
    fn mark(&mut self, at: Duration, text: &str) -> io::Result<()> {
        self.cast.marker(at, text, &mut self.lines);
        self.flush().and_then(|()| self.sync())
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut rest = self.lines.as_slice();
        while !rest.is_empty() {
            match self.file.write(rest) {
                Ok(0) => return self.cut(rest.len(), io::ErrorKind::WriteZero.into()),
                Ok(n) => rest = rest.get(n..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return self.cut(rest.len(), error),
            }
        }
        self.length += self.lines.len() as u64;
        self.lines.clear();
        Ok(())
    }

    /// Of lines whose last `missing` bytes could not be written, leaves the whole ones in
    /// the file.
    fn cut(&mut self, missing: usize, error: io::Error) -> io::Result<()> {
        let written = self.lines.len().saturating_sub(missing);
        let written = self.lines.get(..written).unwrap_or_default();
        let whole = written
            .iter()
            .rposition(|b| *b == b'\n')
            .map_or(0, |n| n + 1);
        self.length += whole as u64;
        self.lines.clear();
        // A torn line is cut off by readers too.
        let _ = self.file.set_len(self.length);
        Err(error)
    }

    /// Some file systems tell only now that there is no room. What cannot be synced, such
    /// as a pipe, has nothing to tell.
    fn sync(&self) -> io::Result<()> {
        match self.file.sync_data() {
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
            other => other,
        }
    }
}
