//! Servers that stop in the middle: every wait ends by its clock.

use super::*;
use connection_tests::servers::ftp::scripted::{GREETING, Step, say, send};
use std::time::Instant;

#[tokio::test(flavor = "multi_thread")]
async fn at_the_door() {
    for (at, steps) in [
        (GREETING, vec![Step::Hang]),
        (GREETING, vec![say("220-half of it\r\n"), Step::Hang]),
        (GREETING, vec![say("220 half a li"), Step::Hang]),
        ("USER", vec![Step::Hang]),
        ("PASS", vec![say("230-"), Step::Hang]),
        ("FEAT", vec![say("211-Features:\r\n MLST\r\n"), Step::Hang]),
        ("PWD", vec![Step::Hang]),
        ("TYPE", vec![Step::Hang]),
    ] {
        let server = server().on(at, steps).start();
        let started = Instant::now();
        fails(
            Err::<(), _>(refused(&server, QUICK).await),
            ErrorKind::TimedOut,
            "timed out",
        );
        assert!(started.elapsed() < SOON / 2, "{at}");
        connection_tests::eventually(SOON, "it hangs up", || server.open() == 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_greeting_that_comes_byte_by_byte_has_one_clock() {
    let slow = Step::Dribble(b"220-".repeat(10_000), Duration::from_millis(100));
    let server = server().on(GREETING, [slow]).start();
    let started = Instant::now();
    fails(
        Err::<(), _>(refused(&server, QUICK).await),
        ErrorKind::TimedOut,
        "timed out",
    );
    assert!(started.elapsed() < SOON / 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_comes_byte_by_byte_has_one_clock() {
    let slow = Step::Dribble(b"250-".repeat(10_000), Duration::from_millis(100));
    let server = server().once("DELE", [slow]).start();
    let connection = connect(&server, QUICK).await;
    let started = Instant::now();
    let outcome = remove(&connection.fs(), "/none").await;
    fails(outcome, ErrorKind::TimedOut, "timed out");
    assert!(started.elapsed() < SOON / 2);
    in_step(&connection).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_middle_of_a_command() {
    for steps in [
        vec![Step::Hang],
        vec![say("250-half of it\r\n"), Step::Hang],
        vec![say("250 half a li"), Step::Hang],
    ] {
        let server = server().once("DELE", steps).start();
        let connection = connect(&server, QUICK).await;
        let outcome = remove(&connection.fs(), "/none").await;
        fails(outcome, ErrorKind::TimedOut, "timed out");
        assert_eq!(
            server.count("DELE"),
            1,
            "what may have been done is not done twice"
        );
        in_step(&connection).await;
    }
}

/// Where a transfer can stall.
fn places(command: &'static str) -> Vec<(&'static str, Vec<Step>)> {
    vec![
        ("EPSV", vec![Step::Hang]),
        (command, vec![Step::Hang]),
        // Nobody takes the data connection.
        (command, vec![say("150 here it comes\r\n"), Step::Hang]),
        (
            command,
            vec![say("150 here it comes\r\n"), Step::Take, Step::Hang],
        ),
    ]
}

/// Whether the server stalled before it answered anything: then the connection may have been
/// dead before, and what changes nothing is tried on another one.
fn is_repeated(steps: &[Step]) -> bool {
    matches!(steps, [Step::Hang])
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_download() {
    let mut all = places("RETR");
    let begun = || vec![say("150 here it comes\r\n"), Step::Take, send("hel")];
    let stops = |more: &[Step]| [begun(), more.to_vec(), vec![Step::Hang]].concat();
    all.push(("RETR", stops(&[])));
    // The data is there, and the word that it is whole never comes.
    all.push(("RETR", stops(&[send("lo"), Step::EndData])));
    all.push(("RETR", stops(&[send("lo"), Step::EndData, say("226-")])));
    for (verb, steps) in all {
        let text = format!("{verb} {steps:?}");
        let server = server().once(verb, steps.clone()).start();
        let connection = connect(&server, QUICK).await;
        match get(&connection.fs(), "/a.txt").await {
            Err(error) => assert_eq!(error.kind(), ErrorKind::TimedOut, "{text}: {error:?}"),
            Ok(content) => assert!(
                is_repeated(&steps) && content == b"hello",
                "{text}: it succeeded"
            ),
        }
        in_step(&connection).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_listing() {
    let mut all = places("MLSD");
    let begun = || vec![say("150 here it comes\r\n"), Step::Take];
    all.push(("CWD", vec![Step::Hang]));
    all.push((
        "MLSD",
        [begun(), vec![send("type=file;size=5; a.t"), Step::Hang]].concat(),
    ));
    all.push((
        "MLSD",
        [
            begun(),
            vec![
                send("type=file;size=5; a.txt\r\n"),
                Step::EndData,
                Step::Hang,
            ],
        ]
        .concat(),
    ));
    for (verb, steps) in all {
        let text = format!("{verb} {steps:?}");
        let server = server().once(verb, steps.clone()).start();
        let connection = connect(&server, QUICK).await;
        match list(&connection.fs(), "/").await {
            Err(error) => assert_eq!(error.kind(), ErrorKind::TimedOut, "{text}: {error:?}"),
            Ok(entries) => assert!(
                is_repeated(&steps) && entries.len() == 2,
                "{text}: it succeeded"
            ),
        }
        in_step(&connection).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_an_upload() {
    let large = vec![7; 32 << 20];
    let begun = || vec![say("150 go on\r\n"), Step::Take];
    for (verb, steps) in [
        ("STOR", vec![Step::Hang]),
        // Nobody takes the data connection.
        ("STOR", vec![say("150 go on\r\n"), Step::Hang]),
        ("STOR", [begun(), vec![Step::Hang]].concat()),
        (
            "STOR",
            [begun(), vec![Step::ReceiveSome(1000), Step::Hang]].concat(),
        ),
        ("STOR", [begun(), vec![Step::Receive, Step::Hang]].concat()),
    ] {
        let text = format!("{verb} {steps:?}");
        let server = server().once(verb, steps.clone()).start();
        let connection = connect(&server, QUICK).await;
        match put(&connection.fs(), "/large", &large).await {
            Err(error) => assert_eq!(error.kind(), ErrorKind::TimedOut, "{text}: {error:?}"),
            Ok(()) => {
                assert!(is_repeated(&steps), "{text}: it succeeded");
                assert_eq!(server.file("/large").unwrap(), large, "{text}");
            }
        }
        if server.file("/large").is_some() {
            remove(&connection.fs(), "/large").await.unwrap();
        }
        in_step(&connection).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn giving_up_does_not_wait_for_a_clock() {
    let server = server().on("MLST", [Step::Hang]).start();
    let connection = connect(&server, PATIENT).await;
    let fs = connection.fs();
    for _ in 0..3 {
        let wanted = path("/a.txt");
        let given_up = tokio::time::timeout(Duration::from_millis(50), fs.stat(&wanted)).await;
        assert!(given_up.is_err());
    }
    connection_tests::eventually(SOON, "it hangs up", || server.open() == 0);
    assert_eq!(get(&fs, "/a.txt").await.unwrap(), b"hello");
}
