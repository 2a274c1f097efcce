//! The application below a path of another poem server, as the crate's README shows it.

#![allow(
    clippy::unwrap_used,
    reason = "a test may end at the first thing that is not as it should be"
)]

use connection_core::session::{SessionStore, StoreConfig};
use connection_core::trust::{TrustPolicy, TrustStore};
use connection_http::app::App;
use connection_http::config::Settings;
use poem::listener::TcpAcceptor;
use poem::{Route, Server, endpoint};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What a request is answered, head and body.
async fn ask(address: &str, line: &str, headers: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request =
        format!("{line} HTTP/1.1\r\nHost: {address}\r\n{headers}Connection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let reading = stream.read_to_string(&mut answer);
    tokio::time::timeout(Duration::from_secs(20), reading)
        .await
        .unwrap()
        .unwrap();
    answer
}

#[tokio::test]
async fn below_a_path_of_another_server() {
    let trust = TrustStore::in_memory(TrustPolicy::Strict);
    let store = SessionStore::new(StoreConfig::default(), trust);
    let app = Arc::new(App::new(Arc::new(Settings::defaults().unwrap()), store));
    let nested = endpoint::make(move |request| {
        let app = Arc::clone(&app);
        async move { app.handle(request).await }
    });
    let own = endpoint::make_sync(|_| "the rest of this program");
    let routes = Route::new().at("/hello", own).nest("/remote", nested);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let acceptor = TcpAcceptor::from_tokio(listener).unwrap();
    tokio::spawn(Server::new_with_acceptor(acceptor).run(routes));

    let own = ask(&address, "GET /hello", "").await;
    assert!(own.ends_with("\r\n\r\nthe rest of this program"), "{own}");
    let list = ask(&address, "GET /remote/connections", "").await;
    assert!(list.starts_with("HTTP/1.1 200"), "{list}");
    assert!(list.ends_with(r#"{"sessions":[]}"#), "{list}");
    // A browser, which then asks for everything by addresses relative to this one.
    let page = ask(&address, "GET /remote/", "Accept: text/html\r\n").await;
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    assert!(page.contains("content-type: text/html"), "{page}");
    // What guards the server by itself guards it here.
    let headers = "Origin: https://evil.example\r\n";
    let foreign = ask(&address, "POST /remote/connections/cleanup", headers).await;
    assert!(foreign.starts_with("HTTP/1.1 403"), "{foreign}");
    // The outer server hands on the upgrade to a WebSocket: the session is what is missing.
    let headers = "Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                   Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    let socket = ask(&address, "GET /remote/ws/terminal/nobody", headers).await;
    assert!(socket.starts_with("HTTP/1.1 404"), "{socket}");
}
