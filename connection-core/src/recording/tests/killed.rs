//! A process that is killed while it records.

use super::*;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};

/// Where the child records; without it the child's test does nothing.
const DIRECTORY: &str = "CONNECTION_CORE_TEST_RECORDINGS";

/// A line of the terminal, by its number.
fn line(n: usize) -> String {
    format!("line {n} grün € 😀\r\n")
}

/// Killed when dropped.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Not a test by itself: the process that the one below kills.
#[tokio::test]
#[ignore = "the child of another test"]
async fn child_that_records_until_it_is_killed() {
    let Some(directory) = std::env::var_os(DIRECTORY) else {
        return;
    };
    let store = RecordingStore::new(settings(Path::new(&directory)));
    let recorder = store.start(&Owner::new("ann"), &subject()).await.unwrap();
    let end = Instant::now() + 3 * DEADLINE;
    for n in 0.. {
        // Cut within characters.
        for part in line(n).as_bytes().chunks(7) {
            recorder.output(part);
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
        if Instant::now() > end {
            return;
        }
    }
}

#[tokio::test]
async fn what_was_flushed_outlives_the_process() {
    let dir = tempfile::tempdir().unwrap();
    let ann = Owner::new("ann");
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--ignored", "--nocapture"])
        .arg("recording::tests::killed::child_that_records_until_it_is_killed")
        .env(DIRECTORY, dir.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut child = Killed(child);
    let store = RecordingStore::new(settings(dir.path()));
    let first = || async { store.list(&ann).await.unwrap().recordings.pop() };
    eventually_async("the child records", || async { first().await.is_some() }).await;
    let id = first().await.unwrap().id;
    // Twice more is on disk: once might have been the beginning.
    for _ in 0..2 {
        let before = store.info(&ann, id).await.unwrap().size;
        eventually_async("the child flushes", || async {
            store.info(&ann, id).await.unwrap().size > before
        })
        .await;
    }
    let seen = download(&store, &ann, id).await;
    child.0.kill().unwrap();
    let status = child.0.wait().unwrap();
    assert_eq!(status.signal(), Some(libc::SIGKILL));

    let info = store.info(&ann, id).await.unwrap();
    assert!(!info.is_complete() && !info.is_running, "{info:?}");
    assert_eq!((info.end, info.duration), (None, None));
    let whole = download(&store, &ann, id).await;
    assert!(whole.starts_with(&seen), "what was read stays as it was");
    let (_, events) = parse(&whole);
    let shown = text(&events, "o");
    let all: String = (0..=shown.lines().count()).map(line).collect();
    assert!(shown.len() > 100 && all.starts_with(&shown));

    // The program that takes over lists it, gives it out and deletes it.
    store.delete(&ann, id).await.unwrap();
    assert_eq!(store.list(&ann).await.unwrap(), RecordingList::default());
}
