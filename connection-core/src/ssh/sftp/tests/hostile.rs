//! Servers that break the protocol: the session ends, nothing else does.

use super::super::SftpFs;
use super::super::request::Request;
use super::support::{PATIENCE, Script, channel, file_attrs, framed, scripted, string, until};
use crate::error::{Error, ErrorKind};
use crate::fs::RemoteFs;
use crate::path::RemotePath;
use std::time::Duration;

fn path() -> RemotePath {
    RemotePath::from_text("/f").unwrap()
}

/// What a session makes of these bytes in answer to its first `stat`.
async fn answered_with(
    bytes: impl FnOnce(u32) -> Vec<u8> + Send + 'static,
) -> (std::sync::Arc<SftpFs>, Error) {
    let fs = scripted(PATIENCE, |mut server| async move {
        let Some(asked) = server.asked().await else {
            return;
        };
        server.raw(&bytes(asked.id)).await;
        // Stays there: what ends the session is the answer.
        while server.asked().await.is_some() {}
    })
    .await;
    let error = fs.stat(&path()).await.unwrap_err();
    (fs, error)
}

async fn breaks(bytes: impl FnOnce(u32) -> Vec<u8> + Send + 'static) {
    let (fs, error) = answered_with(bytes).await;
    assert_eq!(error.kind(), ErrorKind::Protocol, "{error:?}");
    assert!(!fs.is_alive());
    let later = fs.stat(&path()).await.unwrap_err();
    assert_eq!(later.kind(), ErrorKind::ConnectionLost);
}

fn packet(kind: u8, id: u32, body: &[u8]) -> Vec<u8> {
    let mut packet = vec![kind];
    packet.extend_from_slice(&id.to_be_bytes());
    packet.extend_from_slice(body);
    framed(&packet)
}

#[tokio::test]
async fn a_packet_of_four_gibibytes() {
    breaks(|_| vec![0xff; 4]).await;
}

#[tokio::test]
async fn a_packet_too_short_for_an_id() {
    breaks(|_| framed(&[101, 0, 0])).await;
}

#[tokio::test]
async fn a_reply_to_a_request_never_made() {
    breaks(|id| packet(105, id.wrapping_add(1000), &file_attrs(1))).await;
}

#[tokio::test]
async fn a_reply_of_the_wrong_type() {
    breaks(|id| packet(102, id, &string(b"handle"))).await;
}

#[tokio::test]
async fn success_without_the_attributes_asked_for() {
    breaks(|id| packet(101, id, &[0; 12])).await;
}

#[tokio::test]
async fn attributes_that_end_too_early() {
    breaks(|id| packet(105, id, &[0xff; 6])).await;
}

#[tokio::test]
async fn the_same_reply_twice() {
    let fs = scripted(PATIENCE, |mut server| async move {
        while let Some(asked) = server.asked().await {
            server.reply(105, asked.id, &file_attrs(1)).await;
            server.reply(105, asked.id, &file_attrs(1)).await;
        }
    })
    .await;
    assert!(fs.stat(&path()).await.is_ok());
    while fs.is_alive() {
        let _ = fs.stat(&path()).await;
    }
}

#[tokio::test]
async fn four_billion_names() {
    let fs = scripted(PATIENCE, |mut server| async move {
        while let Some(asked) = server.asked().await {
            match asked.kind {
                11 => server.reply(102, asked.id, &string(b"h")).await,
                _ => server.reply(104, asked.id, &[0xff; 40]).await,
            }
        }
    })
    .await;
    let mut pages = fs.list(&path()).await.unwrap();
    let error = pages.next_page().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
}

#[tokio::test]
async fn more_bytes_than_asked_for() {
    let fs = scripted(PATIENCE, |mut server| async move {
        while let Some(asked) = server.asked().await {
            match asked.kind {
                17 => server.reply(105, asked.id, &file_attrs(10)).await,
                3 => server.reply(102, asked.id, &string(b"h")).await,
                _ => server.reply(103, asked.id, &string(&[0; 12])).await,
            }
        }
    })
    .await;
    let mut file = fs.open_read(&path(), 0).await.unwrap();
    assert_eq!(
        file.next_chunk().await.unwrap_err().kind(),
        ErrorKind::Protocol
    );
}

#[tokio::test]
async fn a_connection_cut_in_the_middle_of_a_packet() {
    let fs = scripted(PATIENCE, |mut server| async move {
        let first = server.asked().await.map(|asked| asked.id);
        let second = server.asked().await;
        assert!(second.is_some());
        let mut reply = packet(105, first.unwrap_or(0), &file_attrs(1));
        reply.truncate(10);
        server.raw(&reply).await;
    })
    .await;
    // Everyone who waits is told.
    let here = path();
    let (one, two) = tokio::join!(fs.stat(&here), fs.lstat(&here));
    for error in [one.unwrap_err(), two.unwrap_err()] {
        assert_eq!(error.kind(), ErrorKind::ConnectionLost);
        assert!(error.message().contains("middle of a packet"), "{error}");
    }
}

#[tokio::test]
async fn a_reply_to_a_given_up_request_is_swallowed() {
    let (open, opened) = tokio::sync::oneshot::channel::<()>();
    let (close, closed) = tokio::sync::oneshot::channel::<Vec<u8>>();
    let fs = scripted(PATIENCE, |mut server: Script| async move {
        let Some(asked) = server.asked().await else {
            return;
        };
        let _ = opened.await;
        server.reply(102, asked.id, &string(b"late")).await;
        let mut close = Some(close);
        while let Some(asked) = server.asked().await {
            match asked.kind {
                4 => {
                    if let Some(close) = close.take() {
                        let _ = close.send(asked.body);
                    }
                    server.status(asked.id, 0, "").await;
                }
                _ => server.reply(105, asked.id, &file_attrs(7)).await,
            }
        }
    })
    .await;
    let here = path();
    let listing = tokio::time::timeout(Duration::from_millis(20), fs.list(&here)).await;
    assert!(listing.is_err());
    open.send(()).unwrap();
    // The handle that came too late is closed, and the session goes on.
    let closed = tokio::time::timeout(PATIENCE, closed).await;
    assert_eq!(closed.unwrap().unwrap(), string(b"late"));
    assert_eq!(fs.stat(&here).await.unwrap().size, Some(7));
}

#[tokio::test]
async fn a_handle_that_came_and_was_never_read_is_closed() {
    let (close, closed) = tokio::sync::oneshot::channel::<Vec<u8>>();
    let fs = scripted(PATIENCE, |mut server: Script| async move {
        let mut close = Some(close);
        while let Some(asked) = server.asked().await {
            match (asked.kind, close.take()) {
                (4, Some(close)) => {
                    let _ = close.send(asked.body);
                }
                (_, kept) => {
                    close = kept;
                    server.reply(102, asked.id, &string(b"unread")).await;
                }
            }
        }
    })
    .await;
    let call = fs.client.submit(Request::OpenDir(b"/")).await;
    until("the handle is there", || fs.client.due() == 0).await;
    drop(call);
    let closed = tokio::time::timeout(PATIENCE, closed).await;
    assert_eq!(closed.unwrap().unwrap(), string(b"unread"));
}

async fn start_with(bytes: &'static [u8]) -> Error {
    let (near, far) = tokio::io::duplex(4096);
    tokio::spawn(async move {
        let mut server = Script(far);
        server.raw(bytes).await;
        let _ = super::support::read_packet(&mut server.0).await;
    });
    SftpFs::open(channel(near, 4096), PATIENCE)
        .await
        .err()
        .unwrap()
}

#[tokio::test]
async fn a_greeting_in_the_place_of_sftp_is_shown() {
    let error = start_with(b"Welcome to this machine!\n").await;
    assert_eq!(error.kind(), ErrorKind::Protocol);
    let received = error.context("received");
    assert_eq!(received, Some("Welcome to this machine!\\n"));
}

#[tokio::test]
async fn an_account_without_sftp_is_told_so() {
    let error = start_with(b"").await;
    assert_eq!(error.kind(), ErrorKind::Protocol);
    let error = start_with(&[0, 0, 0, 5, 2, 0, 0, 0, 2]).await;
    assert_eq!(error.kind(), ErrorKind::Unsupported);
}
