//! An HTTP client that does exactly what a test says: sends half a body, stops reading,
//! goes away, and tells a whole answer from a broken one.

use connection_tests::manager::Manager;
use connection_tests::wait::PATIENCE;
use serde_json::Value;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
    /// Whether the body ended as its head promised.
    pub(crate) whole: bool,
}

impl Reply {
    /// A header's value, empty when it is missing.
    pub(crate) fn header(&self, name: &str) -> &str {
        header(&self.head, name)
    }

    /// Checks status and code of a refusal.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str) {
        let text = String::from_utf8_lossy(&self.body);
        assert_eq!(self.status, status, "{text}");
        let body: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(body["code"], code, "{text}");
        assert!(body["detail"].as_str().is_some_and(|d| !d.is_empty()));
    }

    /// The body of a success as JSON.
    #[track_caller]
    pub(crate) fn ok(&self) -> Value {
        let text = String::from_utf8_lossy(&self.body);
        assert_eq!(self.status, 200, "{text}");
        serde_json::from_str(&text).unwrap()
    }
}

fn header<'a>(head: &'a str, name: &str) -> &'a str {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(n, _)| n.eq_ignore_ascii_case(name))
        .map_or("", |(_, value)| value.trim())
}

/// The target of a request for a file's content.
pub(crate) fn target(id: &str, path: &Path, more: &str) -> String {
    let mut target = format!("/connections/{id}/content?path=");
    for byte in path.as_os_str().as_bytes() {
        write!(target, "%{byte:02X}").unwrap();
    }
    target + more
}

/// A request under way.
pub(crate) struct Call {
    stream: TcpStream,
    method: String,
    head: String,
    body: Vec<u8>,
}

impl Call {
    /// Sends a head, with these lines in it, and no body yet.
    pub(crate) fn send(manager: &Manager, method: &str, target: &str, lines: &[&str]) -> Self {
        let mut stream = TcpStream::connect(manager.addr()).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut head = format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\n");
        for line in lines {
            head.push_str(line);
            head.push_str("\r\n");
        }
        head.push_str("Connection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        Self {
            stream,
            method: method.to_owned(),
            head: String::new(),
            body: Vec::new(),
        }
    }

    /// Sends bytes of the body. A server that has refused it already may not take them.
    pub(crate) fn body(mut self, bytes: &[u8]) -> Self {
        let _ = self.stream.write_all(bytes);
        self
    }

    /// Sends nothing more, as a client that died.
    pub(crate) fn leave_half_way(self) {
        let _ = self.stream.shutdown(Shutdown::Both);
    }

    /// Says that nothing more comes, and still listens.
    pub(crate) fn end(self) -> Self {
        let _ = self.stream.shutdown(Shutdown::Write);
        self
    }

    /// Reads the head of the answer, and of the body only what came with it.
    pub(crate) fn head(mut self) -> Self {
        let mut seen = Vec::new();
        let mut buffer = [0; 4096];
        loop {
            let n = self.stream.read(&mut buffer).unwrap();
            assert!(n > 0, "no whole head: {}", String::from_utf8_lossy(&seen));
            seen.extend_from_slice(&buffer[..n]);
            if let Some(end) = seen.windows(4).position(|w| w == b"\r\n\r\n") {
                self.body = seen.split_off(end + 4);
                self.head = String::from_utf8(seen).unwrap();
                return self;
            }
        }
    }

    /// Reads the answer to its end, whatever that is.
    pub(crate) fn reply(self) -> Reply {
        let mut call = if self.head.is_empty() {
            self.head()
        } else {
            self
        };
        // A reset is the end of a broken answer.
        let _ = call.stream.read_to_end(&mut call.body);
        let status = call.head.split(' ').nth(1).unwrap().parse().unwrap();
        let length = header(&call.head, "content-length").parse::<usize>();
        let whole = match length {
            _ if call.method == "HEAD" || status == 304 => call.body.is_empty(),
            Ok(length) => call.body.len() == length,
            Err(_) => call.body.ends_with(b"0\r\n\r\n"),
        };
        Reply {
            status,
            head: call.head,
            body: call.body,
            whole,
        }
    }
}

/// GET.
pub(crate) fn get(manager: &Manager, target: &str, lines: &[&str]) -> Reply {
    Call::send(manager, "GET", target, lines).reply()
}

/// HEAD.
pub(crate) fn head(manager: &Manager, target: &str, lines: &[&str]) -> Reply {
    Call::send(manager, "HEAD", target, lines).reply()
}

/// PUT with a length.
pub(crate) fn put(manager: &Manager, target: &str, bytes: &[u8]) -> Reply {
    let length = format!("Content-Length: {}", bytes.len());
    Call::send(manager, "PUT", target, &[&length])
        .body(bytes)
        .reply()
}
