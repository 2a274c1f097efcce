//! The room of all recordings, counted on a real directory.

use super::*;
use std::fs;

const PLENTY: u64 = u64::MAX;

/// A recording of this many bytes that nobody writes any more.
fn file(directory: &Path, owner: &str, size: u64) -> PathBuf {
    file_of(RecordingId::random(), directory, owner, size)
}

fn file_of(id: RecordingId, directory: &Path, owner: &str, size: u64) -> PathBuf {
    let owner = directory.join(owner);
    fs::create_dir_all(&owner).unwrap();
    let path = owner.join(format!("{id}{SUFFIX}"));
    fs::File::create(&path).unwrap().set_len(size).unwrap();
    path
}

#[test]
fn those_there_and_those_being_written_share_it() {
    let dir = tempfile::tempdir().unwrap();
    file(dir.path(), "ann", 40_000);
    file(dir.path(), "bob", 20_000);
    // None of ours.
    fs::write(dir.path().join("ann/notes.txt"), vec![0; 90_000]).unwrap();
    let room = Arc::new(Room::new(dir.path(), 100_000));
    let (mut one, mut two) = (
        room.enter(RecordingId::random()),
        room.enter(RecordingId::random()),
    );
    assert!(one.covers(10_000, PLENTY), "40 000 are left");
    assert_eq!(one.held, 10_000 + SHARE, "and a little more while there is");
    assert!(two.covers(13_000, PLENTY));
    assert_eq!(
        two.held,
        100_000 - 60_000 - 10_000 - SHARE,
        "all that is left"
    );
    assert!(!one.covers(one.held + 1, PLENTY));
    assert!(!two.covers(two.held + 1, PLENTY));
    assert!(
        one.covers(one.held, PLENTY),
        "what it was given stays its own"
    );
    file_of(one.id, dir.path(), "ann", 5_000);
    one.settle(5_000);
    drop(one);
    assert!(
        two.covers(35_000, PLENTY),
        "what was not needed is there again"
    );
    assert!(!two.covers(35_001, PLENTY), "and no byte more");
}

#[test]
fn what_was_deleted_is_there_again_without_being_told() {
    let dir = tempfile::tempdir().unwrap();
    let old = file(dir.path(), "ann", 90_000);
    let room = Arc::new(Room::new(dir.path(), 100_000));
    let mut part = room.enter(RecordingId::random());
    assert!(!part.covers(20_000, PLENTY));
    fs::remove_file(old).unwrap();
    assert!(part.covers(20_000, PLENTY));
    // One that is given up leaves nothing but its file.
    drop(part);
    assert!(room.enter(RecordingId::random()).covers(100_000, PLENTY));
}

#[test]
fn no_more_is_held_than_one_recording_may_have() {
    let room = Arc::new(Room::new(Path::new("/nonexistent"), 100_000));
    let mut part = room.enter(RecordingId::random());
    assert!(part.covers(50_000, 60_000));
    assert_eq!(part.held, 60_000);
    // A directory that has more than it may.
    let dir = tempfile::tempdir().unwrap();
    file(dir.path(), "ann", 200_000);
    let full = Arc::new(Room::new(dir.path(), 100_000));
    assert!(!full.enter(RecordingId::random()).covers(1, PLENTY));
}
