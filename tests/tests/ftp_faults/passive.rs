//! Where the server says the data connection goes.

use super::*;
use connection_tests::TcpServer;
use connection_tests::servers::ftp::scripted::{ScriptedFtpBuilder, Step, say, sends};
use std::net::TcpListener;

/// A server that answers the passive command so, whenever it is asked.
fn answers(verb: &str, reply: &str) -> ScriptedFtpBuilder {
    let server = server().on(verb, [Step::Listen, say(reply)]);
    match verb {
        "PASV" => server.without(&["EPSV"]),
        _ => server,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn data_goes_to_the_host_of_the_session_whatever_the_server_names() {
    for reply in [
        "227 here (169,254,169,254,{p1},{p2})\r\n",
        "227 here (10,0,0,7,{p1},{p2})\r\n",
        "227 here (0,0,0,0,{p1},{p2})\r\n",
        "227 here (255,255,255,255,{p1},{p2})\r\n",
        "227 here (224,0,0,1,{p1},{p2})\r\n",
    ] {
        let server = answers("PASV", reply).start();
        in_step(&connect(&server, PATIENT).await).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_is_ever_connected_to() {
    // Another machine's address of this one, with something that listens there on a port that
    // is closed here.
    let closed = TcpServer::refuses();
    let port = closed.port();
    let victim = TcpListener::bind(("127.0.0.2", port)).unwrap();
    victim.set_nonblocking(true).unwrap();
    let reply = format!("227 here (127,0,0,2,{},{})\r\n", port >> 8, port & 0xFF);
    let server = server()
        .without(&["EPSV"])
        .once("PASV", [say(reply)])
        .start();
    let connection = connect(&server, PATIENT).await;
    let outcome = get(&connection.fs(), "/a.txt").await;
    fails(outcome, ErrorKind::ConnectionRefused, "");
    assert!(victim.accept().is_err(), "somebody came");
    in_step(&connection).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_of_the_answer_that_servers_use() {
    for (verb, reply) in [
        ("EPSV", "229 here (|||{port}|)\r\n"),
        ("EPSV", "229 here (!!!{port}!)\r\n"),
        ("EPSV", "229 (1) here (###{port}#) it is\r\n"),
        ("EPSV", "229-some\r\n229 here (|||{port}|).\r\n"),
        ("PASV", "227 here (127,0,0,1,{p1},{p2})\r\n"),
        ("PASV", "227 here 127,0,0,1,{p1},{p2}\r\n"),
        ("PASV", "227 here =127,0,0,1,{p1},{p2}.\r\n"),
        ("PASV", "227 here ( 127, 0, 0, 1, {p1}, {p2} )\r\n"),
        ("PASV", "227-some\r\n227 here (127,0,0,1,{p1},{p2})\r\n"),
    ] {
        let server = answers(verb, reply).start();
        let connection = connect(&server, PATIENT).await;
        match get(&connection.fs(), "/a.txt").await {
            Ok(content) => assert_eq!(content, b"hello"),
            Err(error) => panic!("{reply:?}: {error:?}"),
        }
        in_step(&connection).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ports_that_are_none() {
    for (verb, reply, says) in [
        ("EPSV", "229 here (|||0|)\r\n", "port 0"),
        ("EPSV", "229 here (|||99999|)\r\n", ""),
        ("EPSV", "229 here (|||-1|)\r\n", "-1"),
        ("EPSV", "229 here (|||)\r\n", "(|||)"),
        ("EPSV", "229 here\r\n", "229 here"),
        ("EPSV", "229 here (|||99999999999999999999|)\r\n", ""),
        ("EPSV", "229 here (|1|127.0.0.1|x|)\r\n", "|x|"),
        ("PASV", "227 here (127,0,0,1,0,0)\r\n", "port 0"),
        ("PASV", "227 here (127,0,0,1,300,1)\r\n", "300"),
        ("PASV", "227 here (999,0,0,1,4,1)\r\n", "999"),
        ("PASV", "227 here (127,0,0,1,4)\r\n", "127,0,0,1,4"),
        ("PASV", "227 here\r\n", "227 here"),
        (
            "PASV",
            "227 here (1,2,3,4,99999999999999999999,1)\r\n",
            "9999",
        ),
    ] {
        let once = server().once(verb, [say(reply)]);
        let server = match verb {
            "PASV" => once.without(&["EPSV"]).start(),
            _ => once.start(),
        };
        let connection = connect(&server, PATIENT).await;
        match get(&connection.fs(), "/a.txt").await {
            // Tried once more, where nothing at all was understood.
            Ok(content) => assert!(says.is_empty() && content == b"hello", "{reply:?}"),
            Err(error) => assert!(
                error.kind() == ErrorKind::Protocol && error.message().contains(says),
                "{reply:?}: {error:?}"
            ),
        }
        in_step(&connection).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_nobody_listens_on() {
    let closed = TcpServer::refuses();
    let port = closed.port();
    let (high, low) = (port >> 8, port & 0xFF);
    let server = server()
        .times(2, "EPSV", [say(format!("229 here (|||{port}|)\r\n"))])
        .once(
            "PASV",
            [say(format!("227 here (127,0,0,1,{high},{low})\r\n"))],
        )
        .start();
    let connection = connect(&server, PATIENT).await;
    let outcome = get(&connection.fs(), "/a.txt").await;
    let error = fails(outcome, ErrorKind::ConnectionRefused, "");
    assert_eq!(error.context("connection"), Some("data"));
    in_step(&connection).await;
    // The session is alive: it was one port that was closed, not the server.
    assert!(connection.is_alive());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stolen_data_connection_in_clear_text_cannot_be_told() {
    // The server takes the thief's connection for the client's. An upload ends nowhere and a
    // download brings nothing; without TLS nothing can show it but the clock.
    let server = server()
        .once(
            "EPSV",
            [
                Step::Listen,
                Step::Steal(Vec::new()),
                say("229 here (|||{port}|)\r\n"),
            ],
        )
        .once(
            "RETR",
            [
                say("150 here\r\n"),
                Step::Take,
                Step::Send(b"hello".to_vec()),
                Step::Hang,
            ],
        )
        .start();
    let connection = connect(&server, QUICK).await;
    let outcome = get(&connection.fs(), "/a.txt").await;
    fails(outcome, ErrorKind::TimedOut, "timed out");
    in_step(&connection).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_refuses_every_passive_command() {
    let server = server().without(&["EPSV", "PASV"]).start();
    let connection = connect(&server, PATIENT).await;
    let fs = connection.fs();
    assert!(get(&fs, "/a.txt").await.is_err());
    assert_eq!(size(&fs, "/a.txt").await.unwrap(), Some(5));
    assert_eq!(server.accepted(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_back_from_a_refused_epsv_is_pasv() {
    let server = server()
        .on("EPSV", [say("522 not here\r\n")])
        .on("RETR /b.txt", sends("world!"))
        .start();
    let connection = connect(&server, PATIENT).await;
    in_step(&connection).await;
    assert_eq!(server.count("EPSV"), 1, "it is asked once");
}
