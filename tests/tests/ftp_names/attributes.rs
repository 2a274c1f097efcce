//! Times and permissions, by what each server has for them.

use super::{connect, path, put, target};
use connection_core::ErrorKind;
use connection_core::fs::SetAttributes;
use connection_tests::wait::PATIENCE;
use connection_tests::{FtpServer, ProFtpd, PureFtpd, Pyftpdlib, Vsftpd, eventually};
use std::os::unix::fs::MetadataExt;
use std::time::{Duration, SystemTime};

const WHEN: i64 = 1_700_000_001;

fn time() -> SetAttributes {
    let when = SystemTime::UNIX_EPOCH + Duration::from_secs(WHEN.unsigned_abs());
    SetAttributes {
        modified: Some(when),
        ..SetAttributes::default()
    }
}

fn mode(bits: u32) -> SetAttributes {
    SetAttributes {
        permissions: Some(bits),
        ..SetAttributes::default()
    }
}

/// Servers by the way they set a time.
fn servers() -> [(&'static str, Box<dyn FtpServer>); 5] {
    let unadvertised = ProFtpd::builder().module("mod_site_misc.c");
    [
        ("MFMT", Box::new(Pyftpdlib::start())),
        ("MFMT", Box::new(ProFtpd::start())),
        (
            "SITE UTIME",
            Box::new(unadvertised.line("FactsAdvertise off").start()),
        ),
        ("MFMT", Box::new(PureFtpd::start())),
        ("MDTM", Box::new(Vsftpd::start())),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn times_are_set_by_whatever_way_the_server_has() {
    for (way, server) in servers() {
        let connection = connect(&target(&*server)).await;
        let fs = connection.fs();
        assert!(fs.capabilities().set_times, "{}", server.name());
        for name in ["a", "with two  spaces", "2024 x UTC"] {
            let place = path(&format!("/{name}"));
            put(&fs, &place, b"x").await.unwrap();
            fs.set_attributes(&place, &time())
                .await
                .unwrap_or_else(|e| panic!("{} {way}: {e:?}", server.name()));
            let disk = std::fs::metadata(server.home().join(name)).unwrap();
            assert_eq!(disk.mtime(), WHEN, "{} {way} {name}", server.name());
            let seen = fs.stat(&place).await.unwrap().modified;
            assert_eq!(seen, time().modified, "{}", server.name());
        }
        let missing = fs.set_attributes(&path("/none"), &time()).await;
        assert_eq!(missing.unwrap_err().kind(), ErrorKind::NotFound);
        let what = format!("{way} is in the log of {}", server.name());
        eventually(PATIENCE, &what, || {
            server.log().to_uppercase().contains(way)
        });
        connection.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn permissions_are_set_on_every_server() {
    for (_, server) in servers() {
        let connection = connect(&target(&*server)).await;
        let fs = connection.fs();
        let place = path("/mode file");
        put(&fs, &place, b"x").await.unwrap();
        fs.set_attributes(&place, &mode(0o640)).await.unwrap();
        let disk = std::fs::metadata(server.home().join("mode file")).unwrap();
        assert_eq!(disk.mode() & 0o7777, 0o640, "{}", server.name());
        connection.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_cannot_set_times_is_found_out() {
    let server = Vsftpd::builder().line("mdtm_write=NO").start();
    let connection = connect(&target(&server)).await;
    let fs = connection.fs();
    put(&fs, &path("/a"), b"x").await.unwrap();
    let before = std::fs::metadata(server.home().join("a")).unwrap().mtime();
    let error = fs.set_attributes(&path("/a"), &time()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error:?}");
    let after = std::fs::metadata(server.home().join("a")).unwrap().mtime();
    assert_eq!(before, after);
    connection.close().await;

    let server = Pyftpdlib::builder().without(&["MFMT", "MDTM"]).start();
    let connection = connect(&target(&server)).await;
    assert!(!connection.fs().capabilities().set_times);
    connection.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_chmod_is_found_out() {
    let server = Vsftpd::builder().line("chmod_enable=NO").start();
    let connection = connect(&target(&server)).await;
    let fs = connection.fs();
    put(&fs, &path("/a"), b"x").await.unwrap();
    let error = fs
        .set_attributes(&path("/a"), &mode(0o600))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error:?}");
    assert!(!fs.capabilities().set_permissions);
    connection.close().await;
}
