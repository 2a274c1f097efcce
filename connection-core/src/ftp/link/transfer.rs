//! A transfer under way, as something to read from or write to.

use super::super::deadline::Deadline;
use super::super::interrupt::Interrupt;
use super::super::tls::Start;
use super::Stream;
use std::io::{self, Read, Write};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use suppaftp::DataStream;

/// An open data connection. Dropped before [`super::Link::finish`], it ends the whole connection.
pub(in crate::ftp) struct Data {
    pub(super) stream: Option<Stream>,
    interrupt: Arc<Interrupt>,
    cut_off: Option<Arc<AtomicBool>>,
    pub(super) start: Option<Start>,
    pub(super) total: Option<Deadline>,
}

impl Data {
    pub(super) fn new(stream: Stream, interrupt: Arc<Interrupt>, total: Option<Deadline>) -> Self {
        let (cut_off, start) = match stream.get_ref() {
            DataStream::Tcp(_) => (None, None),
            DataStream::Ssl(conn) => (conn.cut_off(), conn.start()),
        };
        Self {
            stream: Some(stream),
            interrupt,
            cut_off,
            start,
            total,
        }
    }

    /// The same at its end, for one whose last reply is read.
    pub(super) fn ended(&self) -> Self {
        Self {
            stream: None,
            interrupt: self.interrupt.clone(),
            cut_off: self.cut_off.clone(),
            start: None,
            total: None,
        }
    }

    /// What came of reading or writing. The end of a connection that was ended on this side
    /// is not the end of the data.
    fn moved(&self, outcome: io::Result<usize>) -> io::Result<usize> {
        if !self.interrupt.is_fired() || matches!(outcome, Ok(1..)) {
            return outcome;
        }
        let late = self.total.as_ref().is_some_and(Deadline::has_passed);
        Err(if late {
            io::ErrorKind::TimedOut.into()
        } else {
            io::ErrorKind::ConnectionAborted.into()
        })
    }

    /// Set once the data ended without TLS's own end mark.
    pub(in crate::ftp) fn cut_off(&self) -> Option<Arc<AtomicBool>> {
        self.cut_off.clone()
    }
}

impl Read for Data {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = match &mut self.stream {
            Some(stream) => stream.read(buf),
            None => return Ok(0),
        };
        self.moved(read)
    }
}

impl Write for Data {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let written = match &mut self.stream {
            Some(stream) => stream.write(buf),
            None => return Err(io::ErrorKind::NotConnected.into()),
        };
        self.moved(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.stream {
            Some(stream) => stream.flush(),
            None => Ok(()),
        }
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        if self.stream.is_some() {
            // `suppaftp` waits for the final reply when a transfer is dropped; with the
            // sockets shut down it returns at once.
            self.interrupt.fire();
        }
    }
}
