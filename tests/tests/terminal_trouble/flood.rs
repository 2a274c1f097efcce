//! A program that never stops and a client that takes nothing.

use super::{SOON, echo, end, info, run};
use connection_tests::manager::{ENGINES, Manager};
use connection_tests::terminal_socket::WINDOW;
use connection_tests::{Sshd, TerminalSocket, eventually};
use std::time::Duration;

const MIB: u64 = 1 << 20;

/// What the server may need more than before, whatever is flooded: the terminal's ring of
/// 1 MiB, what waits in the engine and in the socket, and what the allocator keeps of the
/// transfers that go on meanwhile.
const FLAT: u64 = 12 * MIB;

/// Keys typed into the other terminal meanwhile.
const KEYS: usize = 200;

/// What may be flooded between a key and its echo, on the average: the engine's queues, and
/// not what a flood makes of the time that a slow echo would take.
const BETWEEN_KEYS: u64 = 4 * MIB;

/// Bytes of memory the server has.
fn memory(manager: &Manager) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", manager.pid())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1));
    kib.unwrap().parse::<u64>().unwrap() * 1024
}

/// Whether a process has this as an argument, on the far side as here: it is this machine.
fn runs(argument: &str) -> bool {
    let has = |entry: std::fs::DirEntry| {
        let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        line.split(|b| *b == 0)
            .any(|word| word == argument.as_bytes())
    };
    std::fs::read_dir("/proc")
        .unwrap()
        .any(|entry| has(entry.unwrap()))
}

#[test]
fn russh_floods_a_stalled_client() {
    a_flood_into_a_stalled_client_is_nobodys_harm(ENGINES[0]);
}

#[test]
fn libssh2_floods_a_stalled_client() {
    a_flood_into_a_stalled_client_is_nobodys_harm(ENGINES[1]);
}

#[allow(
    clippy::print_stderr,
    reason = "the figures are what a reader of the test's output wants"
)]
fn a_flood_into_a_stalled_client_is_nobodys_harm(engine: &str) {
    let (manager, sshd) = (Manager::start(), Sshd::start());
    let session = manager.ssh(&sshd, engine);
    let large: Vec<u8> = (0..16 * MIB as u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    let remote = sshd.write_file("large", &large);
    let remote = remote.to_str().unwrap();
    let download = |name: &str| {
        let local = manager.local(name);
        manager.download(&session, remote, &local).ok();
        assert!(std::fs::read(&local).unwrap() == large);
    };
    let mut other = echo(&manager, &session);
    let type_keys = |other: &mut TerminalSocket, round: &str| {
        for key in 0..KEYS {
            let key = format!("{round}{key};");
            other.send(&key);
            other.until(&key);
        }
    };
    // Everything that happens later has happened once when memory is looked at.
    download("before");
    type_keys(&mut other, "before");
    let mut stalled = run(&manager, &session, "stty -echo; PS1= exec sh");
    stalled.send("echo rea''dy\n");
    stalled.until("ready");
    let terminal = stalled.terminal_id();
    let before = memory(&manager);

    stalled.never_acknowledge();
    let flood = format!("flood-{}", sshd.port());
    stalled.send(format!("yes {flood}\n"));
    let flooded = || end(&manager, &session, &terminal);
    // Who is held back may end at its last byte.
    eventually(SOON, "it floods up to the credit", || flooded() >= WINDOW);
    let mut most = memory(&manager);
    let begun = flooded();
    type_keys(&mut other, "during");
    stalled.next_within(Duration::from_millis(1));
    let between = (flooded() - begun) / KEYS as u64;
    most = most.max(memory(&manager));
    download("during");
    stalled.next_within(Duration::from_millis(1));
    most = most.max(memory(&manager));
    let info = info(&manager, &session, &terminal);
    assert!(info["end"].as_u64().unwrap() - info["start"].as_u64().unwrap() <= MIB);
    let held = engine == "libssh2";
    if held {
        assert!(
            flooded() < WINDOW + 3 * MIB,
            "it is held back: {}",
            flooded()
        );
    } else {
        eventually(SOON, "it floods on", || {
            // Who reads on, and acknowledges nothing, still answers the server's pings.
            stalled.next_within(Duration::from_millis(1));
            flooded() > 64 * MIB
        });
    }
    type_keys(&mut other, "after");
    stalled.next_within(Duration::from_millis(1));
    most = most.max(memory(&manager));
    assert!(runs(&flood), "it still floods");
    eprintln!(
        "{engine}: {} KiB before, at most {} KiB more; {} MiB flooded, {between} bytes a key",
        before / 1024,
        most.saturating_sub(before) / 1024,
        flooded() / MIB,
    );
    assert!(
        most < before + FLAT,
        "{before} bytes before, {most} at most"
    );
    assert!(
        between < BETWEEN_KEYS,
        "{between} bytes flooded for each key"
    );

    // The interrupt key, from who has taken nothing.
    let interrupted = flooded();
    stalled.send("\x03");
    stalled.send("echo ov''er\n");
    eventually(SOON, "the interrupt key ends it", || !runs(&flood));
    let past = flooded() - interrupted;
    assert!(past < 64 * MIB, "{past} bytes after the interrupt key");
    stalled.acknowledge_everything();
    stalled.until("over");
    let gaps = stalled
        .frames()
        .iter()
        .filter(|f| f["type"] == "offset")
        .count();
    if held {
        assert_eq!(gaps, 1, "who is held back loses nothing");
    } else {
        assert!(gaps > 1, "it is told what it lost");
    }
    stalled.send("echo $((6 * 7))\n");
    stalled.until("42\r\n");
}
