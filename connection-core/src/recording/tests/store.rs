//! A recording from its beginning to its end, and whose it is.

use super::*;
use crate::error::ErrorKind;
use std::fs::{File, FileTimes};
use std::os::unix::fs::PermissionsExt;
use std::time::SystemTime;

fn mode(path: impl AsRef<Path>) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[tokio::test]
async fn what_happened_is_in_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let ann = Owner::new("ann");
    let store = RecordingStore::new(RecordingSettings {
        input: true,
        ..settings(dir.path())
    });
    let recorder = store.start(&ann, &subject()).await.unwrap();
    let id = recorder.id();
    let before = store.info(&ann, id).await.unwrap();
    assert!(before.is_running && !before.is_complete());
    assert_eq!((before.end, before.duration), (None, None));
    recorder.output("grü".as_bytes());
    recorder.output(b"\xe2\x82");
    recorder.input(b"ls\r");
    recorder.output(b"\xac\xff\r\n");
    recorder.resize(132, 43);
    recorder.gap(0);
    recorder.gap(12);
    recorder.finish();
    let info = ended(&store, &ann, id).await;
    assert_eq!(info.end, Some(RecordingEnd::Finished));
    assert!(info.is_complete() && info.duration.is_some() && info.has_input);
    assert_eq!(info.title, "ann@example.com: build");
    assert_eq!((info.columns, info.rows), (80, 24));
    let text_of_file = download(&store, &ann, id).await;
    assert_eq!(text_of_file.len() as u64, info.size);
    let (header, events) = parse(&text_of_file);
    for (key, value) in [("version", 2), ("width", 80), ("height", 24)] {
        assert_eq!(header[key], value, "{key}");
    }
    assert_eq!(header["env"]["TERM"], "xterm-256color");
    assert!(header["duration"].is_f64() && header["timestamp"].is_i64());
    assert_eq!(text(&events, "o"), "grü€\u{fffd}\r\n");
    assert_eq!(text(&events, "i"), "ls\r");
    assert_eq!(text(&events, "r"), "132x43");
    assert_eq!(text(&events, "m"), "12 bytes lost");
}

#[tokio::test]
async fn what_is_typed_is_kept_only_when_it_is_wanted() {
    let dir = tempfile::tempdir().unwrap();
    let ann = Owner::new("ann");
    let store = RecordingStore::new(settings(dir.path()));
    let recorder = store.start(&ann, &subject()).await.unwrap();
    let id = recorder.id();
    recorder.output(b"Password: ");
    recorder.input(b"canary\r");
    drop(recorder);
    let info = ended(&store, &ann, id).await;
    assert!(
        !info.has_input && info.is_complete(),
        "dropping finishes it"
    );
    let text = download(&store, &ann, id).await;
    assert!(text.contains("Password: ") && !text.contains("canary"));
}

#[tokio::test]
async fn it_is_on_disk_within_the_second_while_the_terminal_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let ann = Owner::new("ann");
    let store = RecordingStore::new(settings(dir.path()));
    let recorder = store.start(&ann, &subject()).await.unwrap();
    let id = recorder.id();
    for word in ["one", "two"] {
        recorder.output(word.as_bytes());
        eventually_async("the word is on disk", || async {
            download(&store, &ann, id).await.contains(word)
        })
        .await;
    }
    assert!(store.info(&ann, id).await.unwrap().is_running);
}

#[tokio::test]
async fn files_are_for_this_account_alone() {
    let dir = tempfile::tempdir().unwrap();
    let store = RecordingStore::new(settings(dir.path()));
    store.prepare().unwrap();
    let root = dir.path().join("recordings");
    assert_eq!(mode(&root), 0o700);
    let recorder = store
        .start(&Owner::new("../Ann"), &subject())
        .await
        .unwrap();
    let directory = root.join("%2E%2E%2F%41nn");
    assert_eq!(mode(&directory), 0o700);
    let file = directory.join(format!("{}.cast", recorder.id()));
    assert_eq!(mode(&file), 0o600);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn owners_see_only_their_own() {
    let dir = tempfile::tempdir().unwrap();
    let (ann, bob) = (Owner::new("ann"), Owner::new("bob"));
    let store = RecordingStore::new(settings(dir.path()));
    let running = store.start(&ann, &subject()).await.unwrap();
    let past = store.start(&ann, &subject()).await.unwrap().id();
    ended(&store, &ann, past).await;
    assert_eq!(store.list(&bob).await.unwrap(), RecordingList::default());
    let listed = store.list(&ann).await.unwrap();
    assert_eq!(listed.recordings.len(), 2);
    assert!(!listed.has_more);
    let missing = store.info(&bob, RecordingId::random()).await.unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::NotFound);
    for id in [running.id(), past] {
        for error in [
            store.info(&bob, id).await.unwrap_err(),
            store.open(&bob, id).await.unwrap_err(),
            store.delete(&bob, id).await.unwrap_err(),
        ] {
            assert_eq!(error.to_string(), missing.to_string());
        }
        assert!(store.info(&ann, id).await.is_ok(), "still there");
    }
    assert!(store.info(&ann, running.id()).await.unwrap().is_running);
}

/// A socket in the place of a recording: root, too, cannot open it.
#[tokio::test]
async fn one_that_cannot_be_read_is_counted_and_hides_no_other() {
    let dir = tempfile::tempdir().unwrap();
    let ann = Owner::new("ann");
    let store = RecordingStore::new(settings(dir.path()));
    let good = store.start(&ann, &subject()).await.unwrap().id();
    ended(&store, &ann, good).await;
    let bad = RecordingId::random();
    let path = dir
        .path()
        .join("recordings/ann")
        .join(format!("{bad}.cast"));
    let _socket = std::os::unix::net::UnixListener::bind(path).unwrap();
    let error = store.info(&ann, bad).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::LocalIo);
    let listed = store.list(&ann).await.unwrap();
    let ids: Vec<RecordingId> = listed.recordings.iter().map(|r| r.id).collect();
    assert_eq!((ids, listed.unreadable), (vec![good], 1));
}

#[tokio::test]
async fn deleting_one_that_runs_ends_it() {
    let dir = tempfile::tempdir().unwrap();
    let ann = Owner::new("ann");
    let store = RecordingStore::new(settings(dir.path()));
    let recorder = store.start(&ann, &subject()).await.unwrap();
    let id = recorder.id();
    recorder.output(b"secret");
    store.delete(&ann, id).await.unwrap();
    recorder.output(b"more");
    let gone = store.delete(&ann, id).await.unwrap_err();
    assert_eq!(gone.kind(), ErrorKind::NotFound);
    assert_eq!(store.list(&ann).await.unwrap(), RecordingList::default());
    // The recorder lives on, but nothing writes for it.
    let name = format!("{id}.cast (deleted)");
    let is_open = || {
        let open = std::fs::read_dir("/proc/self/fd").unwrap();
        let mut open = open.filter_map(|fd| std::fs::read_link(fd.ok()?.path()).ok());
        open.any(|file| file.to_string_lossy().ends_with(&name))
    };
    eventually_async("the file is closed", || async { !is_open() }).await;
    let directory = dir.path().join("recordings/ann");
    assert_eq!(std::fs::read_dir(directory).unwrap().count(), 0);
    drop(recorder);
}

#[tokio::test]
async fn a_shutdown_finishes_those_that_run() {
    let dir = tempfile::tempdir().unwrap();
    let ann = Owner::new("ann");
    let store = RecordingStore::new(settings(dir.path()));
    let recorder = store.start(&ann, &subject()).await.unwrap();
    recorder.output(b"the last words");
    store.shutdown().await;
    recorder.output(b"too late");
    let info = store.info(&ann, recorder.id()).await.unwrap();
    assert!(info.is_complete() && !info.is_running);
    let (_, events) = parse(&download(&store, &ann, recorder.id()).await);
    assert_eq!(text(&events, "o"), "the last words");
    let refused = store.start(&ann, &subject()).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Cancelled);
}

#[tokio::test]
async fn the_newest_come_first_and_not_without_end() {
    let dir = tempfile::tempdir().unwrap();
    let ann = Owner::new("ann");
    let store = RecordingStore::new(settings(dir.path()));
    let first = store.start(&ann, &subject()).await.unwrap();
    let id = first.id();
    first.finish();
    ended(&store, &ann, id).await;
    let directory = dir.path().join("recordings/ann");
    let old = std::fs::read_to_string(directory.join(format!("{id}.cast"))).unwrap();
    let (header, _) = parse(&old);
    let first = header["timestamp"].as_i64().unwrap();
    // All after the one there is.
    let began = first + 60;
    let copies = 1000;
    for n in 1..=copies {
        let text = old.replace(
            &format!("\"timestamp\":{first}"),
            &format!("\"timestamp\":{}", began + n),
        );
        let path = directory.join(format!("{}.cast", RecordingId::random()));
        std::fs::write(&path, text).unwrap();
        let file = File::options().write(true).open(path).unwrap();
        let seconds = u64::try_from(began + n).unwrap();
        let written = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        file.set_times(FileTimes::new().set_modified(written))
            .unwrap();
    }
    let listed = store.list(&ann).await.unwrap();
    assert!(listed.has_more);
    let times: Vec<i64> = listed
        .recordings
        .iter()
        .map(|r| r.started.timestamp() - began)
        .collect();
    let expected: Vec<i64> = (1..=copies).rev().collect();
    assert!(times == expected, "{:?}", &times[..10]);
}

#[tokio::test]
async fn the_policy_decides() {
    let with = |policy| {
        RecordingStore::new(RecordingSettings {
            policy,
            ..RecordingSettings::new("/nonexistent")
        })
    };
    let (never, request) = (with(RecordPolicy::Never), with(RecordPolicy::OnRequest));
    let always = with(RecordPolicy::Always);
    assert!(!never.wants(false).unwrap() && !request.wants(false).unwrap());
    assert!(request.wants(true).unwrap());
    assert!(always.wants(false).unwrap() && always.wants(true).unwrap());
    let refused = never.wants(true).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Unsupported);
    for policy in [
        RecordPolicy::Never,
        RecordPolicy::OnRequest,
        RecordPolicy::Always,
    ] {
        assert_eq!(policy.name().parse(), Ok(policy));
    }
    assert!("sometimes".parse::<RecordPolicy>().is_err());
}

#[tokio::test]
async fn a_file_that_cannot_be_made_is_an_error_at_the_start() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("recordings"), "in the way").unwrap();
    let store = RecordingStore::new(settings(dir.path()));
    assert!(store.prepare().is_err());
    let error = store
        .start(&Owner::new("ann"), &subject())
        .await
        .unwrap_err();
    assert_eq!(error.side(), crate::Side::Local);
    assert_eq!(error.kind(), ErrorKind::LocalIo, "nothing the caller did");
    let long = Owner::new(&"a".repeat(300));
    let store = RecordingStore::new(RecordingSettings::new(dir.path().join("other")));
    assert!(store.start(&long, &subject()).await.is_err());
}
