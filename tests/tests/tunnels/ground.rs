//! A session on an sshd, servers to reach through it, and clients that reach them.

use connection_core::session::{ActiveSession, Owner, SessionId, SessionStore, StoreConfig};
use connection_core::target::SshEngine;
use connection_core::trust::{TrustPolicy, TrustStore};
use connection_core::tunnel::{Endpoint, TunnelInfo, TunnelKind, TunnelRequest};
use connection_tests::Sshd;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// How long something that is sure to happen may take on a busy machine.
pub(crate) const SOON: Duration = Duration::from_secs(60);

pub(crate) fn me() -> Owner {
    Owner::new("test")
}

/// A session of this test alone.
pub(crate) struct Ground {
    pub(crate) store: SessionStore,
    pub(crate) id: SessionId,
    pub(crate) engine: SshEngine,
}

impl Ground {
    pub(crate) async fn on(sshd: &Sshd, engine: SshEngine) -> Self {
        Self::idle(sshd, engine, Duration::from_secs(600)).await
    }

    pub(crate) async fn idle(sshd: &Sshd, engine: SshEngine, idle_timeout: Duration) -> Self {
        let config = StoreConfig {
            idle_timeout,
            ..StoreConfig::default()
        };
        let trust = TrustStore::in_memory(TrustPolicy::AcceptNew);
        let store = SessionStore::new(config, trust);
        let id = store.open_ssh(&me(), &sshd.target(engine), None).await;
        let id = id.unwrap_or_else(|e| panic!("{engine:?}: {e:?}\n{}", sshd.log()));
        Self { store, id, engine }
    }

    pub(crate) fn session(&self) -> ActiveSession {
        self.store.get(&me(), self.id).unwrap()
    }

    pub(crate) async fn open(&self, kind: TunnelKind) -> TunnelInfo {
        let opened = self.session().open_tunnel(TunnelRequest::new(kind)).await;
        opened.unwrap_or_else(|e| panic!("{:?}: {e:?}", self.engine))
    }

    pub(crate) fn info(&self, tunnel: &TunnelInfo) -> TunnelInfo {
        self.session().tunnel(tunnel.id).unwrap()
    }
}

/// An end on the loopback interface.
pub(crate) fn end(port: u16) -> Endpoint {
    Endpoint::new("127.0.0.1", port).unwrap()
}

/// A connection to where a tunnel listens.
pub(crate) async fn connect(tunnel: &TunnelInfo) -> TcpStream {
    try_connect(tunnel).await.unwrap()
}

/// As [`connect`], to a tunnel that may cut the connection at once.
pub(crate) async fn try_connect(tunnel: &TunnelInfo) -> std::io::Result<TcpStream> {
    TcpStream::connect((tunnel.listens_on.host.as_str(), tunnel.listens_on.port)).await
}

pub(crate) async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + SOON;
    while !holds() {
        assert!(Instant::now() < end, "not within {SOON:?}: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// What the peer says until its end.
pub(crate) async fn rest(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut all = Vec::new();
    let reading = stream.read_to_end(&mut all);
    tokio::time::timeout(SOON, reading).await.unwrap()?;
    Ok(all)
}

/// A server that treats each connection in a task of its own; it ends with the runtime.
pub(crate) async fn server<F>(address: &str, treat: impl Fn(TcpStream) -> F + Send + 'static) -> u16
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind((address, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(treat(stream));
        }
    });
    port
}

/// A server that sends back what it gets, and ends when its client does.
pub(crate) async fn echo() -> u16 {
    server("127.0.0.1", |mut stream| async move {
        let (mut from, mut to) = stream.split();
        let _ = tokio::io::copy(&mut from, &mut to).await;
    })
    .await
}

/// A server that speaks first and listens to nobody.
pub(crate) async fn greeter(address: &str) -> u16 {
    server(address, |mut stream| async move {
        let _ = stream.write_all(b"220 welcome\r\n").await;
    })
    .await
}

/// A server that sends without end, and how much its clients took so far.
pub(crate) async fn flood() -> (u16, Arc<AtomicU64>) {
    let sent = Arc::new(AtomicU64::new(0));
    let count = sent.clone();
    let port = server("127.0.0.1", move |mut stream| {
        let count = count.clone();
        async move {
            let piece = vec![b'y'; 64 * 1024];
            while let Ok(taken) = stream.write(&piece).await {
                count.fetch_add(taken as u64, Ordering::Relaxed);
            }
        }
    })
    .await;
    (port, sent)
}

/// Bytes in which a lost, doubled or swapped piece shows.
pub(crate) fn pattern(length: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_u32;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state as u8
        })
        .collect()
}

/// Tasks of this test.
pub(crate) fn tasks() -> usize {
    tokio::runtime::Handle::current()
        .metrics()
        .num_alive_tasks()
}
