//! What the tests of both doors need: a session on a server of its own, processes, and a
//! client of server-sent events.

use connection_core::session::{ActiveSession, Owner, SessionId, SessionStore, StoreConfig};
use connection_core::target::SshEngine;
use connection_core::trust::{TrustPolicy, TrustStore};
use connection_tests::Sshd;
use connection_tests::manager::Manager;
use connection_tests::servers::sshd::SshdBuilder;
use serde_json::Value;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// How long something that is sure to happen may take on a busy machine.
pub(crate) const SOON: Duration = Duration::from_secs(60);

/// Makes each `async fn name(engine: SshEngine)` a test per engine.
macro_rules! with_both_engines {
    ($($name:ident),* $(,)?) => {
        mod russh {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(connection_core::target::SshEngine::Russh).await;
            })*
        }
        mod libssh2 {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(connection_core::target::SshEngine::Libssh2).await;
            })*
        }
    };
}
pub(crate) use with_both_engines;

/// A session of the library on a server of its own.
pub(crate) struct World {
    pub(crate) sshd: Sshd,
    pub(crate) store: SessionStore,
    pub(crate) owner: Owner,
    pub(crate) id: SessionId,
    pub(crate) session: ActiveSession,
}

impl World {
    pub(crate) async fn new(engine: SshEngine) -> Self {
        Self::on(engine, Sshd::builder()).await
    }

    pub(crate) async fn on(engine: SshEngine, sshd: SshdBuilder) -> Self {
        let sshd = sshd.start();
        let trust = TrustStore::in_memory(TrustPolicy::AcceptNew);
        let store = SessionStore::new(StoreConfig::default(), trust);
        let owner = Owner::new("test");
        let target = sshd.target(engine);
        let id = store.open_ssh(&owner, &target, None).await.unwrap();
        let session = store.get(&owner, id).unwrap();
        Self {
            sshd,
            store,
            owner,
            id,
            session,
        }
    }

    /// The session is none the worse for what happened, and ends cleanly.
    pub(crate) async fn end(self) {
        let request = connection_core::exec::ExecRequest::new("echo alive");
        assert_eq!(self.session.exec(request).await.unwrap().stdout, b"alive\n");
        drop(self.session);
        self.store.shutdown().await;
        eventually("no connection is left", || self.sshd.connections() == 0).await;
    }
}

pub(crate) async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + SOON;
    while !holds() {
        assert!(Instant::now() < end, "not within {SOON:?}: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// A number of seconds that no other process on this machine sleeps.
pub(crate) fn nap() -> String {
    format!("600.{}", uuid::Uuid::new_v4().as_u128())
}

/// How many processes have this among their arguments, on the server as here: it runs on
/// this machine.
pub(crate) fn processes(argument: &str) -> usize {
    let has = |pid: &Path| {
        let line = std::fs::read(pid.join("cmdline")).unwrap_or_default();
        line.split(|b| *b == 0).any(|a| a == argument.as_bytes())
    };
    let all = std::fs::read_dir("/proc").unwrap();
    all.flatten().filter(|entry| has(&entry.path())).count()
}

/// Bytes that tell where they belong.
pub(crate) fn pattern(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..length).map(|_| next()).collect()
}

/// A named pipe that a remote command makes and then waits at.
pub(crate) struct Gate {
    name: String,
    path: PathBuf,
}

impl Gate {
    pub(crate) fn new(sshd: &Sshd) -> Self {
        let name = connection_tests::manager::unique();
        let path = sshd.home().join(&name);
        Self { name, path }
    }

    /// A command that makes it.
    pub(crate) fn make(&self) -> String {
        format!("mkfifo ~/{}", self.name)
    }

    /// A command that waits until it is opened.
    pub(crate) fn wait(&self) -> String {
        format!("read word < ~/{}", self.name)
    }

    /// Whether the command has made it.
    pub(crate) fn is_there(&self) -> bool {
        self.path.exists()
    }

    /// Lets who waits go on with a word.
    pub(crate) fn open(&self, word: &str) {
        // Of a pipe this waits for who reads; a file would be made, and nobody be let in.
        assert!(self.path.exists(), "the command has not come so far");
        std::fs::write(&self.path, format!("{word}\n")).unwrap();
    }
}

/// The events of one command, read one by one.
pub(crate) struct Events {
    runtime: Runtime,
    response: reqwest::Response,
    bytes: Vec<u8>,
    lines: VecDeque<String>,
}

impl Events {
    #[track_caller]
    pub(crate) fn open(manager: &Manager, id: &str, body: &Value) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let url = format!("{}/connections/{id}/exec", manager.base());
        let request = async {
            let client = reqwest::Client::builder().no_proxy().build().unwrap();
            let request = client
                .post(url)
                .header("accept", "text/event-stream")
                .header("content-type", "application/json")
                .body(body.to_string());
            tokio::time::timeout(SOON, request.send()).await
        };
        let response = runtime.block_on(request).unwrap().unwrap();
        assert_eq!(response.status(), 200);
        let kind = response.headers()["content-type"].to_str().unwrap();
        assert!(kind.starts_with("text/event-stream"), "{kind}");
        assert_eq!(response.headers()["cache-control"], "no-cache");
        Self {
            runtime,
            response,
            bytes: Vec::new(),
            lines: VecDeque::new(),
        }
    }

    fn line(&mut self) -> Option<String> {
        loop {
            if let Some(line) = self.lines.pop_front() {
                return Some(line);
            }
            let chunk = async { tokio::time::timeout(SOON, self.response.chunk()).await };
            let chunk = self.runtime.block_on(chunk);
            let chunk = chunk.expect("an event in time").unwrap()?;
            self.bytes.extend_from_slice(&chunk);
            while let Some(end) = self.bytes.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.bytes.drain(..=end).collect();
                let text = String::from_utf8(line).unwrap();
                self.lines.push_back(text.trim_end_matches('\n').to_owned());
            }
        }
    }

    /// Waits for a comment, before which no event may come.
    #[track_caller]
    pub(crate) fn comment(&mut self) {
        loop {
            let line = self.line().expect("a comment");
            if line.starts_with(':') {
                return;
            }
            assert_eq!(line, "", "no comment");
        }
    }

    /// The next event and its data; `None` at the end of the answer.
    #[track_caller]
    pub(crate) fn next(&mut self) -> Option<(String, Value)> {
        let (mut name, mut data) = (String::new(), String::new());
        loop {
            let line = self.line()?;
            if line.is_empty() {
                if !name.is_empty() {
                    return Some((name, serde_json::from_str(&data).unwrap()));
                }
            } else if let Some(rest) = line.strip_prefix("event: ") {
                rest.clone_into(&mut name);
            } else if let Some(rest) = line.strip_prefix("data: ") {
                data.push_str(rest);
            } else if !line.starts_with(':') {
                panic!("not a line of an event: {line:?}");
            }
        }
    }

    /// The next event, which has this name.
    #[track_caller]
    pub(crate) fn named(&mut self, wanted: &str) -> Value {
        match self.next() {
            Some((name, data)) if name == wanted => data,
            other => panic!("wanted {wanted}, got {other:?}"),
        }
    }

    /// The id of the command that has just started.
    #[track_caller]
    pub(crate) fn started(&mut self) -> String {
        self.named("started")["exec_id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Everything up to the last event: both streams, and that event.
    #[track_caller]
    pub(crate) fn rest(&mut self) -> (String, String, (String, Value)) {
        let (mut out, mut err) = (String::new(), String::new());
        loop {
            let (name, data) = self.next().expect("an event before the end");
            match name.as_str() {
                "stdout" => out.push_str(data["data"].as_str().unwrap()),
                "stderr" => err.push_str(data["data"].as_str().unwrap()),
                _ => {
                    assert_eq!(self.next(), None, "nothing behind {name}");
                    return (out, err, (name, data));
                }
            }
        }
    }
}
