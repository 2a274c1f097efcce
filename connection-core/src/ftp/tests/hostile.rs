//! Refusals at the door, wrong certificates, and servers that do not keep to the protocol.

use super::servers::Pyftpd;
use super::*;
use crate::error::{Error, ErrorKind};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Serves every connection with this function, each on its thread.
pub(super) fn script(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let serve = Arc::new(serve);
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(std::result::Result::ok) {
            let serve = serve.clone();
            std::thread::spawn(move || serve(stream));
        }
    });
    port
}

/// Answers commands until the client leaves; `None` from `answer` closes.
pub(super) fn talk(stream: TcpStream, greeting: &str, answer: impl Fn(&str) -> Option<String>) {
    let mut writer = stream.try_clone().unwrap();
    if writer.write_all(greeting.as_bytes()).is_err() {
        return;
    }
    for line in BufReader::new(stream)
        .lines()
        .map_while(std::result::Result::ok)
    {
        let Some(reply) = answer(&line) else { return };
        if writer.write_all(reply.as_bytes()).is_err() {
            return;
        }
    }
}

/// The commands of a login.
pub(super) fn login_answer(line: &str) -> Option<String> {
    let verb = line.split(' ').next().unwrap_or_default();
    Some(
        match verb {
            "USER" => "331 password\r\n",
            "PASS" => "230 in\r\n",
            "FEAT" => "211-Features:\r\n SIZE\r\n211 End\r\n",
            "PWD" => "257 \"/\" is it\r\n",
            "TYPE" | "NOOP" => "200 ok\r\n",
            "CWD" => "250 ok\r\n",
            _ => "500 unknown\r\n",
        }
        .to_owned(),
    )
}

async fn refused(target: &FtpTarget) -> Error {
    connect_to(target).await.err().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_the_servers_own_reply() {
    let server = Pyftpd::default().start();
    let wrong = FtpTarget::new("localhost", "ann", Secret::from("wrong")).unwrap();
    let error = refused(&wrong.port(server.port).timeouts(clocks())).await;
    assert_eq!(error.kind(), ErrorKind::AuthenticationFailed);
    assert_eq!(error.message(), "530 Authentication failed.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_tls_is_never_sent_the_password() {
    let server = Pyftpd::default().start();
    let error = refused(&target(server.port, "ann", true)).await;
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert_eq!(error.message(), "500 Command \"AUTH\" not understood.");
    assert!(!server.log().contains("USER"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_wants_tls_says_so() {
    let server = Pyftpd {
        tls: true,
        ..Pyftpd::default()
    }
    .start();
    let error = refused(&target(server.port, "ann", false)).await;
    assert_eq!(
        error.message(),
        "550 SSL/TLS required on the control channel."
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_untrusted_certificate_ends_it_before_the_login() {
    let server = Pyftpd {
        tls: true,
        ..Pyftpd::default()
    }
    .start();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let record = seen.clone();
    let check: CertificateCheck = Arc::new(move |leaf, chain| {
        record.lock().unwrap().push((leaf.len(), chain));
        Err(Error::new(
            ErrorKind::HostChanged,
            "check certificate",
            "not the pinned one",
        ))
    });
    let target = target(server.port, "ann", true);
    let error = FtpConnection::connect_with(&target, check, None)
        .await
        .err()
        .unwrap();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::HostChanged, "not the pinned one")
    );
    assert!(!server.log().contains("USER"), "{}", server.log());
    let seen = seen.lock().unwrap();
    assert!(
        matches!(seen.as_slice(), [(length, Err(_))] if *length > 100),
        "{seen:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_listens() {
    let closed = crate::test_ports::Closed::new();
    let error = refused(&target(closed.port, "ann", false)).await;
    assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    assert_eq!(error.os_error(), Some(111));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_such_host() {
    for host in ["no-such-host.invalid", "[::1]", "localhost:21", "a b"] {
        let target = FtpTarget::new(host, "u", Secret::from("p")).unwrap();
        assert_eq!(
            refused(&target).await.kind(),
            ErrorKind::HostNotFound,
            "{host}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_greetings() {
    for (greeting, kind, message) in [
        ("", ErrorKind::ConnectionLost, ""),
        (
            "421 Too many connections\r\n",
            ErrorKind::LimitReached,
            "421 Too many connections",
        ),
        (
            "SSH-2.0-OpenSSH_9.2\r\n",
            ErrorKind::Protocol,
            "the server's answer is not an FTP reply",
        ),
    ] {
        let port = script(move |stream| {
            let mut stream = stream;
            let _ = stream.write_all(greeting.as_bytes());
        });
        let error = refused(&target(port, "ann", false)).await;
        assert_eq!(
            (error.kind(), error.message()),
            (kind, message),
            "{error:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_server_times_out() {
    let port = script(|mut stream| {
        let _ = stream.read(&mut [0]);
    });
    let quick = Timeouts {
        connect: Duration::from_millis(200),
        ..clocks()
    };
    let error = refused(&target(port, "ann", false).timeouts(quick)).await;
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::TimedOut, "timed out")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn endless_replies_are_bounded() {
    for filler in ["220-and more\r\n", "xxxxxxxxxxxxxxxx"] {
        let sent = Arc::new(AtomicUsize::new(0));
        let count = sent.clone();
        let port = script(move |mut stream| {
            let _ = stream.write_all(b"220-welcome\r\n");
            while stream.write_all(filler.as_bytes()).is_ok() {
                count.fetch_add(filler.len(), Ordering::Relaxed);
            }
        });
        let error = refused(&target(port, "ann", false)).await;
        assert_eq!(error.kind(), ErrorKind::Protocol, "{error:?}");
        // 256 KiB read, and what the sockets' buffers hold.
        assert!(sent.load(Ordering::Relaxed) < 32 << 20);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connect_that_is_given_up_ends_at_once() {
    let left = Arc::new(AtomicUsize::new(0));
    let count = left.clone();
    let port = script(move |mut stream| {
        let _ = stream.read(&mut [0]);
        count.fetch_add(1, Ordering::SeqCst);
    });
    let target = target(port, "ann", false);
    assert!(
        tokio::time::timeout(Duration::from_millis(100), connect_to(&target))
            .await
            .is_err()
    );
    let deadline = Instant::now() + Duration::from_secs(2);
    while left.load(Ordering::SeqCst) == 0 {
        assert!(Instant::now() < deadline, "the connection is still open");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn port_zero_is_refused() {
    let port = script(|stream| {
        talk(stream, "220 hi\r\n", |line| match line {
            "EPSV" => Some("229 here (|||0|)\r\n".to_owned()),
            line => login_answer(line),
        });
    });
    let connection = connect_to(&target(port, "ann", false)).await.unwrap();
    let error = list(&connection.fs(), &RemotePath::root())
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Protocol, "the server named port 0")
    );
}

/// A server whose `RETR` sends these bytes and ends with this reply.
fn half_server(data: &'static [u8], last: &'static str) -> u16 {
    script(move |stream| {
        let passive: Mutex<Option<TcpListener>> = Mutex::new(None);
        let writer = stream.try_clone().unwrap();
        talk(stream, "220 hi\r\n", |line| {
            if line == "EPSV" {
                let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
                let port = listener.local_addr().unwrap().port();
                *passive.lock().unwrap() = Some(listener);
                Some(format!("229 here (|||{port}|)\r\n"))
            } else if line.starts_with("RETR") {
                let listener = passive.lock().unwrap().take().unwrap();
                let (mut stream, _) = listener.accept().unwrap();
                (&writer).write_all(b"150 coming\r\n").unwrap();
                stream.write_all(data).unwrap();
                drop(stream);
                (!last.is_empty()).then(|| last.to_owned())
            } else {
                login_answer(line)
            }
        });
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn data_without_a_good_last_reply_is_an_error() {
    for (last, kind, message) in [
        (
            "426 Connection closed; transfer aborted.\r\n",
            ErrorKind::Incomplete,
            "426 Connection closed; transfer aborted.",
        ),
        ("451 Disk error\r\n", ErrorKind::Failure, "451 Disk error"),
        ("", ErrorKind::ConnectionLost, ""),
        (
            "225 No transfer to ABOR.\r\n",
            ErrorKind::Protocol,
            "225 No transfer to ABOR.",
        ),
    ] {
        let port = half_server(b"half of it", last);
        let connection = connect_to(&target(port, "ann", false)).await.unwrap();
        let path = RemotePath::from_text("/x").unwrap();
        let error = get(&connection.fs(), &path, 0).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.message()),
            (kind, message),
            "{error:?}"
        );
        assert_eq!(error.context("received"), Some("10"));
    }
    let port = half_server(b"all of it", "226 done\r\n");
    let connection = connect_to(&target(port, "ann", false)).await.unwrap();
    let path = RemotePath::from_text("/x").unwrap();
    assert_eq!(get(&connection.fs(), &path, 0).await.unwrap(), b"all of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_fits_no_command_ends_the_connection() {
    let logins = Arc::new(AtomicUsize::new(0));
    let count = logins.clone();
    let port = script(move |stream| {
        let first = count.fetch_add(1, Ordering::SeqCst) == 0;
        talk(stream, "220 hi\r\n", |line| {
            if line.starts_with("RNFR") && first {
                Some("226 that was the transfer before\r\n350 go on\r\n".to_owned())
            } else if line.starts_with("RNFR") {
                Some("350 go on\r\n".to_owned())
            } else if line.starts_with("RNTO") {
                Some("250 renamed\r\n".to_owned())
            } else {
                login_answer(line)
            }
        });
    });
    let connection = connect_to(&target(port, "ann", false)).await.unwrap();
    let (a, b) = (
        RemotePath::from_text("/a").unwrap(),
        RemotePath::from_text("/b").unwrap(),
    );
    let fs = connection.fs();
    let error = fs
        .rename(&a, &b, crate::fs::Overwrite::Replace)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
    fs.rename(&a, &b, crate::fs::Overwrite::Replace)
        .await
        .unwrap();
    assert_eq!(logins.load(Ordering::SeqCst), 2);
}
