//! Checksums of servers that no package is there of.

use super::hostile::{login_answer, script, talk};
use super::*;
use crate::checksum::ChecksumAlgorithm;
use crate::error::ErrorKind;
use std::sync::Mutex;

type Answers = &'static [(&'static str, &'static str)];

/// A server with these features that answers these commands so.
async fn server(feature: &str, answers: Answers) -> (FtpConnection, Arc<Mutex<Vec<String>>>) {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let record = heard.clone();
    let features = format!("211-F:\r\n SIZE\r\n {feature}\r\n211 End\r\n");
    let port = script(move |stream| {
        talk(stream, "220 hi\r\n", |line| {
            record.lock().unwrap().push(line.to_owned());
            if line == "FEAT" {
                return Some(features.clone());
            }
            match answers.iter().find(|(command, _)| line == *command) {
                Some((_, answer)) => Some(format!("{answer}\r\n")),
                None => login_answer(line),
            }
        });
    });
    let connection = connect_to(&target(port, "ann", false)).await.unwrap();
    (connection, heard)
}

async fn ask(connection: &FtpConnection, algorithm: ChecksumAlgorithm) -> Result<Vec<u8>> {
    let path = RemotePath::from_text("/a b").unwrap();
    connection.fs().checksum(&path, algorithm).await
}

const MD5: &str = "d41d8cd98f00b204e9800998ecf8427e";

#[tokio::test(flavor = "multi_thread")]
async fn hash_is_told_its_algorithm_each_time() {
    let (connection, heard) = server(
        "HASH SHA-256*;SHA-1;MD5",
        &[
            ("OPTS HASH MD5", "200 MD5"),
            (
                "HASH /a b",
                "213 MD5 0-0 d41d8cd98f00b204e9800998ecf8427e a b",
            ),
        ],
    )
    .await;
    let can = connection.fs().capabilities().checksums;
    assert!(can.contains(ChecksumAlgorithm::Sha256) && !can.contains(ChecksumAlgorithm::Crc32));
    let sum = ask(&connection, ChecksumAlgorithm::Md5).await.unwrap();
    let text: String = sum.iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(text, MD5);
    // This server refuses to switch, and then its checksum would be another one.
    let error = ask(&connection, ChecksumAlgorithm::Sha1).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    let heard = heard.lock().unwrap();
    assert_eq!(
        heard.iter().filter(|line| line.starts_with("HASH")).count(),
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hash_of_another_algorithm_is_no_answer() {
    let (connection, _) = server(
        "HASH SHA-256*;MD5",
        &[
            ("OPTS HASH MD5", "200 fine"),
            (
                "HASH /a b",
                "213 SHA-256 0-0 d41d8cd98f00b204e9800998ecf8427e a b",
            ),
        ],
    )
    .await;
    let error = ask(&connection, ChecksumAlgorithm::Md5).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol, "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn crc_and_md5_of_older_servers() {
    let (connection, _) = server("XCRC filename;start;end", &[("XCRC \"/a b\"", "250 1F")]).await;
    let sum = ask(&connection, ChecksumAlgorithm::Crc32).await.unwrap();
    assert_eq!(sum, [0, 0, 0, 0x1f]);
    let error = ask(&connection, ChecksumAlgorithm::Md5).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);

    let (connection, _) = server(
        "MD5",
        &[(
            "MD5 \"/a b\"",
            "251 \"/a b\" D41D8CD98F00B204E9800998ECF8427E",
        )],
    )
    .await;
    let sum = ask(&connection, ChecksumAlgorithm::Md5).await.unwrap();
    assert_eq!(sum.len(), 16);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_is_listed_and_not_there() {
    let (connection, _) = server("XSHA256", &[("XSHA256 \"/a b\"", "502 not now")]).await;
    let error = ask(&connection, ChecksumAlgorithm::Sha256)
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Unsupported, "502 not now")
    );
    assert!(connection.is_alive());
}
