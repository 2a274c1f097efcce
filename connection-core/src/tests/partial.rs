//! Uploads that gather in a partial file their caller named: one at a time, and without gaps.

use crate::error::Result;
use crate::fs::RemoteFs;
use crate::path::RemoteName;
use crate::ssh::sftp::tests::pretend::{Pretend, at, quiet};
use crate::transfer::{RemoteUpload, UploadOptions};
use bytes::Bytes;
use std::sync::Arc;

/// Goes on with `/d/f` in `/d/p`.
async fn go_on(fs: Arc<dyn RemoteFs>, offset: u64) -> Result<RemoteUpload> {
    let partial = RemoteName::new("p");
    RemoteUpload::resume(&fs, &at("/d/f"), &partial, offset, UploadOptions::default()).await
}

#[tokio::test]
async fn who_goes_on_waits_until_the_one_before_has_closed_the_file() {
    let server = Pretend::default();
    let fs: Arc<dyn RemoteFs> = server.open().await;
    let mut first = go_on(fs.clone(), 0).await.unwrap();
    first.write(vec![1; 20_000].into()).await.unwrap();
    // So little is gathered, and sent when the file is closed.
    first.write(Bytes::from_static(b"end")).await.unwrap();
    let second = tokio::spawn(go_on(fs, 20_003));
    quiet().await;
    quiet().await;
    assert!(!second.is_finished());
    drop(first);
    let mut second = second.await.unwrap().unwrap();
    second.write(Bytes::from_static(b"!")).await.unwrap();
    second.finish().await.unwrap();
    assert!(server.node("/d/f").content.ends_with(b"\x01end!"));
    assert_eq!(server.node("/d/f").content.len(), 20_004);
    assert_eq!(server.names(), ["/d/f"]);
}

#[tokio::test]
async fn a_gap_is_cut_off_also_when_nobody_waits_for_the_end_any_more() {
    let server = Pretend::default();
    server.disk().refused_at = Some(20_000);
    let mut upload = go_on(server.open().await, 0).await.unwrap();
    for _ in 0..3 {
        upload.write(vec![1; 20_000].into()).await.unwrap();
    }
    let finishing = tokio::spawn(upload.finish());
    while !server.batches().concat().contains(&"CLOSE") {
        tokio::task::yield_now().await;
    }
    assert_eq!(server.node("/d/p").content.len(), 60_000);
    finishing.abort();
    assert!(finishing.await.unwrap_err().is_cancelled());
    for _ in 0..5 {
        quiet().await;
    }
    // What was known to be there without a gap when the end began.
    assert_eq!(server.node("/d/p").content.len(), 0);
    assert_eq!(server.names(), ["/d/p"]);
}
