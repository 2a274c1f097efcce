//! Replies too many: an operation takes none for its own that belongs to another.

use super::*;
use connection_core::fs::Overwrite;
use connection_tests::eventually;
use connection_tests::servers::ftp::scripted::{Step, say};

/// Replies that answer nothing.
const STRAYS: [&str; 8] = [
    "200 stray\r\n",
    "250 stray\r\n",
    "226 stray\r\n",
    "213 99\r\n",
    "550 stray\r\n",
    "250-Facts\r\n type=file;size=99; /a.txt\r\n250 End\r\n",
    "no reply at all\r\n",
    "250 half a re",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_stray_reply_after_an_answer_is_not_taken_for_the_next() {
    for stray in STRAYS {
        for verb in [
            "DELE", "MLST", "RETR", "STOR", "MLSD", "CWD", "EPSV", "NOOP",
        ] {
            let server = server()
                .file("/old", "old")
                .once(verb, [Step::Usual, say(stray)])
                .start();
            let connection = connect(&server, PATIENT).await;
            let fs = connection.fs();
            let outcome = match verb {
                "MLST" => size(&fs, "/b.txt").await.map(drop),
                "RETR" | "EPSV" => get(&fs, "/b.txt").await.map(drop),
                "STOR" => put(&fs, "/old", b"new").await,
                "MLSD" | "CWD" => list(&fs, "/").await.map(drop),
                _ => remove(&fs, "/old").await,
            };
            // Which of two replies is the answer cannot be known; only the last word of a
            // transfer may be said twice.
            if let Err(error) = outcome {
                let twice = matches!(verb, "RETR" | "STOR" | "MLSD") && stray.starts_with("226 ");
                // The answer to EPSV is not the last one of its command.
                let typed = error.kind() == ErrorKind::Protocol || verb == "EPSV";
                let typed = typed && !twice;
                assert!(typed, "{verb} {stray:?}: {error:?}");
            }
            if fs.stat(&path("/old")).await.is_ok() {
                remove(&fs, "/old").await.unwrap();
            }
            in_step(&connection).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stray_reply_before_the_answer_ends_the_connection() {
    for stray in STRAYS.into_iter().filter(|stray| stray.ends_with('\n')) {
        let server = server()
            .file("/old", "old")
            .once("DELE", [say(stray), Step::Usual])
            .start();
        let connection = connect(&server, PATIENT).await;
        let fs = connection.fs();
        // Which of the two is the answer cannot be known, so it is not even guessed.
        let outcome = remove(&fs, "/old").await;
        fails(outcome, ErrorKind::Protocol, "");
        assert_eq!(server.file("/old"), None);
        in_step(&connection).await;
        assert_eq!(server.accepted(), 2, "{stray:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stray_reply_on_an_idle_connection_ends_it() {
    for stray in STRAYS {
        let server = server().start();
        let connection = connect(&server, PATIENT).await;
        server.interject(stray);
        in_step(&connection).await;
        assert_eq!(server.accepted(), 2, "{stray:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_farewell_on_an_idle_connection_is_nobodys_failure() {
    for closes in [false, true] {
        let mut rule = vec![Step::Usual, say("421 closing, you were idle\r\n")];
        if closes {
            rule.push(Step::Close);
        }
        // The last command of a login.
        let server = server().once("TYPE", rule).start();
        let connection = connect(&server, PATIENT).await;
        in_step(&connection).await;
        server.interject("421 and again\r\n");
        remove(&connection.fs(), "/a.txt").await.unwrap();
        assert_eq!(server.file("/a.txt"), None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_farewell_in_place_of_an_answer_is_an_answer_of_nothing() {
    // What was surely not done is done again on another connection.
    let server = server()
        .once("DELE", [say("421 no time\r\n"), Step::Close])
        .start();
    let connection = connect(&server, PATIENT).await;
    remove(&connection.fs(), "/a.txt").await.unwrap();
    assert_eq!(server.file("/a.txt"), None);
    assert_eq!(server.count("DELE"), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rename_whose_end_is_unknown_is_not_done_twice() {
    for (steps, kind) in [
        (vec![Step::Close], ErrorKind::ConnectionLost),
        (vec![Step::Reset], ErrorKind::ConnectionLost),
        (vec![Step::Hang], ErrorKind::TimedOut),
    ] {
        let server = server().once("RNTO", steps).start();
        let connection = connect(&server, QUICK).await;
        let fs = connection.fs();
        let (from, to) = (path("/a.txt"), path("/z.txt"));
        let outcome = within(fs.rename(&from, &to, Overwrite::Replace)).await;
        fails(outcome, kind, "");
        assert_eq!((server.count("RNFR"), server.count("RNTO")), (1, 1));
        in_step(&connection).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_lines_of_an_answer_are_one_answer() {
    for reply in [
        "250-gone\r\n250-really\r\n250 gone\r\n",
        "250-gone\r\n550 of the text\r\n 250 of it too\r\n250 gone\r\n",
        "250-\r\n250 gone\r\n",
        "250-gone\r\n\r\n123 of the text\r\n250-\r\n250\r\n250 gone\r\n",
    ] {
        let server = server().once("DELE", [say(reply)]).start();
        let connection = connect(&server, PATIENT).await;
        remove(&connection.fs(), "/a.txt").await.unwrap();
        in_step(&connection).await;
        assert_eq!(server.accepted(), 1, "{reply:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_ends_under_another_code_costs_one_connection_at_most() {
    let server = server()
        .once("DELE", [say("250-gone\r\n226 gone\r\n")])
        .start();
    let connection = connect(&server, QUICK).await;
    if let Err(error) = remove(&connection.fs(), "/a.txt").await {
        let typed = matches!(error.kind(), ErrorKind::Protocol | ErrorKind::TimedOut);
        assert!(typed, "{error:?}");
    }
    in_step(&connection).await;
    assert!(server.accepted() <= 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn endless_answers_end_the_operation_and_not_the_session() {
    for verb in ["DELE", "MLST", "CWD"] {
        for text in ["250-and so on\r\n", "250 no line end"] {
            let endless = Step::SayForEver(text.repeat(100).into_bytes());
            // Twice: what fails before any answer and changes nothing is tried once more.
            let times = if verb == "DELE" { 1 } else { 2 };
            let server = server().times(times, verb, [endless]).start();
            let connection = connect(&server, PATIENT).await;
            let fs = connection.fs();
            let outcome = match verb {
                "DELE" => remove(&fs, "/none").await,
                "MLST" => size(&fs, "/a.txt").await.map(drop),
                _ => list(&fs, "/").await.map(drop),
            };
            fails(outcome, ErrorKind::Protocol, "");
            in_step(&connection).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_for_now_is_typed_and_the_next_try_is_a_new_one() {
    for (verb, reply) in [
        ("DELE", "450 busy\r\n"),
        ("RETR", "450 busy\r\n"),
        ("RETR", "425 no data connection\r\n"),
        ("STOR", "452 full\r\n"),
        ("EPSV", "425 no port left\r\n"),
        ("MLSD", "451 not now\r\n"),
    ] {
        let server = server().once(verb, [say(reply)]).start();
        let connection = connect(&server, PATIENT).await;
        let fs = connection.fs();
        let outcome = match verb {
            "DELE" => remove(&fs, "/none").await,
            "STOR" => put(&fs, "/c.txt", b"x").await,
            "MLSD" => list(&fs, "/").await.map(drop),
            _ => get(&fs, "/a.txt").await.map(drop),
        };
        let error = outcome.unwrap_err();
        assert!(
            error.message().contains(reply.trim_end()),
            "{verb}: {error:?}"
        );
        assert!(error.context("reply_code").is_some(), "{error:?}");
        in_step(&connection).await;
        assert_eq!(server.accepted(), 1, "{verb} {reply:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_closes_on_every_command_is_reported_and_then_dead() {
    let server = server().on("MLST", [Step::Close]).start();
    let connection = connect(&server, PATIENT).await;
    let fs = connection.fs();
    fails(size(&fs, "/a.txt").await, ErrorKind::ConnectionLost, "");
    // Not for ever: a command is tried on one more connection at most.
    assert!(server.count("MLST") <= 2, "{:?}", server.commands());
    drop(connection);
    eventually(SOON, "nothing is left open", || server.open() == 0);
}
