//! Terminals that belong to their session: what viewers are given, and what they may do.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helpers fail the test, as the test itself does"
)]

mod flow;
mod lives;
mod replay;
mod viewers;

use connection_core::exec::ExitStatus;
use connection_core::session::{ActiveSession, Owner, SessionId, SessionStore, StoreConfig};
use connection_core::target::SshEngine;
use connection_core::terminal::TerminalRequest;
use connection_core::terminals::{
    Attach, CloseReason, SharedTerminal, TerminalLimits, TerminalOptions, Viewer, ViewerEvent,
    ViewerMode,
};
use connection_core::trust::{TrustPolicy, TrustStore};
use connection_tests::Sshd;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long something that is sure to happen may take on a busy machine.
const SOON: Duration = Duration::from_secs(60);

/// A shell that neither reads start-up files nor edits its line.
const SHELL: &str = "exec bash --norc --noprofile --noediting";

fn me() -> Owner {
    Owner::new("test")
}

/// A store with one session on a real server.
struct Machine {
    sshd: Sshd,
    store: SessionStore,
    id: SessionId,
    session: ActiveSession,
}

impl Machine {
    async fn start(engine: SshEngine, limits: TerminalLimits) -> Self {
        let sshd = Sshd::start();
        let config = StoreConfig {
            terminals: limits,
            ..StoreConfig::default()
        };
        let store = SessionStore::new(config, TrustStore::in_memory(TrustPolicy::AcceptNew));
        let id = store.open_ssh(&me(), &sshd.target(engine), None).await;
        let id = id.unwrap();
        let session = store.get(&me(), id).unwrap();
        Self {
            sshd,
            store,
            id,
            session,
        }
    }

    async fn terminal(&self, command: &str) -> Arc<SharedTerminal> {
        let request = TerminalRequest::default().command(command);
        let options = TerminalOptions::default();
        self.session.start_terminal(request, options).await.unwrap()
    }
}

fn writer(terminal: &Arc<SharedTerminal>) -> Viewer {
    terminal.attach(Attach::new(ViewerMode::Write)).unwrap()
}

fn reader(terminal: &Arc<SharedTerminal>) -> Viewer {
    terminal.attach(Attach::new(ViewerMode::Read)).unwrap()
}

/// What comes next, if it comes soon.
async fn next(viewer: &mut Viewer) -> ViewerEvent {
    tokio::time::timeout(SOON, viewer.output.next())
        .await
        .expect("nothing came")
}

/// What a viewer saw of the stream.
#[derive(Default, Debug)]
struct Seen {
    /// Offset of the first byte.
    from: Option<u64>,
    /// Offset after the last byte.
    to: u64,
    bytes: Vec<u8>,
    lost: u64,
    exit: Option<ExitStatus>,
}

impl Seen {
    fn note(&mut self, event: &ViewerEvent) {
        match event {
            ViewerEvent::Offset { offset, lost } => {
                if self.from.is_some() {
                    assert_eq!(*offset, self.to + lost);
                }
                self.from.get_or_insert(*offset);
                self.to = *offset;
                self.lost += lost;
            }
            ViewerEvent::Data(data) => {
                assert!(self.from.is_some(), "bytes before their offset");
                self.to += data.len() as u64;
                self.bytes.extend_from_slice(data);
            }
            ViewerEvent::Exited(status) => self.exit = Some(status.clone()),
            _ => {}
        }
    }
}

/// Everything a viewer is given to its end, with an acknowledgement of each piece.
async fn to_the_end(viewer: &mut Viewer) -> (Seen, CloseReason) {
    let mut seen = Seen::default();
    loop {
        let event = next(viewer).await;
        seen.note(&event);
        match event {
            ViewerEvent::Data(_) => viewer.input.ack(seen.to).unwrap(),
            ViewerEvent::Closed(reason) => return (seen, reason),
            _ => {}
        }
    }
}

/// Waits until this is shown, acknowledging everything.
async fn until(viewer: &mut Viewer, seen: &mut Seen, text: &str) {
    let mut from = 0;
    loop {
        let found = seen.bytes[from..]
            .windows(text.len())
            .position(|w| w == text.as_bytes());
        if let Some(at) = found {
            seen.bytes.drain(..from + at + text.len());
            return;
        }
        from = seen.bytes.len().saturating_sub(text.len());
        let event = next(viewer).await;
        if let ViewerEvent::Closed(reason) = event {
            panic!("{reason:?} before {text:?}");
        }
        seen.note(&event);
        if let ViewerEvent::Data(_) = event {
            viewer.input.ack(seen.to).unwrap();
        }
    }
}

async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + SOON;
    while !holds() {
        assert!(Instant::now() < end, "not within {SOON:?}: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
