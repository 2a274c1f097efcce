//! The socket as the library sees it: bytes are counted, read in large pieces, and begin
//! with the identification line whatever the server sent before it.

use super::wire::Wire;
use crate::net;
use crate::ssh::banner::{BannerReader, Progress};
use socket2::SockRef;
use std::cell::RefCell;
use std::io;
use std::net::Shutdown;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_util::sync::DropGuard;

/// The library reads a packet's length and its body by two calls; one read of this size
/// holds several full packets.
const BUFFER: usize = 128 * 1024;

/// Free buffers a thread keeps. A link holds one only while there is something in it, so
/// that an idle link costs none and the links of a thread share what is in the cache.
const SPARE: usize = 4;

thread_local! {
    static SPARES: RefCell<Vec<Box<[u8]>>> = const { RefCell::new(Vec::new()) };
}

fn borrow_buffer() -> Box<[u8]> {
    let spare = SPARES.with_borrow_mut(Vec::pop);
    spare.unwrap_or_else(|| vec![0; BUFFER].into_boxed_slice())
}

fn give_back(buffer: Box<[u8]>) {
    SPARES.with_borrow_mut(|spares| {
        if spares.len() < SPARE {
            spares.push(buffer);
        }
    });
}

pub(super) struct WireStream {
    // Dropped before `_gone`, whose end says that the socket is closed.
    socket: Arc<TcpStream>,
    wire: Arc<Wire>,
    banner: Option<BannerReader>,
    /// What came and was not read yet; empty with nothing between `start` and `end`.
    buffer: Box<[u8]>,
    start: usize,
    end: usize,
    /// The identification line, to be read before what is in the buffer.
    line: io::Cursor<Vec<u8>>,
    _gone: DropGuard,
}

impl WireStream {
    pub(super) fn new(socket: Arc<TcpStream>, wire: Arc<Wire>) -> Self {
        Self {
            socket,
            banner: Some(BannerReader::default()),
            buffer: Box::default(),
            start: 0,
            end: 0,
            line: io::Cursor::new(Vec::new()),
            _gone: wire.gone.clone().drop_guard(),
            wire,
        }
    }

    /// Fills the buffer with what has come; `Ok(0)` is the end.
    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        loop {
            if self.socket.poll_read_ready(cx)?.is_pending() {
                self.release();
                return Poll::Pending;
            }
            if self.buffer.is_empty() {
                self.buffer = borrow_buffer();
            }
            match self.socket.try_read(&mut self.buffer) {
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
                Err(e) => return Poll::Ready(Err(e)),
                Ok(n) => {
                    self.start = 0;
                    self.end = n;
                    self.wire.heard(n);
                    net::acknowledge(SockRef::from(&*self.socket), n);
                    return Poll::Ready(Ok(n));
                }
            }
        }
    }

    /// Gives the buffer back; everything in it has been read.
    fn release(&mut self) {
        (self.start, self.end) = (0, 0);
        if !self.buffer.is_empty() {
            give_back(std::mem::take(&mut self.buffer));
        }
    }

    /// Reads up to and including the identification line.
    fn poll_banner(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some(mut reader) = self.banner.take() {
            let filled = match self.poll_fill(cx) {
                Poll::Ready(filled) => filled,
                Poll::Pending => {
                    self.banner = Some(reader);
                    return Poll::Pending;
                }
            };
            let failure = match filled {
                Err(e) => reader.failure("the connection broke", Some(e)),
                Ok(0) => reader.failure("the peer closed the connection", None),
                Ok(n) => {
                    let (taken, progress) = reader.feed(self.buffer.get(..n).unwrap_or_default());
                    match progress {
                        Progress::More => {
                            self.banner = Some(reader);
                            continue;
                        }
                        Progress::Version(version) => {
                            self.start = taken;
                            self.line = io::Cursor::new(format!("{version}\r\n").into_bytes());
                            let _ = self.wire.version.set(version);
                            return Poll::Ready(Ok(()));
                        }
                        Progress::NotSsh(why) => reader.failure(why, None),
                    }
                }
            };
            self.wire.refuse(failure);
            return Poll::Ready(Err(io::ErrorKind::InvalidData.into()));
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncRead for WireStream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_banner(cx))?;
        let read = usize::try_from(this.line.position()).unwrap_or(usize::MAX);
        if let Some(rest) = this.line.get_ref().get(read..).filter(|r| !r.is_empty()) {
            let n = rest.len().min(out.remaining());
            out.put_slice(rest.get(..n).unwrap_or_default());
            this.line.set_position(this.line.position() + n as u64);
            return Poll::Ready(Ok(()));
        }
        if this.start == this.end && ready!(this.poll_fill(cx))? == 0 {
            return Poll::Ready(Ok(()));
        }
        let n = (this.end - this.start).min(out.remaining());
        out.put_slice(
            this.buffer
                .get(this.start..this.start + n)
                .unwrap_or_default(),
        );
        this.start += n;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for WireStream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.socket.poll_write_ready(cx))?;
            match self.socket.try_write(data) {
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
                outcome => return Poll::Ready(outcome),
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        // A peer that went first has shut it down already.
        let _ = SockRef::from(&*self.socket).shutdown(Shutdown::Write);
        Poll::Ready(Ok(()))
    }
}
