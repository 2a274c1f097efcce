//! Listings of hostile servers.

use super::*;
use connection_tests::servers::ftp::scripted::{Step, say, send, sends};

fn mlsd(lines: impl AsRef<[u8]>) -> Vec<Step> {
    sends(lines)
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_would_lead_elsewhere_are_not_entries() {
    let facts = "type=file;size=1;modify=20240101000000; ";
    let mut lines = Vec::new();
    let hostile: [&[u8]; 8] = [
        b"..",
        b".",
        b"",
        b"../../etc/passwd",
        b"/etc/passwd",
        b"a/b",
        b"nul\0inside",
        b"line\rinside",
    ];
    for name in hostile {
        lines.extend_from_slice(facts.as_bytes());
        lines.extend_from_slice(name);
        lines.extend_from_slice(b"\r\n");
    }
    lines.extend_from_slice(format!("{facts}good\r\n").as_bytes());
    for without in [&[][..], &["MLST", "MLSD"]] {
        let mut server = server().without(without).once("MLSD", mlsd(&lines));
        if !without.is_empty() {
            let text = String::from_utf8_lossy(&lines).into_owned();
            let unix = text.replace(facts, "-rw-r--r-- 1 a b 1 Jan 01 2024 ");
            server = server.once("LIST", sends(unix));
        }
        let server = server.start();
        let connection = connect(&server, PATIENT).await;
        let entries = list(&connection.fs(), "/").await.unwrap();
        assert!(
            entries.iter().any(|entry| entry.name.as_bytes() == b"good"),
            "{entries:?}"
        );
        // Listed or not, they lead nowhere: no path can be made of them but one right here.
        let root = path("/");
        for entry in &entries {
            match root.join(&entry.name) {
                Ok(below) => assert_eq!(below.parent().as_ref(), Some(&root), "{entry:?}"),
                Err(error) => assert_eq!(error.kind(), ErrorKind::InvalidInput),
            }
            assert!(!entry.metadata.is_dir(), "{entry:?}");
        }
        in_step(&connection).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn control_bytes_and_stray_bytes_in_names_are_kept() {
    let names: [&[u8]; 5] = [
        b"bell\x07",
        b"tab\tinside",
        b"\x1b[31mred",
        b"caf\xe9",
        b"\xff\xfe",
    ];
    let mut lines = Vec::new();
    for name in names {
        lines.extend_from_slice(b"type=file;size=1; ");
        lines.extend_from_slice(name);
        lines.extend_from_slice(b"\r\n");
    }
    let server = server().once("MLSD", mlsd(&lines)).start();
    let connection = connect(&server, PATIENT).await;
    let entries = list(&connection.fs(), "/").await.unwrap();
    let got: Vec<_> = entries
        .iter()
        .map(|entry| entry.name.as_bytes().to_vec())
        .collect();
    assert_eq!(got, names);
}

#[tokio::test(flavor = "multi_thread")]
async fn long_names_are_taken_up_to_a_bound() {
    for (length, fits) in [
        (4096, true),
        (15 << 10, true),
        (16 << 10, false),
        (8 << 20, false),
    ] {
        let line = format!("type=file;size=1; {}\r\n", "n".repeat(length));
        let server = server().once("MLSD", mlsd(&line)).start();
        let connection = connect(&server, PATIENT).await;
        let outcome = list(&connection.fs(), "/").await;
        if fits {
            assert_eq!(outcome.unwrap()[0].name.as_bytes().len(), length);
        } else {
            fails(outcome, ErrorKind::Protocol, "too long");
        }
        in_step(&connection).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_never_ends_ends_the_listing() {
    let server = server()
        .once(
            "MLSD",
            [
                say("150 here\r\n"),
                Step::Take,
                Step::Repeat(vec![b'x'; 64 << 10], usize::MAX),
            ],
        )
        .start();
    let connection = connect(&server, PATIENT).await;
    fails(
        list(&connection.fs(), "/").await,
        ErrorKind::Protocol,
        "too long",
    );
    assert!(server.sent() < 32 << 20, "{}", server.sent());
    in_step(&connection).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_without_an_end_can_be_left() {
    let server = server().once("MLSD", endless()).start();
    let connection = connect(&server, PATIENT).await;
    let fs = connection.fs();
    let root = path("/");
    let mut pages = within(fs.list(&root)).await.unwrap();
    let mut seen = 0;
    while seen < 20_000 {
        seen += within(pages.next_page()).await.unwrap().unwrap().len();
    }
    // Nobody reads any more, so the server is held up.
    let sent = server.sent();
    drop(pages);
    in_step(&connection).await;
    assert!(server.sent() - sent < 64 << 20);
}

/// A listing of ever the same name.
pub(crate) fn endless() -> Vec<Step> {
    let lines = "type=file;size=1;modify=20240101000000; a-name-of-some-length\r\n".repeat(1000);
    vec![
        say("150 here\r\n"),
        Step::Take,
        Step::Repeat(lines.into_bytes(), usize::MAX),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_that_holds_nonsense_is_a_listing() {
    let nonsense = [
        "",
        ";;;;",
        "type=; ",
        " ",
        "=;=;= x",
        "type=file;size=-1;modify=x; odd",
        "\0\0\0",
    ];
    let lines: String = nonsense.iter().map(|line| format!("{line}\r\n")).collect();
    let lines = format!("{lines}type=file;size=1; good\r\n");
    let server = server().once("MLSD", mlsd(&lines)).start();
    let connection = connect(&server, PATIENT).await;
    let entries = list(&connection.fs(), "/").await.unwrap();
    assert!(
        entries.iter().any(|entry| entry.name.as_bytes() == b"good"),
        "{entries:?}"
    );
    in_step(&connection).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_that_was_cut_is_an_error() {
    for end in [
        vec![Step::EndData, say("426 cut\r\n")],
        vec![Step::EndData, Step::Close],
        vec![Step::ResetData, say("226 done\r\n")],
    ] {
        let text = format!("{end:?}");
        let begun = vec![
            say("150 here\r\n"),
            Step::Take,
            send("type=file;size=5; a.txt\r\ntyp"),
        ];
        let server = server().once("MLSD", [begun, end].concat()).start();
        let connection = connect(&server, PATIENT).await;
        assert!(list(&connection.fs(), "/").await.is_err(), "{text}");
        in_step(&connection).await;
    }
}
