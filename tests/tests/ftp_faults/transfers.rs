//! Data connections, and what servers say about them.

use super::*;
use connection_tests::servers::ftp::scripted::{Step, say, send};

fn begun() -> Vec<Step> {
    vec![say("150 here it comes\r\n"), Step::Take]
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_word_may_come_early_or_twice() {
    let whole = || vec![send("hello"), Step::EndData];
    for steps in [
        [vec![say("150 here\r\n226 done\r\n"), Step::Take], whole()].concat(),
        [
            vec![
                say("150 here\r\n"),
                Step::Flush,
                say("226 done\r\n"),
                Step::Take,
            ],
            whole(),
        ]
        .concat(),
        [begun(), vec![say("226 done\r\n")], whole()].concat(),
        [begun(), whole(), vec![say("226 done\r\n226 done\r\n")]].concat(),
        [
            begun(),
            whole(),
            vec![say("226-well\r\n150 was it\r\n226 done\r\n")],
        ]
        .concat(),
        [begun(), whole(), vec![say("250 done\r\n")]].concat(),
    ] {
        let text = format!("{steps:?}");
        let server = server().once("RETR", steps).start();
        let connection = connect(&server, PATIENT).await;
        match get(&connection.fs(), "/a.txt").await {
            Ok(content) => assert_eq!(content, b"hello", "{text}"),
            Err(error) => panic!("{text}: {error:?}"),
        }
        in_step(&connection).await;
    }
}

/// What comes when the next command is on its way cannot be told from its answer: that one
/// fails as out of step at the worst, and nothing after it.
#[tokio::test(flavor = "multi_thread")]
async fn a_last_word_said_again_late_costs_one_answer_at_most() {
    let last = [say("226 done\r\n"), Step::Flush, say("226 done\r\n")];
    let steps = [begun(), vec![send("hello"), Step::EndData], last.to_vec()].concat();
    let server = server().once("RETR", steps).start();
    let connection = connect(&server, PATIENT).await;
    let fs = connection.fs();
    assert_eq!(get(&fs, "/a.txt").await.unwrap(), b"hello");
    match size(&fs, "/a.txt").await {
        Ok(size) => assert_eq!(size, Some(5)),
        Err(error) => drop(fails::<()>(Err(error), ErrorKind::Protocol, "226 done")),
    }
    in_step(&connection).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_without_a_good_end_is_none() {
    for (end, kind, says) in [
        (
            vec![Step::EndData, say("426 cut\r\n")],
            ErrorKind::Incomplete,
            "426 cut",
        ),
        (
            vec![Step::EndData, say("451 disk\r\n")],
            ErrorKind::Failure,
            "451 disk",
        ),
        (
            vec![Step::EndData, say("550 gone\r\n")],
            ErrorKind::Failure,
            "550 gone",
        ),
        (
            vec![Step::EndData, say("421 bye\r\n"), Step::Close],
            ErrorKind::ConnectionLost,
            "421 bye",
        ),
        (
            vec![say("421 bye\r\n"), Step::EndData, Step::Close],
            ErrorKind::ConnectionLost,
            "421 bye",
        ),
        (
            vec![Step::EndData, say("225 nothing to abort\r\n")],
            ErrorKind::Protocol,
            "225",
        ),
        (
            vec![Step::EndData, say("gibberish\r\n")],
            ErrorKind::Protocol,
            "not an FTP reply",
        ),
        (
            vec![Step::EndData, Step::Close],
            ErrorKind::ConnectionLost,
            "",
        ),
        (
            vec![Step::ResetData, say("226 done\r\n")],
            ErrorKind::ConnectionLost,
            "",
        ),
    ] {
        let text = format!("{end:?}");
        let server = server()
            .once("RETR", [begun(), vec![send("hel")], end].concat())
            .start();
        let connection = connect(&server, PATIENT).await;
        match get(&connection.fs(), "/a.txt").await {
            Ok(content) => panic!("{text}: it succeeded with {content:?}"),
            Err(error) => assert!(
                error.kind() == kind && error.message().contains(says),
                "{text}: {error:?}"
            ),
        }
        in_step(&connection).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_that_never_had_data() {
    for (steps, kind, says) in [
        (
            vec![say("226 done, and no data\r\n")],
            ErrorKind::Protocol,
            "226",
        ),
        (
            vec![
                say("150 a\r\n150 b\r\n"),
                Step::Take,
                send("hello"),
                Step::EndData,
                say("226 done\r\n"),
            ],
            ErrorKind::Protocol,
            "150 b",
        ),
        (
            vec![
                say("150 here\r\n"),
                Step::EndData,
                say("425 could not connect\r\n"),
            ],
            ErrorKind::ConnectionLost,
            "",
        ),
        (
            vec![say("150 here\r\n"), Step::Close],
            ErrorKind::ConnectionLost,
            "",
        ),
    ] {
        let text = format!("{steps:?}");
        let server = server().once("RETR", steps).start();
        let connection = connect(&server, PATIENT).await;
        match get(&connection.fs(), "/a.txt").await {
            Ok(content) => panic!("{text}: it succeeded with {content:?}"),
            Err(error) => {
                // Which of the two ends of a connection is seen first is chance.
                let lost = kind == ErrorKind::ConnectionLost
                    && (error.message().contains("425") || error.kind() == kind);
                assert!(
                    lost || error.kind() == kind && error.message().contains(says),
                    "{text}: {error:?}"
                );
            }
        }
        in_step(&connection).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_was_cut_is_a_failure_whatever_the_server_says() {
    let large = vec![7; 16 << 20];
    for end in [
        vec![Step::EndData, say("226 done\r\n")],
        vec![Step::ResetData, say("226 done\r\n")],
        vec![Step::EndData, say("426 cut\r\n")],
        vec![Step::EndData, say("552 quota\r\n")],
        vec![say("452 full\r\n"), Step::EndData],
        vec![say("421 bye\r\n"), Step::EndData, Step::Close],
        vec![Step::Close],
    ] {
        let text = format!("{end:?}");
        let steps = [begun(), vec![Step::ReceiveSome(100_000)], end].concat();
        let server = server().once("STOR", steps).start();
        let connection = connect(&server, PATIENT).await;
        let error = match put(&connection.fs(), "/large", &large).await {
            Ok(()) => panic!("{text}: it succeeded"),
            Err(error) => error,
        };
        let typed = matches!(
            error.kind(),
            ErrorKind::ConnectionLost
                | ErrorKind::Incomplete
                | ErrorKind::NoSpace
                | ErrorKind::QuotaExceeded
        );
        assert!(typed, "{text}: {error:?}");
        remove(&connection.fs(), "/large").await.unwrap();
        in_step(&connection).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_upload_that_was_cut_is_found_out_too() {
    // All of it lies in the sockets' buffers when the server closes.
    for kept in [0, 3] {
        let steps = [
            begun(),
            vec![Step::ReceiveSome(kept), Step::EndData, say("226 done\r\n")],
        ]
        .concat();
        let server = server().once("STOR", steps).start();
        let connection = connect(&server, PATIENT).await;
        let outcome = put(&connection.fs(), "/cut", &[7; 20_000]).await;
        let says = format!("{kept} of 20000 bytes");
        match outcome {
            Ok(()) => panic!("{says}: it succeeded"),
            Err(error) if error.kind() == ErrorKind::Incomplete => {
                assert!(error.message().contains(&says), "{error:?}");
            }
            // The cut was seen before the last byte was sent.
            Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionLost, "{error:?}"),
        }
        remove(&connection.fs(), "/cut").await.unwrap();
        in_step(&connection).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_word_of_an_upload_may_come_twice() {
    let steps = [
        begun(),
        vec![
            Step::Receive,
            Step::EndData,
            say("226 done\r\n226 done\r\n"),
        ],
    ]
    .concat();
    let server = server().once("STOR", steps).start();
    let connection = connect(&server, PATIENT).await;
    put(&connection.fs(), "/c.txt", b"content").await.unwrap();
    assert_eq!(get(&connection.fs(), "/c.txt").await.unwrap(), b"content");
    remove(&connection.fs(), "/c.txt").await.unwrap();
    in_step(&connection).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_last_word_ends_the_download_and_not_the_session() {
    let steps = [
        begun(),
        vec![
            send("hello"),
            Step::EndData,
            Step::SayForEver(b"226-and so on\r\n".repeat(100)),
        ],
    ]
    .concat();
    let server = server().once("RETR", steps).start();
    let connection = connect(&server, PATIENT).await;
    fails(
        get(&connection.fs(), "/a.txt").await,
        ErrorKind::Protocol,
        "",
    );
    in_step(&connection).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offset_that_is_refused_or_ignored() {
    let server = server().once("REST", [say("501 no\r\n")]).start();
    let connection = connect(&server, PATIENT).await;
    let fs = connection.fs();
    let file = path("/a.txt");
    let outcome = within(fs.open_read(&file, 2)).await;
    assert!(outcome.is_err());
    in_step(&connection).await;
    let mut reader = within(fs.open_read(&file, 2)).await.unwrap();
    assert_eq!(reader.next_chunk().await.unwrap().unwrap(), "llo");
}
