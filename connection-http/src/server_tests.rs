//! The accept loop with handlers made for it: clocks, limits, clients that go away, the end.

use super::*;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

const LIMITS: Limits = Limits {
    connections: 16,
    header_timeout: Duration::from_secs(60),
    drain_timeout: Duration::from_secs(60),
};

/// No test waits longer for anything.
const DEADLINE: Duration = Duration::from_secs(60);

struct Running {
    address: SocketAddr,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

async fn start<F>(
    limits: Limits,
    handler: impl Fn() -> F + Clone + Send + Sync + 'static,
) -> Running
where
    F: Future<Output = ()> + Send + 'static,
{
    let handler = move |_: Request| {
        let work = handler();
        async move {
            work.await;
            Response::builder().body("done")
        }
    };
    start_with(limits, handler).await
}

async fn start_with<F>(
    limits: Limits,
    handler: impl Fn(Request) -> F + Clone + Send + Sync + 'static,
) -> Running
where
    F: Future<Output = Response> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let stopped = stop.clone().cancelled_owned();
    let task = tokio::spawn(serve(listener, handler, limits, stopped));
    Running {
        address,
        stop,
        task,
    }
}

impl Running {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    async fn ask(&self) -> TcpStream {
        let mut stream = self.connect().await;
        stream
            .write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            .await
            .unwrap();
        stream
    }

    async fn ended(self) {
        within(self.task).await.unwrap();
    }
}

async fn within<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(DEADLINE, what).await.expect("in time")
}

/// Everything until the server closes.
async fn rest(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    within(stream.read_to_end(&mut text)).await.unwrap();
    String::from_utf8_lossy(&text).into_owned()
}

#[tokio::test]
async fn a_client_that_goes_away_takes_its_request_with_it() {
    struct Dropped(Arc<Notify>);
    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.notify_one();
        }
    }
    let (started, dropped) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (s, d) = (started.clone(), dropped.clone());
    let handler = move |request: Request| {
        let (started, guard) = (s.clone(), Dropped(d.clone()));
        async move {
            let _guard = guard;
            let body = request.into_body().into_vec().await.unwrap();
            assert_eq!(body, b"{}");
            started.notify_one();
            std::future::pending::<Response>().await
        }
    };
    let server = start_with(LIMITS, handler).await;
    let mut stream = server.connect().await;
    let request = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}";
    stream.write_all(request).await.unwrap();
    within(started.notified()).await;
    drop(stream);
    within(dropped.notified()).await;
}

#[tokio::test]
async fn a_request_head_that_trickles_and_an_idle_connection_are_closed() {
    let limits = Limits {
        header_timeout: Duration::from_secs(1),
        ..LIMITS
    };
    let server = start(limits, || async {}).await;
    for beginning in ["GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", ""] {
        let mut stream = server.connect().await;
        stream.write_all(beginning.as_bytes()).await.unwrap();
        let begun = Instant::now();
        let said = rest(&mut stream).await;
        assert!(begun.elapsed() < DEADLINE, "{beginning:?} got {said:?}");
        assert!(!said.contains("200 OK"), "{beginning:?} got {said:?}");
    }
    // After an answer, the wait for the next request has the same clock.
    let mut stream = server.ask().await;
    assert!(rest(&mut stream).await.contains("200 OK"));
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_for_a_place() {
    let limits = Limits {
        connections: 2,
        ..LIMITS
    };
    let seen = Arc::new(AtomicUsize::new(0));
    let entered = Arc::new(Notify::new());
    let (s, e) = (seen.clone(), entered.clone());
    let server = start(limits, move || {
        s.fetch_add(1, Ordering::SeqCst);
        e.notify_one();
        std::future::pending::<()>()
    })
    .await;
    let first = server.ask().await;
    let _second = server.ask().await;
    while seen.load(Ordering::SeqCst) < 2 {
        within(entered.notified()).await;
    }
    let mut third = server.ask().await;
    let early = tokio::time::timeout(Duration::from_millis(200), third.read_u8()).await;
    assert!(early.is_err(), "the third has no place yet");
    assert_eq!(seen.load(Ordering::SeqCst), 2);
    drop(first);
    while seen.load(Ordering::SeqCst) < 3 {
        within(entered.notified()).await;
    }
}

#[tokio::test]
async fn stopping_lets_a_request_end_and_takes_no_new_one() {
    let (entered, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (e, r) = (entered.clone(), release.clone());
    let server = start(LIMITS, move || {
        e.notify_one();
        let release = r.clone();
        async move { release.notified().await }
    })
    .await;
    // First, so that it has been taken when the request is there.
    let mut idle = server.connect().await;
    let mut stream = server.ask().await;
    within(entered.notified()).await;
    server.stop.cancel();
    assert_eq!(
        rest(&mut idle).await,
        "",
        "an idle connection is closed at once"
    );
    assert!(TcpStream::connect(server.address).await.is_err());
    release.notify_one();
    assert!(rest(&mut stream).await.contains("done"));
    server.ended().await;
}

#[tokio::test]
async fn stopping_cuts_what_does_not_end_in_time() {
    let limits = Limits {
        drain_timeout: Duration::from_millis(100),
        ..LIMITS
    };
    let entered = Arc::new(Notify::new());
    let e = entered.clone();
    let server = start(limits, move || {
        e.notify_one();
        std::future::pending::<()>()
    })
    .await;
    let mut stream = server.ask().await;
    within(entered.notified()).await;
    server.stop.cancel();
    server.ended().await;
    assert_eq!(rest(&mut stream).await, "");
}
