//! A client of the terminals' WebSocket, for tests: it keeps everything that came, at its
//! offset, and acknowledges it unless it is told not to. Calls wait, at most [`PATIENCE`].
//!
//! ```no_run
//! # use connection_tests::manager::{ENGINES, Manager};
//! # use connection_tests::{Sshd, TerminalSocket};
//! # let (manager, sshd) = (Manager::start(), Sshd::start());
//! let session = manager.ssh(&sshd, ENGINES[0]);
//! let mut terminal = TerminalSocket::open(&manager, &session, 80, 24);
//! terminal.send("echo $((6 * 7))\n");
//! terminal.until("42");
//! let (id, offset) = (terminal.terminal_id(), terminal.offset());
//! drop(terminal);
//! let mut again = TerminalSocket::attach(&manager, &session, &id, &format!("from={offset}"));
//! again.send("exit 3\n");
//! assert_eq!(again.until_frame("exit")["status"], 3);
//! assert_eq!(again.closed(), (1000, "exited".to_owned()));
//! ```

use std::net::SocketAddr;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use reqwest::header::{HeaderMap, HeaderName};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::manager::{Answer, Manager, runtime};
use crate::wait::PATIENCE;

/// What the credit of a viewer is when nothing else is configured.
pub const WINDOW: u64 = 256 * 1024;

/// Something that came over the socket.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Bytes of the terminal.
    Data(Vec<u8>),
    /// A text frame.
    Frame(Value),
    /// The close frame, with its code and reason.
    Closed(u16, String),
    /// The connection ended without one.
    Cut,
}

/// An open WebSocket to a terminal.
pub struct TerminalSocket {
    socket: WebSocketStream<TcpStream>,
    opened: Value,
    /// Offset of the first byte of `data`.
    start: u64,
    data: Vec<u8>,
    /// How far [`TerminalSocket::until`] has looked.
    looked: usize,
    frames: Vec<Value>,
    acknowledged: u64,
    /// Bytes that may come before they are acknowledged; `None` never acknowledges.
    acknowledge_every: Option<u64>,
    ended: Option<Event>,
}

impl TerminalSocket {
    /// Opens a shell in a new terminal of this size.
    #[track_caller]
    pub fn open(manager: &Manager, session: &str, cols: u32, rows: u32) -> Self {
        Self::open_with(manager, session, json!({ "cols": cols, "rows": rows }))
    }

    /// Opens a new terminal with these fields in its `open` frame.
    #[track_caller]
    pub fn open_with(manager: &Manager, session: &str, fields: Value) -> Self {
        let mut socket = Self::connect(manager, &format!("/ws/terminal/{session}"));
        socket.order(fields);
        socket.await_opened();
        socket
    }

    /// Attaches to a terminal. `query` are further parameters, such as `from=7&mode=read`.
    #[track_caller]
    pub fn attach(manager: &Manager, session: &str, terminal: &str, query: &str) -> Self {
        let path = format!("/ws/terminal/{session}?terminal={terminal}&{query}");
        let mut socket = Self::connect(manager, &path);
        socket.await_opened();
        socket
    }

    /// Watches by the token of a share.
    #[track_caller]
    pub fn watch(manager: &Manager, share: &str) -> Self {
        let ticket = manager.post("/shares/tickets", &json!({ "share": share }));
        let ticket = ticket.ok()["ticket"].as_str().unwrap().to_owned();
        let path = format!("/ws/share?ticket={ticket}");
        let mut socket = Self::connect_to(manager.addr(), &path, &[]).expect("a socket");
        socket.await_opened();
        socket
    }

    /// An upgraded socket on which nothing was said yet, with the manager's token if it has
    /// one.
    #[track_caller]
    pub fn connect(manager: &Manager, path: &str) -> Self {
        Self::connect_through(manager, manager.addr(), path)
    }

    /// The same through another address, such as that of a proxy.
    #[track_caller]
    pub fn connect_through(manager: &Manager, address: SocketAddr, path: &str) -> Self {
        let bearer = manager.token().map(|token| format!("Bearer {token}"));
        let headers: Vec<_> = bearer.iter().map(|b| ("authorization", &**b)).collect();
        match Self::connect_to(address, path, &headers) {
            Ok(socket) => socket,
            Err(error) => panic!(
                "no socket at {path}: {error}\n--- log of connection-manager:\n{}\n---",
                manager.log()
            ),
        }
    }

    /// Asks for a socket with exactly these headers beside those of the handshake.
    pub fn connect_to(
        address: SocketAddr,
        path: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, Box<Error>> {
        let mut request = format!("ws://{address}{path}").into_client_request()?;
        for (name, value) in headers {
            let value = value.parse().expect("a header's value");
            request.headers_mut().insert(*name, value);
        }
        let socket = within(async {
            let stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            let config = WebSocketConfig::default().read_buffer_size(16 * 1024);
            client_async_with_config(request, stream, Some(config)).await
        })
        .expect("an answer to the handshake")?
        .0;
        Ok(Self {
            socket,
            opened: Value::Null,
            start: 0,
            data: Vec::new(),
            looked: 0,
            frames: Vec::new(),
            acknowledged: 0,
            acknowledge_every: Some(WINDOW / 4),
            ended: None,
        })
    }

    /// Acknowledges nothing any more by itself.
    pub fn never_acknowledge(&mut self) {
        self.acknowledge_every = None;
    }

    /// Acknowledges everything that came so far.
    #[track_caller]
    pub fn acknowledge(&mut self) {
        self.acknowledged = self.offset();
        self.send_json(&json!({ "type": "ack", "offset": self.acknowledged }));
    }

    /// Acknowledges everything as it comes, and what came before.
    #[track_caller]
    pub fn acknowledge_everything(&mut self) {
        self.acknowledge_every = Some(WINDOW / 4);
        self.acknowledge();
    }

    #[track_caller]
    fn await_opened(&mut self) {
        self.opened = self.until_frame("opened");
    }

    /// The `opened` frame.
    pub fn opened(&self) -> &Value {
        &self.opened
    }

    /// The terminal's id.
    pub fn terminal_id(&self) -> String {
        let id = self.opened["terminal_id"].as_str().expect("a terminal_id");
        id.to_owned()
    }

    /// The viewer's id.
    pub fn viewer_id(&self) -> String {
        let id = self.opened["viewer_id"].as_str().expect("a viewer_id");
        id.to_owned()
    }

    /// Offset after the last byte that came.
    pub fn offset(&self) -> u64 {
        self.start + self.data.len() as u64
    }

    /// The bytes that came since the last `offset` frame, the first at
    /// [`TerminalSocket::start`].
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// Offset of the first of [`TerminalSocket::data`].
    pub fn start(&self) -> u64 {
        self.start
    }

    /// The text frames that came so far.
    pub fn frames(&self) -> &[Value] {
        &self.frames
    }

    /// What came, as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.data).into_owned()
    }

    /// Types bytes.
    #[track_caller]
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.send_message(Message::binary(bytes.as_ref().to_vec()));
    }

    /// Sends a text frame.
    #[track_caller]
    pub fn send_json(&mut self, frame: &Value) {
        self.send_message(Message::text(frame.to_string()));
    }

    /// Sends any message.
    #[track_caller]
    pub fn send_message(&mut self, message: Message) {
        self.try_send(message).expect("send a frame");
    }

    /// Sends any message, to a server that may not want it any more.
    pub fn try_send(&mut self, message: Message) -> Result<(), Box<Error>> {
        Ok(within(self.socket.send(message)).expect("the server takes a frame")?)
    }

    /// Asks for a new terminal with these fields.
    #[track_caller]
    pub fn order(&mut self, mut fields: Value) {
        fields["type"] = "open".into();
        self.send_json(&fields);
    }

    /// Gives the terminal this size.
    #[track_caller]
    pub fn resize(&mut self, cols: u32, rows: u32) {
        self.send_json(&json!({ "type": "resize", "cols": cols, "rows": rows }));
    }

    /// What comes next. After the end it is the end again.
    #[track_caller]
    pub fn event(&mut self) -> Event {
        match self.next_within(PATIENCE) {
            Some(event) => event,
            None => self.fail("nothing comes"),
        }
    }

    /// What comes next within this time.
    pub fn next_within(&mut self, time: Duration) -> Option<Event> {
        if let Some(ended) = &self.ended {
            return Some(ended.clone());
        }
        let event = runtime().block_on(async {
            tokio::time::timeout(time, async {
                loop {
                    return match self.socket.next().await {
                        Some(Ok(Message::Binary(data))) => Event::Data(data.to_vec()),
                        Some(Ok(Message::Text(text))) => {
                            Event::Frame(serde_json::from_str(&text).expect("JSON"))
                        }
                        Some(Ok(Message::Close(Some(frame)))) => {
                            Event::Closed(frame.code.into(), frame.reason.to_string())
                        }
                        Some(Ok(Message::Close(None)) | Err(_)) | None => Event::Cut,
                        Some(Ok(_)) => continue,
                    };
                }
            })
            .await
            .ok()
        })?;
        self.keep(&event);
        Some(event)
    }

    fn keep(&mut self, event: &Event) {
        match event {
            Event::Data(data) => {
                self.data.extend(data);
                let due = self
                    .acknowledge_every
                    .map(|every| self.acknowledged + every);
                if due.is_some_and(|due| self.offset() >= due) {
                    self.acknowledged = self.offset();
                    let ack = json!({ "type": "ack", "offset": self.acknowledged });
                    // The server may be gone already, which the next read tells.
                    let _ = self.try_send(Message::text(ack.to_string()));
                }
            }
            Event::Frame(frame) => {
                if frame["type"] == "offset" {
                    self.start = frame["offset"].as_u64().expect("an offset");
                    self.data.clear();
                    self.looked = 0;
                    self.acknowledged = self.start;
                }
                self.frames.push(frame.clone());
            }
            Event::Closed(..) | Event::Cut => self.ended = Some(event.clone()),
        }
    }

    /// Reads on until the text came, after what earlier calls found.
    #[track_caller]
    pub fn until(&mut self, text: &str) {
        let wanted = text.as_bytes();
        loop {
            let rest = &self.data[self.looked..];
            if let Some(at) = rest.windows(wanted.len()).position(|w| w == wanted) {
                self.looked += at + wanted.len();
                return;
            }
            match self.event() {
                Event::Data(_) | Event::Frame(_) => {}
                end => self.fail(&format!("{end:?} before {text:?} came")),
            }
        }
    }

    /// Reads on until a text frame of this type comes.
    #[track_caller]
    pub fn until_frame(&mut self, kind: &str) -> Value {
        loop {
            match self.event() {
                Event::Frame(frame) if frame["type"] == kind => return frame,
                Event::Data(_) | Event::Frame(_) => {}
                end => self.fail(&format!("{end:?} before a frame {kind:?} came")),
            }
        }
    }

    /// Reads on until a `viewers` frame names so many.
    #[track_caller]
    pub fn until_viewers(&mut self, count: usize) -> Value {
        loop {
            let frame = self.until_frame("viewers");
            if frame["viewers"].as_array().map(Vec::len) == Some(count) {
                return frame;
            }
        }
    }

    /// Reads on until the socket is closed, and how.
    #[track_caller]
    pub fn closed(&mut self) -> (u16, String) {
        loop {
            match self.event() {
                Event::Closed(code, reason) => return (code, reason),
                Event::Data(_) | Event::Frame(_) => {}
                Event::Cut => self.fail("cut without a close frame"),
            }
        }
    }

    /// Ends the connection without a word, as a network does.
    pub fn cut(self) {
        drop(self.socket);
    }

    #[track_caller]
    fn fail(&self, why: &str) -> ! {
        let from = self.data.len().saturating_sub(2000);
        panic!(
            "{why}\n--- frames: {:?}\n--- end of what came: {:?}\n---",
            self.frames,
            String::from_utf8_lossy(&self.data[from..])
        );
    }
}

fn within<T>(what: impl Future<Output = T>) -> Option<T> {
    runtime().block_on(async { tokio::time::timeout(PATIENCE, what).await.ok() })
}

impl Manager {
    /// The answer to a request for a socket that is refused, with these headers besides
    /// those of the handshake.
    #[track_caller]
    pub fn refused_socket(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let handshake = [
            ("connection", "upgrade"),
            ("upgrade", "websocket"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ];
        let mut all = HeaderMap::new();
        for (name, value) in handshake.iter().chain(headers) {
            let name: HeaderName = name.parse().expect("a header's name");
            all.insert(name, value.parse().expect("a header's value"));
        }
        // In place of those that were there.
        self.send("GET", path, |request| request.headers(all))
    }

    /// A ticket for a path.
    #[track_caller]
    pub fn ticket(&self, path: &str) -> String {
        let answer = self.post("/tickets", &json!({ "path": path })).ok();
        answer["ticket"].as_str().expect("a ticket").to_owned()
    }
}
