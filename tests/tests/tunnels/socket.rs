//! The WebSocket that carries one connection.

use crate::ground::{SOON, echo, flood, pattern, server};
use crate::http::peers;
use bytes::Bytes;
use connection_tests::manager::Manager;
use connection_tests::{Sshd, TcpServer};
use futures::{SinkExt, StreamExt};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

type Client = WebSocketStream<MaybeTlsStream<TcpStream>>;

const EOF: &str = r#"{"type":"eof"}"#;

async fn open(manager: &Manager, id: &str, query: &str) -> Result<Client, Error> {
    let url = format!("ws://{}/ws/tunnel/{id}?{query}", manager.addr());
    Ok(connect_async(url).await?.0)
}

/// The status and code of a refused upgrade.
async fn refused(manager: &Manager, id: &str, query: &str) -> (u16, String) {
    match open(manager, id, query).await {
        Err(Error::Http(answer)) => {
            let body = answer.body().clone().unwrap_or_default();
            let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
            let code = body["code"].as_str().unwrap_or_default().to_owned();
            (answer.status().as_u16(), code)
        }
        Ok(_) => panic!("{query}: opened"),
        Err(other) => panic!("{query}: {other:?}"),
    }
}

async fn next(client: &mut Client) -> Message {
    loop {
        let message = tokio::time::timeout(SOON, client.next()).await.unwrap();
        match message.unwrap().unwrap() {
            Message::Ping(_) | Message::Pong(_) => {}
            message => return message,
        }
    }
}

fn end(message: Message) -> (u16, String) {
    match message {
        Message::Close(Some(frame)) => (frame.code.into(), frame.reason.to_string()),
        other => panic!("no close frame: {other:?}"),
    }
}

#[test]
fn a_socket_carries_both_ways_and_each_end_by_itself() {
    let (manager, sshd) = (Manager::start(), Sshd::start());
    let (port, runtime) = peers(echo());
    let data = Bytes::from(pattern(3 * 1024 * 1024));
    for engine in ["russh", "libssh2"] {
        let id = manager.ssh(&sshd, engine);
        runtime.block_on(async {
            let query = format!("host=localhost&port={port}");
            let client = open(&manager, &id, &query).await.unwrap();
            let (mut to, mut from) = client.split();
            let sending = async {
                for piece in data.chunks(50_000) {
                    to.send(Message::binary(data.slice_ref(piece)))
                        .await
                        .unwrap();
                }
                to.send(Message::text(EOF)).await.unwrap();
            };
            let receiving = async {
                let mut back = Vec::new();
                loop {
                    match from.next().await.unwrap().unwrap() {
                        Message::Binary(piece) => back.extend_from_slice(&piece),
                        Message::Text(word) => {
                            assert_eq!(word.as_str(), EOF);
                            return back;
                        }
                        _ => {}
                    }
                }
            };
            let ((), back) = tokio::join!(sending, receiving);
            assert!(back == data, "{engine}");
            let last = tokio::time::timeout(SOON, from.next()).await.unwrap();
            assert_eq!(end(last.unwrap().unwrap()), (1000, "closed".to_owned()));
        });
        manager.close(&id).ok();
    }
}

#[test]
fn what_cannot_be_is_answered_before_the_upgrade() {
    let (manager, sshd) = (Manager::start(), Sshd::start());
    let (port, runtime) = peers(echo());
    let off = Manager::builder().flag("--tunnels", "off").start();
    let closed = off.ssh(&sshd, "russh");
    for engine in ["russh", "libssh2"] {
        let id = manager.ssh(&sshd, engine);
        runtime.block_on(async {
            let nobody = TcpServer::refuses();
            for (query, status, code) in [
                (String::new(), 400, "invalid_input"),
                ("host=localhost".to_owned(), 400, "invalid_input"),
                ("host=localhost&port=0".to_owned(), 400, "invalid_input"),
                ("host=a%20b&port=1".to_owned(), 400, "invalid_input"),
                (
                    format!("host=localhost&port={}", nobody.port()),
                    502,
                    "channel_refused",
                ),
            ] {
                let answer = refused(&manager, &id, &query).await;
                assert_eq!(answer, (status, code.to_owned()), "{engine} {query}");
            }
            let there = format!("host=localhost&port={port}");
            let nobody = "00000000-0000-4000-8000-000000000000";
            assert_eq!(refused(&manager, nobody, &there).await.0, 404);
            let (status, code) = refused(&off, &closed, &there).await;
            assert_eq!((status, code.as_str()), (403, "permission_denied"));
        });
    }
}

#[test]
fn the_end_carries_its_reason() {
    let (manager, sshd) = (Manager::start(), Sshd::start());
    let ((echo, greeting), runtime) = peers(async {
        let greeting = server("127.0.0.1", |mut stream| async move {
            let _ = stream.write_all(b"bye").await;
        });
        (echo().await, greeting.await)
    });
    for engine in ["russh", "libssh2"] {
        let id = manager.ssh(&sshd, engine);
        let query = format!("host=127.0.0.1&port={greeting}");
        runtime.block_on(async {
            let mut client = open(&manager, &id, &query).await.unwrap();
            assert_eq!(next(&mut client).await, Message::binary(&b"bye"[..]));
            assert_eq!(next(&mut client).await, Message::text(EOF));
            client.send(Message::text(EOF)).await.unwrap();
            assert_eq!(end(next(&mut client).await), (1000, "closed".to_owned()));
            let query = format!("host=127.0.0.1&port={echo}");
            let mut client = open(&manager, &id, &query).await.unwrap();
            client.send(Message::text("nonsense")).await.unwrap();
            assert_eq!(end(next(&mut client).await), (1002, "protocol".to_owned()));
        });
        let query = format!("host=127.0.0.1&port={echo}");
        let mut client = runtime.block_on(open(&manager, &id, &query)).unwrap();
        manager.close(&id).ok();
        let message = runtime.block_on(next(&mut client));
        assert_eq!(
            end(message),
            (4001, "session_closed".to_owned()),
            "{engine}"
        );
        let id = manager.ssh(&sshd, engine);
        let mut client = runtime.block_on(open(&manager, &id, &query)).unwrap();
        sshd.kill_connections();
        let message = runtime.block_on(next(&mut client));
        assert_eq!(
            end(message),
            (4005, "connection_lost".to_owned()),
            "{engine}"
        );
        manager.close(&id).ok();
    }
}

/// With libssh2 the server waits, with russh the socket is closed.
#[test]
fn a_client_that_takes_nothing_is_held_back_or_told() {
    let (manager, sshd) = (Manager::start(), Sshd::start());
    let ((port, sent), runtime) = peers(flood());
    for engine in ["russh", "libssh2"] {
        let id = manager.ssh(&sshd, engine);
        let query = format!("host=127.0.0.1&port={port}");
        let mut client = runtime.block_on(open(&manager, &id, &query)).unwrap();
        let mut last = (u64::MAX, std::time::Instant::now());
        while last.1.elapsed() < Duration::from_secs(1) {
            let output = manager.execute(&id, "echo beside").ok();
            assert_eq!(output["output"], "beside");
            let now = sent.load(std::sync::atomic::Ordering::Relaxed);
            if now != last.0 {
                last = (now, std::time::Instant::now());
            }
        }
        runtime.block_on(async {
            let mut came = 0;
            while came < 64 * 1024 * 1024 {
                match next(&mut client).await {
                    Message::Binary(data) => came += data.len(),
                    ended => {
                        assert_eq!(engine, "russh", "{came} {ended:?}");
                        assert_eq!(end(ended), (4008, "too_slow".to_owned()));
                        return;
                    }
                }
            }
            assert_eq!(engine, "libssh2");
        });
        manager.close(&id).ok();
    }
}

/// What a client leaves behind is nothing.
#[test]
fn a_client_that_goes_takes_its_connection_along() {
    let (manager, sshd) = (Manager::start(), Sshd::start());
    let (gone, mut told) = tokio::sync::mpsc::unbounded_channel();
    let (port, runtime) = peers(server("127.0.0.1", move |mut stream| {
        let gone = gone.clone();
        async move {
            let _ = stream.read_to_end(&mut Vec::new()).await;
            gone.send(()).unwrap();
        }
    }));
    for engine in ["russh", "libssh2"] {
        let id = manager.ssh(&sshd, engine);
        let query = format!("host=127.0.0.1&port={port}");
        runtime.block_on(async {
            let client = open(&manager, &id, &query).await.unwrap();
            drop(client);
            tokio::time::timeout(SOON, told.recv()).await.unwrap();
        });
        manager.close(&id).ok();
    }
}
