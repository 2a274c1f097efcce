//! The clock that runs while replies are due, and closing.

use super::super::SftpFs;
use super::support::{
    PATIENCE, Script, World, channel, file_attrs, scripted, start, string, until,
};
use crate::error::ErrorKind;
use crate::fs::{RemoteFs, WriteMode, WriteOptions};
use crate::path::RemotePath;
use bytes::Bytes;
use std::time::{Duration, Instant};

const SHORT: Duration = Duration::from_millis(600);

fn path() -> RemotePath {
    RemotePath::from_text("/f").unwrap()
}

#[tokio::test]
async fn a_silent_server_is_given_up() {
    let fs = scripted(SHORT, |mut server| async move {
        while server.asked().await.is_some() {}
    })
    .await;
    let start = Instant::now();
    let error = fs.stat(&path()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
    assert!(start.elapsed() >= SHORT && start.elapsed() < PATIENCE);
    assert!(!fs.is_alive());
    let later = fs.stat(&path()).await.unwrap_err();
    assert_eq!(later.kind(), ErrorKind::ConnectionLost);
}

#[tokio::test]
async fn a_server_that_never_says_hello_is_given_up() {
    let (near, _far) = tokio::io::duplex(4096);
    let error = SftpFs::open(channel(near, 4096), SHORT)
        .await
        .err()
        .unwrap();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
}

#[tokio::test]
async fn a_server_that_takes_no_bytes_is_given_up() {
    let fs = scripted(SHORT, |mut server| async move {
        if let Some(asked) = server.asked().await {
            server.reply(102, asked.id, &string(b"h")).await;
        }
        // Holds the stream and reads nothing: the window fills.
        tokio::time::sleep(PATIENCE).await;
        drop(server);
    })
    .await;
    let options = WriteOptions {
        mode: WriteMode::CreateNew,
        permissions: None,
    };
    let mut file = fs.open_write(&path(), options).await.unwrap();
    let data = Bytes::from(vec![0; 32 * 1024 * 1024]);
    let error = file.write(data).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
}

#[tokio::test]
async fn whoever_waits_for_room_is_told_as_well() {
    const WRITERS: usize = 40;
    let fs = scripted(SHORT, |mut server| async move {
        for _ in 0..WRITERS {
            if let Some(asked) = server.asked().await {
                server.reply(102, asked.id, &string(b"h")).await;
            }
        }
        tokio::time::sleep(PATIENCE).await;
        drop(server);
    })
    .await;
    let options = WriteOptions {
        mode: WriteMode::CreateNew,
        permissions: None,
    };
    let mut files = Vec::new();
    for _ in 0..WRITERS {
        files.push(fs.open_write(&path(), options).await.unwrap());
    }
    let writers: Vec<_> = files
        .into_iter()
        .map(|mut file| {
            let data = Bytes::from(vec![0; 1024 * 1024]);
            tokio::spawn(async move { file.write(data).await })
        })
        .collect();
    for writer in writers {
        let outcome = tokio::time::timeout(PATIENCE, writer).await.unwrap();
        let kind = outcome.unwrap().unwrap_err().kind();
        // Those whose request was not made yet meet a session that is gone.
        assert!(matches!(
            kind,
            ErrorKind::TimedOut | ErrorKind::ConnectionLost
        ));
    }
}

#[tokio::test]
async fn a_dropped_session_ends_the_server() {
    let directory = tempfile::tempdir().unwrap();
    let (server, stream) = start(directory.path(), false);
    let fs = SftpFs::open(channel(stream, 4096), PATIENCE).await.unwrap();
    let stat = format!("/proc/{}/stat", server.pid());
    let ended = || std::fs::read_to_string(&stat).is_ok_and(|stat| stat.contains(") Z "));
    assert!(!ended());
    drop(fs);
    until("the server has ended", ended).await;
}

#[tokio::test]
async fn bringing_a_large_file_to_a_slow_disk_is_waited_for() {
    let (near, far) = tokio::io::duplex(1 << 16);
    tokio::spawn(async move {
        let mut server = Script(far);
        server.hello_with(&[(b"fsync@openssh.com", b"1")]).await;
        while let Some(asked) = server.asked().await {
            match asked.kind {
                3 => server.reply(102, asked.id, &string(b"h")).await,
                200 => {
                    tokio::time::sleep(SHORT * 3).await;
                    server.status(asked.id, 0, "").await;
                }
                _ => server.status(asked.id, 0, "").await,
            }
        }
    });
    let fs = SftpFs::open(channel(near, 4096), SHORT).await.unwrap();
    let options = WriteOptions {
        mode: WriteMode::CreateNew,
        permissions: None,
    };
    let mut file = fs.open_write(&path(), options).await.unwrap();
    file.write(Bytes::from_static(b"x")).await.unwrap();
    file.finish().await.unwrap();
}

#[tokio::test]
async fn a_copy_on_a_slow_disk_is_waited_for() {
    let (near, far) = tokio::io::duplex(1 << 16);
    tokio::spawn(async move {
        let mut server = Script(far);
        server.hello_with(&[(b"copy-data", b"1")]).await;
        while let Some(asked) = server.asked().await {
            match asked.kind {
                3 => server.reply(102, asked.id, &string(b"h")).await,
                8 | 17 => server.reply(105, asked.id, &file_attrs(9)).await,
                200 => {
                    tokio::time::sleep(SHORT * 3).await;
                    server.status(asked.id, 0, "").await;
                }
                _ => server.status(asked.id, 0, "").await,
            }
        }
    });
    let fs = SftpFs::open(channel(near, 4096), SHORT).await.unwrap();
    let options = WriteOptions {
        mode: WriteMode::CreateNew,
        permissions: None,
    };
    let mut file = fs.open_write(&path(), options).await.unwrap();
    assert_eq!(file.copy_from(&path()).await.unwrap(), 9);
    file.finish().await.unwrap();
}

#[tokio::test]
async fn idleness_is_not_silence() {
    let fs = scripted(SHORT, |mut server| async move {
        while let Some(asked) = server.asked().await {
            server.reply(105, asked.id, &file_attrs(1)).await;
        }
    })
    .await;
    fs.stat(&path()).await.unwrap();
    // Nothing is due: there is no condition to poll but the time itself.
    tokio::time::sleep(SHORT * 3).await;
    fs.stat(&path()).await.unwrap();
}

#[tokio::test]
async fn a_slow_server_that_moves_is_waited_for() {
    let fs = scripted(SHORT, |mut server| async move {
        while let Some(asked) = server.asked().await {
            let mut reply = vec![0, 0, 0, 21, 105];
            reply.extend_from_slice(&asked.id.to_be_bytes());
            reply.extend(file_attrs(1));
            // Longer in all than the clock allows for silence.
            for byte in reply {
                tokio::time::sleep(SHORT / 10).await;
                server.raw(&[byte]).await;
            }
        }
    })
    .await;
    let start = Instant::now();
    fs.stat(&path()).await.unwrap();
    assert!(start.elapsed() > SHORT);
}

#[tokio::test]
async fn closing_ends_what_is_under_way_at_once() {
    let fs = scripted(PATIENCE, |mut server| async move {
        while server.asked().await.is_some() {}
    })
    .await;
    let waiting = tokio::spawn({
        let fs = fs.clone();
        async move { fs.stat(&path()).await }
    });
    while fs.client.due() == 0 {
        tokio::task::yield_now().await;
    }
    let start = Instant::now();
    fs.close().await;
    assert!(start.elapsed() < Duration::from_secs(1));
    let error = waiting.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    let error = fs.stat(&path()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    fs.close().await;
}

#[tokio::test]
async fn a_server_that_dies_is_a_lost_connection() {
    let world = World::new().await;
    std::fs::write(world.local("f"), vec![1; 5_000_000]).unwrap();
    let mut file = world.fs.open_read(&world.path("f"), 0).await.unwrap();
    file.next_chunk().await.unwrap();
    let World {
        fs,
        directory,
        server,
    } = world;
    drop(server);
    let error = loop {
        match file.next_chunk().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("a short file was taken for a whole one"),
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), ErrorKind::ConnectionLost);
    let error = fs.stat(&path()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionLost);
    drop(directory);
}
