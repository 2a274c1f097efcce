//! Writing: `PUT` of a file's content, its body sent as it comes.
//!
//! On a socket of its own, because an HTTP client hides what is wanted here: with
//! `Expect: 100-continue` the server says whether it takes the file before it is sent, and
//! a body can be broken off in the middle.

use super::answer::{refusal, unlike};
use async_trait::async_trait;
use bytes::Bytes;
use connection_core::fs::FileWriter;
use connection_core::{Error, ErrorKind, Result};
use reqwest::Url;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

const OPERATION: &str = "upload";

/// Longest answer taken.
const ANSWER_BYTES: u64 = 64 * 1024;

/// Asks to write a file; returns once the server waits for its bytes.
pub(super) async fn open(url: &Url) -> Result<Box<dyn FileWriter>> {
    let (host, port) = (url.host_str().unwrap_or_default(), url.port());
    let address = format!("{host}:{}", port.unwrap_or(80));
    let stream = TcpStream::connect(&address).await.map_err(lost)?;
    let mut stream = BufReader::new(stream);
    let head = format!(
        "PUT {}?{} HTTP/1.1\r\nHost: {address}\r\nTransfer-Encoding: chunked\r\n\
         Expect: 100-continue\r\nConnection: close\r\n\r\n",
        url.path(),
        url.query().unwrap_or_default()
    );
    stream.write_all(head.as_bytes()).await.map_err(lost)?;
    let answer = Answer::read(&mut stream).await?;
    if answer.status != 100 {
        return Err(answer.error());
    }
    Ok(Box::new(Writer(stream)))
}

struct Writer(BufReader<TcpStream>);

impl Writer {
    /// Sends bytes; one the server refuses has its answer behind it.
    async fn send(&mut self, bytes: &[u8]) -> Result<()> {
        match self.0.write_all(bytes).await {
            Ok(()) => Ok(()),
            Err(error) => Err(match Answer::read(&mut self.0).await {
                Ok(answer) => answer.error(),
                Err(_) => lost(error),
            }),
        }
    }
}

#[async_trait]
impl FileWriter for Writer {
    async fn write(&mut self, data: Bytes) -> Result<()> {
        if data.is_empty() {
            // An empty chunk is the end of a body.
            return Ok(());
        }
        self.send(format!("{:x}\r\n", data.len()).as_bytes())
            .await?;
        self.send(&data).await?;
        self.send(b"\r\n").await
    }

    async fn finish(mut self: Box<Self>) -> Result<()> {
        self.send(b"0\r\n\r\n").await?;
        let answer = Answer::read(&mut self.0).await?;
        match answer.status {
            200 => Ok(()),
            _ => Err(answer.error()),
        }
    }

    async fn abort(self: Box<Self>) {
        // The body breaks off with the connection, as it does when the writer is dropped.
        drop(self);
    }
}

fn lost(error: std::io::Error) -> Error {
    Error::new(ErrorKind::ConnectionLost, OPERATION, error.to_string()).caused_by(error)
}

struct Answer {
    status: u16,
    body: String,
}

impl Answer {
    /// An interim answer is its head; any other closes the connection behind it.
    async fn read(stream: &mut BufReader<TcpStream>) -> Result<Self> {
        let mut first = String::new();
        let mut stream = stream.take(ANSWER_BYTES);
        stream.read_line(&mut first).await.map_err(lost)?;
        let status = first.split(' ').nth(1).and_then(|s| s.parse().ok());
        let status = status.ok_or_else(|| unlike(OPERATION, format!("{first:?}")))?;
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await.map_err(lost)? == 0 || line == "\r\n" {
                break;
            }
        }
        let mut body = String::new();
        if status >= 200 {
            stream.read_to_string(&mut body).await.map_err(lost)?;
        }
        Ok(Self { status, body })
    }

    fn error(&self) -> Error {
        refusal(OPERATION, self.status, &self.body)
    }
}
