//! The same as server-sent events: live, cancelled, left, and read slowly.

use crate::ground::{Events, Gate, SOON, nap, processes};
use connection_tests::manager::{Manager, SshWorld};
use connection_tests::{Sshd, eventually, on_both_engines};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

on_both_engines![
    events_come_while_the_command_runs,
    a_character_is_never_cut,
    both_streams_come_whole_and_in_order,
    a_cut_output_is_marked,
    a_client_that_leaves_ends_the_command,
    a_cancelled_command_ends_with_an_error,
    a_command_past_its_time_ends_with_an_error,
    a_closed_session_ends_with_an_error,
    what_is_wrong_at_once_has_a_status,
];

fn open(world: &SshWorld, id: &str, command: impl Into<String>) -> Events {
    Events::open(&world.manager, id, &json!({"command": command.into()}))
}

fn listed(manager: &Manager, id: &str) -> usize {
    let list = manager.get(&format!("/connections/{id}/exec")).ok();
    list["commands"].as_array().unwrap().len()
}

fn events_come_while_the_command_runs(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let gate = Gate::new(&world.sshd);
    let command = format!(
        "{}; echo first; {}; echo \"$word\" >&2; exit 3",
        gate.make(),
        gate.wait()
    );
    let mut events = open(world, &id, command);
    let exec = events.started();
    assert_eq!(events.named("stdout"), json!({"data": "first\n"}));
    // It waits at the gate, and everyone sees that it runs.
    let list = world.manager.get(&format!("/connections/{id}/exec")).ok();
    assert_eq!(list["commands"][0]["exec_id"], exec);
    gate.open("further");
    assert_eq!(events.named("stderr"), json!({"data": "further\n"}));
    let mut end = events.named("exit");
    assert_eq!(listed(&world.manager, &id), 0, "its end was told");
    assert!(end.as_object_mut().unwrap().remove("duration_ms").is_some());
    assert_eq!(end, json!({"exit_code": 3, "truncated": false}));
    assert_eq!(events.next(), None);
}

fn a_character_is_never_cut(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let gates = [Gate::new(&world.sshd), Gate::new(&world.sshd)];
    // Of a character of three bytes each comes in a packet of its own; another never ends.
    let command = format!(
        "{}; {}; printf 'a\\342' ; {}; printf '\\202'; {}; printf '\\254b\\303'",
        gates[0].make(),
        gates[1].make(),
        gates[0].wait(),
        gates[1].wait()
    );
    let mut events = open(world, &id, command);
    events.started();
    assert_eq!(events.named("stdout"), json!({"data": "a"}));
    gates[0].open("on");
    gates[1].open("on");
    assert_eq!(events.named("stdout"), json!({"data": "\u{20ac}b"}));
    assert_eq!(
        events.named("stdout"),
        json!({"data": "\u{fffd}"}),
        "at the end"
    );
    assert_eq!(events.named("exit")["exit_code"], 0);
}

fn both_streams_come_whole_and_in_order(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let command = "i=0; while [ $i -lt 2000 ]; do echo \u{fc} $i; echo e $i >&2; i=$((i+1)); done";
    let mut events = open(world, &id, command);
    events.started();
    let (out, err, (last, end)) = events.rest();
    let wanted = |word: &str| {
        (0..2000)
            .map(|n| format!("{word} {n}\n"))
            .collect::<String>()
    };
    assert!(out == wanted("\u{fc}") && err == wanted("e"));
    assert_eq!((last.as_str(), &end["exit_code"]), ("exit", &json!(0)));
}

fn a_cut_output_is_marked(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let word = format!("y{}", nap());
    let body = json!({"command": format!("exec yes {word}"), "output_limit": 2_000_003});
    let mut events = Events::open(&world.manager, &id, &body);
    events.started();
    let (out, _, (last, end)) = events.rest();
    assert_eq!((out.len(), last.as_str()), (2_000_003, "exit"));
    assert_eq!(
        (&end["truncated"], &end["signal"]),
        (&json!(true), &json!("KILL"))
    );
    eventually(SOON, "the process is gone", || processes(&word) == 0);
}

fn a_client_that_leaves_ends_the_command(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    // Silent; and flooding, with the client's window shut.
    for command in ["exec sleep", "exec yes"] {
        let nap = nap();
        let mut events = open(world, &id, format!("{command} {nap}"));
        events.started();
        eventually(SOON, "the command runs", || processes(&nap) > 0);
        drop(events);
        eventually(SOON, "the process is gone", || processes(&nap) == 0);
        eventually(SOON, "it is listed no more", || {
            listed(&world.manager, &id) == 0
        });
    }
}

#[track_caller]
fn ends_with_error(events: &mut Events, code: &str) -> Value {
    let error = events.named("error");
    assert_eq!(error["code"], code, "{error}");
    assert!(!error["detail"].as_str().unwrap().is_empty());
    assert_eq!(events.next(), None);
    error
}

fn a_cancelled_command_ends_with_an_error(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let nap = nap();
    let mut events = open(world, &id, format!("exec sleep {nap}"));
    let exec = events.started();
    eventually(SOON, "the command runs", || processes(&nap) > 0);
    let path = format!("/connections/{id}/exec/{exec}");
    world.manager.delete(&path).ok();
    ends_with_error(&mut events, "cancelled");
    eventually(SOON, "the process is gone", || processes(&nap) == 0);
    assert_eq!(world.manager.delete(&path).status, 404);
}

fn a_command_past_its_time_ends_with_an_error(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let nap = nap();
    let body = json!({"command": format!("echo begun; exec sleep {nap}"), "timeout": 0.7});
    let mut events = Events::open(&world.manager, &id, &body);
    events.started();
    assert_eq!(events.named("stdout"), json!({"data": "begun\n"}));
    ends_with_error(&mut events, "timed_out");
    eventually(SOON, "the process is gone", || processes(&nap) == 0);
}

fn a_closed_session_ends_with_an_error(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let nap = nap();
    let mut events = open(world, &id, format!("exec sleep {nap}"));
    events.started();
    eventually(SOON, "the command runs", || processes(&nap) > 0);
    world.manager.close(&id).ok();
    ends_with_error(&mut events, "connection_lost");
    eventually(SOON, "the process is gone", || processes(&nap) == 0);
}

fn what_is_wrong_at_once_has_a_status(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    for (id, body, status) in [
        (id.as_str(), json!({"command": "a\u{0}"}), 400),
        (id.as_str(), json!({}), 400),
        ("x", json!({"command": "true"}), 401),
    ] {
        let path = format!("/connections/{id}/exec");
        let answer = world.manager.send("POST", &path, |request| {
            request
                .header("accept", "text/event-stream")
                .header("content-type", "application/json")
                .body(body.to_string())
        });
        assert_eq!(answer.status, status, "{}", answer.text);
        assert!(answer.json()["code"].is_string());
    }
}

/// A client cannot tell a quiet command from a dead connection but by these.
#[test]
fn a_quiet_command_gives_signs_of_life() {
    let (sshd, manager) = (Sshd::start(), Manager::start());
    let id = manager.ssh(&sshd, "russh");
    let order = json!({"command": format!("exec sleep {}", nap())});
    let mut events = Events::open(&manager, &id, &order);
    events.started();
    let begun = Instant::now();
    events.comment();
    // A third of what the page's client waits for.
    let after = begun.elapsed();
    assert!(after < Duration::from_secs(25), "{after:?}");
}

/// Bytes of memory a process has.
fn resident(pid: u32) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/statm")).unwrap();
    let pages: u64 = text.split(' ').nth(1).unwrap().parse().unwrap();
    pages * 4096
}

/// What a reader that stops may cost: the engine's buffers, the spool's MiB on its way, and
/// what the allocator keeps of it; the output is many times that.
const MEMORY: u64 = 24 << 20;

const FLOOD: usize = 60_000_000;

fn a_slow_reader_is_alone(engine: &str) {
    let (sshd, manager) = (Sshd::start(), Manager::start());
    let id = manager.ssh(&sshd, engine);
    let quick = |what: &str| {
        let started = Instant::now();
        let body = json!({"command": "echo quick"});
        let answer = manager.post(&format!("/connections/{id}/exec"), &body).ok();
        assert_eq!(answer["stdout"], "quick\n");
        manager.list(&id, "/etc").ok();
        assert!(started.elapsed() < SOON / 2, "{what}");
    };
    // What a command needs once is not what a slow reader costs.
    let warm = json!({"command": "head -c 8000000 /dev/zero | tr '\\0' x"});
    let mut events = Events::open(&manager, &id, &warm);
    events.started();
    assert_eq!(events.rest().0.len(), 8_000_000);
    quick("at first");
    let before = resident(manager.pid());

    let done = sshd.home().join("done");
    let command = format!("head -c {FLOOD} /dev/zero | tr '\\0' x; touch ~/done");
    let mut events = Events::open(&manager, &id, &json!({"command": command}));
    events.started();
    let mut peak = before;
    let started = Instant::now();
    // The command is through with its output, and nobody has read it.
    while !done.exists() {
        assert!(started.elapsed() < SOON, "it waits for its reader");
        quick("while it floods");
        peak = peak.max(resident(manager.pid()));
    }
    for _ in 0..5 {
        quick("while the reader stands still");
        peak = peak.max(resident(manager.pid()));
    }
    let (out, err, (last, end)) = events.rest();
    peak = peak.max(resident(manager.pid()));
    assert!(out.len() == FLOOD && out.bytes().all(|b| b == b'x'));
    assert_eq!(
        (err.as_str(), last.as_str(), &end["exit_code"]),
        ("", "exit", &json!(0))
    );
    assert!(
        peak - before < MEMORY,
        "{} KiB more than {} KiB",
        (peak - before) / 1024,
        before / 1024
    );
}

#[test]
fn a_slow_reader_is_alone_russh() {
    a_slow_reader_is_alone("russh");
}

#[test]
fn a_slow_reader_is_alone_libssh2() {
    a_slow_reader_is_alone("libssh2");
}
