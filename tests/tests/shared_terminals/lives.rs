//! How long a terminal lives, and what ends it.

use super::*;
use connection_core::ErrorKind;
use connection_core::secret::Secret;
use connection_core::target::FtpTarget;
use connection_tests::Pyftpdlib;

/// A command that only waits, and that no other test runs.
fn nap(machine: &Machine) -> String {
    format!("exec sleep 1000{}", machine.sshd.port())
}

/// How many processes have the machine's nap as their argument, on the server as here: it
/// runs on this machine.
fn naps(machine: &Machine) -> usize {
    let nap = nap(machine);
    let nap = nap.rsplit(' ').next().unwrap_or_default().as_bytes();
    let has = |directory: std::path::PathBuf| {
        let line = std::fs::read(directory.join("cmdline")).unwrap_or_default();
        line.split(|b| *b == 0).any(|word| word == nap)
    };
    let all = std::fs::read_dir("/proc").unwrap();
    all.filter(|entry| has(entry.as_ref().unwrap().path()))
        .count()
}

async fn closed(viewer: &mut Viewer) -> CloseReason {
    loop {
        if let ViewerEvent::Closed(reason) = next(viewer).await {
            return reason;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn left_alone_it_is_closed_and_attached_it_is_not() {
    for engine in SshEngine::ALL {
        let limits = TerminalLimits {
            detached: Duration::from_millis(500),
            ..TerminalLimits::default()
        };
        let machine = Machine::start(engine, limits).await;
        let terminal = machine.terminal(&nap(&machine)).await;
        let viewer = reader(&terminal);
        eventually("it runs", || naps(&machine) > 0).await;
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_millis(1500) {
            assert!(terminal.info().is_running && terminal.info().expires_at.is_none());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        drop(viewer);
        assert!(terminal.info().expires_at.is_some());
        // One that comes back in time starts the time anew.
        drop(reader(&terminal));
        eventually("it is forgotten", || machine.session.terminals().is_empty()).await;
        let error = terminal
            .attach(Attach::new(ViewerMode::Read))
            .err()
            .unwrap();
        assert_eq!(error.kind(), ErrorKind::ConnectionLost);
        eventually("its process is gone", || naps(&machine) == 0).await;
        machine.store.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn someone_closes_it_and_everyone_is_told() {
    for engine in SshEngine::ALL {
        let machine = Machine::start(engine, TerminalLimits::default()).await;
        let terminal = machine.terminal(&nap(&machine)).await;
        let (mut ann, mut bob) = (writer(&terminal), reader(&terminal));
        eventually("it runs", || naps(&machine) > 0).await;
        terminal.close();
        assert_eq!(closed(&mut ann).await, CloseReason::Closed);
        assert_eq!(closed(&mut bob).await, CloseReason::Closed);
        let error = ann.input.write("x").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionLost);
        eventually("it is forgotten", || machine.session.terminals().is_empty()).await;
        let error = machine.session.terminal(terminal.id()).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::NotFound);
        eventually("its process is gone", || naps(&machine) == 0).await;
        assert!(machine.session.is_alive());
        machine.store.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_session_takes_them_with_it() {
    for engine in SshEngine::ALL {
        let tasks = || {
            tokio::runtime::Handle::current()
                .metrics()
                .num_alive_tasks()
        };
        let before = tasks();
        let machine = Machine::start(engine, TerminalLimits::default()).await;
        let terminal = machine.terminal(&nap(&machine)).await;
        let flooded = machine.terminal("yes").await;
        let (mut viewer, mut stalled) = (writer(&terminal), writer(&flooded));
        eventually("it runs", || naps(&machine) > 0).await;
        let window = flooded.window();
        eventually("it floods", || flooded.info().end > window).await;
        let begun = Instant::now();
        machine.store.close(&me(), machine.id).await.unwrap();
        assert!(begun.elapsed() < Duration::from_secs(1), "{engine:?}");
        assert_eq!(closed(&mut viewer).await, CloseReason::SessionClosed);
        assert_eq!(closed(&mut stalled).await, CloseReason::SessionClosed);
        let options = TerminalOptions::default();
        let late = machine
            .session
            .start_terminal(TerminalRequest::default(), options);
        assert!(late.await.is_err());
        eventually("its process is gone", || naps(&machine) == 0).await;
        machine.store.shutdown().await;
        drop((viewer, stalled));
        eventually("no task is left", || tasks() <= before).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_connection_is_told_and_what_was_shown_stays() {
    for engine in SshEngine::ALL {
        let machine = Machine::start(engine, TerminalLimits::default()).await;
        let terminal = machine.terminal("echo last words; exec cat").await;
        let mut viewer = writer(&terminal);
        until(&mut viewer, &mut Seen::default(), "last words\r\n").await;
        drop(machine.sshd);
        assert_eq!(closed(&mut viewer).await, CloseReason::ConnectionLost);
        let (seen, reason) = to_the_end(&mut reader(&terminal)).await;
        assert_eq!(seen.bytes, b"last words\r\n");
        assert_eq!(reason, CloseReason::ConnectionLost);
        machine.store.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ended_make_room_and_the_oldest_are_forgotten() {
    let limits = TerminalLimits {
        per_session: 2,
        ..TerminalLimits::default()
    };
    let machine = Machine::start(SshEngine::Russh, limits).await;
    let running = machine.terminal("exec cat").await;
    for n in 0..12 {
        let terminal = machine.terminal(&format!("exit {n}")).await;
        let (seen, reason) = to_the_end(&mut reader(&terminal)).await;
        assert_eq!(seen.exit, Some(ExitStatus::Code(n)));
        assert_eq!(reason, CloseReason::Exited);
    }
    eventually("eight are kept", || machine.session.terminals().len() == 9).await;
    assert!(machine.session.terminal(running.id()).is_ok());
    let second = machine.terminal("exec cat").await;
    let request = TerminalRequest::default().command("exec cat");
    let refused = machine
        .session
        .start_terminal(request, TerminalOptions::default());
    let error = refused.await.err().unwrap();
    assert_eq!(error.kind(), ErrorKind::LimitReached);
    assert_eq!(
        (&*running.info().name, &*second.info().name),
        ("Terminal 1", "Terminal 14")
    );
    machine.store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_checked() {
    let machine = Machine::start(SshEngine::Russh, TerminalLimits::default()).await;
    let terminal = machine.terminal("exec cat").await;
    terminal.rename("deploy \u{1f680}").unwrap();
    assert_eq!(terminal.info().name, "deploy \u{1f680}");
    for wrong in ["", "a\nb", "\u{1b}[2J", &"x".repeat(101)] {
        let error = terminal.rename(wrong).unwrap_err();
        assert_eq!(error.context("field"), Some("name"), "{wrong:?}");
        let options = TerminalOptions {
            name: Some(wrong.to_owned()),
            ..TerminalOptions::default()
        };
        let opened = machine
            .session
            .start_terminal(TerminalRequest::default(), options);
        assert_eq!(opened.await.err().unwrap().context("field"), Some("name"));
    }
    machine.store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_on_twenty_sessions() {
    for engine in SshEngine::ALL {
        let sshd = Sshd::builder().max_sessions(20).start();
        let trust = TrustStore::in_memory(TrustPolicy::AcceptNew);
        let store = SessionStore::new(StoreConfig::default(), trust);
        let mut terminals = Vec::new();
        for s in 0..20 {
            let id = store
                .open_ssh(&me(), &sshd.target(engine), None)
                .await
                .unwrap();
            let session = store.get(&me(), id).unwrap();
            for t in 0..10 {
                let request =
                    TerminalRequest::new(80, 24).command(format!("echo {s}/{t}; exec cat"));
                let options = TerminalOptions::default();
                terminals.push((
                    s,
                    t,
                    session.start_terminal(request, options).await.unwrap(),
                ));
            }
        }
        // Each answers, whatever the others do.
        for (s, t, terminal) in &terminals {
            let mut viewer = writer(terminal);
            let mut seen = Seen::default();
            until(&mut viewer, &mut seen, &format!("{s}/{t}\r\n")).await;
            viewer.input.write(format!("key {s} {t}\n")).await.unwrap();
            until(&mut viewer, &mut seen, &format!("key {s} {t}\r\n")).await;
        }
        store.shutdown().await;
        eventually("no connection is left", || sshd.connections() == 0).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ftp_has_none() {
    let ftp = Pyftpdlib::start();
    let trust = TrustStore::in_memory(TrustPolicy::AcceptNew);
    let store = SessionStore::new(StoreConfig::default(), trust);
    let password = Secret::from(ftp.password());
    let target = FtpTarget::new(ftp.host(), ftp.user(), password).unwrap();
    let id = store
        .open_ftp(&me(), &target.port(ftp.port()), None)
        .await
        .unwrap();
    let session = store.get(&me(), id).unwrap();
    let opened = session.start_terminal(TerminalRequest::default(), TerminalOptions::default());
    assert_eq!(
        opened.await.err().unwrap().kind(),
        ErrorKind::WrongSessionType
    );
    assert!(session.terminals().is_empty());
    drop(session);
    store.shutdown().await;
}
