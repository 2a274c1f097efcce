//! Somebody typing in a terminal of our server, over its WebSocket, as a page does.

use crate::facade::Facade;
use crate::{Result, fail, typing};
use serde_json::json;
use std::net::TcpStream;
use std::time::Instant;
use tokio_tungstenite::tungstenite::{Message, WebSocket, client};

/// The keyboard and the screen.
pub(crate) struct WebTypist(WebSocket<TcpStream>);

impl WebTypist {
    /// Opens the terminal and waits until the program in it is there.
    pub(crate) fn start(facade: &Facade, session: &str) -> Result<Self> {
        let address = facade.base().trim_start_matches("http://");
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        let url = format!("ws://{address}/ws/terminal/{session}");
        let (mut socket, _) = client(url, stream).map_err(|error| error.to_string())?;
        let open = json!({
            "type": "open", "cols": 80, "rows": 24, "command": typing::COMMAND,
        });
        socket.send(Message::text(open.to_string()))?;
        let mut typist = Self(socket);
        let mut seen = Vec::new();
        while !seen.ends_with(typing::READY.as_bytes()) {
            seen.extend(typist.data()?);
        }
        Ok(typist)
    }

    /// Types a key and waits for it to come back; the pause before it does not count.
    pub(crate) fn key(&mut self) -> Result<f64> {
        std::thread::sleep(typing::PAUSE);
        let start = Instant::now();
        self.0.send(Message::binary(&b"x"[..]))?;
        match self.data()?.as_slice() {
            b"x" => Ok(start.elapsed().as_secs_f64()),
            other => fail(format!("{other:?} came back")),
        }
    }

    /// The next bytes of the terminal.
    fn data(&mut self) -> Result<Vec<u8>> {
        loop {
            match self.0.read()? {
                Message::Binary(data) => return Ok(data.into()),
                Message::Close(why) => return fail(format!("the terminal was closed: {why:?}")),
                _ => {}
            }
        }
    }
}
