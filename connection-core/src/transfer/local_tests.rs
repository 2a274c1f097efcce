//! The local ends on a real disk.

use super::*;
use std::os::unix::fs::symlink;

fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(directory)
        .unwrap()
        .map(|e| e.unwrap().file_name().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

async fn put(path: &Path, text: &'static str) -> Result<()> {
    let target = LocalTarget::create(path).await?;
    assert!(target.write(Bytes::from_static(text.as_bytes())).await);
    target.commit().await
}

#[tokio::test]
async fn a_replaced_file_keeps_its_mode_and_a_link_stays_a_link() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    std::fs::write(at("file"), "old").unwrap();
    std::fs::set_permissions(at("file"), Permissions::from_mode(0o640)).unwrap();
    symlink("file", at("link")).unwrap();
    symlink("new", at("dangling")).unwrap();
    symlink("loop", at("loop")).unwrap();

    put(&at("link"), "new").await.unwrap();
    put(&at("dangling"), "made").await.unwrap();
    let error = put(&at("loop"), "x").await.unwrap_err();
    assert_eq!(error.side(), crate::Side::Local);

    assert_eq!(std::fs::read(at("file")).unwrap(), b"new");
    assert_eq!(std::fs::read(at("new")).unwrap(), b"made");
    let mode = std::fs::metadata(at("file")).unwrap().mode();
    assert_eq!(mode & 0o7777, 0o640);
    assert!(at("link").is_symlink() && at("dangling").is_symlink());
    assert_eq!(
        names(dir.path()),
        ["dangling", "file", "link", "loop", "new"]
    );
}

#[tokio::test]
async fn an_aborted_or_dropped_one_leaves_the_place_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    std::fs::write(&path, "old").unwrap();
    for dropped in [false, true] {
        let target = LocalTarget::create(&path).await.unwrap();
        assert!(target.write(Bytes::from_static(b"new")).await);
        assert_eq!(names(dir.path()).len(), 2);
        if dropped {
            drop(target);
            // The thread removes it, and this test's thread only looks.
            let end = std::time::Instant::now() + std::time::Duration::from_secs(20);
            while names(dir.path()).len() > 1 {
                assert!(std::time::Instant::now() < end, "the temporary file stays");
                tokio::task::yield_now().await;
            }
        } else {
            target.abort().await;
        }
        assert_eq!(names(dir.path()), ["file"]);
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
    }
}

#[tokio::test]
async fn a_failed_write_is_told_with_its_reason() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    let partial = dir.path().join("partial");
    std::fs::write(&partial, "").unwrap();
    let place = Place {
        path: path.clone(),
        existing: None,
        // Every write to the full disk among the devices fails.
        file: tempfile::NamedTempFile::from_parts(
            File::options().write(true).open("/dev/full").unwrap(),
            tempfile::TempPath::try_from_path(&partial).unwrap(),
        ),
    };
    let target = LocalTarget::at(|| Ok(place)).await.unwrap();
    let mut taken = 0;
    while target.write(Bytes::from_static(b"x")).await {
        taken += 1;
        assert!(taken <= 2 * QUEUE, "it goes on writing to a full disk");
    }
    let error = target.commit().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoSpace);
    assert_eq!(error.side(), crate::Side::Local);
    assert!(names(dir.path()).is_empty());
}

#[tokio::test]
async fn nothing_but_a_file_is_replaced_or_read() {
    let dir = tempfile::tempdir().unwrap();
    let fifo = dir.path().join("fifo");
    let made = std::process::Command::new("mkfifo").arg(&fifo).status();
    assert!(made.unwrap().success());
    let long = dir.path().join("x".repeat(256));
    for path in [Path::new("/dev/null"), &fifo, dir.path(), &long] {
        let error = LocalTarget::create(path).await.err().unwrap();
        assert_eq!(error.side(), crate::Side::Local, "{path:?}");
        let error = LocalSource::open(path).await.err().unwrap();
        assert_eq!(error.side(), crate::Side::Local, "{path:?}");
    }
    assert_eq!(names(dir.path()), ["fifo"]);
}
