//! What can go wrong around TLS.

use super::*;
use connection_tests::Tls;
use connection_tests::servers::ftp::scripted::{GREETING, ScriptedFtpBuilder, Step, say, send};

fn secured() -> ScriptedFtpBuilder {
    server().tls(Tls::Offered)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_behaves() {
    let server = secured().start();
    let connection = connect_tls(&server, FtpSecurity::Explicit).await.unwrap();
    in_step(&connection).await;
    assert_eq!(server.count("PROT"), server.accepted());
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_that_is_refused_is_never_done_without() {
    for (reply, kind) in [
        ("500 what?\r\n", ErrorKind::Unsupported),
        ("534 not with you\r\n", ErrorKind::Unsupported),
        ("200 if you like, in clear text\r\n", ErrorKind::Protocol),
        ("230 you are in, without TLS\r\n", ErrorKind::Protocol),
        ("421 busy\r\n", ErrorKind::LimitReached),
    ] {
        let server = server().on("AUTH", [say(reply)]).start();
        let outcome = connect_tls(&server, FtpSecurity::Explicit).await.map(drop);
        fails(outcome, kind, reply.trim_end());
        assert_eq!(server.commands(), ["AUTH TLS"], "{reply:?}");
    }
    for refused in ["PBSZ", "PROT"] {
        let server = secured().on(refused, [say("536 not here\r\n")]).start();
        let outcome = connect_tls(&server, FtpSecurity::Explicit).await.map(drop);
        assert!(outcome.is_err(), "{refused}");
        assert_eq!(server.count("PASS"), 0, "{refused}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_before_the_handshake_counts_for_nothing() {
    for injected in [
        "230 you are in\r\n",
        "220 injected\r\n331 injected\r\n230 injected\r\n",
        "200 ok\r\n200 ok\r\n230 in\r\n",
    ] {
        let server = secured()
            .once(
                "AUTH",
                [say("234 go on\r\n"), say(injected), Step::StartTls],
            )
            .start();
        match connect_tls(&server, FtpSecurity::Explicit).await {
            Ok(connection) => {
                assert_eq!(server.count("PASS"), 1, "the login was a real one");
                in_step(&connection).await;
            }
            // Or it is not dealt with at all.
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Protocol, "{injected:?}: {error:?}");
                assert_eq!(server.count("USER"), 0);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn clear_text_where_tls_belongs() {
    let server = server()
        .on(
            "AUTH",
            [
                say("234 go on\r\n"),
                Step::Flush,
                say("220 I speak no TLS\r\n"),
                Step::Hang,
            ],
        )
        .start();
    let quick = target(&server, QUICK).security(FtpSecurity::Explicit);
    let error = log_in(&quick).await.err().unwrap();
    // What came together with 234 is dropped, and then nothing comes.
    let typed = matches!(error.kind(), ErrorKind::Protocol | ErrorKind::TimedOut);
    assert!(typed, "{error:?}");
    assert_eq!(server.count("USER"), 0);
    // A greeting in clear text on a port for implicit TLS.
    let server = self::server()
        .on(GREETING, [Step::Usual, Step::Hang])
        .start();
    let outcome = connect_tls(&server, FtpSecurity::Implicit).await.map(drop);
    fails(outcome, ErrorKind::Protocol, "");
    assert!(!server.commands().iter().any(|line| line.contains("USER")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stolen_data_connection_fails() {
    // The server sends its data to whoever came first; the client finds nobody who can shake
    // hands with it.
    let server = secured()
        .once(
            "EPSV",
            [
                Step::Listen,
                Step::Steal(Vec::new()),
                say("229 here (|||{port}|)\r\n"),
            ],
        )
        .start();
    let secured = target(&server, QUICK).security(FtpSecurity::Explicit);
    let connection = log_in(&secured).await.unwrap();
    let outcome = get(&connection.fs(), "/a.txt").await;
    fails(outcome, ErrorKind::TimedOut, "timed out");
    assert_eq!(server.sent(), 0, "nothing was sent to the thief");
    in_step(&connection).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_connection_in_clear_text_is_refused() {
    // Somebody else answers on the passive port, without TLS.
    let thief = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = thief.local_addr().unwrap().port();
    std::thread::spawn(move || {
        use std::io::Write as _;
        while let Ok((mut socket, _)) = thief.accept() {
            let _ = socket.write_all(b"forged content, long enough for any record header\r\n");
        }
    });
    let server = secured()
        .once("EPSV", [say(format!("229 here (|||{port}|)\r\n"))])
        .once(
            "RETR",
            [say("150 here\r\n"), Step::Flush, say("226 done\r\n")],
        )
        .start();
    let connection = connect_tls(&server, FtpSecurity::Explicit).await.unwrap();
    fails(
        get(&connection.fs(), "/a.txt").await,
        ErrorKind::Protocol,
        "",
    );
    in_step(&connection).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn data_that_ends_without_an_end_mark_is_checked() {
    // The connection is reset or closed below TLS, and the server claims that all is well.
    let server = secured()
        .once(
            "RETR",
            [
                say("150 here\r\n"),
                Step::Take,
                send("hel"),
                Step::CutData,
                say("226 done\r\n"),
            ],
        )
        .start();
    let connection = connect_tls(&server, FtpSecurity::Explicit).await.unwrap();
    fails(
        get(&connection.fs(), "/a.txt").await,
        ErrorKind::Incomplete,
        "early",
    );
    in_step(&connection).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stray_replies_over_tls() {
    for stray in [
        "200 stray\r\n",
        "250 stray\r\n",
        "550 stray\r\n",
        "213 99\r\n",
    ] {
        for verb in ["DELE", "MLST", "RETR", "MLSD"] {
            let server = secured()
                .file("/old", "old")
                .once(verb, [Step::Usual, say(stray)])
                .start();
            let connection = connect_tls(&server, FtpSecurity::Explicit).await.unwrap();
            let fs = connection.fs();
            let outcome = match verb {
                "MLST" => size(&fs, "/b.txt").await.map(drop),
                "RETR" => get(&fs, "/b.txt").await.map(drop),
                "MLSD" => list(&fs, "/").await.map(drop),
                _ => remove(&fs, "/old").await,
            };
            if let Err(error) = outcome {
                let text = format!("{verb} {stray:?}: {error:?}");
                assert_eq!(error.kind(), ErrorKind::Protocol, "{text}");
            }
            if fs.stat(&path("/old")).await.is_ok() {
                remove(&fs, "/old").await.unwrap();
            }
            in_step(&connection).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_farewell_over_tls_is_nobodys_failure() {
    let server = secured()
        .once("TYPE", [Step::Usual, say("421 closing\r\n"), Step::Close])
        .start();
    let connection = connect_tls(&server, FtpSecurity::Explicit).await.unwrap();
    in_step(&connection).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn endless_answers_over_tls() {
    for text in ["250-and so on\r\n", "250 no line end"] {
        let endless = Step::SayForEver(text.repeat(100).into_bytes());
        let server = secured().once("DELE", [endless]).start();
        let connection = connect_tls(&server, FtpSecurity::Explicit).await.unwrap();
        fails(
            remove(&connection.fs(), "/none").await,
            ErrorKind::Protocol,
            "",
        );
        in_step(&connection).await;
    }
}
