//! Full-screen programs on a real sshd, driven by their keys and read off a screen.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helpers fail the test, as the test itself does"
)]

mod bytes;
mod editors;
mod monitors;
mod multiplexer;
mod pagers;
mod sizes;

use connection_core::session::{ActiveSession, Owner, SessionStore, StoreConfig};
use connection_core::target::SshEngine;
use connection_core::terminal::TerminalRequest;
use connection_core::terminals::{SharedTerminal, TerminalLimits, TerminalOptions};
use connection_core::trust::{TrustPolicy, TrustStore};
use connection_tests::Sshd;
use connection_tests::screen::{Programs, Screen, Seat};
use std::sync::Arc;

/// A session on a real server that has the programs.
struct Machine {
    sshd: Sshd,
    programs: Programs,
    store: SessionStore,
    session: ActiveSession,
}

impl Machine {
    async fn start(engine: SshEngine) -> Self {
        Self::start_with(engine, TerminalLimits::default()).await
    }

    async fn start_with(engine: SshEngine, limits: TerminalLimits) -> Self {
        let sshd = Sshd::start();
        let programs = Programs::put(&sshd);
        let config = StoreConfig {
            terminals: limits,
            ..StoreConfig::default()
        };
        let store = SessionStore::new(config, TrustStore::in_memory(TrustPolicy::AcceptNew));
        let me = Owner::new("test");
        let id = store.open_ssh(&me, &sshd.target(engine), None).await;
        let session = store.get(&me, id.unwrap()).unwrap();
        Self {
            sshd,
            programs,
            store,
            session,
        }
    }

    /// A terminal of the usual size with this program, and somebody in front of it.
    async fn run(&self, program: &str) -> (Arc<SharedTerminal>, Seat) {
        self.run_in(80, 24, program).await
    }

    async fn run_in(&self, columns: u32, rows: u32, program: &str) -> (Arc<SharedTerminal>, Seat) {
        let request = TerminalRequest::new(columns, rows).command(self.programs.run(program));
        let options = TerminalOptions::default();
        let terminal = self.session.start_terminal(request, options).await.unwrap();
        let seat = Seat::writer(&terminal);
        (terminal, seat)
    }

    /// What a file in the home directory holds now.
    fn file(&self, name: &str) -> String {
        std::fs::read_to_string(self.sshd.home().join(name)).unwrap_or_default()
    }

    async fn stop(self) {
        drop(self.session);
        self.store.shutdown().await;
    }
}

/// `line 1` and so on, each on a line.
fn lines(count: usize) -> String {
    (1..=count).map(|n| format!("line {n}\n")).collect()
}
