//! More than a gigabyte each way on one connection, with a terminal and commands beside
//! it: past the point at which keys must be exchanged. Minutes long, so run by `make soak`.

use super::busy::{Content, all_at_once};
use super::connected;
use super::rekey::exchanges;
use crate::ssh::test_sshd::Sshd;
use crate::target::SshEngine;
use std::time::Instant;

/// Bytes each way: past 1 GiB by more than is ever in flight.
const SIZE: u64 = (1024 + 256) << 20;

async fn soak(engine: SshEngine, config: &str) -> (usize, usize) {
    let sshd = Sshd::start(config);
    let connection = connected(&sshd, engine).await;
    let cipher = connection.negotiated().cipher.clone();
    let started = Instant::now();
    let lines = all_at_once(&sshd, &connection, Content::new(SIZE)).await;
    let (taken, asked) = exchanges(&sshd);
    eprintln!(
        "{engine:?}, {cipher}, {config:?}: {SIZE} bytes each way in {:.0} s, {lines} lines \
         typed, {taken} exchanges of keys, {asked} begun by the server",
        started.elapsed().as_secs_f64()
    );
    (taken, asked)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "moves gigabytes; make soak runs it"]
async fn russh_asks_for_new_keys_after_a_gibibyte() {
    // With this cipher the server asks only after 64 GiB.
    let config = "Ciphers aes256-gcm@openssh.com";
    let (taken, asked) = soak(SshEngine::Russh, config).await;
    // Each direction is past the limit once, and new keys are new for both.
    assert!((1..=2).contains(&taken) && asked == 0, "{taken} {asked}");
}

/// libssh2 cannot ask; OpenSSH does, for this cipher, after a gibibyte.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "moves gigabytes; make soak runs it"]
async fn libssh2_is_asked_for_new_keys_after_a_gibibyte() {
    let config = "Ciphers chacha20-poly1305@openssh.com";
    let (taken, asked) = soak(SshEngine::Libssh2, config).await;
    assert!(taken >= 1 && asked == taken, "{taken} {asked}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "moves gigabytes; make soak runs it"]
async fn a_server_that_asks_every_sixteen_mebibytes() {
    for engine in SshEngine::ALL {
        let (taken, asked) = soak(engine, "RekeyLimit 16M").await;
        assert!(asked >= 80, "{taken} {asked}");
    }
}
