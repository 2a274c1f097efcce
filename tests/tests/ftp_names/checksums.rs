//! Checksums the server computes.

use super::{connect, path, put, target};
use connection_core::ErrorKind;
use connection_core::checksum::ChecksumAlgorithm;
use connection_tests::{FtpServer, ProFtpd, PureFtpd, Pyftpdlib, Vsftpd};

/// Of the nine digits `123456789`.
const KNOWN: [(ChecksumAlgorithm, &str); 5] = [
    (ChecksumAlgorithm::Crc32, "cbf43926"),
    (ChecksumAlgorithm::Md5, "25f9e794323b453885f5181f1b624d0b"),
    (
        ChecksumAlgorithm::Sha1,
        "f7c3bc1d808e04732adf679965ccc34ca7ae3441",
    ),
    (
        ChecksumAlgorithm::Sha256,
        "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
    ),
    (
        ChecksumAlgorithm::Sha512,
        "d9e6762dd1c8eaf6d61b3c6192fc408d4d6d5f1176d0c29169bc24e71c3f274a\
         d27fcd5811b313d681f7e55ec02d73d499c95455b6b5bb503acf574fba8ffe85",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn proftpd_computes_them() {
    let server = ProFtpd::builder().module("mod_digest.c").start();
    let connection = connect(&target(&server)).await;
    let fs = connection.fs();
    for name in ["/plain", "/with two  spaces", "/1 2", "/x \"y\""] {
        put(&fs, &path(name), b"123456789").await.unwrap();
        for (algorithm, want) in KNOWN {
            assert!(fs.capabilities().checksums.contains(algorithm));
            let sum = fs.checksum(&path(name), algorithm).await;
            let sum = sum.unwrap_or_else(|e| panic!("{algorithm} {name}: {e:?}"));
            let sum: String = sum.iter().map(|b| format!("{b:02x}")).collect();
            assert_eq!(sum, want, "{algorithm} of {name}");
        }
    }
    put(&fs, &path("/empty"), b"").await.unwrap();
    let crc = fs.checksum(&path("/empty"), ChecksumAlgorithm::Crc32).await;
    assert_eq!(crc.unwrap(), [0; 4]);
    fs.create_dir(&path("/directory")).await.unwrap();
    for (name, kind) in [
        ("/none", ErrorKind::NotFound),
        ("/directory", ErrorKind::IsADirectory),
    ] {
        let error = fs.checksum(&path(name), ChecksumAlgorithm::Sha256).await;
        assert_eq!(error.unwrap_err().kind(), kind, "{name}");
    }
    connection.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_that_compute_none_say_so() {
    let servers: [Box<dyn FtpServer>; 3] = [
        Box::new(Vsftpd::start()),
        Box::new(PureFtpd::start()),
        Box::new(Pyftpdlib::start()),
    ];
    for server in servers {
        let connection = connect(&target(&*server)).await;
        let fs = connection.fs();
        assert_eq!(fs.capabilities().checksums.iter().count(), 0);
        put(&fs, &path("/a"), b"x").await.unwrap();
        let error = fs.checksum(&path("/a"), ChecksumAlgorithm::Sha256).await;
        assert_eq!(error.unwrap_err().kind(), ErrorKind::Unsupported);
        connection.close().await;
    }
}
