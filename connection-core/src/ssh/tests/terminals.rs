//! Terminals against a real server, on every engine.

use super::connected;
use super::screen::Screen;
use crate::error::ErrorKind;
use crate::exec::ExitStatus;
use crate::ssh::test_sshd::{ENGINES, Sshd, eventually, pid_from};
use crate::terminal::{TerminalEvent, TerminalRequest};
use std::path::Path;
use std::time::{Duration, Instant};

/// A shell that neither reads start-up files nor edits its line.
const SHELL: &str = "exec bash --norc --noprofile --noediting";

#[tokio::test(flavor = "multi_thread")]
async fn the_size_is_right_at_once_and_changes() {
    let sshd = Sshd::start("");
    for &engine in ENGINES {
        let connection = connected(&sshd, engine).await;
        for (columns, rows) in [(1, 1), (80, 24), (500, 200)] {
            let request = TerminalRequest::new(columns, rows).command("stty size; tty");
            let mut screen = Screen::open(&connection, request).await;
            let (shown, status) = screen.rest().await;
            assert_eq!(status, ExitStatus::Code(0));
            let expected = format!("{rows} {columns}\r\n/dev/pts/");
            assert!(shown.starts_with(&expected), "{engine:?} {shown:?}");
        }
        // A handler as short as this one misses no signal that comes while it runs.
        let command = "trap new=1 WINCH; echo ready; \
            while :; do if [ $new ]; then new=; stty size; fi; sleep 0.05; done";
        let mut screen = Screen::open(
            &connection,
            TerminalRequest::new(80, 24).command(format!("bash -c '{command}'")),
        )
        .await;
        screen.until("ready\r\n").await;
        for (columns, rows) in [(132, 43), (1, 1), (500, 200), (81, 25)] {
            screen.input.resize(columns, rows).await.unwrap();
            screen.until(&format!("{rows} {columns}\r\n")).await;
        }
        for (columns, rows) in [(0, 1), (1, 0), (501, 1), (1, 201)] {
            let error = screen.input.resize(columns, rows).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            let request = TerminalRequest::new(columns, rows);
            let error = connection.open_terminal(request).await.err().unwrap();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shell_takes_keys_and_says_how_it_ended() {
    let sshd = Sshd::start("AcceptEnv LC_*");
    for &engine in ENGINES {
        let connection = connected(&sshd, engine).await;
        let request = TerminalRequest::default()
            .term("vt100")
            .env("LC_ONE", "first = \u{e9}")
            .env("REFUSED", "x")
            .env("LC_TWO", "second")
            .command(SHELL);
        let mut screen = Screen::open(&connection, request).await;
        screen
            .input
            .write("echo \"$TERM/$LC_ONE/$LC_TWO/$REFUSED/\"\n")
            .await
            .unwrap();
        screen.until("vt100/first = \u{e9}/second//\r\n").await;

        // The interrupt key reaches what runs in front, and not the shell.
        let waits = "sh -c 'echo go; exec sleep 600'\n";
        screen.input.write(waits).await.unwrap();
        screen.until("go\r\n").await;
        screen.input.write("\x03").await.unwrap();
        screen.input.write("echo status=$?\n").await.unwrap();
        screen.until("status=130\r\n").await;
        screen.input.write("exit 7\n").await.unwrap();
        let (_, status) = screen.rest().await;
        assert_eq!(status, ExitStatus::Code(7), "{engine:?}");
        let error = screen.input.write("x").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionLost);
        assert!(connection.is_alive());
    }
}

/// The login shell itself, whatever its start-up files do, in what time they take.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_command_it_is_the_accounts_shell() {
    let sshd = Sshd::start("");
    for &engine in ENGINES {
        let connection = connected(&sshd, engine).await;
        let mut screen = Screen::open(&connection, TerminalRequest::default()).await;
        let keys = "echo is=$((6*7)); exit 5\n";
        screen.input.write(keys).await.unwrap();
        let (shown, status) = screen.rest().await;
        assert!(shown.contains("is=42\r\n"), "{engine:?} {shown:?}");
        assert_eq!(status, ExitStatus::Code(5));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_ends_it_and_is_told() {
    let sshd = Sshd::start("");
    for &engine in ENGINES {
        let connection = connected(&sshd, engine).await;
        let request = TerminalRequest::default().command("echo up; kill -TERM $$; sleep 60");
        let mut screen = Screen::open(&connection, request).await;
        let (_, status) = screen.rest().await;
        assert_eq!(status, ExitStatus::Signal("TERM".to_owned()), "{engine:?}");

        let request = TerminalRequest::default().command("echo up; exec cat");
        let mut screen = Screen::open(&connection, request).await;
        screen.until("up\r\n").await;
        let error = screen.input.signal("SIGHUP").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        // OpenSSH as root does not heed it; it must not hurt either.
        screen.input.signal("HUP").await.unwrap();
        screen.input.close().await;
        let (_, status) = screen.rest().await;
        assert!(
            !matches!(status, ExitStatus::Code(0)),
            "{engine:?} {status:?}"
        );
        assert!(connection.is_alive());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_no_text_pass_both_ways() {
    let sshd = Sshd::start("");
    let bytes: Vec<u8> = (0..=255).cycle().take(64 * 1024).collect();
    for &engine in ENGINES {
        let connection = connected(&sshd, engine).await;
        let command = format!("stty raw -echo; echo; exec head -c {}", bytes.len());
        let mut screen =
            Screen::open(&connection, TerminalRequest::default().command(command)).await;
        screen.until_any(&["\n"]).await;
        let Screen { input, .. } = &mut screen;
        for piece in bytes.chunks(1000) {
            input.write(piece.to_vec()).await.unwrap();
        }
        let (shown, status) = screen.rest_bytes().await;
        assert_eq!(status, ExitStatus::Code(0));
        assert!(shown == bytes, "{engine:?}: {} bytes", shown.len());
    }
}

async fn wait(condition: impl FnMut() -> bool + Send + 'static) -> bool {
    let waiting = tokio::task::spawn_blocking(move || eventually(condition));
    waiting.await.unwrap()
}

/// Dropping both halves closes it, and what runs in it is told; one half keeps it open.
#[tokio::test(flavor = "multi_thread")]
async fn it_is_open_as_long_as_one_half_is() {
    let sshd = Sshd::start("");
    for (number, &engine) in ENGINES.iter().enumerate() {
        let connection = connected(&sshd, engine).await;
        for first in ["input", "output"] {
            let file = sshd.directory.path().join(format!("{number}{first}"));
            let flood = match first {
                "input" => String::new(),
                _ => format!("read x; yes | head -c 1000000; > {}.done;", file.display()),
            };
            let command = format!("echo $$ > {}; {flood} exec cat", file.display());
            let request = TerminalRequest::default().command(command);
            let terminal = connection.open_terminal(request).await.unwrap();
            let pid = pid_from(&file).await;
            let process = format!("/proc/{pid}");
            let (mut input, mut output) = (terminal.input, terminal.output);
            if first == "input" {
                input.write("still here\n").await.unwrap();
                drop(input);
                let mut shown = Vec::new();
                while !String::from_utf8_lossy(&shown).contains("still here\r\nstill here\r\n") {
                    match output.next().await.unwrap() {
                        Some(TerminalEvent::Data(data)) => shown.extend_from_slice(&data),
                        other => panic!("{other:?}"),
                    }
                }
                assert!(Path::new(&process).exists());
                drop(output);
            } else {
                drop(output);
                // It is drained all the same.
                input.write("\n").await.unwrap();
                let done = file.with_extension("done");
                assert!(wait(move || done.exists()).await, "{engine:?}");
                assert!(Path::new(&process).exists());
                drop(input);
            }
            let gone =
                tokio::task::spawn_blocking(move || eventually(|| !Path::new(&process).exists()));
            assert!(gone.await.unwrap(), "{engine:?} {first} first");
        }
        assert!(connection.is_alive());
    }
}

/// What was started in the background and left there does not keep a terminal open.
#[tokio::test(flavor = "multi_thread")]
async fn a_child_left_behind_does_not_hold_the_end_back() {
    let sshd = Sshd::start("");
    for &engine in ENGINES {
        let connection = connected(&sshd, engine).await;
        let started = Instant::now();
        let request = TerminalRequest::default().command("sleep 45 & echo up; exit 3");
        let mut screen = Screen::open(&connection, request).await;
        let (shown, status) = screen.rest().await;
        assert_eq!(shown, "up\r\n");
        assert_eq!(status, ExitStatus::Code(3));
        assert!(started.elapsed() < Duration::from_secs(30), "{engine:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_connection_ends_it_with_an_error() {
    for &engine in ENGINES {
        let sshd = Sshd::start("");
        let connection = connected(&sshd, engine).await;
        let request = TerminalRequest::default().command("echo up; exec cat");
        let mut screen = Screen::open(&connection, request).await;
        screen.until("up\r\n").await;
        sshd.signal_sessions("KILL");
        let error = loop {
            match screen.output.next().await {
                Ok(Some(TerminalEvent::Data(_))) => {}
                Ok(other) => panic!("{engine:?} {other:?}"),
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind(), ErrorKind::ConnectionLost);
        assert!(screen.output.next().await.unwrap().is_none());
    }
}
