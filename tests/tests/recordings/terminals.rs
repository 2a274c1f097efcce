//! From the terminal to the file, on both engines.

use crate::Played;
use connection_core::ErrorKind;
use connection_core::exec::ExitStatus;
use connection_core::recording::{RecordPolicy, RecordingId, RecordingInfo, RecordingSettings};
use connection_core::session::{ActiveSession, Owner, SessionStore, StoreConfig};
use connection_core::target::SshEngine;
use connection_core::terminal::TerminalRequest;
use connection_core::terminals::{
    Attach, SharedTerminal, TerminalLimits, TerminalOptions, Viewer, ViewerEvent, ViewerMode,
};
use connection_core::trust::{TrustPolicy, TrustStore};
use connection_tests::Sshd;
use std::io::Read as _;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long something that is sure to happen may take on a busy machine.
const SOON: Duration = Duration::from_secs(60);

/// A shell that neither reads start-up files nor edits its line.
const SHELL: &str = "PS1='$ ' exec bash --norc --noprofile --noediting";

fn me() -> Owner {
    Owner::new("test")
}

/// A session on a real server, whose terminals can be recorded.
struct Machine {
    _sshd: Sshd,
    store: SessionStore,
    session: ActiveSession,
    dir: TempDir,
}

impl Machine {
    async fn start(engine: SshEngine, change: impl FnOnce(&mut StoreConfig)) -> Self {
        let (sshd, dir) = (Sshd::start(), tempfile::tempdir().unwrap());
        let mut config = StoreConfig {
            recordings: Some(RecordingSettings::new(dir.path().join("recordings"))),
            ..StoreConfig::default()
        };
        change(&mut config);
        let store = SessionStore::new(config, TrustStore::in_memory(TrustPolicy::AcceptNew));
        let id = store.open_ssh(&me(), &sshd.target(engine), None).await;
        let session = store.get(&me(), id.unwrap()).unwrap();
        Self {
            _sshd: sshd,
            store,
            session,
            dir,
        }
    }

    async fn terminal(&self, command: &str, record: bool) -> Arc<SharedTerminal> {
        self.try_terminal(command, record).await.unwrap()
    }

    async fn try_terminal(
        &self,
        command: &str,
        record: bool,
    ) -> connection_core::Result<Arc<SharedTerminal>> {
        let request = TerminalRequest::new(80, 24).command(command);
        let options = TerminalOptions {
            name: Some("build".to_owned()),
            record,
        };
        self.session.start_terminal(request, options).await
    }

    /// Waits for the end of a recording.
    async fn ended(&self, id: RecordingId) -> RecordingInfo {
        let end = Instant::now() + SOON;
        loop {
            let info = self.store.recordings().unwrap().info(&me(), id).await;
            let info = info.unwrap();
            if !info.is_running {
                return info;
            }
            assert!(Instant::now() < end, "the recording does not end");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn play(&self, id: RecordingId) -> Played {
        let opened = self.store.recordings().unwrap().open(&me(), id).await;
        let opened = opened.unwrap();
        let mut text = String::new();
        let mut file = opened.file.take(opened.length);
        file.read_to_string(&mut text).unwrap();
        Played::new(&text)
    }

    /// Files of recordings.
    fn files(&self) -> usize {
        let owner = self.dir.path().join("recordings/test");
        std::fs::read_dir(owner).map_or(0, Iterator::count)
    }
}

/// A viewer with a screen of its own.
struct Watched {
    viewer: Viewer,
    screen: vt100::Parser,
    bytes: Vec<u8>,
    offset: u64,
    exit: Option<ExitStatus>,
}

impl Watched {
    fn new(terminal: &Arc<SharedTerminal>) -> Self {
        Self {
            viewer: terminal.attach(Attach::new(ViewerMode::Write)).unwrap(),
            screen: vt100::Parser::new(24, 80, 0),
            bytes: Vec::new(),
            offset: 0,
            exit: None,
        }
    }

    /// Goes on until `done` holds or the terminal has ended; says whether it goes on.
    async fn until(&mut self, mut done: impl FnMut(&Self) -> bool) -> bool {
        while !done(self) {
            let next = tokio::time::timeout(SOON, self.viewer.output.next());
            match next.await.expect("nothing came") {
                ViewerEvent::Data(data) => {
                    self.screen.process(&data);
                    self.bytes.extend_from_slice(&data);
                    self.offset += data.len() as u64;
                    self.viewer.input.ack(self.offset).unwrap();
                }
                ViewerEvent::Resized { columns, rows } => {
                    let (columns, rows) = (columns as u16, rows as u16);
                    self.screen.screen_mut().set_size(rows, columns);
                }
                ViewerEvent::Exited(status) => self.exit = Some(status),
                ViewerEvent::Closed(_) => return false,
                _ => {}
            }
        }
        true
    }

    /// Types a line and waits for what it shows.
    async fn types(&mut self, line: &str, shows: &str) {
        self.viewer.input.write(line.to_owned()).await.unwrap();
        let shows = shows.as_bytes();
        let from = self.bytes.len();
        let shown = self
            .until(|w| {
                w.bytes[from..]
                    .windows(shows.len())
                    .any(|part| part == shows)
            })
            .await;
        assert!(shown, "ended before {shows:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_plays_to_the_same_screen() {
    for engine in SshEngine::ALL {
        let machine = Machine::start(engine, |config| {
            config.recordings.as_mut().unwrap().input = true;
        })
        .await;
        let terminal = machine.terminal(SHELL, true).await;
        let id = terminal.info().recording.unwrap();
        let mut watched = Watched::new(&terminal);
        watched
            .types(
                "printf '\\033[1;31mgr\\303\\274n \\360\\237\\230\\200\\033[0m %s\\n' on'e'\r",
                "one\r\n$ ",
            )
            .await;
        // The tail of the screen in another colour, and bytes that are no text.
        watched
            .types(
                "printf '\\033[20;10H\\033[7m\\377x\\033[0m tw'o\r",
                " two$ ",
            )
            .await;
        let resized = watched.viewer.input.resize(132, 43).await;
        resized.unwrap();
        watched
            .until(|w| w.screen.screen().size() == (43, 132))
            .await;
        watched.types("stty size\r", "43 132\r\n").await;
        watched.types("exit 3\r", "exit\r\n").await;
        assert!(!watched.until(|_| false).await);
        assert_eq!(watched.exit, Some(ExitStatus::Code(3)));

        let info = machine.ended(id).await;
        assert!(info.is_complete(), "{engine:?}: {info:?}");
        assert_eq!(info.terminal.as_deref(), Some("build"));
        assert_eq!((info.columns, info.rows, info.has_input), (80, 24, true));
        assert_eq!(info.command.as_deref(), Some(SHELL));
        let played = machine.play(id).await;
        assert_eq!(played.text("o"), String::from_utf8_lossy(&watched.bytes));
        assert_eq!(played.text("r"), "132x43");
        assert_eq!(played.text("m"), "", "there is no gap");
        assert!(played.text("i").ends_with("stty size\rexit 3\r"));
        let (live, again) = (watched.screen.screen(), played.screen.screen());
        assert_eq!(again.size(), (43, 132));
        assert_eq!(again.contents(), live.contents(), "{engine:?}");
        assert_eq!(again.state_formatted(), live.state_formatted());
        assert!(live.contents().contains("grün 😀 one"));
        assert_eq!(played.header["command"], SHELL);
        // The name outlives the recorder.
        assert_eq!(terminal.info().recording, Some(id));
        machine.store.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_goes_on_while_nobody_looks_and_ends_with_the_session() {
    for engine in SshEngine::ALL {
        let machine = Machine::start(engine, |_| {}).await;
        let terminal = machine
            .terminal("stty raw; seq 1 20000; exec sleep 1000", true)
            .await;
        let id = terminal.info().recording.unwrap();
        let end = Instant::now() + SOON;
        while !machine.play(id).await.text("o").ends_with("20000\n") {
            assert!(
                Instant::now() < end,
                "nobody looks, so nothing is recorded?"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let listed = machine.store.recordings().unwrap().list(&me()).await;
        assert!(listed.unwrap().recordings[0].is_running);
        // Returns when the recording is on disk.
        machine.store.shutdown().await;
        let info = machine.store.recordings().unwrap().info(&me(), id).await;
        assert!(info.unwrap().is_complete(), "{engine:?}");
        let expected: String = (1..=20_000).map(|n| format!("{n}\n")).collect();
        assert!(machine.play(id).await.text("o") == expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_open_leaves_no_recording() {
    let machine = Machine::start(SshEngine::default(), |config| {
        config.terminals = TerminalLimits {
            per_session: 1,
            ..TerminalLimits::default()
        };
    })
    .await;
    let request = TerminalRequest::new(80, 24).env("A=B", "x");
    let options = TerminalOptions {
        record: true,
        ..TerminalOptions::default()
    };
    let wrong = machine.session.start_terminal(request, options).await;
    assert_eq!(wrong.err().unwrap().kind(), ErrorKind::InvalidInput);
    let kept = machine.terminal("exec sleep 1000", true).await;
    let refused = machine.try_terminal("true", true).await.err().unwrap();
    assert_eq!(refused.kind(), ErrorKind::LimitReached);
    let end = Instant::now() + SOON;
    while machine.files() != 1 {
        assert!(Instant::now() < end, "{} files", machine.files());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let listed = machine
        .store
        .recordings()
        .unwrap()
        .list(&me())
        .await
        .unwrap();
    assert_eq!(Some(listed.recordings[0].id), kept.info().recording);
    machine.store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn policy_and_request_decide_together() {
    for (policy, asked, recorded) in [
        (RecordPolicy::Never, false, Ok(false)),
        (RecordPolicy::Never, true, Err(ErrorKind::Unsupported)),
        (RecordPolicy::OnRequest, false, Ok(false)),
        (RecordPolicy::OnRequest, true, Ok(true)),
        (RecordPolicy::Always, false, Ok(true)),
        (RecordPolicy::Always, true, Ok(true)),
    ] {
        let machine = Machine::start(SshEngine::default(), |config| {
            config.recordings.as_mut().unwrap().policy = policy;
        })
        .await;
        let terminal = machine.try_terminal("true", asked).await;
        let got = terminal.map(|t| t.info().recording.is_some());
        assert_eq!(got.map_err(|e| e.kind()), recorded, "{policy:?} {asked}");
        machine.store.shutdown().await;
    }
    let machine = Machine::start(SshEngine::default(), |config| config.recordings = None).await;
    assert!(machine.try_terminal("true", false).await.is_ok());
    let refused = machine.try_terminal("true", true).await.err().unwrap();
    assert_eq!(refused.kind(), ErrorKind::Unsupported);
    assert!(machine.store.recordings().is_err());
    machine.store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_must_be_recorded_and_cannot_is_not_opened() {
    let machine = Machine::start(SshEngine::default(), |config| {
        config.recordings.as_mut().unwrap().policy = RecordPolicy::Always;
    })
    .await;
    std::fs::write(machine.dir.path().join("recordings"), "in the way").unwrap();
    let refused = machine.try_terminal("true", false).await.err().unwrap();
    assert_eq!(refused.side(), connection_core::Side::Local);
    assert!(machine.session.terminals().is_empty());
    // The session is none the worse.
    assert!(machine.session.fs().home().await.is_ok());
    machine.store.shutdown().await;
}
