//! Viewers that stop, and floods.

use super::*;
use connection_core::exec::ExecRequest;

/// How far a terminal's sender gets past the credit with the engine that can hold it back:
/// the channel's window, the engine's queue, and what the library read ahead.
const PAST_CREDIT: u64 = 2 * 1024 * 1024;

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_into_a_stalled_viewer_costs_no_memory_and_stops_at_once() {
    for engine in SshEngine::ALL {
        let machine = Machine::start(engine, TerminalLimits::default()).await;
        let terminal = machine.terminal(SHELL).await;
        let mut viewer = writer(&terminal);
        viewer
            .input
            .write("PS1='$ '; stty -echo; echo ready\n")
            .await
            .unwrap();
        let mut seen = Seen::default();
        until(&mut viewer, &mut seen, "ready\r\n$ ").await;
        viewer.input.write("yes\n").await.unwrap();
        let window = terminal.window();
        eventually("it floods", || terminal.info().end > seen.to + window).await;

        // Meanwhile the session is quick, and goes on.
        for n in 0..20 {
            let output = machine
                .session
                .exec(ExecRequest::new(format!("echo {n}")))
                .await;
            assert_eq!(output.unwrap().stdout, format!("{n}\n").into_bytes());
        }
        let info = terminal.info();
        assert!(info.end - info.start <= 1024 * 1024);
        match engine {
            // Held back: it never came much further.
            SshEngine::Libssh2 => assert!(info.end < seen.to + window + PAST_CREDIT, "{info:?}"),
            _ => eventually("it goes on", || terminal.info().end > 8 * 1024 * 1024).await,
        }

        // The interrupt key works although nothing was acknowledged.
        viewer.input.write("\x03").await.unwrap();
        viewer.input.write("echo over\n").await.unwrap();
        until(&mut viewer, &mut seen, "over\r\n").await;
        if engine == SshEngine::Libssh2 {
            assert_eq!(seen.lost, 0, "who is held back loses nothing");
        } else {
            assert!(seen.lost > 0, "the ring is smaller than the flood");
        }
        machine.store.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_falls_behind_is_sent_away_and_the_writer_stays() {
    for engine in SshEngine::ALL {
        let machine = Machine::start(engine, TerminalLimits::default()).await;
        let terminal = machine.terminal("stty raw; seq 1 1000000; exec cat").await;
        let mut slow = reader(&terminal);
        assert!(matches!(next(&mut slow).await, ViewerEvent::Offset { .. }));
        let mut viewer = writer(&terminal);
        let mut seen = Seen::default();
        until(&mut viewer, &mut seen, "\n1000000\n").await;
        loop {
            match next(&mut slow).await {
                // It takes what its credit gives and acknowledges nothing.
                ViewerEvent::Closed(reason) => {
                    assert_eq!(reason, CloseReason::TooSlow, "{engine:?}");
                    break;
                }
                event => assert!(!matches!(event, ViewerEvent::Exited(_))),
            }
        }
        viewer.input.write("still here").await.unwrap();
        until(&mut viewer, &mut seen, "still here").await;
        assert_eq!(terminal.info().viewers.len(), 1);
        machine.store.shutdown().await;
    }
}

/// A program that reads nothing before it is rid of its output, and a viewer that reads
/// nothing before it is rid of its input: neither waits for the other for ever.
#[tokio::test(flavor = "multi_thread")]
async fn a_large_paste_into_an_echo_ends() {
    for engine in SshEngine::ALL {
        let machine = Machine::start(engine, TerminalLimits::default()).await;
        let count = 12 * 1024 * 1024;
        let command = format!("stty raw -echo; echo; head -c {count}; echo end");
        let terminal = machine.terminal(&command).await;
        let mut viewer = writer(&terminal);
        let mut seen = Seen::default();
        until(&mut viewer, &mut seen, "\n").await;
        // Nothing is taken while it is typed.
        let typing = viewer.input.write(vec![b'x'; count]);
        tokio::time::timeout(SOON, typing)
            .await
            .expect("it is stuck")
            .unwrap();
        until(&mut viewer, &mut seen, "end\n").await;
        machine.store.shutdown().await;
    }
}

/// What waits to be typed when the program ends is told so, and does not wait for ever.
#[tokio::test(flavor = "multi_thread")]
async fn typing_ends_with_what_runs_in_the_terminal() {
    for engine in SshEngine::ALL {
        let machine = Machine::start(engine, TerminalLimits::default()).await;
        let command = "stty raw -echo; echo $$; exec sleep 1000";
        let terminal = machine.terminal(command).await;
        let mut viewer = writer(&terminal);
        let mut seen = Seen::default();
        while !seen.bytes.ends_with(b"\n") {
            seen.note(&next(&mut viewer).await);
        }
        let process = String::from_utf8(seen.bytes).unwrap();
        let typing = viewer.input.write(vec![b'x'; 64 << 20]);
        let ending = async {
            // Of what is typed nothing is read, so it waits long before these are over.
            for command in ["true", "true", "true", "true", &format!("kill {process}")] {
                let request = ExecRequest::new(command);
                machine.session.exec(request).await.unwrap();
            }
        };
        let (typed, ()) = tokio::time::timeout(SOON, futures::future::join(typing, ending))
            .await
            .expect("it is stuck");
        assert_eq!(
            typed.unwrap_err().kind(),
            connection_core::ErrorKind::ConnectionLost
        );
        machine.store.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn acknowledging_what_was_not_given_is_refused() {
    let machine = Machine::start(SshEngine::Russh, TerminalLimits::default()).await;
    let terminal = machine.terminal("exec cat").await;
    let viewer = writer(&terminal);
    let error = viewer.input.ack(1).unwrap_err();
    assert_eq!(error.context("field"), Some("offset"));
    viewer.input.ack(0).unwrap();
    machine.store.shutdown().await;
}
