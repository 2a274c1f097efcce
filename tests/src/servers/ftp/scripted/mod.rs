//! An FTP server that does what a test tells it to, and otherwise behaves: for what no real
//! server does, or only when it is broken or hostile.
//!
//! It lets everybody in and keeps its files in memory.

mod conversation;
mod step;
mod tree;
mod usual;
mod wire;

use std::collections::HashMap;
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use openssl::ssl::SslAcceptor;
use tempfile::TempDir;

use super::Tls;
use crate::servers::certs::{Certificate, LOOPBACK_NAMES};
use crate::servers::ports;
use crate::wait;

use step::Rule;
pub use step::{GREETING, Step, say, send, sends};
use tree::Tree;

/// A running scripted server. Dropping it ends every connection.
///
/// ```no_run
/// use connection_tests::servers::ftp::scripted::{ScriptedFtp, Step, say};
///
/// let server = ScriptedFtp::builder()
///     .file("/a.txt", "hello")
///     .once("SIZE", [say("200 what is this?\r\n"), Step::Usual])
///     .start();
/// println!("{} was asked {:?}", server.port(), server.commands());
/// ```
pub struct ScriptedFtp {
    addr: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
    certificate: Option<Certificate>,
    _dir: Option<TempDir>,
}

struct Shared {
    rules: Vec<Rule>,
    without: Vec<String>,
    features: Vec<String>,
    implicit: bool,
    acceptor: Option<SslAcceptor>,
    tree: Mutex<Tree>,
    state: Mutex<State>,
    accepted: AtomicUsize,
    said: AtomicU64,
    sent: AtomicU64,
    ending: AtomicBool,
}

#[derive(Default)]
struct State {
    /// Commands, each with the number of its connection, from 1.
    commands: Vec<(usize, String)>,
    /// How often each rule was followed.
    followed: HashMap<usize, usize>,
    /// Handles on open control connections, by their number.
    controls: Vec<(usize, TcpStream)>,
    /// Handles on their open data connections.
    data: Vec<(usize, TcpStream)>,
}

impl ScriptedFtp {
    /// One without rules, files or TLS.
    pub fn start() -> Self {
        Self::builder().start()
    }

    /// One with other settings.
    pub fn builder() -> ScriptedFtpBuilder {
        ScriptedFtpBuilder::default()
    }

    /// The address to connect to, always `127.0.0.1`.
    pub fn host(&self) -> &'static str {
        "127.0.0.1"
    }

    /// The TCP port.
    pub fn port(&self) -> u16 {
        self.addr.port()
    }

    /// The certificate it shows; `None` without TLS.
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificate.as_ref()
    }

    /// Number of control connections taken so far.
    pub fn accepted(&self) -> usize {
        self.shared.accepted.load(Ordering::SeqCst)
    }

    /// Control connections that are open now.
    pub fn open(&self) -> usize {
        self.shared.lock().controls.len()
    }

    /// All commands so far, on all connections; the words of `PASS` and `ACCT` are left out.
    pub fn commands(&self) -> Vec<String> {
        let state = self.shared.lock();
        state
            .commands
            .iter()
            .map(|(_, line)| line.clone())
            .collect()
    }

    /// How many of them have this verb.
    pub fn count(&self, verb: &str) -> usize {
        let about = |line: &String| line.split(' ').next() == Some(verb);
        self.commands().iter().filter(|line| about(line)).count()
    }

    /// Bytes of replies sent so far.
    pub fn said(&self) -> u64 {
        self.shared.said.load(Ordering::SeqCst)
    }

    /// Bytes of data sent so far.
    pub fn sent(&self) -> u64 {
        self.shared.sent.load(Ordering::SeqCst)
    }

    /// A file's content now.
    pub fn file(&self, path: &str) -> Option<Vec<u8>> {
        self.shared.tree().file(path.as_bytes()).map(<[u8]>::to_vec)
    }

    /// Says this now on every open control connection, asked or not; for servers without TLS.
    /// It lies there unread when this returns.
    pub fn interject(&self, text: impl AsRef<[u8]>) {
        use std::io::Write as _;
        assert!(self.certificate.is_none(), "no way into a TLS connection");
        let state = self.shared.lock();
        for (_, socket) in &state.controls {
            // A client that left is not told.
            let _ = (&*socket).write_all(text.as_ref());
        }
        drop(state);
        wait::eventually(wait::PATIENCE, "it arrives", || {
            ports::all_sent(self.port())
        });
    }
}

impl Drop for ScriptedFtp {
    fn drop(&mut self) {
        self.shared.ending.store(true, Ordering::SeqCst);
        {
            let state = self.shared.lock();
            for (_, socket) in state.controls.iter().chain(&state.data) {
                let _ = socket.shutdown(Shutdown::Both);
            }
        }
        // Wakes the listener up.
        let _ = TcpStream::connect_timeout(&self.addr, wait::PATIENCE);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        if std::thread::panicking() {
            let commands = &self.shared.lock().commands;
            let shown = commands.iter().rev().take(SHOWN).rev();
            for (connection, line) in shown {
                eprint_line(*connection, line);
            }
        }
    }
}

/// Commands shown when a test fails.
const SHOWN: usize = 60;

#[allow(
    clippy::print_stderr,
    reason = "what the server was asked helps whoever reads a failed test"
)]
fn eprint_line(connection: usize, line: &str) {
    eprintln!("scripted ftp, connection {connection}: {line}");
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tree(&self) -> MutexGuard<'_, Tree> {
        self.tree.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_ending(&self) -> bool {
        self.ending.load(Ordering::SeqCst)
    }

    /// The steps of the first rule that is about this command and not used up.
    fn steps(&self, command: &[u8]) -> Vec<Step> {
        let mut state = self.lock();
        for (number, rule) in self.rules.iter().enumerate() {
            let followed = state.followed.entry(number).or_default();
            if rule.is_about(command) && *followed < rule.times {
                *followed += 1;
                return rule.steps.clone();
            }
        }
        vec![Step::Usual]
    }

    fn serve(self: Arc<Self>, listener: &TcpListener) {
        let mut threads = Vec::new();
        for client in listener.incoming().flatten() {
            if self.is_ending() {
                break;
            }
            let number = self.accepted.fetch_add(1, Ordering::SeqCst) + 1;
            let Ok(handle) = client.try_clone() else {
                continue;
            };
            {
                let mut state = self.lock();
                state.controls.push((number, handle));
                // The end may have come between the look at it and now.
                if self.is_ending() {
                    break;
                }
            }
            let shared = Arc::clone(&self);
            threads.push(std::thread::spawn(move || {
                conversation::hold(&shared, client, number);
                let mut state = shared.lock();
                state.controls.retain(|(other, _)| *other != number);
                state.data.retain(|(other, _)| *other != number);
            }));
        }
        for thread in threads {
            let _ = thread.join();
        }
    }
}

/// Settings of a [`ScriptedFtp`] to start.
#[derive(Clone, Default)]
pub struct ScriptedFtpBuilder {
    tls: Tls,
    rules: Vec<Rule>,
    without: Vec<String>,
    features: Vec<String>,
    tree: Tree,
}

impl ScriptedFtpBuilder {
    /// TLS, off at first.
    pub fn tls(self, tls: Tls) -> Self {
        Self { tls, ..self }
    }

    /// A file; the directories it needs come with it.
    pub fn file(mut self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.tree.write(path.as_bytes(), content.as_ref());
        self
    }

    /// These steps whenever this is asked: a verb, a whole command, or [`GREETING`]. Of several
    /// rules the first holds.
    pub fn on(self, command: &str, steps: impl IntoIterator<Item = Step>) -> Self {
        self.times(usize::MAX, command, steps)
    }

    /// These steps the first time this is asked.
    pub fn once(self, command: &str, steps: impl IntoIterator<Item = Step>) -> Self {
        self.times(1, command, steps)
    }

    /// These steps the first so many times this is asked.
    pub fn times(
        mut self,
        times: usize,
        command: &str,
        steps: impl IntoIterator<Item = Step>,
    ) -> Self {
        self.rules.push(Rule {
            on: command.to_owned(),
            times,
            steps: steps.into_iter().collect(),
        });
        self
    }

    /// Commands the server does not know (`500`), and that its `FEAT` answer lacks.
    pub fn without(mut self, commands: &[&str]) -> Self {
        self.without
            .extend(commands.iter().map(|c| (*c).to_owned()));
        self
    }

    /// One more line of the answer to `FEAT`.
    pub fn feature(mut self, feature: &str) -> Self {
        self.features.push(feature.to_owned());
        self
    }

    /// Starts the server.
    pub fn start(self) -> ScriptedFtp {
        let dir = (self.tls != Tls::Off).then(super::super::service::server_dir);
        let certificate = dir
            .as_ref()
            .map(|dir| Certificate::generate(dir.path(), LOOPBACK_NAMES));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("bind");
        let addr = listener.local_addr().expect("address");
        let shared = Arc::new(Shared {
            rules: self.rules,
            without: self.without,
            features: self.features,
            implicit: self.tls == Tls::Implicit,
            acceptor: certificate.as_ref().map(wire::acceptor),
            tree: Mutex::new(self.tree),
            state: Mutex::default(),
            accepted: AtomicUsize::new(0),
            said: AtomicU64::new(0),
            sent: AtomicU64::new(0),
            ending: AtomicBool::new(false),
        });
        let thread = std::thread::spawn({
            let shared = Arc::clone(&shared);
            move || shared.serve(&listener)
        });
        ScriptedFtp {
            addr,
            shared,
            thread: Some(thread),
            certificate,
            _dir: dir,
        }
    }
}
