//! A scripted TLS server: other certificates on data connections, bytes slipped in before the
//! handshake, refusals of what secures a connection, and greetings under implicit TLS.

use super::hostile::{login_answer, script};
use super::servers::certificate;
use super::*;
use crate::error::{Error, ErrorKind};
use openssl::ssl::{Ssl, SslAcceptor, SslFiletype, SslMethod, SslOptions, SslStream};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Mutex;
use std::time::Instant;

fn acceptor(pem: &Path, tls_13: bool) -> SslAcceptor {
    let mut builder = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls_server()).unwrap();
    if tls_13 {
        builder.set_num_tickets(1).unwrap();
    } else {
        builder.set_options(SslOptions::NO_TICKET | SslOptions::NO_TLSV1_3);
    }
    builder.set_private_key_file(pem, SslFiletype::PEM).unwrap();
    builder
        .set_certificate_file(pem.with_file_name("only.pem"), SslFiletype::PEM)
        .unwrap();
    builder.build()
}

/// What the server does.
#[derive(Clone)]
struct Script {
    implicit: bool,
    greeting: &'static str,
    /// The answer to `AUTH TLS`.
    auth: &'static str,
    /// Said once the client has begun its handshake.
    late: &'static str,
    /// Answers in place of the usual ones, by command.
    replies: &'static [(&'static str, &'static str)],
    /// Data connections show another certificate than the control connection.
    other_certificate: bool,
    /// Data connections end without `close_notify`.
    cut: bool,
    /// TLS 1.3, with one ticket for the control connection and none for data connections.
    one_ticket: bool,
    /// A data connection in TLS 1.3 is broken off in its handshake and refused.
    break_13: bool,
}

const USUAL: Script = Script {
    implicit: false,
    greeting: "220 hi\r\n",
    auth: "234 go\r\n",
    late: "",
    replies: &[],
    other_certificate: false,
    cut: false,
    one_ticket: false,
    break_13: false,
};

const IMPLICIT: Script = Script {
    implicit: true,
    ..USUAL
};

/// A running one.
struct Scripted {
    port: u16,
    implicit: bool,
    /// Commands it was sent.
    seen: Arc<Mutex<Vec<String>>>,
    /// Certificates (DER) of the control and the data connections.
    certificates: [Vec<u8>; 2],
    _directory: tempfile::TempDir,
}

impl Scripted {
    fn target(&self) -> FtpTarget {
        let target = target(self.port, "ann", true);
        if self.implicit {
            target.security(FtpSecurity::Implicit)
        } else {
            target
        }
    }

    async fn connect(&self) -> Result<FtpConnection> {
        connect_to(&self.target()).await
    }

    async fn refused(&self) -> Error {
        self.connect().await.err().unwrap()
    }

    fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

impl Script {
    fn start(self) -> Scripted {
        let directory = tempfile::tempdir().unwrap();
        let other = directory.path().join("other");
        std::fs::create_dir(&other).unwrap();
        let pems = [certificate(directory.path()), certificate(&other)];
        let der = |pem: &Path| {
            let text = std::fs::read(pem.with_file_name("only.pem")).unwrap();
            openssl::x509::X509::from_pem(&text)
                .unwrap()
                .to_der()
                .unwrap()
        };
        let certificates = [der(&pems[0]), der(&pems[1])];
        let control = acceptor(&pems[0], self.one_ticket || self.break_13);
        let data = if self.other_certificate {
            acceptor(&pems[1], self.one_ticket || self.break_13)
        } else {
            control.clone()
        };
        let seen: Arc<Mutex<Vec<String>>> = Arc::default();
        let (record, implicit) = (seen.clone(), self.implicit);
        let port = script(move |stream| {
            let _ = self.serve(stream, &control, &data, &record);
        });
        Scripted {
            port,
            implicit,
            seen,
            certificates,
            _directory: directory,
        }
    }

    /// Greets, answers `AUTH TLS`, then talks over TLS; `LIST` and `RETR` are sent over a data
    /// connection with the acceptor `data`.
    fn serve(
        &self,
        stream: TcpStream,
        control: &SslAcceptor,
        data: &SslAcceptor,
        seen: &Mutex<Vec<String>>,
    ) -> Option<()> {
        let mut control = if self.implicit {
            let mut control = control.accept(stream).ok()?;
            control.write_all(self.greeting.as_bytes()).ok()?;
            BufReader::new(control)
        } else {
            let mut plain = stream.try_clone().ok()?;
            plain.write_all(self.greeting.as_bytes()).ok()?;
            let mut line = String::new();
            // One byte at a time: what follows belongs to TLS.
            let mut byte = [0];
            while !line.ends_with('\n') {
                (&stream).read_exact(&mut byte).ok()?;
                line.push(char::from(byte[0]));
            }
            seen.lock().unwrap().push(line.trim_end().to_owned());
            plain.write_all(self.auth.as_bytes()).ok()?;
            stream.peek(&mut byte).ok()?;
            plain.write_all(self.late.as_bytes()).ok()?;
            BufReader::new(control.accept(stream).ok()?)
        };
        let mut passive: Option<TcpListener> = None;
        loop {
            let mut line = String::new();
            if control.read_line(&mut line).ok()? == 0 {
                return None;
            }
            let line = line.trim_end();
            seen.lock().unwrap().push(line.to_owned());
            let told = self.replies.iter().find(|(command, _)| line == *command);
            let reply = if let Some((_, reply)) = told {
                (*reply).to_owned()
            } else if line == "EPSV" {
                let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).ok()?;
                let port = listener.local_addr().ok()?.port();
                passive = Some(listener);
                format!("229 here (|||{port}|)\r\n")
            } else if line.starts_with("LIST") || line.starts_with("RETR") {
                let (socket, _) = passive.take()?.accept().ok()?;
                control.get_mut().write_all(b"150 coming\r\n").ok()?;
                if self.break_13 && control.get_ref().ssl().version_str() == "TLSv1.3" {
                    drop(socket);
                    let refusal = b"425 Unable to build data connection.\r\n";
                    control.get_mut().write_all(refusal).ok()?;
                    continue;
                }
                let sent: Option<SslStream<TcpStream>> =
                    accept_data(data, socket).and_then(|mut s| {
                        if s.ssl().session_reused() {
                            seen.lock().unwrap().push("resumed".to_owned());
                        }
                        s.write_all(b"-rw-r--r-- 1 a b 1 Jan  2 03:04 x\r\n").ok()?;
                        if !self.cut {
                            s.shutdown().ok()?;
                        }
                        Some(s)
                    });
                drop(sent);
                "226 done\r\n".to_owned()
            } else if line.starts_with("SIZE") {
                "213 1000\r\n".to_owned()
            } else if matches!(line, "PBSZ 0" | "PROT P") {
                "200 ok\r\n".to_owned()
            } else {
                login_answer(line)?
            };
            control.get_mut().write_all(reply.as_bytes()).ok()?;
        }
    }
}

fn accept_data(acceptor: &SslAcceptor, socket: TcpStream) -> Option<SslStream<TcpStream>> {
    let mut ssl = Ssl::new(acceptor.context()).ok()?;
    ssl.set_num_tickets(0).ok()?;
    ssl.accept(socket).ok()
}

async fn lists(connection: &FtpConnection) {
    assert_eq!(
        names(&connection.fs(), &RemotePath::root()).await,
        [b"x".to_vec()]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_data_connection_must_show_the_same_certificate() {
    for usual in [USUAL, IMPLICIT] {
        lists(&usual.clone().start().connect().await.unwrap()).await;

        let server = Script {
            other_certificate: true,
            ..usual
        }
        .start();
        let connection = server.connect().await.unwrap();
        let error = list(&connection.fs(), &RemotePath::root())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::HostChanged, "{error:?}");
        let [expected, presented] = &server.certificates;
        for (key, certificate) in [("expected", expected), ("presented", presented)] {
            let fingerprint = crate::trust::certificate_fingerprint(certificate);
            assert_eq!(error.context(key), Some(fingerprint.as_str()));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_single_ticket_resumes_every_data_connection() {
    let server = Script {
        one_ticket: true,
        ..USUAL
    }
    .start();
    let connection = server.connect().await.unwrap();
    for _ in 0..5 {
        lists(&connection).await;
    }
    let count = |what: &str| {
        server
            .seen()
            .iter()
            .filter(|line| line.starts_with(what))
            .count()
    };
    assert_eq!((count("resumed"), count("AUTH")), (count("LIST"), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handshake_the_server_breaks_off_is_tried_in_the_older_version() {
    let server = Script {
        break_13: true,
        ..USUAL
    }
    .start();
    let connection = server.connect().await.unwrap();
    lists(&connection).await;
    let count = |what: &str| {
        server
            .seen()
            .iter()
            .filter(|line| line.starts_with(what))
            .count()
    };
    assert_eq!(count("AUTH"), 2, "{:?}", server.seen());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_slipped_in_before_the_handshake_is_dropped() {
    let server = Script {
        auth: "234 go\r\n200 fine\r\n200 fine\r\n230 come in\r\n",
        ..USUAL
    }
    .start();
    lists(&server.connect().await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_slipped_in_elsewhere_breaks_the_handshake() {
    for slipped in [
        // With the greeting, to be taken for the answer to `AUTH TLS` and all that follows.
        Script {
            greeting: "220 hi\r\n234 go\r\n200 fine\r\n200 fine\r\n230 come in\r\n",
            ..USUAL
        },
        // Between the answer and the server's side of the handshake.
        Script {
            late: "200 fine\r\n200 fine\r\n230 come in\r\n",
            ..USUAL
        },
    ] {
        let server = slipped.start();
        let error = server.refused().await;
        assert_eq!(error.kind(), ErrorKind::Protocol, "{error:?}");
        assert_eq!(
            error.message(),
            "the server answered in clear text where TLS begins"
        );
        assert_eq!(server.seen(), ["AUTH TLS"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_in_clear_text_when_auth_is_refused_or_stripped() {
    for (auth, kind) in [
        (
            "431 Need some unavailable resource.\r\n",
            ErrorKind::Unsupported,
        ),
        ("500 Unknown command.\r\n", ErrorKind::Unsupported),
        ("502 Not implemented.\r\n", ErrorKind::Unsupported),
        ("504 No TLS here.\r\n", ErrorKind::Unsupported),
        ("530 Log in first.\r\n", ErrorKind::Unsupported),
        ("534 Not here.\r\n", ErrorKind::Unsupported),
        ("421 Full.\r\n", ErrorKind::LimitReached),
        // No refusal, and no consent.
        ("200 Fine.\r\n", ErrorKind::Protocol),
        ("230 Logged in already.\r\n", ErrorKind::Protocol),
        ("331 And who are you?\r\n", ErrorKind::Protocol),
    ] {
        let server = Script { auth, ..USUAL }.start();
        let error = server.refused().await;
        assert_eq!(
            (error.kind(), error.message()),
            (kind, auth.trim_end()),
            "{error:?}"
        );
        assert_eq!(server.seen(), ["AUTH TLS"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn data_in_clear_text_is_not_settled_for() {
    for usual in [USUAL, IMPLICIT] {
        for replies in [
            &[("PBSZ 0", "503 Not with me.\r\n")],
            &[("PROT P", "536 Only PROT C.\r\n")],
        ] {
            let server = Script {
                replies,
                ..usual.clone()
            }
            .start();
            let error = server.refused().await;
            let text = replies[0].1.trim_end();
            assert_eq!(
                (error.kind(), error.message()),
                (ErrorKind::Unsupported, text)
            );
            let seen = server.seen();
            assert!(
                !seen.iter().any(|line| line.starts_with("USER")),
                "{seen:?}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_control_connection_stays_encrypted() {
    for (usual, first) in [(USUAL, "AUTH TLS"), (IMPLICIT, "PBSZ 0")] {
        let server = usual.start();
        let connection = server.connect().await.unwrap();
        lists(&connection).await;
        let path = RemotePath::from_text("/x").unwrap();
        get(&connection.fs(), &path, 0).await.unwrap();
        let _ = connection.fs().remove_file(&path).await;
        connection.close().await;
        let seen = server.seen();
        assert_eq!(seen[0], first);
        let (secured, login) = (
            seen.iter().position(|line| line == "PROT P"),
            seen.iter().position(|line| line.starts_with("USER")),
        );
        assert!(secured.is_some() && secured < login, "{seen:?}");
        for forbidden in ["CCC", "PROT C", "REIN"] {
            assert!(!seen.iter().any(|line| line == forbidden), "{seen:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn encrypted_data_that_was_cut_is_not_the_whole_file() {
    let server = Script { cut: true, ..USUAL }.start();
    let connection = server.connect().await.unwrap();
    let path = RemotePath::from_text("/x").unwrap();
    let error = get(&connection.fs(), &path, 0).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Incomplete, "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_greeting_under_implicit_tls_is_the_servers_word() {
    let long: &'static str = Box::leak(format!("220 {}\r\n", "x".repeat(9000)).into());
    for greeting in [
        "220 hi\r\n",
        "220-hi\r\n and\r\n220-more\r\n220 end\r\n",
        long,
    ] {
        let server = Script {
            greeting,
            ..IMPLICIT
        }
        .start();
        lists(&server.connect().await.unwrap()).await;
    }
    let endless: &'static str = Box::leak(format!("220-{}", "x\r\n".repeat(200_000)).into());
    for (greeting, kind) in [
        ("421 Too many connections.\r\n", ErrorKind::LimitReached),
        ("530 Not you.\r\n", ErrorKind::AuthenticationFailed),
        ("HTTP/1.1 400 Bad Request\r\n\r\n", ErrorKind::Protocol),
        (endless, ErrorKind::Protocol),
    ] {
        let server = Script {
            greeting,
            ..IMPLICIT
        }
        .start();
        let error = server.refused().await;
        assert_eq!(error.kind(), kind, "{error:?}");
        if greeting.len() < 100 && kind != ErrorKind::Protocol {
            assert_eq!(error.message(), greeting.trim_end());
        }
        assert!(server.seen().is_empty(), "{:?}", server.seen());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn implicit_tls_never_speaks_to_a_server_without() {
    let greeting = script(|mut stream| {
        let _ = stream.write_all(b"220 hi\r\n");
        let mut said = Vec::new();
        let _ = stream.read_to_end(&mut said);
        assert!(!said.windows(4).any(|word| word == b"USER"));
    });
    let implicit = |port| target(port, "ann", true).security(FtpSecurity::Implicit);
    let error = connect_to(&implicit(greeting)).await.err().unwrap();
    assert_eq!(
        (error.kind(), error.message()),
        (
            ErrorKind::Protocol,
            "the server answered in clear text where TLS begins"
        )
    );

    let silent = script(|mut stream| {
        let _ = stream.read_to_end(&mut Vec::new());
    });
    let began = Instant::now();
    let clocks = Timeouts {
        connect: Duration::from_millis(300),
        ..clocks()
    };
    let error = connect_to(&implicit(silent).timeouts(clocks))
        .await
        .err()
        .unwrap();
    assert_eq!(error.kind(), ErrorKind::TimedOut, "{error:?}");
    assert!(began.elapsed() < Duration::from_secs(30));
}
