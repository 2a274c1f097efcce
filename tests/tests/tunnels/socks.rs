//! The SOCKS5 proxy, driven by curl and by hand.

use crate::ground::{Ground, SOON, connect, echo, end, greeter, rest, server, try_connect};
use connection_core::target::SshEngine;
use connection_core::tunnel::{TunnelInfo, TunnelKind};
use connection_tests::{Sshd, TcpServer};
use std::process::{Command, Output};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A web server of one page.
async fn web(address: &str) -> u16 {
    server(address, |mut stream| async move {
        let mut head = vec![0; 4096];
        let _ = stream.read(&mut head).await;
        let page = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nhello\n";
        let _ = stream.write_all(page).await;
    })
    .await
}

/// curl through the proxy, which is given the host's name and not its address.
async fn curl(tunnel: &TunnelInfo, url: &str) -> Output {
    let proxy = format!("127.0.0.1:{}", tunnel.listens_on.port);
    let mut curl = Command::new("curl");
    curl.args(["-sS", "--max-time", "20", "--noproxy", "", "-g"])
        .args(["--socks5-hostname", &proxy, url])
        .stdin(std::process::Stdio::null());
    let run = tokio::task::spawn_blocking(move || curl.output().unwrap());
    run.await.unwrap()
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn curl_goes_through_it_by_name_and_by_both_kinds_of_address() {
    let sshd = Sshd::start();
    for engine in SshEngine::ALL {
        let ground = Ground::on(&sshd, engine).await;
        let (four, six) = (web("127.0.0.1").await, web("::1").await);
        let tunnel = ground.open(TunnelKind::Dynamic).await;
        for url in [
            format!("http://localhost:{four}/"),
            format!("http://127.0.0.1:{four}/"),
            format!("http://[::1]:{six}/"),
        ] {
            let output = curl(&tunnel, &url).await;
            assert_eq!(
                output.stdout,
                b"hello\n",
                "{engine:?} {url}: {}",
                words(&output)
            );
        }
        assert_eq!(ground.info(&tunnel).connections_total, 3);
        ground.store.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_reached_has_the_reply_of_the_rfc() {
    let sshd = Sshd::start();
    for engine in SshEngine::ALL {
        let ground = Ground::on(&sshd, engine).await;
        let tunnel = ground.open(TunnelKind::Dynamic).await;
        let nobody = TcpServer::refuses();
        let output = curl(&tunnel, &format!("http://{}/", nobody.addr())).await;
        assert_eq!(
            output.status.code(),
            Some(97),
            "{engine:?}: {}",
            words(&output)
        );
        assert!(
            words(&output).contains("(5)"),
            "{engine:?}: {}",
            words(&output)
        );
        let output = curl(&tunnel, "http://nowhere.invalid/").await;
        assert_eq!(
            output.status.code(),
            Some(97),
            "{engine:?}: {}",
            words(&output)
        );
        let info = ground.info(&tunnel);
        assert_eq!((info.connections_total, info.connections_refused), (0, 2));
        let error = info.last_error.unwrap();
        assert!(error.contains("nowhere.invalid:80"), "{error}");
        assert!(error.contains("connect failed"), "{error}");
        ground.store.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_forwards_nothing_says_so() {
    let sshd = Sshd::builder().line("AllowTcpForwarding no").start();
    for engine in SshEngine::ALL {
        let ground = Ground::on(&sshd, engine).await;
        let tunnel = ground.open(TunnelKind::Dynamic).await;
        let output = curl(&tunnel, "http://127.0.0.1:1/").await;
        assert!(
            words(&output).contains("(2)"),
            "{engine:?}: {}",
            words(&output)
        );
        let error = ground.info(&tunnel).last_error.unwrap();
        assert!(error.contains("administratively prohibited"), "{error}");

        let tunnel = ground.open(TunnelKind::Local(end(1))).await;
        // The cut may come before connecting was seen to end.
        let cut = match try_connect(&tunnel).await {
            Ok(mut stream) => rest(&mut stream).await.is_err(),
            Err(_) => true,
        };
        assert!(cut, "and no empty answer");
        let error = ground.info(&tunnel).last_error.unwrap();
        assert!(error.contains("administratively prohibited"), "{error}");
        assert!(error.contains("127.0.0.1:1"), "{error}");
        ground.store.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_greeting_that_is_none_is_the_end_of_its_connection_alone() {
    let sshd = Sshd::start();
    let ground = Ground::on(&sshd, SshEngine::default()).await;
    let tunnel = ground.open(TunnelKind::Dynamic).await;
    let greetings: [&[u8]; 6] = [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        &[4, 1, 0, 80, 127, 0, 0, 1, 0],
        &[5, 0],
        &[5, 1, 2],
        &[5, 1, 0, 4, 1, 0, 1, 127, 0, 0, 1, 0, 80],
        &[5, 255],
    ];
    for (refused, greeting) in (1..).zip(greetings) {
        let mut stream = connect(&tunnel).await;
        stream.write_all(greeting).await.unwrap();
        stream.shutdown().await.unwrap();
        // Whatever the answer, nothing is connected and the end comes.
        let mut answer = Vec::new();
        let _ = tokio::time::timeout(SOON, stream.read_to_end(&mut answer))
            .await
            .unwrap();
        crate::ground::eventually("it is counted", || {
            ground.info(&tunnel).connections_refused == refused
        })
        .await;
    }
    // The request in pieces, and bytes for the other end right behind it.
    let echo = echo().await;
    let mut request = vec![5, 2, 2, 0, 5, 1, 0, 3, 9];
    request.extend_from_slice(b"localhost");
    request.extend_from_slice(&echo.to_be_bytes());
    request.extend_from_slice(b"early");
    let mut stream = connect(&tunnel).await;
    stream.set_nodelay(true).unwrap();
    for byte in request {
        stream.write_all(&[byte]).await.unwrap();
    }
    stream.shutdown().await.unwrap();
    let back = rest(&mut stream).await.unwrap();
    assert_eq!(back[..4], [5, 0, 5, 0]);
    assert_eq!(&back[12..], b"early");
    let greeter = greeter("127.0.0.1").await;
    let output = curl(&tunnel, &format!("telnet://127.0.0.1:{greeter}/")).await;
    assert_eq!(output.stdout, b"220 welcome\r\n", "{}", words(&output));
    ground.store.shutdown().await;
}
