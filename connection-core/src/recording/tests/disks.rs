//! Disks that are slow, full, or too small: the recording suffers, the terminal does not.

use super::*;
use crate::recording::recorder::record_to;
use std::fs::File;
use std::os::unix::fs::OpenOptionsExt;
use std::process::Command;

/// Bytes of one call, and a number of calls far beyond what the queue holds.
const PIECE: usize = 16 * 1024;
const PIECES: usize = 1000;

/// Those the writer takes at once and cannot be rid of.
const TAKEN: usize = 8;

/// A FIFO opened for both directions, so that nothing waits for the other end.
fn fifo(dir: &Path) -> (File, File) {
    let path = dir.join("fifo");
    let made = Command::new("mkfifo").arg(&path).status().unwrap();
    assert!(made.success());
    let reader = File::options()
        .read(true)
        .custom_flags(libc::O_NONBLOCK)
        .open(&path)
        .unwrap();
    let writer = File::options().write(true).open(&path).unwrap();
    (reader, writer)
}

/// Reads what is there, until the other end is closed.
fn drain(mut reader: File) -> String {
    let (mut all, mut part) = (Vec::new(), vec![0; 64 * 1024]);
    eventually("the writer is done", || {
        loop {
            match reader.read(&mut part) {
                Ok(0) => return true,
                Ok(n) => all.extend_from_slice(&part[..n]),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => return false,
                Err(error) => panic!("{error}"),
            }
        }
    });
    String::from_utf8(all).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_disk_holds_nothing_up_and_the_gap_is_marked() {
    let dir = tempfile::tempdir().unwrap();
    let (reader, writer) = fifo(dir.path());
    let (recorder, writing) = record_to(writer, &subject(), u64::MAX).unwrap();
    let writing = tokio::spawn(writing);
    let mut slowest = Duration::ZERO;
    for n in 0..PIECES {
        if n == TAKEN {
            // The pipe holds 64 KiB and nobody reads: from here on the writer stands still.
            eventually_async("the queue is taken", async || recorder.is_taken()).await;
        }
        let line = format!("{n:06}").repeat(PIECE / 6);
        let start = Instant::now();
        recorder.output(line.as_bytes());
        slowest = slowest.max(start.elapsed());
        if n % 100 == 0 {
            tokio::task::yield_now().await;
        }
    }
    recorder.resize(100, 30);
    recorder.resize(101, 31);
    assert!(slowest < Duration::from_secs(1), "{slowest:?}");
    assert!(!writing.is_finished(), "it waits for the disk");
    let reading = tokio::task::spawn_blocking(move || drain(reader));
    // Once the queue was taken there is room again.
    eventually_async("there is room", async || recorder.has_room()).await;
    recorder.output(b"after the gap");
    recorder.finish();
    writing.await.unwrap();
    let (_, events) = parse(&reading.await.unwrap());
    let shown = text(&events, "o");
    let lost: u64 = events
        .iter()
        .filter(|(_, code, _)| code == "m")
        .map(|(_, _, text)| text.split(' ').next().unwrap().parse::<u64>().unwrap())
        .sum();
    let piece = (PIECE / 6 * 6) as u64;
    let kept = shown.len() as u64 - "after the gap".len() as u64;
    assert_eq!(
        kept + lost,
        PIECES as u64 * piece,
        "every byte is accounted for"
    );
    assert!(lost > 0 && kept > 0);
    assert!(shown.starts_with("000000") && shown.ends_with("after the gap"));
    // The last size outlives the gap, and comes behind its mark.
    let codes: Vec<&str> = events.iter().map(|(_, code, _)| code.as_str()).collect();
    assert!(
        codes.ends_with(&["m", "r", "o"]),
        "{:?}",
        &codes[codes.len() - 5..]
    );
    assert_eq!(text(&events, "r"), "101x31");
}

#[tokio::test]
async fn a_disk_that_takes_nothing_ends_the_recording_only() {
    let full = File::options().write(true).open("/dev/full").unwrap();
    assert!(
        record_to(full, &subject(), u64::MAX).is_err(),
        "no header, no recording"
    );

    let dir = tempfile::tempdir().unwrap();
    let (reader, writer) = fifo(dir.path());
    let (recorder, writing) = record_to(writer, &subject(), u64::MAX).unwrap();
    drop(reader);
    recorder.output(b"into nothing");
    tokio::time::timeout(DEADLINE, writing).await.unwrap();
    for _ in 0..PIECES {
        recorder.output(&[b'x'; PIECE]);
    }
    assert!(recorder.has_room(), "nothing is kept that nobody writes");
}

/// A file system of a few hundred kilobytes, unmounted when dropped.
struct Tiny(tempfile::TempDir);

impl Tiny {
    /// `None` without the right to mount one.
    fn mount() -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=256k", "tmpfs"])
            .arg(dir.path())
            .output()
            .unwrap();
        mounted.status.success().then_some(Self(dir))
    }
}

impl Drop for Tiny {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[tokio::test]
async fn a_full_disk_leaves_whole_lines_and_says_why() {
    let Some(tiny) = Tiny::mount() else {
        // The same with a limit on the size of files is among the tests of the program.
        return;
    };
    let ann = Owner::new("ann");
    let store = RecordingStore::new(settings(tiny.0.path()));
    let recorder = store.start(&ann, &subject()).await.unwrap();
    let id = recorder.id();
    for n in 0..PIECES {
        recorder.output(format!("{n:07}\n").repeat(PIECE / 8).as_bytes());
    }
    let info = ended(&store, &ann, id).await;
    assert!(
        matches!(&info.end, Some(RecordingEnd::Failed(error)) if error.contains("No space")),
        "{info:?}"
    );
    assert!(!info.is_complete() && info.duration.is_some());
    recorder.output(b"the terminal goes on");
    let (_, events) = parse(&download(&store, &ann, id).await);
    let shown = text(&events, "o");
    assert!(shown.starts_with("0000000\n") && shown.len() > 100_000);
    assert_eq!(
        info.size,
        store.open(&ann, id).await.unwrap().length,
        "no torn line is left"
    );
    // With room again there are recordings again. The writer closes its file a moment after
    // it noted the end in it.
    store.delete(&ann, id).await.unwrap();
    eventually_async("there is room again", || async {
        let next = store.start(&ann, &subject()).await;
        next.is_ok_and(|next| {
            next.finish();
            true
        })
    })
    .await;
    let next = store.start(&ann, &subject()).await.unwrap();
    let id = next.id();
    next.output(b"hello");
    next.finish();
    assert!(ended(&store, &ann, id).await.is_complete());
}

#[tokio::test]
async fn the_largest_size_is_kept_and_told() {
    let dir = tempfile::tempdir().unwrap();
    let ann = Owner::new("ann");
    let max_size = 100_000;
    let store = RecordingStore::new(RecordingSettings {
        max_size,
        ..settings(dir.path())
    });
    for piece in [1, 1000, PIECE] {
        let recorder = store.start(&ann, &subject()).await.unwrap();
        let id = recorder.id();
        // Control characters take up six bytes each.
        for _ in 0..(200_000 / piece).min(20_000) {
            recorder.output(&vec![0x1b; piece]);
        }
        let info = ended(&store, &ann, id).await;
        assert_eq!(info.end, Some(RecordingEnd::SizeLimit), "{piece}");
        assert!(info.size <= max_size && !info.is_complete(), "{info:?}");
        recorder.output(b"the terminal goes on");
        let (_, events) = parse(&download(&store, &ann, id).await);
        let (_, code, last) = events.last().unwrap();
        assert_eq!(
            (code.as_str(), last.as_str()),
            ("m", "recording ended: limit of 100000 bytes reached")
        );
    }
}

#[tokio::test]
async fn all_together_keep_to_their_limit_and_say_so() {
    let dir = tempfile::tempdir().unwrap();
    let (ann, bob) = (Owner::new("ann"), Owner::new("bob"));
    let total_size = 200_000;
    let store = RecordingStore::new(RecordingSettings {
        total_size,
        ..settings(dir.path())
    });
    let first = store.start(&ann, &subject()).await.unwrap();
    let mut told = first.watch();
    let second = store.start(&bob, &subject()).await.unwrap();
    assert_eq!(*told.borrow(), RecordingState::Running);
    for _ in 0..20 {
        first.output(&[b'x'; PIECE]);
    }
    let ended_so = |state: &RecordingState| *state != RecordingState::Running;
    let end = tokio::time::timeout(DEADLINE, told.wait_for(ended_so)).await;
    let total = RecordingState::Ended(RecordingEnd::TotalLimit);
    assert_eq!(*end.unwrap().unwrap(), total);
    let info = ended(&store, &ann, first.id()).await;
    assert_eq!(info.end, Some(RecordingEnd::TotalLimit));
    let (_, events) = parse(&download(&store, &ann, first.id()).await);
    let (_, code, last) = events.last().unwrap();
    assert_eq!(
        (code.as_str(), last.as_str()),
        (
            "m",
            "recording ended: limit of 200000 bytes for all recordings reached"
        )
    );
    // Nothing is left for another one, and nothing was deleted for it.
    let refused = store.start(&bob, &subject()).await.unwrap_err();
    assert_eq!(refused.kind(), crate::ErrorKind::QuotaExceeded);
    assert!(refused.to_string().contains("200000 bytes"), "{refused}");
    assert_eq!(store.list(&bob).await.unwrap().recordings.len(), 1);
    // The one that goes on has the room it was given, and then ends too.
    for _ in 0..20 {
        second.output(&[b'y'; PIECE]);
    }
    let other = ended(&store, &bob, second.id()).await;
    assert_eq!(other.end, Some(RecordingEnd::TotalLimit));
    assert!(info.size + other.size <= total_size, "{info:?} {other:?}");
    // Deleting makes room, whoever deletes.
    store.delete(&ann, first.id()).await.unwrap();
    let next = store.start(&bob, &subject()).await.unwrap();
    let mut told = next.watch();
    store.delete(&bob, next.id()).await.unwrap();
    let end = tokio::time::timeout(DEADLINE, told.wait_for(ended_so)).await;
    assert_eq!(*end.unwrap().unwrap(), RecordingState::Deleted);
}
