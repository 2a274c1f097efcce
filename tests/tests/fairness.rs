//! Many things at once on one session: a reader that stops, or is slow, stops nothing but
//! itself and costs a bounded amount of memory; bulk transfers leave room for keys,
//! commands and listings. On both engines.
//!
//! The deadlines say that nothing is stuck; how quick it is, the benchmark says.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test's helpers fail the test, as the test itself does"
)]

use connection_core::exec::{ExecRequest, ExitStatus};
use connection_core::path::RemotePath;
use connection_core::session::{ActiveSession, Owner, SessionStore, StoreConfig};
use connection_core::ssh::Terminal;
use connection_core::target::SshEngine;
use connection_core::terminal::{TerminalEvent, TerminalRequest};
use connection_core::trust::{TrustPolicy, TrustStore};
use connection_tests::Sshd;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// How long anything may take beside the rest, on a busy machine.
const PROMPT: Duration = Duration::from_secs(30);

/// How long something that is sure to happen may take.
const SOON: Duration = Duration::from_secs(120);

const MIB: u64 = 1 << 20;

/// What one stopped download and three stopped or slow terminals may cost together: 8 MiB
/// each is what they are allowed to keep, and as much again for what the allocator keeps
/// of it.
const MEMORY: u64 = 64 * MIB;

/// Memory is the process's, so one test at a time.
static ALONE: Mutex<()> = Mutex::const_new(());

struct World {
    sshd: Sshd,
    store: SessionStore,
    session: ActiveSession,
}

impl World {
    async fn new(engine: SshEngine) -> Self {
        let sshd = Sshd::start();
        let store = SessionStore::new(
            StoreConfig::default(),
            TrustStore::in_memory(TrustPolicy::AcceptNew),
        );
        let owner = Owner::new("test");
        let id = store
            .open_ssh(&owner, &sshd.target(engine), None)
            .await
            .unwrap();
        let session = store.get(&owner, id).unwrap();
        for n in 0..500 {
            sshd.write_file(&format!("listed/a-name-of-usual-length-{n}"), "");
        }
        Self {
            sshd,
            store,
            session,
        }
    }

    fn path(&self, name: &str) -> RemotePath {
        let home = self.sshd.home().as_os_str().as_encoded_bytes();
        let home = RemotePath::parse(home, &RemotePath::root()).unwrap();
        RemotePath::parse(name.as_bytes(), &home).unwrap()
    }

    /// A file of zeros that takes no room.
    fn sparse(&self, name: &str, size: u64) -> RemotePath {
        let file = self.sshd.write_file(name, "");
        let file = std::fs::File::options().write(true).open(file).unwrap();
        file.set_len(size).unwrap();
        self.path(name)
    }

    async fn terminal(&self, command: &str) -> Terminal {
        let request = TerminalRequest::default().command(command);
        self.session.open_terminal(request).await.unwrap()
    }

    /// The number a remote command has written to a file.
    fn number(&self, name: &str) -> u64 {
        let text = std::fs::read_to_string(self.sshd.home().join(name)).unwrap_or_default();
        text.trim().parse().unwrap_or(0)
    }

    async fn end(self) {
        drop(self.session);
        self.store.shutdown().await;
    }
}

/// Someone who types, runs commands and lists directories.
struct Someone {
    keys: Terminal,
    typed: u64,
    slowest: [Duration; 3],
}

impl Someone {
    async fn new(world: &World) -> Self {
        let mut keys = world.terminal("stty raw -echo; echo ready; exec cat").await;
        shown(&mut keys, b"ready\n").await;
        Self {
            keys,
            typed: 0,
            slowest: [Duration::ZERO; 3],
        }
    }

    /// One of each; nothing may take longer than [`PROMPT`].
    async fn does_a_round(&mut self, world: &World, what: &str) {
        let mut times = Vec::new();
        let started = Instant::now();
        self.typed += 1;
        let key = format!("key {}\n", self.typed);
        let echo = async {
            self.keys.input.write(key.clone()).await.unwrap();
            shown(&mut self.keys, key.as_bytes()).await;
        };
        let echoed = tokio::time::timeout(PROMPT, echo).await;
        assert!(echoed.is_ok(), "no echo {what}");
        times.push(started.elapsed());

        let started = Instant::now();
        let run = world.session.exec(ExecRequest::new("true"));
        let ran = tokio::time::timeout(PROMPT, run).await;
        let output = ran.unwrap_or_else(|_| panic!("a command is stuck {what}"));
        assert_eq!(output.unwrap().status, ExitStatus::Code(0));
        times.push(started.elapsed());

        let started = Instant::now();
        let list = async {
            let pages = world.session.fs().list(&world.path("listed")).await;
            pages.unwrap().collect(1000).await.unwrap()
        };
        let listed = tokio::time::timeout(PROMPT, list).await;
        let entries = listed.unwrap_or_else(|_| panic!("a listing is stuck {what}"));
        assert_eq!(entries.len(), 500);
        times.push(started.elapsed());

        for (slowest, time) in self.slowest.iter_mut().zip(times) {
            *slowest = time.max(*slowest);
        }
    }
}

/// Waits until exactly these bytes have been shown.
async fn shown(terminal: &mut Terminal, bytes: &[u8]) {
    let mut all = Vec::new();
    while all.len() < bytes.len() {
        match terminal.output.next().await.unwrap() {
            Some(TerminalEvent::Data(data)) => all.extend_from_slice(&data),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(all, bytes);
}

/// Memory of this process, in bytes.
fn resident() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: u64 = text.split(' ').nth(1).unwrap().parse().unwrap();
    pages * 4096
}

async fn read_to_end(world: &World, path: &RemotePath) -> u64 {
    let mut file = world.session.fs().open_read(path, 0).await.unwrap();
    let mut size = 0;
    while let Some(chunk) = file.next_chunk().await.unwrap() {
        size += chunk.len() as u64;
    }
    size
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_that_stop_are_alone_russh() {
    readers_that_stop_are_alone(SshEngine::Russh).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_that_stop_are_alone_libssh2() {
    readers_that_stop_are_alone(SshEngine::Libssh2).await;
}

async fn readers_that_stop_are_alone(engine: SshEngine) {
    let _alone = ALONE.lock().await;
    let world = World::new(engine).await;
    let size = 256 * MIB;
    let path = world.sparse("zeros", size);
    let mut someone = Someone::new(&world).await;
    // What a transfer needs once is not what a reader that stops costs.
    let small = world.sparse("small", 32 * MIB);
    assert_eq!(read_to_end(&world, &small).await, 32 * MIB);
    someone.does_a_round(&world, "at first").await;
    let before = resident();

    // A download that stops after its first bytes.
    let mut download = world.session.fs().open_read(&path, 0).await.unwrap();
    let mut downloaded = download.next_chunk().await.unwrap().unwrap().len() as u64;
    // A terminal that is flooded and that nobody looks at; it counts the MiB it showed.
    let mut flooded = world
        .terminal(
            "stty raw -echo; n=0; while head -c 1048576 /dev/zero; \
             do n=$((n+1)); echo $n > .flood && mv .flood flood; done",
        )
        .await;
    // One of which every byte comes in a packet of its own; it counts 100,000 of them.
    let tiny = world
        .terminal(
            "exec bash -c 'stty raw -echo; n=0; while echo; do \
             if (( ++n % 100000 == 0 )); then echo $((n / 100000)) > tiny; fi; done'",
        )
        .await;
    // And one that is looked at now and then.
    let mut slow = world.terminal("yes").await;
    let looking = tokio::spawn(async move {
        let mut pause = tokio::time::interval(Duration::from_millis(50));
        while let Ok(Some(_)) = slow.output.next().await {
            pause.tick().await;
        }
    });
    // And one in which nobody takes what is typed.
    let mut deaf = world
        .terminal("stty raw -echo; echo ready; exec sleep 600")
        .await;
    shown(&mut deaf, b"ready\n").await;
    let typing =
        tokio::spawn(async move { while deaf.input.write(vec![b'x'; 64 * 1024]).await.is_ok() {} });

    // Until three times as much as is kept has come, and a multitude of packets.
    let started = Instant::now();
    let mut peak = before;
    while world.number("flood") < 24 || world.number("tiny") < 4 {
        assert!(started.elapsed() < SOON, "the flood stands still");
        someone.does_a_round(&world, "while it floods").await;
        peak = peak.max(resident());
    }
    for _ in 0..20 {
        someone
            .does_a_round(&world, "while readers stand still")
            .await;
        peak = peak.max(resident());
    }
    println!(
        "{engine:?}: floods of {} MiB and {} packets, {} KiB of memory, at worst {:?} for a \
         key, a command, a listing",
        world.number("flood"),
        world.number("tiny") * 100_000,
        peak.saturating_sub(before) / 1024,
        someone.slowest
    );
    assert!(
        peak.saturating_sub(before) < MEMORY,
        "{} KiB",
        peak.saturating_sub(before) / 1024
    );

    // The flooded one tells what was lost, and goes on.
    let (mut seen, mut lost) = (0, 0);
    while seen < 16 * MIB {
        let next = tokio::time::timeout(SOON, flooded.output.next()).await;
        match next.unwrap().unwrap() {
            Some(TerminalEvent::Data(data)) => {
                assert!(data.iter().all(|byte| *byte == 0));
                seen += data.len() as u64;
            }
            Some(TerminalEvent::Lost(count)) => lost += count,
            other => panic!("{other:?}"),
        }
    }
    assert!(lost > 8 * MIB, "{lost}");
    drop(tiny);
    drop(flooded);
    looking.abort();
    assert!(!typing.is_finished(), "it still waits for its turn");
    typing.abort();

    // And the download comes to its end.
    while let Some(chunk) = download.next_chunk().await.unwrap() {
        downloaded += chunk.len() as u64;
    }
    assert_eq!(downloaded, size);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn four_downloads_leave_room_russh() {
    four_downloads_leave_room(SshEngine::Russh).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn four_downloads_leave_room_libssh2() {
    four_downloads_leave_room(SshEngine::Libssh2).await;
}

async fn four_downloads_leave_room(engine: SshEngine) {
    let _alone = ALONE.lock().await;
    let world = World::new(engine).await;
    let mut someone = Someone::new(&world).await;
    let paths: Vec<_> = (1..=4)
        .map(|n| {
            (
                world.sparse(&format!("zeros{n}"), (64 + n) * MIB),
                (64 + n) * MIB,
            )
        })
        .collect();
    let downloads = futures::future::join_all(paths.iter().map(async |(path, size)| {
        assert_eq!(read_to_end(&world, path).await, *size);
    }));
    let mut downloads = Box::pin(downloads);
    let mut rounds = 0;
    let started = Instant::now();
    loop {
        tokio::select! {
            biased;
            _ = &mut downloads => break,
            () = someone.does_a_round(&world, "beside downloads") => rounds += 1,
        }
        assert!(started.elapsed() < SOON);
    }
    println!(
        "{engine:?}: {rounds} rounds in {:?}, at worst {:?} for a key, a command, a listing",
        started.elapsed(),
        someone.slowest
    );
    assert!(rounds > 0, "the downloads were over at once");
    drop(downloads);
    world.end().await;
}
