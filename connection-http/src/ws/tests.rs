//! Sockets over the real accept loop, with routes made for the tests and short clocks.

use super::socket::MESSAGE_LIMIT;
use super::*;
use crate::server::{Limits, serve};
use bytes::Bytes;
use futures::{SinkExt, StreamExt};
use poem::{FromRequest, IntoResponse, Request, RequestBody, Response};
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};
use tokio_util::sync::CancellationToken;

/// No test waits longer for anything.
const DEADLINE: Duration = Duration::from_secs(60);

/// Time that never comes in a test.
const NEVER: Duration = Duration::from_secs(600);

const CLOCKS: Clocks = Clocks {
    ping_every: NEVER,
    silent_for: NEVER,
    ending: Duration::from_secs(5),
};

const DONE: Close = Close::new(4242, "done");

type Client = WebSocketStream<TcpStream>;

struct Server {
    address: SocketAddr,
    sockets: Sockets,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Server {
    async fn start<F>(
        most: usize,
        clocks: Clocks,
        route: impl Fn(Socket) -> F + Clone + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Close> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let limits = Limits {
            connections: 64,
            header_timeout: DEADLINE,
            drain_timeout: DEADLINE,
        };
        let sockets = Sockets::new(most, clocks);
        let stop = CancellationToken::new();
        let handler = {
            let sockets = sockets.clone();
            move |request: Request| {
                let (sockets, route) = (sockets.clone(), route.clone());
                async move { answer(&request, &sockets, route).await }
            }
        };
        let stopped = stop.clone().cancelled_owned();
        let task = tokio::spawn(serve(listener, handler, limits, stopped));
        Self {
            address,
            sockets,
            stop,
            task,
        }
    }

    async fn connect(&self) -> Result<Client, Error> {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let url = format!("ws://{}/ws/test", self.address);
        within(client_async(url, stream)).await.map(|(ws, _)| ws)
    }

    async fn client(&self) -> Client {
        self.connect().await.unwrap()
    }
}

async fn answer<F>(
    request: &Request,
    sockets: &Sockets,
    route: impl FnOnce(Socket) -> F + Send + 'static,
) -> Response
where
    F: Future<Output = Close> + Send + 'static,
{
    match Upgrade::from_request(request, &mut RequestBody::default()).await {
        Ok(upgrade) => match sockets.accept(upgrade, route) {
            Ok(switching) => switching.into_response(),
            Err(problem) => problem.into_response(),
        },
        Err(error) => error.into_response(),
    }
}

/// Answers every frame with itself, until the client is gone or says `end`.
async fn echo(mut socket: Socket) -> Close {
    while let Some(frame) = socket.next().await {
        let sent = match frame {
            Frame::Text(text) if text.as_str() == "end" => break,
            Frame::Text(text) => socket.writer.json(&text.as_str()).await,
            Frame::Binary(data) => socket.writer.binary(data).await,
        };
        if sent.is_err() {
            break;
        }
    }
    DONE
}

async fn within<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(DEADLINE, what).await.unwrap()
}

async fn next(client: &mut Client) -> Message {
    within(client.next()).await.unwrap().unwrap()
}

/// The close frame that ends it, with everything before it thrown away.
async fn closed(client: &mut Client) -> (u16, String) {
    loop {
        if let Message::Close(frame) = next(client).await {
            let CloseFrame { code, reason } = frame.unwrap();
            return (code.into(), reason.to_string());
        }
    }
}

fn ends_as(close: Close) -> (u16, String) {
    (close.code, close.reason.to_owned())
}

#[tokio::test]
async fn frames_go_both_ways_and_the_route_says_how_it_ends() {
    let server = Server::start(1, CLOCKS, echo).await;
    let mut client = server.client().await;
    let largest = Bytes::from(vec![7; MESSAGE_LIMIT]);
    client.send(Message::Binary(largest.clone())).await.unwrap();
    client.send(Message::text("hi")).await.unwrap();
    assert_eq!(next(&mut client).await, Message::Binary(largest));
    assert_eq!(next(&mut client).await, Message::text("\"hi\""));
    client.send(Message::text("end")).await.unwrap();
    assert_eq!(closed(&mut client).await, ends_as(DONE));
    assert!(within(client.next()).await.is_none(), "the connection ends");
}

#[tokio::test]
async fn what_a_route_says_last_comes_before_its_end() {
    let server = Server::start(1, CLOCKS, |socket: Socket| async move {
        for _ in 0..64 {
            socket.writer.binary(vec![1; 60_000].into()).await.unwrap();
        }
        socket.writer.json(&"last").await.unwrap();
        DONE
    })
    .await;
    let mut client = server.client().await;
    let mut seen = 0;
    loop {
        match next(&mut client).await {
            Message::Binary(data) => seen += data.len(),
            Message::Text(text) => assert_eq!(text.as_str(), "\"last\""),
            Message::Close(frame) => break assert_eq!(u16::from(frame.unwrap().code), DONE.code),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(seen, 64 * 60_000);
}

#[tokio::test]
async fn a_message_that_is_too_large_is_refused_with_the_reason() {
    let server = Server::start(8, CLOCKS, echo).await;
    for fragments in [1, 3] {
        let mut client = server.client().await;
        use tokio_tungstenite::tungstenite::protocol::frame::Frame;
        use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
        let part = vec![0; MESSAGE_LIMIT / fragments + 1];
        for each in 0..fragments {
            let kind = if each == 0 {
                Data::Binary
            } else {
                Data::Continue
            };
            let frame = Frame::message(part.clone(), OpCode::Data(kind), each + 1 == fragments);
            client.send(Message::Frame(frame)).await.unwrap();
        }
        // More is under way when the refusal comes, and does not take it away.
        for _ in 0..8 {
            let _ = client.send(Message::binary(vec![0; 60_000])).await;
        }
        assert_eq!(closed(&mut client).await, ends_as(Close::TOO_LARGE));
    }
}

#[tokio::test]
async fn what_is_no_websocket_is_refused_with_the_reason() {
    let server = Server::start(8, CLOCKS, echo).await;
    // A text frame that is not UTF-8; a frame that is not masked; an unknown kind of frame.
    for (bytes, code) in [
        (&b"\x81\x81\0\0\0\0\xff"[..], Close::NOT_TEXT.code),
        (&b"\x82\x01x"[..], Close::PROTOCOL.code),
        (&b"\x83\x80\0\0\0\0"[..], Close::PROTOCOL.code),
    ] {
        let mut client = server.client().await;
        let raw = client.get_mut();
        raw.write_all(bytes).await.unwrap();
        let mut answer = Vec::new();
        within(raw.read_to_end(&mut answer)).await.unwrap();
        assert_eq!(answer.first(), Some(&0x88), "{answer:?}");
        assert_eq!(answer[2..4], code.to_be_bytes(), "{answer:?}");
    }
}

#[tokio::test]
async fn a_quiet_client_is_pinged_and_stays() {
    let clocks = Clocks {
        ping_every: Duration::from_millis(20),
        silent_for: Duration::from_secs(1),
        ..CLOCKS
    };
    let server = Server::start(1, clocks, echo).await;
    let mut client = server.client().await;
    let begun = Instant::now();
    // The client says nothing of its own; its library answers the pings.
    while begun.elapsed() < 3 * clocks.silent_for {
        assert!(matches!(next(&mut client).await, Message::Ping(_)));
    }
    client.send(Message::text("end")).await.unwrap();
    assert_eq!(closed(&mut client).await, ends_as(DONE));
}

#[tokio::test]
async fn a_client_that_went_silent_is_closed() {
    let clocks = Clocks {
        ping_every: Duration::from_millis(20),
        silent_for: Duration::from_secs(1),
        ..CLOCKS
    };
    let server = Server::start(1, clocks, echo).await;
    let mut client = server.client().await;
    // Reading beneath the library leaves the pings unanswered.
    let mut came = Vec::new();
    within(client.get_mut().read_to_end(&mut came))
        .await
        .unwrap();
    let end = came.strip_suffix(b"silent").unwrap();
    assert!(came.starts_with(b"\x89\0\x89\0"), "pings: {came:?}");
    assert!(end.ends_with(&Close::SILENT.code.to_be_bytes()));
}

#[tokio::test]
async fn a_client_that_announces_a_body_holds_no_place_for_ever() {
    let clocks = Clocks {
        silent_for: Duration::from_millis(100),
        ending: Duration::from_millis(100),
        ..CLOCKS
    };
    let server = Server::start(1, clocks, echo).await;
    let mut raw = TcpStream::connect(server.address).await.unwrap();
    let request = "GET /ws/test HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\
                   Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
                   Content-Length: 1000\r\n\r\n";
    raw.write_all(request.as_bytes()).await.unwrap();
    let mut came = Vec::new();
    within(raw.read_to_end(&mut came)).await.unwrap();
    within(async { while server.connect().await.is_err() {} }).await;
}

#[tokio::test]
async fn waiting_for_the_route_is_no_silence_of_the_client() {
    let clocks = Clocks {
        ping_every: Duration::from_millis(10),
        silent_for: Duration::from_millis(500),
        ..CLOCKS
    };
    let go_on = Arc::new(Notify::new());
    let waiting = Arc::clone(&go_on);
    let server = Server::start(1, clocks, move |mut socket: Socket| {
        let go_on = Arc::clone(&waiting);
        async move {
            go_on.notified().await;
            while let Some(frame) = socket.next().await {
                if frame == Frame::Text("end".into()) {
                    return DONE;
                }
            }
            Close::PROTOCOL
        }
    })
    .await;
    let mut client = server.client().await;
    for _ in 0..64 {
        client.send(Message::binary(vec![0; 100])).await.unwrap();
    }
    let begun = Instant::now();
    while begun.elapsed() < 5 * clocks.silent_for {
        assert!(matches!(next(&mut client).await, Message::Ping(_)));
    }
    client.send(Message::text("end")).await.unwrap();
    go_on.notify_one();
    assert_eq!(closed(&mut client).await, ends_as(DONE));
}

#[tokio::test]
async fn so_many_at_once_and_a_closed_one_makes_room() {
    let server = Server::start(1, CLOCKS, echo).await;
    let mut first = server.client().await;
    let refused = server.connect().await.unwrap_err();
    let Error::Http(answer) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(answer.status(), 503);
    first.close(None).await.unwrap();
    while within(first.next()).await.is_some() {}
    within(async {
        while server.connect().await.is_err() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn what_came_before_the_clients_end_reaches_the_route() {
    static SEEN: AtomicUsize = AtomicUsize::new(0);
    let ended = Arc::new(Notify::new());
    let told = Arc::clone(&ended);
    let server = Server::start(1, CLOCKS, move |mut socket: Socket| {
        let ended = Arc::clone(&told);
        async move {
            while let Some(Frame::Binary(data)) = socket.next().await {
                SEEN.fetch_add(data.len(), Ordering::SeqCst);
                tokio::task::yield_now().await;
            }
            ended.notify_one();
            DONE
        }
    })
    .await;
    let mut client = server.client().await;
    for _ in 0..100 {
        client.feed(Message::binary(vec![0; 1000])).await.unwrap();
    }
    client.close(None).await.unwrap();
    within(ended.notified()).await;
    assert_eq!(SEEN.load(Ordering::SeqCst), 100_000);
}

#[tokio::test]
async fn a_stop_closes_every_socket_with_its_reason_and_leaves_none() {
    let server = Server::start(8, CLOCKS, echo).await;
    let mut clients = Vec::new();
    for _ in 0..4 {
        clients.push(server.client().await);
    }
    server.stop.cancel();
    let sockets = server.sockets.clone();
    let closing = tokio::spawn(async move { sockets.close(DEADLINE).await });
    for client in &mut clients {
        assert_eq!(closed(client).await, ends_as(Close::SHUTTING_DOWN));
        while within(client.next()).await.is_some() {}
    }
    within(closing).await.unwrap();
    within(server.task).await.unwrap();
}

#[tokio::test]
async fn a_client_that_does_not_read_holds_up_no_stop() {
    struct Dropped(Arc<Notify>);
    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.notify_one();
        }
    }
    let left = Arc::new(Notify::new());
    let told = Arc::clone(&left);
    let clocks = Clocks {
        ending: NEVER,
        ..CLOCKS
    };
    let server = Server::start(1, clocks, move |socket: Socket| {
        let guard = Dropped(Arc::clone(&told));
        async move {
            let _guard = guard;
            while socket.writer.binary(vec![0; 60_000].into()).await.is_ok() {}
            DONE
        }
    })
    .await;
    let _client = server.client().await;
    let begun = Instant::now();
    within(server.sockets.close(Duration::from_millis(200))).await;
    assert!(begun.elapsed() >= Duration::from_millis(200), "it was cut");
    within(left.notified()).await;
}
