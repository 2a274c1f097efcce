//! Several operations at once, giving up, closing, and servers that go away.

use super::servers::{Pyftpd, pure_ftpd, vsftpd};
use super::*;
use crate::error::ErrorKind;
use std::time::Instant;

const LONG: usize = 24 * 1024 * 1024;

async fn within<T>(limit: Duration, what: impl Future<Output = T>) -> T {
    tokio::time::timeout(limit, what)
        .await
        .unwrap_or_else(|_| panic!("took longer than {limit:?}"))
}

/// Polls until it holds.
async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < deadline, "{what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_listings_at_once() {
    let server = Pyftpd::default().start();
    for n in 0..100 {
        std::fs::write(server.root.join(n.to_string()), b"").unwrap();
    }
    let connection = connect(&server, false).await;
    let all = (0..8).map(|_| {
        let fs = connection.fs();
        tokio::spawn(async move { list(&fs, &RemotePath::root()).await.map(|l| l.len()) })
    });
    for listing in within(Duration::from_secs(60), futures::future::join_all(all)).await {
        assert_eq!(listing.unwrap().unwrap(), 100);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn listing_during_a_transfer_that_nobody_reads() {
    let server = Pyftpd::default().start();
    let data = noise(LONG);
    std::fs::write(server.root.join("long"), &data).unwrap();
    let connection = connect(&server, false).await;
    let fs = connection.fs();
    let mut stalled = Vec::new();
    for _ in 0..7 {
        stalled.push(fs.open_read(&path(&server, "long"), 0).await.unwrap());
    }
    for _ in 0..3 {
        let seen = within(Duration::from_secs(60), fs.stat(&path(&server, "long"))).await;
        assert_eq!(seen.unwrap().size, Some(LONG as u64));
    }
    let mut reader = stalled.remove(0);
    let mut all = Vec::new();
    while let Some(chunk) = reader.next_chunk().await.unwrap() {
        all.extend_from_slice(&chunk);
    }
    assert!(all == data);
}

#[tokio::test(flavor = "multi_thread")]
async fn giving_up_a_download_leaves_the_session_usable() {
    for tls in [false, true] {
        let server = Pyftpd {
            tls,
            ..Pyftpd::default()
        }
        .start();
        std::fs::write(server.root.join("long"), noise(LONG)).unwrap();
        let connection = connect(&server, tls).await;
        let fs = connection.fs();
        for _ in 0..10 {
            let mut reader = fs.open_read(&path(&server, "long"), 0).await.unwrap();
            reader.next_chunk().await.unwrap().unwrap();
            drop(reader);
            assert_eq!(
                within(Duration::from_secs(60), list(&fs, &path(&server, ".")))
                    .await
                    .unwrap()
                    .len(),
                1
            );
        }
        // Futures dropped at any moment.
        for n in 0..30 {
            let long = path(&server, "long");
            let stat = fs.stat(&long);
            let _ = tokio::time::timeout(Duration::from_micros(n * 50), stat).await;
        }
        let seen = within(Duration::from_secs(60), fs.stat(&path(&server, "long"))).await;
        assert_eq!(seen.unwrap().size, Some(LONG as u64));
        assert!(connection.is_alive());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_upload_is_cut_and_the_session_goes_on() {
    let server = Pyftpd::default().start();
    let connection = connect(&server, false).await;
    let fs = connection.fs();
    let mut writer = fs.open_write(&path(&server, "part"), ANEW).await.unwrap();
    writer.write(Bytes::from(noise(1 << 20))).await.unwrap();
    writer.abort().await;
    let file = server.root.join("part");
    until("the file is there", || file.exists()).await;
    put(&fs, &path(&server, "whole"), ANEW, b"whole")
        .await
        .unwrap();
    assert_eq!(
        get(&fs, &path(&server, "whole"), 0).await.unwrap(),
        b"whole"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_connection_the_server_closed_is_replaced() {
    let server = Pyftpd {
        idle: 3,
        ..Pyftpd::default()
    }
    .start();
    let connection = connect(&server, false).await;
    let fs = connection.fs();
    for round in 0..2 {
        until("the server says goodbye", || {
            server.log().matches("FTP session closed").count() > round
        })
        .await;
        fs.create_dir(&path(&server, format!("d{round}")))
            .await
            .unwrap();
        assert!(connection.is_alive());
    }
    assert_eq!(names(&fs, &path(&server, ".")).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_allows_two_connections_is_not_asked_for_more() {
    let server = Pyftpd {
        max_per_ip: 2,
        ..Pyftpd::default()
    }
    .start();
    std::fs::write(server.root.join("x"), noise(100_000)).unwrap();
    let connection = connect(&server, false).await;
    for _ in 0..2 {
        let all = (0..12).map(|_| {
            let (fs, path) = (connection.fs(), path(&server, "x"));
            tokio::spawn(async move { get(&fs, &path, 0).await.map(|data| data.len()) })
        });
        for length in within(Duration::from_secs(60), futures::future::join_all(all)).await {
            assert_eq!(length.unwrap().unwrap(), 100_000);
        }
    }
    assert!(connection.is_alive());
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_ends_everything_within_a_second() {
    let server = Pyftpd::default().start();
    std::fs::write(server.root.join("long"), noise(LONG)).unwrap();
    let connection = connect(&server, false).await;
    let fs = connection.fs();
    let mut reader = fs.open_read(&path(&server, "long"), 0).await.unwrap();
    let mut writer = fs.open_write(&path(&server, "w"), ANEW).await.unwrap();
    let started = Instant::now();
    connection.close().await;
    assert!(started.elapsed() < Duration::from_secs(1));
    assert!(!connection.is_alive());
    let ended = loop {
        match reader.next_chunk().await {
            Ok(Some(_)) => {}
            ended => break ended,
        }
    };
    assert!(ended.is_err());
    let ended = async {
        loop {
            writer.write(Bytes::from_static(b"x")).await?;
        }
        #[allow(unreachable_code, reason = "gives the block its type")]
        Ok::<(), crate::Error>(())
    };
    assert_eq!(ended.await.unwrap_err().kind(), ErrorKind::Cancelled);
    assert_eq!(
        fs.stat(&RemotePath::root()).await.unwrap_err().kind(),
        ErrorKind::Cancelled
    );
    assert_eq!(connection.pool.open_count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_gone_makes_the_session_dead() {
    let mut server = Pyftpd::default().start();
    let interval = Some(Duration::from_millis(100));
    let target = target(server.port, "ann", false);
    let connection = FtpConnection::connect_with(&target, trusting(), interval)
        .await
        .unwrap();
    assert!(connection.is_alive());
    server.kill();
    until("the session is dead", || !connection.is_alive()).await;
    let error = connection.fs().stat(&RemotePath::root()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_killed_in_a_transfer_is_an_error_not_an_end() {
    let mut server = Pyftpd::default().start();
    std::fs::write(server.root.join("long"), noise(LONG)).unwrap();
    let connection = connect(&server, false).await;
    let mut reader = connection
        .fs()
        .open_read(&path(&server, "long"), 0)
        .await
        .unwrap();
    reader.next_chunk().await.unwrap().unwrap();
    server.kill();
    let error = loop {
        match reader.next_chunk().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("a short success"),
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), ErrorKind::ConnectionLost);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_failed_fails_for_good() {
    let mut server = Pyftpd::default().start();
    let connection = connect(&server, false).await;
    let fs = connection.fs();
    let mut writer = fs.open_write(&path(&server, "w"), ANEW).await.unwrap();
    server.kill();
    let piece = Bytes::from(vec![0; 1 << 20]);
    let failed = async {
        loop {
            if let Err(error) = writer.write(piece.clone()).await {
                return error;
            }
        }
    };
    let failed = within(Duration::from_secs(20), failed).await;
    assert_eq!(failed.kind(), ErrorKind::ConnectionLost);
    let again = writer.write(piece.clone()).await.unwrap_err();
    assert_eq!(again.kind(), ErrorKind::Cancelled);
    let end = writer.finish().await.unwrap_err();
    assert_eq!(end.kind(), ErrorKind::Cancelled);
}

#[tokio::test(flavor = "multi_thread")]
async fn vsftpd_takes_every_resumed_data_connection() {
    let server = vsftpd(true);
    let connection = connect(&server, true).await;
    let fs = connection.fs();
    let data = noise(300_000);
    for n in 0..20 {
        put(&fs, &path(&server, format!("f{n}")), ANEW, &data)
            .await
            .unwrap();
    }
    for n in 0..20 {
        assert!(get(&fs, &path(&server, format!("f{n}")), 0).await.unwrap() == data);
        assert_eq!(list(&fs, &path(&server, ".")).await.unwrap().len(), 20);
    }
    assert!(!server.log().contains("\"522 "), "{}", server.log());
    assert_eq!(
        connection.pool.open_count(),
        1,
        "all of it on one connection"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_are_not_utf8() {
    use std::os::unix::ffi::OsStrExt;
    for server in [vsftpd(false), pure_ftpd(false)] {
        let connection = connect(&server, false).await;
        let fs = connection.fs();
        for name in [&b"caf\xE9"[..], b"\x80\xFE", b"trailing\xC3"] {
            let at = path(&server, name);
            put(&fs, &at, ANEW, b"data").await.unwrap();
            let local = server.root.join(std::ffi::OsStr::from_bytes(name));
            assert!(local.exists(), "{name:?}\n{}", server.log());
            assert_eq!(names(&fs, &path(&server, ".")).await, [name.to_vec()]);
            assert_eq!(fs.stat(&at).await.unwrap().size, Some(4));
            assert_eq!(get(&fs, &at, 0).await.unwrap(), b"data");
            fs.remove_file(&at).await.unwrap();
            assert!(!local.exists());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn spaces_at_the_end_of_a_name() {
    for server in [vsftpd(false), Pyftpd::default().start()] {
        let connection = connect(&server, false).await;
        let fs = connection.fs();
        put(&fs, &path(&server, " a  b "), ANEW, b"x")
            .await
            .unwrap();
        assert!(server.root.join(" a  b ").exists());
        assert_eq!(names(&fs, &path(&server, ".")).await, [b" a  b ".to_vec()]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_in_the_pasv_reply_is_ignored() {
    let masquerade = Some("169.254.169.254");
    let server = Pyftpd {
        epsv: false,
        masquerade,
        ..Pyftpd::default()
    }
    .start();
    let connection = connect(&server, false).await;
    put(&connection.fs(), &path(&server, "x"), ANEW, b"x")
        .await
        .unwrap();
    assert_eq!(
        names(&connection.fs(), &path(&server, ".")).await,
        [b"x".to_vec()]
    );
    assert!(server.log().contains("169,254,169,254"));
}
