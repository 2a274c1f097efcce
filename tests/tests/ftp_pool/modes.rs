//! Who opens data connections, and to where.

use super::scripted::{CONTENT, Scripted, Then, say};
use super::*;
use connection_core::ErrorKind;
use connection_core::target::FtpDataMode;
use connection_tests::{ProFtpd, PureFtpd, Pyftpdlib, TcpServer, Vsftpd};
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Everything that uses a data connection, with an offset as well.
async fn exercise(server: &dyn FtpServer, connection: &FtpConnection) {
    let (fs, name) = (connection.fs(), server.name());
    let data = noise(300_000);
    for round in 0..3 {
        let file = format!("/up{round}");
        let stored = put(&*fs, &file, &data).await;
        stored.unwrap_or_else(|error| panic!("{name}: {error:?}\n{}", server.log()));
        assert!(get(&*fs, &file).await.unwrap() == data, "{name}");
        assert_eq!(list(&*fs, "/").await.unwrap().len(), round + 1, "{name}");
        let mut rest = fs.open_read(&path(&file), 299_990).await.unwrap();
        assert_eq!(rest.next_chunk().await.unwrap().unwrap(), data[299_990..]);
        assert!(rest.next_chunk().await.unwrap().is_none());
    }
    let missing = get(&*fs, "/no-such-file").await.unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::NotFound, "{name}: {missing:?}");
    // Several side by side, and one given up.
    for _ in 0..5 {
        let all = (0..8).map(|_| get(&*fs, "/up0"));
        for outcome in futures::future::join_all(all).await {
            assert_eq!(outcome.unwrap().len(), data.len(), "{name}");
        }
    }
    let given_up = fs.open_read(&path("/up0"), 0).await.unwrap();
    drop(given_up);
    assert_eq!(get(&*fs, "/up1").await.unwrap().len(), data.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn active_mode_works_on_every_server() {
    let servers: [Box<dyn FtpServer>; 8] = [
        Box::new(Vsftpd::builder().line("connect_from_port_20=NO").start()),
        Box::new(
            Vsftpd::builder()
                .tls(Tls::Required)
                .session_reuse(true)
                .start(),
        ),
        Box::new(PureFtpd::start()),
        Box::new(PureFtpd::builder().tls(Tls::Required).start()),
        Box::new(Pyftpdlib::start()),
        Box::new(Pyftpdlib::builder().tls(Tls::Required).start()),
        Box::new(ProFtpd::start()),
        Box::new(ProFtpd::builder().tls(Tls::Required).start()),
    ];
    for server in &servers {
        let active = target(&**server).data_mode(FtpDataMode::Active);
        let connection = connected(&active).await;
        exercise(&**server, &connection).await;
        let log = server.log();
        assert!(!log.contains("Passive Mode"), "{log}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_modes_work_over_ipv6() {
    let servers: [Box<dyn FtpServer>; 3] = [
        Box::new(
            Vsftpd::builder()
                .line("listen=NO")
                .line("listen_ipv6=YES")
                .line("listen_address6=::1")
                .start(),
        ),
        Box::new(Pyftpdlib::builder().ipv6().start()),
        Box::new(Pyftpdlib::builder().ipv6().tls(Tls::Required).start()),
    ];
    for server in &servers {
        for mode in [FtpDataMode::Passive, FtpDataMode::Active] {
            let security = match server.tls() {
                Tls::Off => FtpSecurity::None,
                _ => FtpSecurity::Explicit,
            };
            let target = FtpTarget::new("::1", server.user(), Secret::from(server.password()))
                .unwrap()
                .port(server.port())
                .security(security)
                .timeouts(clocks())
                .data_mode(mode);
            let connection = connected(&target).await;
            exercise(&**server, &connection).await;
            connection.close().await;
            for n in 0..3 {
                std::fs::remove_file(server.home().join(format!("up{n}"))).unwrap();
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_eprt_gets_port_and_is_asked_once() {
    let server = Scripted::start(|_, line| match line.split(' ').next() {
        Some("EPRT") => say("500 EPRT not understood"),
        _ => Then::Usual,
    });
    let active = server.target().data_mode(FtpDataMode::Active);
    let connection = connected(&active).await;
    for _ in 0..3 {
        assert_eq!(get(&*connection.fs(), "/file").await.unwrap(), CONTENT);
    }
    assert_eq!(
        (server.seen().count("EPRT"), server.seen().count("PORT")),
        (1, 3)
    );
    assert_eq!(server.seen().connections(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_who_connects_first_gets_nothing() {
    let strangers = Arc::new(AtomicUsize::new(0));
    let served = strangers.clone();
    let server = Scripted::start(move |talk, line| {
        if line.starts_with("RETR") {
            // Another address of this machine: 127.0.0.2.
            let stranger = connect_from(Ipv4Addr::new(127, 0, 0, 2), talk.named().unwrap());
            let mut stranger = stranger;
            let _ = stranger.write_all(b"what a stranger says");
            served.fetch_add(1, Ordering::SeqCst);
            talk.tell("150 coming");
            talk.data().unwrap().write_all(CONTENT).unwrap();
            return say("226 done");
        }
        Then::Usual
    });
    let active = server.target().data_mode(FtpDataMode::Active);
    let connection = connected(&active).await;
    assert_eq!(get(&*connection.fs(), "/file").await.unwrap(), CONTENT);
    assert_eq!(strangers.load(Ordering::SeqCst), 1);
}

fn connect_from(ip: Ipv4Addr, to: SocketAddr) -> TcpStream {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    socket.bind(&SocketAddr::from((ip, 0)).into()).unwrap();
    socket.connect(&to.into()).unwrap();
    socket.into()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_does_not_connect_is_not_waited_for_for_ever() {
    let server = Scripted::start(|talk, line| {
        if talk.number == 0 && line.starts_with("RETR") {
            talk.tell("150 in a moment");
            talk.wait_for_the_end();
            return Then::Close;
        }
        Then::Usual
    });
    let active = server
        .target()
        .data_mode(FtpDataMode::Active)
        .timeouts(quick());
    let connection = connected(&active).await;
    let error = within(SOON, get(&*connection.fs(), "/file"))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (
            ErrorKind::TimedOut,
            "the server did not connect for the data"
        )
    );
    assert_eq!(get(&*connection.fs(), "/file").await.unwrap(), CONTENT);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wait_for_the_server_is_given_up_at_once() {
    let server = Scripted::start(|talk, line| {
        if talk.number == 0 && line.starts_with("RETR") {
            talk.tell("150 in a moment");
            talk.wait_for_the_end();
            return Then::Close;
        }
        Then::Usual
    });
    let active = server.target().data_mode(FtpDataMode::Active);
    let connection = connected(&active).await;
    let fs = connection.fs();
    let file = path("/file");
    let mut opening = Box::pin(fs.open_read(&file, 0));
    let seen = server.seen();
    tokio::select! {
        _ = &mut opening => panic!("opened"),
        () = until("it waits", || seen.count("RETR") == 1) => {}
    }
    drop(opening);
    until("its connection is gone", || seen.open() == 0).await;
    assert_eq!(within(SOON, get(&*fs, "/file")).await.unwrap(), CONTENT);
    within(Duration::from_secs(1), connection.close()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_cannot_connect_says_so_itself() {
    for code in [
        "425 Can't open data connection.",
        "500 Illegal PORT command.",
    ] {
        for after_150 in [false, true] {
            let server = Scripted::start(move |talk, line| {
                if talk.seen.count("RETR") == 1 && line.starts_with("RETR") {
                    if after_150 {
                        talk.tell("150 in a moment");
                        std::thread::sleep(Duration::from_millis(250));
                    }
                    return say(code);
                }
                Then::Usual
            });
            let active = server.target().data_mode(FtpDataMode::Active);
            let connection = connected(&active).await;
            let error = within(SOON, get(&*connection.fs(), "/file"))
                .await
                .unwrap_err();
            assert_eq!(error.message(), code, "{error:?}");
            assert_eq!(get(&*connection.fs(), "/file").await.unwrap(), CONTENT);
            assert_eq!(server.seen().connections(), 1, "it stayed in step");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passive_replies_in_any_form_are_understood() {
    for (epsv, pasv) in [
        (None, "227 Entering Passive Mode. 127,0,0,1,HIGH,LOW"),
        (None, "227 =127,0,0,1,HIGH,LOW"),
        // A third host, and one behind the server's translation: the server itself is used.
        (None, "227 Entering Passive Mode (169,254,169,254,HIGH,LOW)"),
        (None, "227 Entering Passive Mode 10,0,0,1,HIGH,LOW"),
        (Some("229 Extended Passive Mode |||PORT|"), ""),
        (Some("229 Extended Passive Mode (!!!PORT!)"), ""),
    ] {
        let server = Scripted::start(move |talk, line| match (line, epsv) {
            ("EPSV", None) => say("500 EPSV not understood"),
            ("EPSV", Some(form)) => {
                let port = talk.listen().to_string();
                say(&form.replace("PORT", &port))
            }
            ("PASV", _) => {
                let [high, low] = talk.listen().to_be_bytes();
                let form = pasv.replace("HIGH", &high.to_string());
                say(&form.replace("LOW", &low.to_string()))
            }
            _ => Then::Usual,
        });
        let connection = connected(&server.target()).await;
        let fs = connection.fs();
        for _ in 0..2 {
            let what = epsv.unwrap_or(pasv);
            let got = get(&*fs, "/file").await;
            assert_eq!(got.unwrap_or_else(|e| panic!("{what}: {e:?}")), CONTENT);
            put(&*fs, "/file", b"x").await.unwrap();
            assert_eq!(list(&*fs, "/").await.unwrap().len(), 1, "{what}");
        }
        assert_eq!(server.seen().connections(), 1);
        assert!(
            server.seen().count("EPSV") == 1 || epsv.is_some(),
            "asked once"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn port_zero_and_no_port_at_all_are_refused() {
    for (epsv, pasv, message) in [
        (Some("229 here (|||0|)"), "", "the server named port 0"),
        (None, "227 here (127,0,0,1,0,0)", "the server named port 0"),
        (None, "227 here 127,0,0,1,0,0", "the server named port 0"),
        (None, "227 here you are", "227 here you are"),
        (None, "227 (127,0,0,1,300,1)", "227 (127,0,0,1,300,1)"),
    ] {
        let server = Scripted::start(move |talk, line| match (talk.number, line, epsv) {
            (0, "EPSV", Some(reply)) => say(reply),
            (0, "EPSV", None) => say("500 EPSV not understood"),
            (0, "PASV", _) => say(pasv),
            _ => Then::Usual,
        });
        let connection = connected(&server.target()).await;
        let error = get(&*connection.fs(), "/file").await.unwrap_err();
        assert_eq!(
            (error.kind(), error.message()),
            (ErrorKind::Protocol, message),
            "{error:?}"
        );
        assert_eq!(get(&*connection.fs(), "/file").await.unwrap(), CONTENT);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_firewall_that_knows_only_pasv_is_found_out_once() {
    let nobody = TcpServer::refuses();
    let closed = format!("229 here (|||{}|)", nobody.port());
    let server = Scripted::start(move |_, line| match line {
        "EPSV" => say(&closed),
        _ => Then::Usual,
    });
    let connection = connected(&server.target()).await;
    for _ in 0..3 {
        assert_eq!(get(&*connection.fs(), "/file").await.unwrap(), CONTENT);
    }
    assert_eq!(
        (server.seen().count("EPSV"), server.seen().count("PASV")),
        (1, 3)
    );
    assert_eq!(server.seen().connections(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mode_the_server_refuses_is_not_taken_for_a_refusal_of_the_file() {
    for (setting, mode) in [
        ("pasv_enable=NO", FtpDataMode::Passive),
        ("port_enable=NO", FtpDataMode::Active),
    ] {
        let server = Vsftpd::builder().line(setting).start();
        server.write_file("file", "x");
        let connection = connected(&target(&server).data_mode(mode)).await;
        let error = get(&*connection.fs(), "/file").await.unwrap_err();
        assert_eq!(
            (error.kind(), error.message()),
            (ErrorKind::Unsupported, "550 Permission denied."),
            "{setting}"
        );
    }
}
