//! New keys under load: whoever asks for them, a shell, an upload and a download that run
//! at the same time lose nothing. That keys were exchanged is read from the server's log.

use super::busy::{Content, all_at_once};
use super::{connect, connected};
use crate::exec::ExecRequest;
use crate::ssh::test_sshd::Sshd;
use crate::target::SshEngine;

const MIB: u64 = 1 << 20;

/// Bytes each way.
const SIZE: u64 = 16 * MIB;

/// Exchanges of keys since the login, and how many of them the server began.
pub(super) fn exchanges(sshd: &Sshd) -> (usize, usize) {
    let log = sshd.log();
    let taken = log.matches("SSH2_MSG_NEWKEYS received").count();
    let mut begun: Vec<&str> = Vec::new();
    for line in log.lines() {
        for word in ["SSH2_MSG_KEXINIT sent", "SSH2_MSG_KEXINIT received"] {
            if line.contains(word) {
                begun.push(word);
            }
        }
    }
    // Of the two sides' beginnings, the first one says who asked.
    let pairs = begun.chunks(2);
    let asked = pairs.skip(1).filter(|p| p[0].ends_with("sent")).count();
    // The first were those of the handshake.
    (taken.saturating_sub(1), asked)
}

#[tokio::test(flavor = "multi_thread")]
async fn on_the_servers_demand_russh() {
    on_the_servers_demand(SshEngine::Russh).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_the_servers_demand_libssh2() {
    on_the_servers_demand(SshEngine::Libssh2).await;
}

async fn on_the_servers_demand(engine: SshEngine) {
    let sshd = Sshd::start("RekeyLimit 1M");
    let connection = connected(&sshd, engine).await;
    all_at_once(&sshd, &connection, Content::new(SIZE)).await;
    let (taken, asked) = exchanges(&sshd);
    assert!(
        taken >= 16 && asked >= 16,
        "{taken} {asked}\n{}",
        sshd.log()
    );
    eprintln!("{engine:?}: {taken} exchanges of keys, {asked} asked for by the server");
}

/// libssh2 cannot ask.
#[tokio::test(flavor = "multi_thread")]
async fn on_our_own_demand() {
    let sshd = Sshd::start("");
    let target = sshd.target(SshEngine::Russh).rekey_bytes(MIB);
    let connection = connect(&target).await.unwrap();
    all_at_once(&sshd, &connection, Content::new(SIZE)).await;
    let (taken, asked) = exchanges(&sshd);
    assert!(taken >= 16 && asked == 0, "{taken} {asked}\n{}", sshd.log());
    eprintln!("{taken} exchanges of keys");
}

/// Both may ask, even at about the same time: one exchange serves both.
#[tokio::test(flavor = "multi_thread")]
async fn on_the_demand_of_both() {
    let sshd = Sshd::start("RekeyLimit 1M");
    let target = sshd.target(SshEngine::Russh).rekey_bytes(MIB - 64 * 1024);
    let connection = connect(&target).await.unwrap();
    all_at_once(&sshd, &connection, Content::new(SIZE)).await;
    let (taken, asked) = exchanges(&sshd);
    assert!(
        taken >= 16 && asked <= taken,
        "{taken} {asked}\n{}",
        sshd.log()
    );
    eprintln!("{taken} exchanges of keys, {asked} asked for by the server");
}

/// What the server had under way when it was asked is far more than a window holds.
#[tokio::test(flavor = "multi_thread")]
async fn floods_from_many_commands_survive_it() {
    const OUTPUT: usize = 8 << 20;
    let sshd = Sshd::start("");
    let target = sshd.target(SshEngine::Russh).rekey_bytes(MIB);
    let connection = connect(&target).await.unwrap();
    let floods = (0..6).map(async |n| {
        let command = format!("head -c {OUTPUT} /dev/zero | tr '\\0' {n}");
        let output = connection.exec(ExecRequest::new(command)).await.unwrap();
        let byte = b'0' + n;
        assert_eq!(output.stdout.len(), OUTPUT);
        assert!(output.stdout.iter().all(|b| *b == byte));
    });
    futures::future::join_all(floods).await;
    let (taken, asked) = exchanges(&sshd);
    assert!(taken >= 16 && asked == 0, "{taken} {asked}\n{}", sshd.log());
    eprintln!("{taken} exchanges of keys");
}
