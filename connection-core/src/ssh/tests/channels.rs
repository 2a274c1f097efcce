//! Channels used directly: both directions, and tunnels.

use super::connected;
use super::peers::peer;
use crate::error::ErrorKind;
use crate::ssh::engine::{ChannelEvent, ChannelKind, ChannelRequest};
use crate::ssh::test_sshd::{ENGINES, Sshd};
use crate::test_ports::Closed;
use bytes::Bytes;
use std::io::{Read, Write};
use std::time::Duration;

/// A write that is given up keeps its place: no window is lost, and no byte is torn.
#[tokio::test(flavor = "multi_thread")]
async fn a_channel_carries_both_ways_however_its_writes_are_cut() {
    let sshd = Sshd::start("");
    for &engine in ENGINES {
        let connection = connected(&sshd, engine).await;
        let (mut channel, _slot) = connection.open_channel(ChannelKind::Session).await.unwrap();
        let gate = sshd.directory.path().join(format!("{engine:?}"));
        let command = format!(
            "until [ -e {} ]; do sleep 0.05; done; wc -c",
            gate.display()
        );
        let command = ChannelRequest::Exec(command.into_bytes());
        channel.sender.request(command).await.unwrap();
        const CHUNK: usize = 1024 * 1024;
        // The server reads nothing yet, so its window runs out and writes are cut.
        let mut cut = 0;
        for _ in 0..12 {
            let data = Bytes::from(vec![b'x'; CHUNK]);
            let write = channel.sender.write(data);
            cut += usize::from(
                tokio::time::timeout(Duration::from_millis(20), write)
                    .await
                    .is_err(),
            );
        }
        assert!(cut > 0, "the window never ran out");
        std::fs::write(&gate, "").unwrap();
        channel.sender.eof().await.unwrap();
        let mut counted = Vec::new();
        let mut ended = None;
        while let Some(event) = channel.receiver.next().await.unwrap() {
            match event {
                ChannelEvent::Data(data) => counted.extend_from_slice(&data),
                ChannelEvent::ExitStatus(code) => ended = Some(code),
                _ => {}
            }
        }
        assert_eq!(ended, Some(0));
        let counted: usize = String::from_utf8(counted).unwrap().trim().parse().unwrap();
        assert_eq!(counted % CHUNK, 0, "a write is sent whole or not at all");
        assert!(
            counted >= (12 - cut) * CHUNK,
            "{counted} bytes, {cut} writes cut"
        );
        assert!(channel.receiver.next().await.unwrap().is_none());
    }
}

/// A tunnel reaches what listens, and says so when nothing does.
#[tokio::test(flavor = "multi_thread")]
async fn a_tunnel_carries_bytes() {
    let sshd = Sshd::start("");
    let echo = peer(|mut stream| {
        let mut text = [0; 5];
        if stream.read_exact(&mut text).is_ok() {
            let _ = stream.write_all(&text);
        }
    });
    for &engine in ENGINES {
        let connection = connected(&sshd, engine).await;
        let to = |port| ChannelKind::DirectTcpip {
            host: "127.0.0.1".to_owned(),
            port,
        };
        let (mut channel, _slot) = connection.open_channel(to(echo)).await.unwrap();
        channel
            .sender
            .write(Bytes::from_static(b"hello"))
            .await
            .unwrap();
        let mut back = Vec::new();
        while let Some(event) = channel.receiver.next().await.unwrap() {
            match event {
                ChannelEvent::Data(data) => back.extend_from_slice(&data),
                // The server keeps its side open until this one is done as well.
                ChannelEvent::Eof => channel.sender.eof().await.unwrap(),
                _ => {}
            }
        }
        assert_eq!(back, b"hello");
        let nothing = Closed::new();
        let error = connection.open_channel(to(nothing.port)).await;
        let error = error.err().unwrap();
        assert_eq!(error.kind(), ErrorKind::ChannelRefused, "{error:?}");
        assert!(connection.is_alive());
    }
}
