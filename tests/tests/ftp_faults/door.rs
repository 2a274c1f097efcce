//! Greetings and logins.

use super::*;
use connection_tests::TcpServer;
use connection_tests::servers::ftp::scripted::{GREETING, Step, say};

/// What an endless sender may have sent before the client left: the limit of a reply, and
/// what the buffers of two sockets hold.
const ENDLESS: u64 = 32 << 20;

#[tokio::test(flavor = "multi_thread")]
async fn banners_of_every_sort() {
    let lines = |count: usize| {
        let line = format!("220-{}\r\n", "=".repeat(58));
        format!("{}220 ready\r\n", line.repeat(count))
    };
    for banner in [
        "220\r\n".to_owned(),
        "220 \r\n".to_owned(),
        "220 bare line feed\n".to_owned(),
        "220-one\r\n\r\n  two\r\n220 three\r\n".to_owned(),
        "220-a banner\r\n123 begins a line of it\r\n220 ready\r\n".to_owned(),
        "220-a banner\r\n220\r\n2200\r\n220-\r\n220 ready\r\n".to_owned(),
        "220-caf\u{e9} \u{0}\u{1}\u{1b}[31m\r\n220 ready\r\n".to_owned(),
        lines(1024),
        format!("220 {}\r\n", "=".repeat(64 << 10)),
        "120 in a minute\r\n220 ready\r\n".to_owned(),
        "120-patience\r\n120 in a minute\r\n220-now\r\n220 ready\r\n".to_owned(),
    ] {
        let server = server().on(GREETING, [say(&banner)]).start();
        let shown: String = banner.chars().take(60).collect();
        match log_in(&target(&server, PATIENT)).await {
            Ok(connection) => in_step(&connection).await,
            Err(error) => panic!("{shown:?}: {error:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn greetings_that_are_none() {
    for (greeting, kind, says) in [
        ("230 come in\r\n", ErrorKind::Protocol, "230 come in"),
        ("421 full\r\n", ErrorKind::LimitReached, "421 full"),
        ("554 go away\r\n", ErrorKind::Failure, "554 go away"),
        ("SSH-2.0-x\r\n", ErrorKind::Protocol, "not an FTP reply"),
        (
            "HTTP/1.1 400 Bad\r\n",
            ErrorKind::Protocol,
            "not an FTP reply",
        ),
        ("\r\n\r\n", ErrorKind::Protocol, "not an FTP reply"),
        ("22\r\n", ErrorKind::Protocol, "not an FTP reply"),
        ("\0\0\0\0\0\r\n", ErrorKind::Protocol, "not an FTP reply"),
        ("120 in a minute\r\n", ErrorKind::ConnectionLost, ""),
        ("220-cut off\r\n", ErrorKind::ConnectionLost, ""),
        ("220 cut o", ErrorKind::ConnectionLost, ""),
        ("", ErrorKind::ConnectionLost, ""),
    ] {
        let server = server().on(GREETING, [say(greeting), Step::Close]).start();
        fails(Err::<(), _>(refused(&server, PATIENT).await), kind, says);
        assert!(
            server.commands().is_empty(),
            "{greeting:?}: {:?}",
            server.commands()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_greeting_that_ends_under_another_code_is_refused() {
    let server = server()
        .on(
            GREETING,
            [say("220-welcome\r\n230 you are in\r\n"), Step::Hang],
        )
        .start();
    let error = refused(&server, QUICK).await;
    assert!(
        matches!(error.kind(), ErrorKind::Protocol | ErrorKind::TimedOut),
        "{error:?}"
    );
    assert!(server.commands().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn greetings_without_an_end_are_cut_off() {
    for text in [
        "220-and so on\r\n",
        "220-no line end at all",
        "120 soon\r\n",
    ] {
        let server = server()
            .on(GREETING, [Step::SayForEver(text.repeat(100).into_bytes())])
            .start();
        fails(
            Err::<(), _>(refused(&server, PATIENT).await),
            ErrorKind::Protocol,
            "",
        );
        assert!(server.said() < ENDLESS, "{text:?}: {}", server.said());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn replies_without_an_end_are_cut_off_wherever_they_come() {
    for verb in ["USER", "PASS", "FEAT", "PWD", "TYPE"] {
        for text in ["211-and so on\r\n", "211-no line end at all"] {
            let server = server()
                .on(verb, [Step::SayForEver(text.repeat(100).into_bytes())])
                .start();
            fails(
                Err::<(), _>(refused(&server, PATIENT).await),
                ErrorKind::Protocol,
                "",
            );
            assert!(
                server.said() < ENDLESS,
                "{verb} {text:?}: {}",
                server.said()
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feature_list_of_a_hundred_thousand_lines_is_refused() {
    let lines = " X-FEATURE\r\n".repeat(100_000);
    let server = server()
        .on("FEAT", [say(format!("211-Features\r\n{lines}211 End\r\n"))])
        .start();
    fails(
        Err::<(), _>(refused(&server, PATIENT).await),
        ErrorKind::Protocol,
        "",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_feature_list_is_read() {
    let lines = " X-FEATURE with a few words\r\n".repeat(150);
    let server = server()
        .on(
            "FEAT",
            [say(format!(
                "211-Features\r\n{lines} MLST\r\n SIZE\r\n211 End\r\n"
            ))],
        )
        .start();
    in_step(&connect(&server, PATIENT).await).await;
    assert!(server.count("MLST") > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn logins_that_lead_nowhere() {
    for (verb, reply, kind, says) in [
        (
            "PASS",
            "331 and the password?\r\n",
            ErrorKind::Protocol,
            "331",
        ),
        (
            "USER",
            "331-and\r\n331 so on\r\n",
            ErrorKind::AuthenticationFailed,
            "530",
        ),
        (
            "USER",
            "530 no\r\n",
            ErrorKind::AuthenticationFailed,
            "530 no",
        ),
        ("USER", "150 what\r\n", ErrorKind::Protocol, "150 what"),
        (
            "PASS",
            "421 enough\r\n",
            ErrorKind::LimitReached,
            "421 enough",
        ),
        (
            "PASS",
            "332 and the account?\r\n",
            ErrorKind::AuthenticationFailed,
            "332",
        ),
        ("PWD", "257 no quotes here\r\n", ErrorKind::Protocol, "PWD"),
        ("PWD", "257 \"never closed\r\n", ErrorKind::Protocol, "PWD"),
        (
            "PWD",
            "200 somewhere\r\n",
            ErrorKind::Protocol,
            "200 somewhere",
        ),
    ] {
        let server = server()
            .on(verb, [say(reply)])
            .on("PASS", [say("530 wrong\r\n")])
            .start();
        let server = if verb == "PWD" {
            self::server().on(verb, [say(reply)]).start()
        } else {
            server
        };
        let error = refused(&server, PATIENT).await;
        let text = format!("{verb} {reply:?}: {error:?}");
        assert!(
            error.kind() == kind && error.message().contains(says),
            "{text}"
        );
        assert!(server.count("PASS") <= 1, "{text}\n{:?}", server.commands());
        assert!(!format!("{error:?} {error}").contains("secret"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_refuses_every_extra_is_used_all_the_same() {
    let server = server()
        .without(&[
            "FEAT", "SITE", "OPTS", "MLST", "MLSD", "EPSV", "SIZE", "MDTM", "CLNT",
        ])
        .start();
    in_step(&connect(&server, PATIENT).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_answer_the_farewell_holds_nobody_up() {
    let server = server().on("QUIT", [Step::Hang]).start();
    let connection = connect(&server, PATIENT).await;
    in_step(&connection).await;
    let started = std::time::Instant::now();
    connection.close().await;
    assert!(started.elapsed() < Duration::from_secs(1));
    connection_tests::eventually(SOON, "nothing is left open", || server.open() == 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_does_not_answer_at_all() {
    let nobody = TcpServer::unreachable();
    let target = FtpTarget::new(nobody.host(), "ann", Secret::from("secret"))
        .unwrap()
        .port(nobody.port())
        .timeouts(QUICK);
    fails(log_in(&target).await, ErrorKind::TimedOut, "timed out");
}
