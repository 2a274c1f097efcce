//! Through the library: streams, ends and many at once.

use crate::ground::{Gate, SOON, World, eventually, nap, pattern, processes, with_both_engines};
use bytes::Bytes;
use connection_core::ErrorKind;
use connection_core::exec::{ExecEvent, ExecRequest, ExitStatus};
use connection_core::ssh::RunningCommand;
use connection_core::target::SshEngine;
use std::time::Duration;

with_both_engines![
    ten_megabytes_of_input_come_back,
    large_input_and_large_output_do_not_block_each_other,
    what_a_command_does_not_read_is_no_matter,
    output_comes_while_the_command_runs,
    both_streams_come_in_order,
    output_stops_at_the_limit,
    a_dropped_command_is_ended,
    a_command_past_its_time_tells_what_it_said_and_is_ended,
    a_lost_connection_is_told_behind_what_came,
    fifty_at_once,
    a_running_command_keeps_the_session,
];

/// Longer than a test: the next event, which comes.
async fn next(running: &mut RunningCommand) -> ExecEvent {
    let next = tokio::time::timeout(SOON, running.next()).await;
    next.expect("an event in time").unwrap().unwrap()
}

/// Exactly these bytes of standard output, in however many events.
async fn shows(running: &mut RunningCommand, text: &str) {
    let mut all = Vec::new();
    while all.len() < text.len() {
        match next(running).await {
            ExecEvent::Stdout(bytes) => all.extend_from_slice(&bytes),
            other => panic!("{other:?} behind {:?}", all.escape_ascii().to_string()),
        }
    }
    assert_eq!(String::from_utf8_lossy(&all), text);
}

async fn ten_megabytes_of_input_come_back(engine: SshEngine) {
    let world = World::new(engine).await;
    let input = Bytes::from(pattern(10_000_000));
    let request = ExecRequest::new("cat").stdin(input.clone());
    let output = world.session.exec(request).await.unwrap();
    assert_eq!(output.status, ExitStatus::Code(0));
    assert!(output.stdout == input, "{} bytes", output.stdout.len());
    // And not a byte more or less.
    for size in [0, 1, 65_536, 65_537] {
        let request = ExecRequest::new("wc -c").stdin(input.slice(..size));
        let output = world.session.exec(request).await.unwrap();
        assert_eq!(output.stdout, format!("{size}\n").into_bytes());
    }
    world.end().await;
}

async fn large_input_and_large_output_do_not_block_each_other(engine: SshEngine) {
    let world = World::new(engine).await;
    let input = pattern(10_000_000);
    // All of the output comes before a byte of the input is read.
    let command = "head -c 10000000 /dev/zero | tr '\\0' o; head -c 10000000 /dev/zero | \
                   tr '\\0' e >&2; cksum; wc -c < /dev/null";
    let wanted = format!("{} {}\n0\n", cksum(&input), input.len());
    let request = ExecRequest::new(command).stdin(input);
    let output = tokio::time::timeout(SOON, world.session.exec(request)).await;
    let output = output.expect("no deadlock").unwrap();
    assert_eq!(output.stdout.len(), 10_000_000 + wanted.len());
    assert!(output.stdout.ends_with(wanted.as_bytes()));
    assert!(output.stderr == vec![b'e'; 10_000_000]);
    world.end().await;
}

/// As POSIX's `cksum`.
fn cksum(bytes: &[u8]) -> u32 {
    let mut length = bytes.len();
    let mut tail = Vec::new();
    while length > 0 {
        tail.push((length & 0xff) as u8);
        length >>= 8;
    }
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ (u32::from(*byte) << 24), |crc, _| {
            (crc << 1) ^ if crc >> 31 == 1 { 0x04c1_1db7 } else { 0 }
        })
    };
    !bytes.iter().chain(&tail).fold(0, step)
}

async fn what_a_command_does_not_read_is_no_matter(engine: SshEngine) {
    let world = World::new(engine).await;
    let input = Bytes::from(vec![b'x'; 10_000_000]);
    for (command, shown, code) in [
        ("exit 3", &b""[..], 3),
        ("head -c 5", b"xxxxx", 0),
        ("exec 0<&-; echo closed", b"closed\n", 0),
    ] {
        let request = ExecRequest::new(command).stdin(input.clone());
        let output = tokio::time::timeout(SOON, world.session.exec(request)).await;
        let output = output.expect(command).unwrap();
        assert_eq!(
            (&*output.stdout, output.status),
            (shown, ExitStatus::Code(code))
        );
    }
    // Without a word about it, there is nothing to read.
    let output = world.session.exec(ExecRequest::new("wc -c")).await.unwrap();
    assert_eq!(output.stdout, b"0\n");
    world.end().await;
}

async fn output_comes_while_the_command_runs(engine: SshEngine) {
    let world = World::new(engine).await;
    let gate = Gate::new(&world.sshd);
    let command = format!(
        "{}; printf 'caf\\303'; {}; echo \"$word\" >&2; exit 3",
        gate.make(),
        gate.wait()
    );
    let request = ExecRequest::new(command);
    let mut running = world.session.start_exec(request).await.unwrap();
    let first = next(&mut running).await;
    assert_eq!(first, ExecEvent::Stdout(Bytes::from_static(b"caf\xc3")));
    // Waiting for more is given up without a loss.
    let waited = tokio::time::timeout(Duration::from_millis(1), running.next()).await;
    assert!(waited.is_err(), "it waits at the gate: {waited:?}");
    gate.open("further");
    let second = next(&mut running).await;
    assert_eq!(second, ExecEvent::Stderr(Bytes::from_static(b"further\n")));
    match next(&mut running).await {
        ExecEvent::Exit {
            status: ExitStatus::Code(3),
            truncated: false,
            ..
        } => {}
        other => panic!("{other:?}"),
    }
    assert_eq!(running.next().await.unwrap(), None);
    assert_eq!(running.next().await.unwrap(), None);
    world.end().await;
}

async fn both_streams_come_in_order(engine: SshEngine) {
    let world = World::new(engine).await;
    let command = "i=0; while [ $i -lt 2000 ]; do echo out $i; echo err $i >&2; i=$((i+1)); done";
    let request = ExecRequest::new(command);
    let mut running = world.session.start_exec(request).await.unwrap();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    loop {
        match next(&mut running).await {
            ExecEvent::Stdout(bytes) => out.extend_from_slice(&bytes),
            ExecEvent::Stderr(bytes) => err.extend_from_slice(&bytes),
            _ => break,
        }
    }
    for (stream, word) in [(out, "out"), (err, "err")] {
        let wanted: String = (0..2000).map(|n| format!("{word} {n}\n")).collect();
        assert_eq!(String::from_utf8(stream).unwrap(), wanted);
    }
    world.end().await;
}

async fn output_stops_at_the_limit(engine: SshEngine) {
    let world = World::new(engine).await;
    for limit in [0, 1, 12_345, 3_000_000] {
        let word = format!("y{}", nap());
        let request = ExecRequest::new(format!("exec yes {word}")).output_limit(limit);
        let mut running = world.session.start_exec(request).await.unwrap();
        let mut size = 0;
        let (status, truncated) = loop {
            match next(&mut running).await {
                ExecEvent::Stdout(bytes) => size += bytes.len() as u64,
                ExecEvent::Exit {
                    status, truncated, ..
                } => break (status, truncated),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!((size, truncated), (limit, true));
        assert_eq!(status, ExitStatus::Signal("KILL".to_owned()));
        eventually("the process is gone", || processes(&word) == 0).await;
    }
    world.end().await;
}

async fn a_dropped_command_is_ended(engine: SshEngine) {
    let world = World::new(engine).await;
    // Silent, with input it never reads, and flooding while nobody looks.
    for (command, input) in [
        ("exec sleep", 0),
        ("exec sleep", 10_000_000),
        ("exec yes", 0),
    ] {
        let nap = nap();
        let request = ExecRequest::new(format!("{command} {nap}")).stdin(vec![b'x'; input]);
        let running = world.session.start_exec(request).await.unwrap();
        eventually("the command runs", || processes(&nap) > 0).await;
        drop(running);
        eventually("the process is gone", || processes(&nap) == 0).await;
    }
    world.end().await;
}

async fn a_command_past_its_time_tells_what_it_said_and_is_ended(engine: SshEngine) {
    let world = World::new(engine).await;
    let nap = nap();
    let request = ExecRequest::new(format!("echo begun; exec sleep {nap}"))
        .stdin(vec![b'x'; 10_000_000])
        .timeout(Some(Duration::from_millis(700)));
    let mut running = world.session.start_exec(request).await.unwrap();
    shows(&mut running, "begun\n").await;
    let error = tokio::time::timeout(SOON, running.next()).await.unwrap();
    assert_eq!(error.unwrap_err().kind(), ErrorKind::TimedOut);
    assert_eq!(running.next().await.unwrap(), None);
    eventually("the process is gone", || processes(&nap) == 0).await;
    world.end().await;
}

async fn a_lost_connection_is_told_behind_what_came(engine: SshEngine) {
    let world = World::new(engine).await;
    let request = ExecRequest::new(format!("echo begun; exec sleep {}", nap()));
    let mut running = world.session.start_exec(request).await.unwrap();
    let mut closed = world
        .session
        .start_exec(ExecRequest::new(format!("exec sleep {}", nap())))
        .await
        .unwrap();
    shows(&mut running, "begun\n").await;
    world.sshd.kill_connections();
    let error = tokio::time::timeout(SOON, running.next()).await.unwrap();
    assert_eq!(error.unwrap_err().kind(), ErrorKind::ConnectionLost);
    assert_eq!(running.next().await.unwrap(), None);
    let error = tokio::time::timeout(SOON, closed.next()).await.unwrap();
    assert_eq!(error.unwrap_err().kind(), ErrorKind::ConnectionLost);
    drop((running, closed, world.session));
    world.store.shutdown().await;
}

/// Five times what OpenSSH allows on one connection.
async fn fifty_at_once(engine: SshEngine) {
    let world = World::new(engine).await;
    let all = (0..50_u32).map(|n| {
        let request = ExecRequest::new(format!("cat; echo \"$N\" >&2; exit {n}"))
            .stdin(format!("input {n}"))
            .env("N", format!("value {n}"));
        world.session.exec(request)
    });
    let all = tokio::time::timeout(SOON, futures::future::join_all(all)).await;
    for (n, output) in all.unwrap().into_iter().enumerate() {
        let output = output.unwrap();
        assert_eq!(output.stdout, format!("input {n}").into_bytes());
        assert_eq!(output.stderr, format!("value {n}\n").into_bytes());
        assert_eq!(output.status, ExitStatus::Code(n as u32));
    }
    world.end().await;
}

async fn a_running_command_keeps_the_session(engine: SshEngine) {
    let world = World::new(engine).await;
    let World {
        sshd,
        store,
        owner,
        id,
        session,
    } = world;
    let gate = Gate::new(&sshd);
    let command = format!("{}; echo made; {}", gate.make(), gate.wait());
    let mut running = session.start_exec(ExecRequest::new(command)).await.unwrap();
    shows(&mut running, "made\n").await;
    drop(session);
    // In use, a session has all of its time left, to the last digit.
    let whole = store.list(&owner)[0].remaining;
    tokio::time::sleep(Duration::from_millis(2)).await;
    assert_eq!(store.list(&owner)[0].remaining, whole, "in use");
    gate.open("on");
    assert!(matches!(next(&mut running).await, ExecEvent::Exit { .. }));
    eventually("it runs down", || store.list(&owner)[0].remaining < whole).await;
    let session = store.get(&owner, id).unwrap();
    World {
        sshd,
        store,
        owner,
        id,
        session,
    }
    .end()
    .await;
}
