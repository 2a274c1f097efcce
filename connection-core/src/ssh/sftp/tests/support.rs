//! Channels for tests: over a byte stream, to a real `sftp-server`, through a proxy that
//! changes packets, and to a server made of a few lines of script.

use super::super::SftpFs;
use crate::error::{Error, ErrorKind, Result};
use crate::path::{RemoteName, RemotePath};
use crate::ssh::engine::{Channel, ChannelEvent, ChannelReceiver, ChannelRequest, ChannelSender};
use async_trait::async_trait;
use bytes::{BufMut, Bytes, BytesMut};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream};

/// Long enough for a busy machine; no test waits for it.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

const SERVERS: [&str; 2] = [
    "/usr/lib/openssh/sftp-server",
    "/usr/libexec/openssh/sftp-server",
];

struct StreamSender<W>(Option<W>);
struct StreamReceiver<R>(R, usize);

/// A channel over a byte stream, whose chunks are at most `chunk` bytes.
pub(super) fn channel<S>(stream: S, chunk: usize) -> Channel
where
    S: AsyncRead + AsyncWrite + Send + 'static,
{
    let (read, write) = tokio::io::split(stream);
    Channel {
        sender: Box::new(StreamSender(Some(write))),
        receiver: Box::new(StreamReceiver(read, chunk)),
    }
}

fn lost(error: std::io::Error) -> Error {
    Error::new(ErrorKind::ConnectionLost, "test", error.to_string())
}

#[async_trait]
impl<W: AsyncWrite + Send + Unpin> ChannelSender for StreamSender<W> {
    async fn request(&mut self, _request: ChannelRequest) -> Result<()> {
        Ok(())
    }

    async fn write(&mut self, data: Bytes) -> Result<()> {
        let Some(stream) = &mut self.0 else {
            return Err(Error::new(ErrorKind::ConnectionLost, "test", "closed"));
        };
        stream.write_all(&data).await.map_err(lost)?;
        stream.flush().await.map_err(lost)
    }

    async fn eof(&mut self) -> Result<()> {
        Ok(())
    }

    async fn signal(&mut self, _name: &str) -> Result<()> {
        Ok(())
    }

    async fn resize(&mut self, _columns: u32, _rows: u32) -> Result<()> {
        Ok(())
    }

    async fn close(&mut self) {
        self.0 = None;
    }
}

#[async_trait]
impl<R: AsyncRead + Send + Unpin> ChannelReceiver for StreamReceiver<R> {
    async fn next(&mut self) -> Result<Option<ChannelEvent>> {
        let mut bytes = BytesMut::with_capacity(self.1);
        match self.0.read_buf(&mut bytes).await {
            Ok(0) => Ok(None),
            Ok(_) => Ok(Some(ChannelEvent::Data(bytes.freeze()))),
            Err(error) => Err(lost(error)),
        }
    }
}

/// A real `sftp-server` process, ended when dropped.
pub(super) struct Server {
    child: Child,
}

impl Server {
    /// The process.
    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts an `sftp-server` in a directory; as nobody in particular when `unprivileged`.
pub(super) fn start(directory: &Path, unprivileged: bool) -> (Server, tokio::net::UnixStream) {
    let binary = SERVERS
        .iter()
        .find(|path| Path::new(path).exists())
        .expect("no sftp-server: apt-get install openssh-sftp-server");
    let (ours, theirs) = std::os::unix::net::UnixStream::pair().unwrap();
    ours.set_nonblocking(true).unwrap();
    let output = theirs.try_clone().unwrap();
    let mut command = Command::new(binary);
    command
        .current_dir(directory)
        .stdin(Stdio::from(OwnedFd::from(theirs)))
        .stdout(Stdio::from(OwnedFd::from(output)))
        .stderr(Stdio::null());
    if unprivileged && is_root() {
        command.uid(65534).gid(65534);
    }
    let child = command.spawn().unwrap();
    let stream = tokio::net::UnixStream::from_std(ours).unwrap();
    (Server { child }, stream)
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self")
        .map(|facts| std::os::unix::fs::MetadataExt::uid(&facts) == 0)
        .unwrap_or(false)
}

/// A temporary directory, a server and a session on it.
pub(super) struct World {
    pub(super) fs: Arc<SftpFs>,
    pub(super) directory: tempfile::TempDir,
    pub(super) server: Server,
}

impl World {
    /// With the server as it is.
    pub(super) async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let (server, stream) = start(directory.path(), false);
        let fs = SftpFs::open(channel(stream, 64 * 1024), PATIENCE)
            .await
            .unwrap();
        Self {
            fs,
            directory,
            server,
        }
    }

    /// With an account that may not do everything.
    pub(super) async fn unprivileged() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let (server, stream) = start(Path::new("/"), true);
        let fs = SftpFs::open(channel(stream, 64 * 1024), PATIENCE)
            .await
            .unwrap();
        Self {
            fs,
            directory,
            server,
        }
    }

    /// With a proxy between client and server that changes what the server says.
    pub(super) async fn behind(change: impl Proxy) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let (server, stream) = start(directory.path(), false);
        let fs = SftpFs::open(channel(proxied(stream, change), 64 * 1024), PATIENCE)
            .await
            .unwrap();
        Self {
            fs,
            directory,
            server,
        }
    }

    /// The remote path of a name in the directory.
    pub(super) fn path(&self, name: impl AsRef<[u8]>) -> RemotePath {
        let base = self.directory.path().as_os_str().as_bytes();
        let base = RemotePath::parse(base, &RemotePath::root()).unwrap();
        base.join(&RemoteName::new(name.as_ref())).unwrap()
    }

    /// The directory itself.
    pub(super) fn root(&self) -> RemotePath {
        self.path("x").parent().unwrap()
    }

    /// The local path of a name in the directory.
    pub(super) fn local(&self, name: &str) -> std::path::PathBuf {
        self.directory.path().join(name)
    }
}

/// Changes what passes between client and server.
pub(super) trait Proxy: Send + 'static {
    /// A packet on its way to the server, without its length.
    fn request(&mut self, packet: Vec<u8>) -> Vec<Vec<u8>> {
        vec![packet]
    }

    /// A packet of the server.
    fn reply(&mut self, packet: Vec<u8>) -> Vec<Vec<u8>> {
        vec![packet]
    }

    /// Nothing more comes for the moment: what was held back.
    fn pause(&mut self) -> Vec<Vec<u8>> {
        Vec::new()
    }
}

/// Puts a proxy before a server.
pub(super) fn proxied<S>(server: S, proxy: impl Proxy) -> DuplexStream
where
    S: AsyncRead + AsyncWrite + Send + 'static,
{
    let (near, far) = tokio::io::duplex(1 << 20);
    let proxy = Arc::new(std::sync::Mutex::new(proxy));
    let (mut from_client, mut to_client) = tokio::io::split(far);
    let (mut from_server, mut to_server) = tokio::io::split(server);
    let requests = proxy.clone();
    tokio::spawn(async move {
        while let Some(packet) = read_packet(&mut from_client).await {
            let out = requests.lock().unwrap().request(packet);
            for packet in out {
                if to_server.write_all(&framed(&packet)).await.is_err() {
                    return;
                }
            }
        }
    });
    tokio::spawn(async move {
        let (send, mut packets) = tokio::sync::mpsc::channel(64);
        tokio::spawn(async move {
            while let Some(packet) = read_packet(&mut from_server).await {
                if send.send(packet).await.is_err() {
                    return;
                }
            }
        });
        loop {
            let next = tokio::time::timeout(Duration::from_millis(5), packets.recv()).await;
            let out = match next {
                Ok(Some(packet)) => proxy.lock().unwrap().reply(packet),
                Ok(None) => {
                    let _ = to_client.shutdown().await;
                    return;
                }
                Err(_) => proxy.lock().unwrap().pause(),
            };
            for packet in out {
                if to_client.write_all(&framed(&packet)).await.is_err() {
                    return;
                }
            }
        }
    });
    near
}

/// A packet with its length before it.
pub(super) fn framed(packet: &[u8]) -> Vec<u8> {
    let mut bytes = (packet.len() as u32).to_be_bytes().to_vec();
    bytes.extend_from_slice(packet);
    bytes
}

/// The next packet without its length.
pub(super) async fn read_packet(stream: &mut (impl AsyncRead + Unpin)) -> Option<Vec<u8>> {
    let length = stream.read_u32().await.ok()?;
    let mut packet = vec![0; length as usize];
    stream.read_exact(&mut packet).await.ok()?;
    Some(packet)
}

/// The server's end of a scripted conversation.
pub(super) struct Script(pub(super) DuplexStream);

/// A request as a script sees it.
pub(super) struct Asked {
    pub(super) kind: u8,
    pub(super) id: u32,
    pub(super) body: Vec<u8>,
}

impl Asked {
    /// The request in a packet.
    pub(super) fn of(packet: &[u8]) -> Self {
        Self {
            kind: packet[0],
            id: u32::from_be_bytes(packet[1..5].try_into().unwrap()),
            body: packet[5..].to_vec(),
        }
    }
}

impl Script {
    /// The next request; `None` when the client has gone.
    pub(super) async fn asked(&mut self) -> Option<Asked> {
        let packet = read_packet(&mut self.0).await?;
        Some(Asked::of(&packet))
    }

    /// Sends bytes as they are.
    pub(super) async fn raw(&mut self, bytes: &[u8]) {
        let _ = self.0.write_all(bytes).await;
    }

    /// Sends a reply.
    pub(super) async fn reply(&mut self, kind: u8, id: u32, body: &[u8]) {
        let mut packet = vec![kind];
        packet.extend_from_slice(&id.to_be_bytes());
        packet.extend_from_slice(body);
        self.raw(&framed(&packet)).await;
    }

    /// Sends a STATUS.
    pub(super) async fn status(&mut self, id: u32, code: u32, text: &str) {
        let mut body = BytesMut::new();
        body.put_u32(code);
        body.put_slice(&string(text.as_bytes()));
        body.put_slice(&string(b"en"));
        self.reply(101, id, &body).await;
    }

    /// Answers the version.
    pub(super) async fn hello(&mut self) {
        self.hello_with(&[]).await;
    }

    /// Answers the version and offers extensions.
    pub(super) async fn hello_with(&mut self, extensions: &[(&[u8], &[u8])]) {
        let init = read_packet(&mut self.0).await.unwrap();
        assert_eq!(init, [1, 0, 0, 0, 3]);
        let mut version = vec![2, 0, 0, 0, 3];
        for (name, data) in extensions {
            version.extend(string(name));
            version.extend(string(data));
        }
        self.raw(&framed(&version)).await;
    }
}

/// A string of the protocol.
pub(super) fn string(bytes: &[u8]) -> Vec<u8> {
    framed(bytes)
}

/// The attributes of a regular file of this size.
pub(super) fn file_attrs(size: u64) -> Vec<u8> {
    let mut body = BytesMut::new();
    body.put_u32(5);
    body.put_u64(size);
    body.put_u32(0o100_644);
    body.to_vec()
}

/// A session with a scripted server that has said hello.
pub(super) async fn scripted<F>(
    no_progress: Duration,
    script: impl FnOnce(Script) -> F + Send + 'static,
) -> Arc<SftpFs>
where
    F: Future<Output = ()> + Send + 'static,
{
    let (near, far) = tokio::io::duplex(1 << 20);
    tokio::spawn(async move {
        let mut server = Script(far);
        server.hello().await;
        script(server).await;
    });
    SftpFs::open(channel(near, 64 * 1024), no_progress)
        .await
        .unwrap()
}

/// Waits for a condition, for as long as is reasonable.
pub(super) async fn until(what: &str, condition: impl Fn() -> bool) {
    let deadline = std::time::Instant::now() + PATIENCE;
    while !condition() {
        assert!(
            std::time::Instant::now() < deadline,
            "never came true: {what}"
        );
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// A line of this delay each way between client and server, as fast as can be.
pub(super) fn delayed<S>(server: S, delay: Duration) -> DuplexStream
where
    S: AsyncRead + AsyncWrite + Send + 'static,
{
    delayed_telling(server, delay, |_| {})
}

/// The same, which tells how many bytes the server took.
pub(super) fn delayed_telling<S>(
    server: S,
    delay: Duration,
    taken: impl Fn(usize) + Send + 'static,
) -> DuplexStream
where
    S: AsyncRead + AsyncWrite + Send + 'static,
{
    let (near, far) = tokio::io::duplex(1 << 20);
    let (from_client, to_client) = tokio::io::split(far);
    let (from_server, to_server) = tokio::io::split(server);
    tokio::spawn(delay_line(from_client, to_server, delay, taken));
    tokio::spawn(delay_line(from_server, to_client, delay, |_| {}));
    near
}

/// Passes everything on after `delay`; `taken` gets how much arrived.
pub(in crate::ssh) async fn delay_line(
    mut from: impl AsyncRead + Unpin + Send + 'static,
    mut to: impl AsyncWrite + Unpin,
    delay: Duration,
    taken: impl Fn(usize),
) {
    let (send, mut arrived) = tokio::sync::mpsc::channel(4096);
    tokio::spawn(async move {
        loop {
            let mut bytes = BytesMut::with_capacity(64 * 1024);
            if from.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
                return;
            }
            let due = tokio::time::Instant::now() + delay;
            if send.send((due, bytes)).await.is_err() {
                return;
            }
        }
    });
    while let Some((due, bytes)) = arrived.recv().await {
        tokio::time::sleep_until(due).await;
        if to.write_all(&bytes).await.is_err() {
            return;
        }
        taken(bytes.len());
    }
    let _ = to.shutdown().await;
}
