//! Answers about a file that make no sense.

use super::*;
use connection_tests::servers::ftp::scripted::say;
use std::time::{Duration, SystemTime};

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_to_mlst_without_facts() {
    for reply in [
        "250 ok\r\n",
        "250-\r\n250 End\r\n",
        "250-Facts\r\n\r\n250 End\r\n",
        "250-Facts\r\nno facts at all\r\n250 End\r\n",
        "250-Facts\r\n /a.txt\r\n250 End\r\n",
    ] {
        let server = server().once("MLST", [say(reply)]).start();
        let connection = connect(&server, PATIENT).await;
        // Asked another way, or refused: never made up.
        match size(&connection.fs(), "/a.txt").await {
            Ok(size) => assert!(matches!(size, None | Some(5)), "{reply:?}: {size:?}"),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Protocol, "{reply:?}: {error:?}");
                assert!(error.message().contains("MLST"), "{error:?}");
            }
        }
        in_step(&connection).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_that_cannot_be() {
    for facts in [
        "type=file;size=-5;modify=20240101000000;",
        "type=file;size=99999999999999999999;modify=20240101000000;",
        "type=file;size=0x10;modify=20240101000000;",
        "type=file;size=;modify=;",
        "type=file;size=five;modify=99999999999999;",
        "type=file;modify=20230229000000;",
        "type=file;modify=2024;",
        "type=file;modify=-0240101000000;",
    ] {
        let reply = format!("250-Facts\r\n {facts} /a.txt\r\n250 End\r\n");
        let server = server()
            .on("MLST /a.txt", [say(reply)])
            .on("SIZE", [say("213 what\r\n")])
            .on("MDTM", [say("213 when\r\n")])
            .start();
        let connection = connect(&server, PATIENT).await;
        let seen = within(connection.fs().stat(&path("/a.txt"))).await.unwrap();
        assert!(!seen.is_dir(), "{facts}: {seen:?}");
        assert_eq!(seen.size, None, "{facts}: {seen:?}");
        if let Some(time) = seen.modified {
            let wanted = SystemTime::UNIX_EPOCH + Duration::from_secs(1_704_067_200);
            assert_eq!(time, wanted, "{facts}: {seen:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sizes_and_times_of_a_server_without_mlst() {
    let list = "-rw-r--r--   1 ftp ftp            5 Feb 29  2024 a.txt\r\n";
    for garbage in [
        "213 \r\n",
        "213 -5\r\n",
        "213 99999999999999999999999\r\n",
        "213 five\r\n",
        "213 20240230000000\r\n",
        "213 20240101\r\n",
        "213 99999999999999\r\n",
        "213-5\r\n213 \r\n",
        "213 \u{0}\u{7f}\r\n",
        "213 5 6\r\n",
    ] {
        let server = server()
            .without(&["MLST", "MLSD"])
            .on(
                "LIST",
                connection_tests::servers::ftp::scripted::sends(list),
            )
            .on("SIZE", [say(garbage)])
            .on("MDTM", [say(garbage)])
            .start();
        let connection = connect(&server, PATIENT).await;
        let fs = connection.fs();
        let seen = within(fs.stat(&path("/a.txt"))).await.unwrap();
        // What the listing says stands.
        assert_eq!(seen.size, Some(5), "{garbage:?}");
        let time = seen.modified.unwrap();
        let known = SystemTime::UNIX_EPOCH + Duration::from_secs(1_709_164_800);
        let off = time.max(known).duration_since(time.min(known)).unwrap();
        assert!(
            off <= Duration::from_secs(15 * 3600),
            "{garbage:?}: {time:?}"
        );
        assert_eq!(get(&fs, "/a.txt").await.unwrap(), b"hello");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_in_an_answer_is_no_command() {
    // The name goes back to the server in the next command.
    let line = "type=dir;modify=20240101000000; x\nDELE a.txt\r\n";
    let server = server()
        .once(
            "MLSD",
            connection_tests::servers::ftp::scripted::sends(line),
        )
        .start();
    let connection = connect(&server, PATIENT).await;
    let fs = connection.fs();
    let entries = list(&fs, "/").await.unwrap();
    for entry in &entries {
        if let Ok(below) = path("/").join(&entry.name) {
            let _ = within(fs.remove_file(&below)).await;
        }
    }
    assert!(server.file("/a.txt").is_some(), "{:?}", server.commands());
    for bad in ["/a\r\nDELE /a.txt", "/a\nDELE /a.txt", "/a\0b"] {
        let outcome = match RemotePath::parse(bad.as_bytes(), &path("/")) {
            Ok(bad) => within(fs.remove_file(&bad)).await,
            Err(error) => Err(error),
        };
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::InvalidInput);
    }
    assert!(server.file("/a.txt").is_some());
}
