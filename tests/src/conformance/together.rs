//! Many operations at once on one session.

use super::{Case, Place};
use connection_core::fs::{WriteMode, WriteOptions};
use futures::FutureExt;
use futures::future::join_all;
use std::sync::Arc;

pub(super) const CASES: &[Case] = &[
    Case::always("eight listings at once all answer", |p| listings(p).boxed()),
    Case::always("operations run beside an open transfer", |p| {
        beside(p).boxed()
    }),
    Case::always("many files at once stay apart", |p| many(p).boxed()),
];

async fn listings(p: Place) {
    for number in 0..200 {
        std::fs::write(p.local.join(format!("file-{number:03}")), b"").unwrap();
    }
    for _ in 0..5 {
        let all = join_all((0..8).map(|_| p.names(&p.remote))).await;
        for names in all {
            assert_eq!(names.len(), 200);
        }
    }
}

async fn beside(p: Place) {
    // A reader and a writer are open and rest; nothing else waits for them.
    p.write(&p.path("source"), &vec![7; 2_000_000])
        .await
        .unwrap();
    let mut reader = p.fs.open_read(&p.path("source"), 0).await.unwrap();
    reader.next_chunk().await.unwrap().expect("some bytes");
    let options = WriteOptions {
        mode: WriteMode::CreateNew,
        permissions: None,
    };
    let mut writer = p.fs.open_write(&p.path("target"), options).await.unwrap();
    writer
        .write(bytes::Bytes::from_static(b"begun"))
        .await
        .unwrap();

    for _ in 0..3 {
        assert!(p.names(&p.remote).await.len() >= 2);
        p.fs.stat(&p.path("source")).await.unwrap();
    }

    writer
        .write(bytes::Bytes::from_static(b" and done"))
        .await
        .unwrap();
    writer.finish().await.unwrap();
    let mut rest = 0;
    while let Some(chunk) = reader.next_chunk().await.unwrap() {
        rest += chunk.len();
    }
    assert!(rest > 0, "the resting reader goes on");
    assert_eq!(
        p.read(&p.path("target"), 0).await.unwrap(),
        b"begun and done"
    );
}

async fn many(p: Place) {
    let p = Arc::new(p);
    let jobs = (0..12_u8).map(|number| {
        let p = Arc::clone(&p);
        async move {
            let path = p.path(format!("file-{number}"));
            let data = vec![number; 150_000 + usize::from(number)];
            p.write(&path, &data).await.unwrap();
            assert!(p.read(&path, 0).await.unwrap() == data, "file {number}");
            p.fs.remove_file(&path).await.unwrap();
        }
    });
    join_all(jobs).await;
    assert!(p.list(&p.remote).await.unwrap().is_empty());
}
