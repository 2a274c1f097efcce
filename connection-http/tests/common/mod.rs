//! A server in this process on a free port, and a client that says exactly what it is told.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "each test file uses its part, and a test's helper may end the test"
)]

use connection_core::session::{SessionStore, StoreConfig};
use connection_core::trust::{TrustPolicy, TrustStore};
use connection_http::app::App;
use connection_http::config::{Layer, Settings};
use connection_http::server::{Limits, serve};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, DropGuard};

/// No test waits longer for anything.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// A running server; it stops when dropped.
pub struct Server {
    pub address: SocketAddr,
    _stop: DropGuard,
}

impl Server {
    /// With the default settings.
    pub async fn start() -> Self {
        Self::with("").await
    }

    /// With these settings, as TOML.
    pub async fn with(toml: &str) -> Self {
        let settings = Settings::from_layer(Layer::parse(toml).unwrap()).unwrap();
        let limits = Limits {
            connections: settings.max_connections,
            header_timeout: settings.header_timeout,
            drain_timeout: Duration::ZERO,
        };
        let trust = TrustStore::in_memory(TrustPolicy::AcceptNew);
        let store = SessionStore::new(StoreConfig::default(), trust);
        let app = Arc::new(App::new(Arc::new(settings), store));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let stopped = stop.clone().cancelled_owned();
        let handler = move |request| {
            let app = Arc::clone(&app);
            async move { app.handle(request).await }
        };
        tokio::spawn(serve(listener, handler, limits, stopped));
        Self {
            address,
            _stop: stop.drop_guard(),
        }
    }

    /// Sends bytes and reads the answer until the server closes.
    pub async fn raw(&self, bytes: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        let mut text = Vec::new();
        tokio::time::timeout(DEADLINE, stream.read_to_end(&mut text))
            .await
            .expect("an answer in time")
            .unwrap();
        Answer::parse(&text)
    }

    /// One request with these headers, besides `Host` and the length.
    pub async fn ask(&self, line: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut head = format!("{line} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|(name, _)| *name == "Host") {
            head.push_str(&format!("Host: {}\r\n", self.address));
        }
        if !body.is_empty() {
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        self.raw(format!("{head}\r\n{body}").as_bytes()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask(&format!("GET {path}"), &[], "").await
    }

    pub async fn post(&self, path: &str, json: &str) -> Answer {
        let headers = [("Content-Type", "application/json")];
        self.ask(&format!("POST {path}"), &headers, json).await
    }
}

/// An answer, taken apart.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text
            .split_once("\r\n\r\n")
            .unwrap_or_else(|| panic!("no HTTP answer: {text:?}"));
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap();
        Self {
            status: status.parse().unwrap(),
            headers: lines
                .filter_map(|line| line.split_once(": "))
                .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
                .collect(),
            body: body.to_owned(),
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> serde_json::Value {
        assert_eq!(
            self.header("content-type"),
            Some("application/json"),
            "{self:?}"
        );
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    /// Asserts an error of this status and text.
    pub fn is_problem(&self, status: u16, detail: &str) {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(
            self.json(),
            serde_json::json!({ "detail": detail }),
            "{self:?}"
        );
    }
}
