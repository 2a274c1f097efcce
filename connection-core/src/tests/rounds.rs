//! How often a small file is waited for, and that nothing is lost by waiting less.

use crate::error::{ErrorKind, Result};
use crate::fs::{Overwrite, RemoteFs};
use crate::ssh::sftp::tests::pretend::{Pretend, at, quiet};
use crate::transfer::{RemoteUpload, TransferOptions, UploadOptions, download};
use bytes::Bytes;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

const FILE: u32 = 0o100_644;
const REFUSE: UploadOptions = UploadOptions {
    overwrite: Overwrite::Refuse,
    permissions: None,
    modified: None,
};

/// Uploads `new` to a path.
async fn upload(fs: &Arc<dyn RemoteFs>, path: &str, options: UploadOptions) -> Result<()> {
    let mut upload = RemoteUpload::create_with(fs, &at(path), options).await?;
    upload.write(Bytes::from_static(b"new")).await?;
    upload.finish().await
}

/// The same to a server's `/d/f`.
async fn stored(server: &Pretend, options: UploadOptions) -> Result<()> {
    let fs: Arc<dyn RemoteFs> = server.open().await;
    let stored = upload(&fs, "/d/f", options).await;
    // What was given up goes on in the background.
    let batches = server.batches();
    quiet().await;
    quiet().await;
    if stored.is_ok() {
        assert_eq!(server.batches(), batches, "done is done");
    }
    stored
}

#[tokio::test]
async fn a_new_small_file_takes_three_waits() {
    let server = Pretend::default();
    stored(&server, UploadOptions::default()).await.unwrap();
    assert_eq!(
        server.batches(),
        [
            vec!["LSTAT", "OPEN", "LSTAT"],
            vec!["WRITE", "FSYNC", "CLOSE"],
            vec!["POSIX-RENAME"]
        ]
    );
    assert_eq!(server.names(), ["/d/f"]);
    assert_eq!(server.node("/d/f").content, b"new");
}

#[tokio::test]
async fn a_file_of_several_writes_takes_no_more() {
    let server = Pretend::default();
    let fs: Arc<dyn RemoteFs> = server.open().await;
    let mut upload = RemoteUpload::create(&fs, &at("/d/f")).await.unwrap();
    for _ in 0..3 {
        upload.write(vec![1; 20_000].into()).await.unwrap();
    }
    upload.finish().await.unwrap();
    let together = ["WRITE", "WRITE", "WRITE", "FSYNC", "CLOSE"];
    assert_eq!(server.batches()[1..], [&together[..], &["POSIX-RENAME"]]);
    assert_eq!(server.node("/d/f").content.len(), 60_000);
}

#[tokio::test]
async fn replacing_a_file_takes_three_waits_and_keeps_its_permissions() {
    // Set-user-id has to wait for the bytes, which take it away.
    for (mode, waits) in [
        (0o100_644, 3),
        (0o100_664, 3),
        (0o104_755, 4),
        (0o100_444, 3),
    ] {
        let server = Pretend::default();
        server.put("/d/f", mode, "old");
        stored(&server, UploadOptions::default()).await.unwrap();
        assert_eq!(server.batches().len(), waits, "{mode:o}");
        let node = server.node("/d/f");
        assert_eq!((node.mode, &node.content[..]), (mode, &b"new"[..]));
        assert_eq!(server.names(), ["/d/f"]);
    }
}

#[tokio::test]
async fn what_replaces_a_private_file_is_private_before_a_byte_is_in_it() {
    let server = Pretend::default();
    server.put("/d/f", 0o100_600, "old");
    stored(&server, UploadOptions::default()).await.unwrap();
    assert_eq!(server.disk().written, [0o100_600]);
    let batches = server.batches();
    assert_eq!(batches.len(), 4, "{batches:?}");
    assert_eq!(batches[1], ["CLOSE", "REMOVE", "OPEN", "LSTAT"]);
    assert_eq!(server.node("/d/f").mode, 0o100_600);
    assert_eq!(server.names(), ["/d/f"]);
}

#[tokio::test]
async fn the_owner_of_a_replaced_file_is_kept() {
    let server = Pretend::default();
    server.put("/d/f", 0o100_664, "old");
    server.disk().nodes.get_mut("/d/f").unwrap().owner = (5, 6);
    stored(&server, UploadOptions::default()).await.unwrap();
    let node = server.node("/d/f");
    assert_eq!((node.owner, node.mode), ((5, 6), 0o100_664));
}

#[tokio::test]
async fn a_mode_goes_with_the_bytes() {
    for old in [false, true] {
        let server = Pretend::default();
        if old {
            server.put("/d/f", FILE, "old");
        }
        let options = UploadOptions {
            permissions: Some(0o640),
            ..UploadOptions::default()
        };
        stored(&server, options).await.unwrap();
        let batches = server.batches();
        assert_eq!(batches.len(), 3, "{batches:?}");
        assert_eq!(server.node("/d/f").mode, 0o100_640);
    }
}

#[tokio::test]
async fn a_time_comes_behind_the_bytes_on_a_server_that_keeps_no_order_too() {
    for hasty in [false, true] {
        let server = Pretend::default();
        server.disk().hasty = hasty;
        server.put("/d/f", 0o104_755, "old");
        let options = UploadOptions {
            modified: Some(UNIX_EPOCH + Duration::from_secs(99)),
            ..UploadOptions::default()
        };
        stored(&server, options).await.unwrap();
        let batches = server.batches();
        assert_eq!(batches.len(), 4, "{batches:?}");
        assert_eq!(batches[2], ["FSETSTAT", "FSYNC", "CLOSE"]);
        let node = server.node("/d/f");
        assert_eq!((node.mode, node.modified), (0o104_755, 99));
    }
}

#[tokio::test]
async fn a_server_that_sets_no_attributes_of_open_files_is_asked_by_path() {
    let server = Pretend::default();
    server.put("/d/f", 0o100_664, "old");
    server.disk().refused.insert("FSETSTAT", 8);
    let options = UploadOptions {
        modified: Some(UNIX_EPOCH + Duration::from_secs(99)),
        ..UploadOptions::default()
    };
    stored(&server, options).await.unwrap();
    let node = server.node("/d/f");
    assert_eq!((node.mode, node.modified), (0o100_664, 99));
    server.disk().refused.insert("SETSTAT", 3);
    let error = stored(&server, options).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    assert_eq!(server.names(), ["/d/f"]);
}

#[tokio::test]
async fn a_file_that_must_be_new_takes_four_waits_and_a_refusal_touches_nothing() {
    let server = Pretend::default();
    stored(&server, REFUSE).await.unwrap();
    assert_eq!(
        server.batches(),
        [
            vec!["LSTAT"],
            vec!["OPEN", "LSTAT"],
            vec!["WRITE", "FSYNC", "CLOSE", "LSTAT"],
            vec!["RENAME"]
        ]
    );
    let before = server.node("/d/f");
    let error = stored(&server, REFUSE).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AlreadyExists);
    assert_eq!(server.batches(), [["LSTAT"]]);
    assert_eq!(server.node("/d/f"), before);
}

#[tokio::test]
async fn a_file_that_must_be_new_does_not_replace_one_that_came_meanwhile() {
    for (after, batches) in [("OPEN", 3), ("CLOSE", 3), ("FSYNC", 3)] {
        let server = Pretend::default();
        server.disk().meanwhile = Some((after, "/d/f".to_owned()));
        let error = stored(&server, REFUSE).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AlreadyExists);
        assert_eq!(error.context("to"), Some("/d/f"));
        let seen = server.batches();
        assert_eq!(seen[batches], ["REMOVE"], "{seen:?}");
        assert_eq!(server.node("/d/f").content, b"another's");
        assert_eq!(server.names(), ["/d/f"]);
    }
    // Even behind the last look, where the server refuses.
    let server = Pretend::default();
    let fs: Arc<dyn RemoteFs> = server.open().await;
    let mut upload = RemoteUpload::create_with(&fs, &at("/d/f"), REFUSE)
        .await
        .unwrap();
    upload.write(Bytes::from_static(b"new")).await.unwrap();
    server.disk().refused.insert("RENAME", 4);
    let error = upload.finish().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Failure);
    assert!(server.names().is_empty());
}

#[tokio::test]
async fn a_guess_that_was_wrong_leaves_nothing() {
    let server = Pretend::default();
    server.put("/d/f", 0o040_755, "");
    let error = stored(&server, UploadOptions::default()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::IsADirectory);
    assert_eq!(server.names(), ["/d/f"]);

    let server = Pretend::default();
    server.put("/d/f", 0o120_777, "/e/target");
    server.put("/e/target", 0o100_640, "old");
    stored(&server, UploadOptions::default()).await.unwrap();
    assert_eq!(server.node("/e/target").content, b"new");
    assert_eq!(server.node("/e/target").mode, 0o100_640);
    assert_eq!(server.names(), ["/d/f", "/e/target"]);

    // The directory of a link need not be one to write to.
    server.disk().refused.insert("OPEN", 3);
    let error = stored(&server, UploadOptions::default()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    assert_eq!(server.node("/e/target").content, b"new");
    assert_eq!(server.names(), ["/d/f", "/e/target"]);
}

#[tokio::test]
async fn a_failure_of_any_step_leaves_the_old_file_and_no_other() {
    let steps = [
        ("LSTAT", 3, ErrorKind::PermissionDenied),
        ("OPEN", 4, ErrorKind::Failure),
        ("OPEN", 3, ErrorKind::PermissionDenied),
        // The server's disk is full, as it says when asked.
        ("WRITE", 4, ErrorKind::NoSpace),
        ("WRITE", 15, ErrorKind::QuotaExceeded),
        // Where the disk is full is known only now on some file systems.
        ("FSYNC", 4, ErrorKind::NoSpace),
        ("CLOSE", 4, ErrorKind::NoSpace),
        ("CLOSE", 3, ErrorKind::PermissionDenied),
        ("POSIX-RENAME", 3, ErrorKind::PermissionDenied),
    ];
    for (step, code, wanted) in steps {
        let server = Pretend::default();
        server.put("/d/f", FILE, "old");
        server.disk().refused.insert(step, code);
        let error = stored(&server, UploadOptions::default()).await.unwrap_err();
        assert_eq!(error.kind(), wanted, "{step}: {error}");
        assert_eq!(server.names(), ["/d/f"], "{step}");
        assert_eq!(server.node("/d/f").content, b"old", "{step}");
        let renamed = server.batches().concat().contains(&"POSIX-RENAME");
        assert_eq!(renamed, step == "POSIX-RENAME", "{step}");
    }
}

#[tokio::test]
async fn a_server_without_a_disk_to_sync_to_takes_the_file() {
    for code in [8, 5] {
        let server = Pretend::default();
        server.disk().refused.insert("FSYNC", code);
        stored(&server, UploadOptions::default()).await.unwrap();
        assert_eq!(server.node("/d/f").content, b"new");
    }
}

#[tokio::test]
async fn an_upload_dropped_at_any_wait_leaves_the_old_file_and_no_other() {
    for waits in 0..4 {
        let server = Pretend::default();
        server.put("/d/f", 0o100_600, "old");
        let fs: Arc<dyn RemoteFs> = server.open().await;
        let work = tokio::spawn({
            let fs = Arc::clone(&fs);
            async move { upload(&fs, "/d/f", UploadOptions::default()).await }
        });
        while server.batches().len() < waits {
            tokio::task::yield_now().await;
        }
        work.abort();
        assert!(waits == 3 || work.await.unwrap_err().is_cancelled());
        for _ in 0..5 {
            quiet().await;
        }
        assert_eq!(server.names(), ["/d/f"], "{waits}");
        // With the third answer the rename may be on its way.
        let content = server.node("/d/f").content;
        let whole = content == b"old" || (waits == 3 && content == b"new");
        assert!(whole, "{waits}: {content:?}");
    }
}

#[tokio::test]
async fn a_small_file_is_read_in_three_waits() {
    let server = Pretend::default();
    server.put("/d/f", FILE, "content");
    let fs: Arc<dyn RemoteFs> = server.open().await;
    let local = tempfile::tempdir().unwrap();
    let target = local.path().join("f");
    let options = TransferOptions::default();
    let size = download(&fs, &at("/d/f"), &target, options).await.unwrap();
    assert_eq!(std::fs::read(&target).unwrap(), b"content");
    assert_eq!(size, 7);
    let batches = server.batches();
    assert_eq!(batches[..3], [["STAT"], ["OPEN"], ["READ"]]);
    // Nobody waits for this one.
    assert!(batches.len() <= 4, "{batches:?}");
    quiet().await;
    quiet().await;
    assert_eq!(server.batches()[3..], [["CLOSE"]]);
}

#[tokio::test]
async fn the_login_directory_is_asked_for_once() {
    let server = Pretend::default();
    let fs = server.open().await;
    for _ in 0..3 {
        assert_eq!(fs.home().await.unwrap(), at("/home"));
    }
    assert_eq!(server.batches(), [["REALPATH"]]);
}
