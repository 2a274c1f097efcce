//! `HOST`, which picks one of several servers behind one address.

use super::{connect, names, path, put, target, try_connect};
use connection_core::ErrorKind;
use connection_tests::{ProFtpd, Vsftpd};

#[tokio::test(flavor = "multi_thread")]
async fn proftpd_serves_the_host_that_was_named() {
    let server = ProFtpd::builder().virtual_host("main.example").start();
    let plain = connect(&target(&server)).await;
    put(&plain.fs(), &path("/here"), b"x").await.unwrap();
    plain.close().await;

    let named = target(&server).virtual_host("main.example").unwrap();
    let connection = connect(&named).await;
    let fs = connection.fs();
    assert!(names(&fs, &path("/")).await.contains(&"here".to_owned()));
    // It is the other host, where nothing may be written.
    let error = put(&fs, &path("/there"), b"x").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied, "{error:?}");
    connection.close().await;

    let other = target(&server).virtual_host("other.example").unwrap();
    let error = try_connect(&other).await.err().unwrap();
    assert_eq!(error.context("field"), Some("virtual_host"), "{error:?}");
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_virtual_hosts_says_so() {
    let server = Vsftpd::start();
    let named = target(&server).virtual_host("main.example").unwrap();
    let error = try_connect(&named).await.err().unwrap();
    assert_eq!(error.context("field"), Some("virtual_host"), "{error:?}");
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error:?}");
}
