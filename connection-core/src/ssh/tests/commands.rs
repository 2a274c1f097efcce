//! Commands against a real server: their output, their end, and room for many.

use super::{connect, connected};
use crate::error::ErrorKind;
use crate::exec::{ExecRequest, ExitStatus};
use crate::ssh::test_sshd::{ENGINES, Sshd};
use crate::target::LinkLimits;

#[tokio::test(flavor = "multi_thread")]
async fn both_outputs_are_drained_side_by_side() {
    let sshd = Sshd::start("");
    const SIZE: usize = 8 * 1024 * 1024;
    for &engine in ENGINES {
        let connection = connected(&sshd, engine).await;
        let command = format!(
            "head -c {SIZE} /dev/zero | tr '\\0' a & \
             head -c {SIZE} /dev/zero | tr '\\0' b >&2; wait"
        );
        let output = connection.exec(ExecRequest::new(command)).await.unwrap();
        assert_eq!(output.status, ExitStatus::Code(0));
        assert!(!output.truncated);
        assert!(output.stdout == vec![b'a'; SIZE], "{}", output.stdout.len());
        assert!(output.stderr == vec![b'b'; SIZE], "{}", output.stderr.len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_says_how_it_ended() {
    let sshd = Sshd::start("");
    for &engine in ENGINES {
        let connection = connected(&sshd, engine).await;
        let run = |command: &str| {
            let connection = connection.clone();
            let request = ExecRequest::new(command);
            async move { connection.exec(request).await.unwrap() }
        };
        assert_eq!(run("exit 7").await.status, ExitStatus::Code(7));
        assert_eq!(run("true").await.status, ExitStatus::Code(0));
        let killed = run("kill -9 $$").await.status;
        assert_eq!(killed, ExitStatus::Signal("KILL".to_owned()));
        let term = run("kill $$").await.status;
        assert_eq!(term, ExitStatus::Signal("TERM".to_owned()));
        let cat = run("cat; echo over").await;
        assert_eq!(cat.stdout, b"over\n", "nothing comes on standard input");
        let bytes = run("printf '\\377\\000x'").await;
        assert_eq!(bytes.stdout, b"\xff\0x");

        let error = connection.exec(ExecRequest::new("a\0b")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert_eq!(run("echo well").await.stdout, b"well\n");
    }
}

/// OpenSSH allows ten channels; the eleventh command waits for one of the ten.
#[tokio::test(flavor = "multi_thread")]
async fn twenty_commands_at_once() {
    let sshd = Sshd::start("");
    for &engine in ENGINES {
        let connection = connected(&sshd, engine).await;
        for round in 0..3 {
            let mut commands = tokio::task::JoinSet::new();
            for n in 0..20 {
                let connection = connection.clone();
                commands.spawn(async move {
                    let request = ExecRequest::new(format!("echo {n}; echo e{n} >&2; exit {n}"));
                    (n, connection.exec(request).await)
                });
            }
            while let Some(done) = commands.join_next().await {
                let (n, output) = done.unwrap();
                let output = output.unwrap_or_else(|e| panic!("{engine:?} {round} {n}: {e:?}"));
                assert_eq!(output.stdout, format!("{n}\n").into_bytes());
                assert_eq!(output.stderr, format!("e{n}\n").into_bytes());
                assert_eq!(output.status, ExitStatus::Code(n));
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_room_for_a_command_it_is_refused() {
    let sshd = Sshd::start("MaxSessions 1");
    for &engine in ENGINES {
        let limits = LinkLimits {
            max: 1,
            ..LinkLimits::default()
        };
        let connection = connect(&sshd.target(engine).links(limits)).await.unwrap();
        let both = tokio::join!(
            connection.exec(ExecRequest::new("true")),
            connection.exec(ExecRequest::new("true"))
        );
        for outcome in [both.0, both.1] {
            assert_eq!(outcome.unwrap_err().kind(), ErrorKind::ChannelRefused);
        }
        assert!(connection.is_alive());
    }
}
