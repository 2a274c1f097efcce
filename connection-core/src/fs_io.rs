//! Remote files as tokio streams, for programs that copy with what they know: any
//! [`AsyncRead`] and [`AsyncWrite`] code works on a [`FileReader`] and a [`FileWriter`].
//!
//! Knows no backend: both adapters stand on the traits of [`crate::fs`] alone, and hold one
//! chunk beside what the backend has in flight.

use crate::error::{Error, ErrorKind};
use crate::fs::{FileReader, FileWriter};
use bytes::{Buf, Bytes, BytesMut};
use futures::future::BoxFuture;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What a [`WriteStream`] gathers before it hands a chunk on: small writes would otherwise
/// each be a packet.
const CHUNK: usize = 256 * 1024;

type Result<T> = std::result::Result<T, Error>;

/// A [`FileReader`] as an [`AsyncRead`]. Dropping it closes the file.
///
/// ```no_run
/// # async fn example(fs: &dyn connection_core::fs::RemoteFs) -> Result<(), Box<dyn std::error::Error>> {
/// use connection_core::fs_io::ReadStream;
/// use connection_core::path::RemotePath;
/// use tokio::io::{AsyncBufReadExt, BufReader};
///
/// let path = RemotePath::from_text("/var/log/syslog")?;
/// let file = ReadStream::new(fs.open_read(&path, 0).await?);
/// let mut lines = BufReader::new(file).lines();
/// while let Some(line) = lines.next_line().await? {
///     println!("{line}");
/// }
/// # Ok(())
/// # }
/// ```
pub struct ReadStream {
    state: Reading,
    rest: Bytes,
}

type ReadStep = BoxFuture<'static, (Box<dyn FileReader>, Result<Option<Bytes>>)>;

enum Reading {
    Idle(Box<dyn FileReader>),
    Waiting(ReadStep),
    /// The end, or an error, was reported.
    Ended,
}

impl ReadStream {
    /// Reads on from where the reader is.
    pub fn new(reader: Box<dyn FileReader>) -> Self {
        Self {
            state: Reading::Idle(reader),
            rest: Bytes::new(),
        }
    }
}

impl AsyncRead for ReadStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        while this.rest.is_empty() && buf.remaining() > 0 {
            let mut step = match std::mem::replace(&mut this.state, Reading::Ended) {
                Reading::Ended => return Poll::Ready(Ok(())),
                Reading::Waiting(step) => step,
                Reading::Idle(mut reader) => Box::pin(async move {
                    let chunk = reader.next_chunk().await;
                    (reader, chunk)
                }) as ReadStep,
            };
            let Poll::Ready((reader, chunk)) = step.as_mut().poll(cx) else {
                this.state = Reading::Waiting(step);
                return Poll::Pending;
            };
            match chunk {
                Ok(Some(chunk)) => {
                    this.rest = chunk;
                    this.state = Reading::Idle(reader);
                }
                Ok(None) => return Poll::Ready(Ok(())),
                Err(error) => return Poll::Ready(Err(into_io(error))),
            }
        }
        let taken = this.rest.len().min(buf.remaining());
        buf.put_slice(&this.rest.split_to(taken));
        Poll::Ready(Ok(()))
    }
}

/// A [`FileWriter`] as an [`AsyncWrite`].
///
/// Nothing is promised of the file until `shutdown` returned: it hands on what is gathered,
/// brings everything to the server's disk, where it can, and closes the file. Dropping the
/// stream before leaves the file incomplete. `flush` hands on what is gathered.
///
/// ```no_run
/// # async fn example(fs: &dyn connection_core::fs::RemoteFs) -> Result<(), Box<dyn std::error::Error>> {
/// use connection_core::fs::{WriteMode, WriteOptions};
/// use connection_core::fs_io::WriteStream;
/// use connection_core::path::RemotePath;
/// use tokio::io::AsyncWriteExt;
///
/// let path = RemotePath::from_text("/tmp/report.txt")?;
/// let options = WriteOptions { mode: WriteMode::CreateNew, permissions: None };
/// let mut file = WriteStream::new(fs.open_write(&path, options).await?);
/// file.write_all(b"all is well\n").await?;
/// file.shutdown().await?;
/// # Ok(())
/// # }
/// ```
pub struct WriteStream {
    state: Writing,
    gathered: BytesMut,
}

type WriteStep = BoxFuture<'static, (Box<dyn FileWriter>, Result<()>)>;

enum Writing {
    Idle(Box<dyn FileWriter>),
    Handing(WriteStep),
    Finishing(BoxFuture<'static, Result<()>>),
    /// Finished, or failed.
    Ended {
        whole: bool,
    },
}

impl WriteStream {
    /// Writes on from where the writer is.
    pub fn new(writer: Box<dyn FileWriter>) -> Self {
        Self {
            state: Writing::Idle(writer),
            gathered: BytesMut::new(),
        }
    }

    /// Brings a chunk that is being handed on to its end; afterwards the stream is idle.
    fn poll_idle(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.state {
            Writing::Idle(_) => Poll::Ready(Ok(())),
            Writing::Handing(step) => {
                let (writer, handed) = ready!(step.as_mut().poll(cx));
                match handed {
                    Ok(()) => {
                        self.state = Writing::Idle(writer);
                        Poll::Ready(Ok(()))
                    }
                    Err(error) => {
                        self.state = Writing::Ended { whole: false };
                        Poll::Ready(Err(into_io(error)))
                    }
                }
            }
            Writing::Finishing(_) | Writing::Ended { .. } => {
                let text = "the file is closed";
                Poll::Ready(Err(io::Error::new(io::ErrorKind::BrokenPipe, text)))
            }
        }
    }

    /// Hands on what is gathered.
    fn poll_hand_on(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            ready!(self.poll_idle(cx))?;
            if self.gathered.is_empty() {
                return Poll::Ready(Ok(()));
            }
            let chunk = self.gathered.split().freeze();
            self.state = match std::mem::replace(&mut self.state, Writing::Ended { whole: false }) {
                Writing::Idle(mut writer) => Writing::Handing(Box::pin(async move {
                    let handed = writer.write(chunk).await;
                    (writer, handed)
                })),
                other => other,
            };
        }
    }
}

impl AsyncWrite for WriteStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut data: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.gathered.len() >= CHUNK {
            ready!(self.poll_hand_on(cx))?;
        }
        if let Writing::Finishing(_) | Writing::Ended { .. } = &self.state {
            ready!(self.poll_idle(cx))?;
        }
        let taken = data.remaining().min(CHUNK - self.gathered.len());
        self.gathered.extend_from_slice(&data.copy_to_bytes(taken));
        Poll::Ready(Ok(taken))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.state {
            Writing::Ended { whole: true } => Poll::Ready(Ok(())),
            _ => self.poll_hand_on(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            match &mut self.state {
                Writing::Ended { whole: true } => return Poll::Ready(Ok(())),
                Writing::Finishing(step) => {
                    let finished = ready!(step.as_mut().poll(cx));
                    let whole = finished.is_ok();
                    self.state = Writing::Ended { whole };
                    return Poll::Ready(finished.map_err(into_io));
                }
                Writing::Idle(_) | Writing::Handing(_) | Writing::Ended { whole: false } => {
                    ready!(self.poll_hand_on(cx))?;
                    let ended = Writing::Ended { whole: false };
                    self.state = match std::mem::replace(&mut self.state, ended) {
                        Writing::Idle(writer) => Writing::Finishing(writer.finish()),
                        other => other,
                    };
                }
            }
        }
    }
}

/// As an error of a stream; the library's own error is its source.
fn into_io(error: Error) -> io::Error {
    let kind = match error.kind() {
        ErrorKind::NotFound => io::ErrorKind::NotFound,
        ErrorKind::PermissionDenied => io::ErrorKind::PermissionDenied,
        ErrorKind::AlreadyExists => io::ErrorKind::AlreadyExists,
        ErrorKind::IsADirectory => io::ErrorKind::IsADirectory,
        ErrorKind::NotADirectory => io::ErrorKind::NotADirectory,
        ErrorKind::NoSpace => io::ErrorKind::StorageFull,
        ErrorKind::QuotaExceeded => io::ErrorKind::QuotaExceeded,
        ErrorKind::TooLarge => io::ErrorKind::FileTooLarge,
        ErrorKind::TimedOut => io::ErrorKind::TimedOut,
        ErrorKind::Unsupported => io::ErrorKind::Unsupported,
        ErrorKind::InvalidInput => io::ErrorKind::InvalidInput,
        ErrorKind::ConnectionLost => io::ErrorKind::ConnectionAborted,
        ErrorKind::Incomplete => io::ErrorKind::UnexpectedEof,
        _ => io::ErrorKind::Other,
    };
    io::Error::new(kind, error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_trait::async_trait;
    use std::collections::VecDeque;
    use std::sync::{Arc, Mutex};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    struct Chunks(VecDeque<Result<Bytes>>);

    #[async_trait]
    impl FileReader for Chunks {
        async fn next_chunk(&mut self) -> Result<Option<Bytes>> {
            tokio::task::yield_now().await;
            self.0.pop_front().transpose()
        }
    }

    fn broken() -> Error {
        Error::new(ErrorKind::ConnectionLost, "read file", "gone")
    }

    #[tokio::test]
    async fn chunks_become_a_stream_of_any_step() {
        let all: Vec<u8> = (0..=255).cycle().take(10_000).collect();
        for step in [1, 7, 4096, 20_000] {
            let chunks = all.chunks(999).map(|c| Ok(Bytes::copy_from_slice(c)));
            let mut stream = ReadStream::new(Box::new(Chunks(chunks.collect())));
            let mut got = Vec::new();
            let mut buffer = vec![0; step];
            loop {
                let n = stream.read(&mut buffer).await.unwrap();
                if n == 0 {
                    break;
                }
                got.extend_from_slice(&buffer[..n]);
            }
            assert_eq!(got, all, "{step}");
            assert_eq!(stream.read(&mut buffer).await.unwrap(), 0);
        }
    }

    #[tokio::test]
    async fn an_error_comes_after_the_bytes_before_it() {
        let chunks = [Ok(Bytes::from_static(b"abc")), Err(broken())];
        let mut stream = ReadStream::new(Box::new(Chunks(chunks.into())));
        let mut got = Vec::new();
        let error = stream.read_to_end(&mut got).await.unwrap_err();
        assert_eq!(got, b"abc");
        assert_eq!(error.kind(), io::ErrorKind::ConnectionAborted);
        let source = error.get_ref().unwrap().downcast_ref::<Error>().unwrap();
        assert_eq!(source.kind(), ErrorKind::ConnectionLost);
    }

    #[derive(Default)]
    struct Disk {
        chunks: Vec<Bytes>,
        finished: bool,
        full_after: Option<usize>,
    }

    struct OnDisk(Arc<Mutex<Disk>>);

    #[async_trait]
    impl FileWriter for OnDisk {
        async fn write(&mut self, data: Bytes) -> Result<()> {
            tokio::task::yield_now().await;
            let mut disk = self.0.lock().unwrap();
            if disk.full_after.is_some_and(|n| disk.chunks.len() >= n) {
                return Err(Error::new(ErrorKind::NoSpace, "write file", "full"));
            }
            disk.chunks.push(data);
            Ok(())
        }

        async fn finish(self: Box<Self>) -> Result<()> {
            tokio::task::yield_now().await;
            self.0.lock().unwrap().finished = true;
            Ok(())
        }

        async fn abort(self: Box<Self>) {}
    }

    fn writer(disk: &Arc<Mutex<Disk>>) -> WriteStream {
        WriteStream::new(Box::new(OnDisk(Arc::clone(disk))))
    }

    #[tokio::test]
    async fn small_writes_are_gathered_and_a_shutdown_finishes() {
        let disk = Arc::new(Mutex::new(Disk::default()));
        let all: Vec<u8> = (0..=255).cycle().take(3 * CHUNK + 5).collect();
        let mut stream = writer(&disk);
        for part in all.chunks(1000) {
            stream.write_all(part).await.unwrap();
        }
        assert!(!disk.lock().unwrap().finished);
        stream.shutdown().await.unwrap();
        stream.shutdown().await.unwrap();
        let late = stream.write_all(b"late").await.unwrap_err();
        assert_eq!(late.kind(), io::ErrorKind::BrokenPipe);
        let disk = disk.lock().unwrap();
        assert!(disk.finished);
        assert_eq!(disk.chunks.concat(), all);
        assert_eq!(disk.chunks.len(), 4);
    }

    #[tokio::test]
    async fn a_flush_hands_on_and_an_error_ends_the_stream() {
        let disk = Arc::new(Mutex::new(Disk {
            full_after: Some(1),
            ..Disk::default()
        }));
        let mut stream = writer(&disk);
        stream.write_all(b"one").await.unwrap();
        stream.flush().await.unwrap();
        assert_eq!(disk.lock().unwrap().chunks.concat(), b"one");
        stream.write_all(b"two").await.unwrap();
        let full = stream.shutdown().await.unwrap_err();
        assert_eq!(full.kind(), io::ErrorKind::StorageFull);
        assert!(stream.shutdown().await.is_err());
        assert!(!disk.lock().unwrap().finished);
    }
}
