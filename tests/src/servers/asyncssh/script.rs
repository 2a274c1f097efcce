//! What a scripted SSH server is told to do: the questions it asks, the requests it fails, the
//! listings and answers it makes up.

use std::time::Duration;

use serde_json::{Map, Value, json};

/// A question of keyboard-interactive.
#[derive(Clone, Debug)]
pub struct Prompt {
    text: String,
    echo: bool,
    answer: Option<String>,
}

impl Prompt {
    /// A question answered by the user's password, not shown as it is typed.
    pub fn password(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            echo: false,
            answer: None,
        }
    }

    /// A question with an answer of its own, shown as it is typed.
    pub fn question(text: &str, answer: &str) -> Self {
        Self {
            text: text.to_owned(),
            echo: true,
            answer: Some(answer.to_owned()),
        }
    }
}

/// A set of questions asked at once; without any, a client just has to go on.
#[derive(Clone, Debug, Default)]
pub struct Round {
    name: String,
    instructions: String,
    prompts: Vec<Prompt>,
}

impl Round {
    /// Questions without a title.
    pub fn of(prompts: &[Prompt]) -> Self {
        Self {
            prompts: prompts.to_vec(),
            ..Self::default()
        }
    }

    /// The title and the instructions shown with the questions.
    pub fn titled(self, name: &str, instructions: &str) -> Self {
        Self {
            name: name.to_owned(),
            instructions: instructions.to_owned(),
            ..self
        }
    }

    pub(super) fn json(&self) -> Value {
        let prompts = self.prompts.iter().map(
            |prompt| json!({"text": prompt.text, "echo": prompt.echo, "answer": prompt.answer}),
        );
        json!({
            "name": self.name,
            "instructions": self.instructions,
            "prompts": prompts.collect::<Vec<_>>(),
        })
    }
}

/// What goes wrong with SFTP requests of one kind. Requests are named as in the protocol, in
/// lower case: `open`, `close`, `read`, `write`, `lstat`, `fstat`, `stat`, `setstat`, `fsetstat`,
/// `opendir`, `readdir`, `remove`, `mkdir`, `rmdir`, `realpath`, `rename`, `posix_rename`,
/// `readlink`, `symlink`, `statvfs`, `fsync`, `limits`. The server works on one request of a
/// channel at a time.
#[derive(Clone, Debug)]
pub struct Fault(pub(super) Map<String, Value>);

impl Fault {
    /// The request fails with an SFTP status: its code, known or not, and its text.
    pub fn status(request: &str, code: u32, text: &str) -> Self {
        let value = json!({"code": code, "text": text});
        Self::new(request, json!({"kind": "status", "value": value}))
    }

    /// The request is carried out after a while.
    pub fn delay(request: &str, delay: Duration) -> Self {
        Self::new(
            request,
            json!({"kind": "delay", "value": delay.as_secs_f64()}),
        )
    }

    /// The request is never answered, nor is any later one of its channel.
    pub fn hang(request: &str) -> Self {
        Self::new(request, json!({"kind": "hang"}))
    }

    /// The connection is cut in place of an answer.
    pub fn disconnect(request: &str) -> Self {
        Self::new(request, json!({"kind": "disconnect"}))
    }

    /// Only requests whose path (or that of the open file) holds `part`.
    pub fn path(self, part: &str) -> Self {
        self.set("path", json!(part))
    }

    /// Lets so many requests pass first.
    pub fn after(self, requests: u64) -> Self {
        self.set("after", json!(requests))
    }

    /// Happens so many times and no more.
    pub fn times(self, times: u64) -> Self {
        self.set("times", json!(times))
    }

    fn new(request: &str, action: Value) -> Self {
        Self(Map::new())
            .set("op", json!(request))
            .set("action", action)
    }

    fn set(mut self, key: &str, value: Value) -> Self {
        self.0.insert(key.to_owned(), value);
        self
    }
}

/// An entry of a made-up directory listing.
#[derive(Clone, Debug)]
pub struct Entry(pub(super) Value);

impl Entry {
    /// An entry; `kind` is `file`, `directory` or `link`, each character of the name is one byte
    /// (so `\u{ff}` is the byte 0xff), `mtime` is in seconds since 1970.
    pub fn new(name: &str, kind: &str, mode: u32, size: u64, mtime: u32) -> Self {
        Self(json!({"name": name, "kind": kind, "mode": mode, "size": size, "mtime": mtime}))
    }

    /// A readable file of 1 byte.
    pub fn file(name: &str) -> Self {
        Self::new(name, "file", 0o644, 1, 1_700_000_000)
    }
}

/// How the server answers one command; made by [`Reply::of`], it exits with 0.
#[derive(Clone, Debug)]
pub struct Reply {
    stdout: String,
    stderr: String,
    delay: Duration,
    exit: Option<u8>,
    signal: Option<String>,
    hang: bool,
}

impl Reply {
    /// Prints this to standard output (each character one byte).
    pub fn of(stdout: &str) -> Self {
        Self {
            stdout: stdout.to_owned(),
            stderr: String::new(),
            delay: Duration::ZERO,
            exit: Some(0),
            signal: None,
            hang: false,
        }
    }

    /// Prints this to standard error too (each character one byte).
    pub fn stderr(self, stderr: &str) -> Self {
        Self {
            stderr: stderr.to_owned(),
            ..self
        }
    }

    /// Waits between the output and the end.
    pub fn delay(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    /// The exit status; `None` closes the channel without one.
    pub fn exit(self, status: Option<u8>) -> Self {
        Self {
            exit: status,
            ..self
        }
    }

    /// Ends by a signal (`KILL`, without `SIG`) in place of an exit status.
    pub fn signal(self, name: &str) -> Self {
        Self {
            signal: Some(name.to_owned()),
            ..self
        }
    }

    /// Never ends, whatever signals or end of input arrive.
    pub fn hang(self) -> Self {
        Self { hang: true, ..self }
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "stdout": self.stdout,
            "stderr": self.stderr,
            "delay": self.delay.as_secs_f64(),
            "exit": self.exit,
            "signal": self.signal,
            "hang": self.hang,
        })
    }
}
