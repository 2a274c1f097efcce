//! Commands, terminals, tunnels: what one channel does.

use super::sshd::{Ran, Sshd, exec, finish, start, user, wait_until};
use crate::error::ErrorKind;
use crate::ssh::engine::{ChannelEvent, ChannelKind, ChannelRequest};
use bytes::Bytes;
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread")]
async fn exit_codes_and_signals_come_after_the_output() {
    let server = Sshd::start("");
    let link = server.link().await;
    for code in [0, 1, 7, 255] {
        let ran = exec(&link, &format!("echo out; echo err >&2; exit {code}")).await;
        let expected = Ran {
            out: b"out\n".to_vec(),
            err: b"err\n".to_vec(),
            status: Some(code),
            signal: None,
            eof: true,
        };
        assert_eq!(ran, expected);
    }
    let ran = exec(&link, "kill -TERM $$").await;
    assert_eq!((ran.status, ran.signal.as_deref()), (None, Some("TERM")));
    let mut channel = start(&link, "echo started; exec sleep 30").await;
    assert_eq!(
        channel.receiver.next().await.unwrap(),
        Some(ChannelEvent::Data(Bytes::from_static(b"started\n")))
    );
    channel.sender.signal("KILL").await.unwrap();
    if user() == "root" {
        // OpenSSH passes signals on for separated accounts only; it must still hear them.
        assert!(wait_until(Duration::from_secs(60), || {
            server.log().contains("request signal")
        }));
        return;
    }
    let ran = finish(&mut channel).await.unwrap();
    assert_eq!(ran.signal.as_deref(), Some("KILL"));
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_end_it_stays_the_end() {
    let server = Sshd::start("");
    let link = server.link().await;
    let mut channel = start(&link, "true").await;
    assert_eq!(finish(&mut channel).await.unwrap().status, Some(0));
    assert_eq!(channel.receiver.next().await.unwrap(), None);
    let error = channel
        .sender
        .write(Bytes::from_static(b"x"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionLost);
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_megabytes_on_both_streams_at_once() {
    let server = Sshd::start("");
    let link = server.link().await;
    let script = "head -c 8388608 /dev/zero & head -c 8388608 /dev/zero | tr '\\0' 'e' >&2; wait";
    let ran = exec(&link, script).await;
    assert_eq!(ran.out.len(), 8_388_608);
    assert!(ran.out.iter().all(|b| *b == 0));
    assert_eq!(ran.err.len(), 8_388_608);
    assert!(ran.err.iter().all(|b| *b == b'e'));
    assert_eq!(ran.status, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_echoes_resizes_and_ends() {
    let server = Sshd::start("");
    let link = server.link().await;
    let mut channel = link.open(ChannelKind::Session).await.unwrap();
    channel
        .sender
        .request(ChannelRequest::Pty {
            term: "xterm-256color".to_owned(),
            columns: 80,
            rows: 24,
        })
        .await
        .unwrap();
    channel
        .sender
        .request(ChannelRequest::Exec(
            b"stty size; read a; stty size; echo $TERM".to_vec(),
        ))
        .await
        .unwrap();
    let mut seen = String::new();
    while !seen.contains("24 80") {
        let Some(ChannelEvent::Data(data)) = channel.receiver.next().await.unwrap() else {
            panic!("{seen}");
        };
        seen += &String::from_utf8_lossy(&data);
    }
    channel.sender.resize(132, 50).await.unwrap();
    channel
        .sender
        .write(Bytes::from_static(b"go\n"))
        .await
        .unwrap();
    let ran = finish(&mut channel).await.unwrap();
    let text = String::from_utf8_lossy(&ran.out).into_owned();
    assert!(text.contains("50 132"), "{text}");
    assert!(text.contains("xterm-256color"), "{text}");
    assert_eq!(ran.status, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_requests_and_channels_are_told_and_cost_nothing_else() {
    let server = Sshd::start("AllowTcpForwarding no\nMaxSessions 3\nAcceptEnv GOOD");
    let link = server.link().await;
    let mut first = link.open(ChannelKind::Session).await.unwrap();
    let error = first
        .sender
        .request(ChannelRequest::Subsystem("nonsense".to_owned()))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    let mut second = link.open(ChannelKind::Session).await.unwrap();
    for (name, value) in [("GOOD", "one two"), ("BAD", "x")] {
        let request = ChannelRequest::Env {
            name: name.to_owned(),
            value: value.to_owned(),
        };
        let result = second.sender.request(request).await;
        // OpenSSH refuses what it does not accept.
        assert_eq!(result.is_ok(), name == "GOOD", "{result:?}");
    }
    second
        .sender
        .request(ChannelRequest::Exec(b"echo \"$GOOD\"".to_vec()))
        .await
        .unwrap();
    assert_eq!(finish(&mut second).await.unwrap().out, b"one two\n");
    let error = link
        .open(ChannelKind::DirectTcpip {
            host: "127.0.0.1".to_owned(),
            port: 1,
        })
        .await
        .err()
        .unwrap();
    assert_eq!(error.kind(), ErrorKind::ChannelRefused);
    let mut held = vec![first, second];
    let error = loop {
        match link.open(ChannelKind::Session).await {
            Ok(channel) => held.push(channel),
            Err(error) => break error,
        }
        assert!(held.len() <= 4);
    };
    assert_eq!(error.kind(), ErrorKind::ChannelRefused);
    drop(held);
    // The server counts a channel until it has seen its close.
    let deadline = Instant::now() + Duration::from_secs(60);
    while link.open(ChannelKind::Session).await.is_err() {
        assert!(Instant::now() < deadline);
    }
    let deadline = Instant::now() + Duration::from_secs(60);
    let mut channel = loop {
        match link.open(ChannelKind::Session).await {
            Ok(channel) => break channel,
            Err(_) => assert!(Instant::now() < deadline),
        }
    };
    channel
        .sender
        .request(ChannelRequest::Exec(b"echo fine".to_vec()))
        .await
        .unwrap();
    assert_eq!(finish(&mut channel).await.unwrap().out, b"fine\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tunnel_carries_bytes_both_ways_and_its_end() {
    use std::io::{Read, Write};
    let server = Sshd::start("");
    let link = server.link().await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let peer = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut got = Vec::new();
        stream.read_to_end(&mut got).unwrap();
        stream.write_all(&got).unwrap();
    });
    let mut channel = link
        .open(ChannelKind::DirectTcpip {
            host: "127.0.0.1".to_owned(),
            port,
        })
        .await
        .unwrap();
    let data = Bytes::from(vec![b'q'; 3_000_000]);
    channel.sender.write(data.clone()).await.unwrap();
    channel.sender.eof().await.unwrap();
    let ran = finish(&mut channel).await.unwrap();
    assert!(ran.out == data);
    assert!(ran.eof);
    peer.join().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_channel_ends_its_command() {
    let server = Sshd::start("");
    let link = server.link().await;
    let mut channel = start(&link, "echo $$; exec cat /dev/zero").await;
    let Some(ChannelEvent::Data(data)) = channel.receiver.next().await.unwrap() else {
        panic!();
    };
    let line = data.split(|b| *b == b'\n').next().unwrap();
    let pid = String::from_utf8(line.to_vec()).unwrap();
    drop(channel);
    let path = std::path::PathBuf::from(format!("/proc/{pid}"));
    assert!(wait_until(Duration::from_secs(60), || {
        // A zombie whose parent has not looked yet is dead too.
        !path.exists()
            || std::fs::read_to_string(path.join("stat")).is_ok_and(|s| s.contains(") Z"))
    }));
    assert_eq!(exec(&link, "echo fine").await.out, b"fine\n");
}
