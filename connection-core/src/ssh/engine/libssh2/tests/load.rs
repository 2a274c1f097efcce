//! Many channels side by side.

use super::sshd::{Sshd, exec, finish, owner_threads, run_alone, start, wait_until};
use crate::ssh::engine::{ChannelEvent, ChannelKind, ChannelRequest, Link};
use crate::target::Timeouts;
use bytes::Bytes;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::{Duration, Instant};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Bytes that do not repeat in any power of two.
fn pattern(length: usize) -> Vec<u8> {
    (0..length)
        .map(|i| (i % 251) as u8 ^ (i / 65_537) as u8)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_commands_eight_at_a_time() {
    let server = Sshd::start("");
    let link = server.link().await;
    let mut tasks = tokio::task::JoinSet::new();
    for worker in 0..8_u32 {
        let link = link.clone();
        tasks.spawn(async move {
            for number in 0..25_u32 {
                let ran = exec(&link, &format!("echo {worker}-{number}; exit {number}")).await;
                assert_eq!(ran.out, format!("{worker}-{number}\n").as_bytes());
                assert_eq!(ran.status, Some(number));
            }
        });
    }
    while let Some(result) = tasks.join_next().await {
        result.unwrap();
    }
}

/// Times 50 commands while a bulk download runs; checks the bulk's bytes.
async fn bulk_beside_quick_commands(server: &Sshd, link: &Arc<dyn Link>, megabytes: usize) {
    let data = pattern(megabytes << 20);
    let path = server.path("bulk");
    std::fs::write(&path, &data).unwrap();
    let mut bulk = start(link, &format!("cat {}", path.display())).await;
    let expected = Sha256::digest(&data);
    drop(data);
    let reader = tokio::spawn(async move {
        let began = Instant::now();
        let mut hash = Sha256::new();
        while let Some(event) = bulk.receiver.next().await.unwrap() {
            if let ChannelEvent::Data(data) = event {
                hash.update(&data);
            }
        }
        (hash.finalize(), began.elapsed())
    });
    let mut times = Vec::new();
    for number in 0..50 {
        let began = Instant::now();
        let ran = exec(link, &format!("echo {number}")).await;
        assert_eq!(ran.out, format!("{number}\n").as_bytes());
        times.push(began.elapsed());
    }
    let (hash, took) = reader.await.unwrap();
    assert_eq!(hex(&hash), hex(&expected));
    times.sort();
    let median = times[times.len() / 2];
    eprintln!(
        "bulk {took:?}, command median {median:?} max {:?}",
        times[49]
    );
    assert!(median < Duration::from_secs(1), "{times:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bulk_download_leaves_commands_quick() {
    let server = Sshd::start("");
    let link = server.link().await;
    bulk_beside_quick_commands(&server, &link, 100).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_changes_keys_a_hundred_times_on_the_way() {
    let server = Sshd::start("RekeyLimit 1M");
    let link = server.link().await;
    bulk_beside_quick_commands(&server, &link, 100).await;
    let rekeys = server.log().matches("rekey").count();
    assert!(rekeys > 50, "{rekeys}");
}

async fn upload(link: &Arc<dyn Link>, megabytes: usize) {
    let data = Bytes::from(pattern(megabytes << 20));
    let expected = hex(&Sha256::digest(&data));
    let mut channel = start(link, "cat | sha256sum").await;
    for chunk in data.chunks(100_000) {
        channel.sender.write(data.slice_ref(chunk)).await.unwrap();
    }
    channel.sender.eof().await.unwrap();
    let ran = finish(&mut channel).await.unwrap();
    let text = String::from_utf8_lossy(&ran.out).into_owned();
    assert!(text.starts_with(&expected), "{text}");
    assert_eq!(ran.status, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_side_by_side_arrive_whole() {
    for extra in ["", "RekeyLimit 1M"] {
        let server = Sshd::start(extra);
        let link = server.link().await;
        let quick = async {
            for number in 0..20 {
                let ran = exec(&link, &format!("echo {number}")).await;
                assert_eq!(ran.out, format!("{number}\n").as_bytes());
            }
        };
        tokio::join!(
            upload(&link, 50),
            upload(&link, 10),
            upload(&link, 10),
            quick
        );
    }
}

fn resident() -> usize {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: usize = text.split_whitespace().nth(1).unwrap().parse().unwrap();
    pages * 4096
}

#[test]
fn a_receiver_that_stops_holds_up_itself_alone() {
    run_alone("load::stalled_alone");
}

#[ignore = "run by a_receiver_that_stops_holds_up_itself_alone"]
#[tokio::test(flavor = "multi_thread")]
async fn stalled_alone() {
    let server = Sshd::start("");
    let link = server.link().await;
    let mut stalled = start(&link, "head -c 60000000 /dev/zero").await;
    // A sender whose remote side reads nothing is stalled in the other direction.
    let mut blocked = start(&link, "sleep 30").await;
    let blocked = tokio::spawn(async move {
        while blocked
            .sender
            .write(Bytes::from(vec![0; 100_000]))
            .await
            .is_ok()
        {}
    });
    let before = resident();
    let worst = {
        let mut worst = Duration::ZERO;
        for number in 0..50 {
            let began = Instant::now();
            let ran = exec(&link, &format!("echo {number}")).await;
            assert_eq!(ran.out, format!("{number}\n").as_bytes());
            worst = worst.max(began.elapsed());
        }
        worst
    };
    assert!(worst < Duration::from_secs(2), "{worst:?}");
    // 60 MB wait on the server.
    let grown = resident().saturating_sub(before);
    eprintln!("worst command {worst:?}, grown by {} KiB", grown / 1024);
    assert!(grown < 24 << 20, "grown by {} KiB", grown / 1024);
    upload(&link, 10).await;
    let ran = finish(&mut stalled).await.unwrap();
    assert_eq!(ran.out.len(), 60_000_000);
    link.close().await;
    blocked.await.unwrap();
}

#[test]
fn an_idle_link_sleeps() {
    run_alone("load::idle_alone");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by an_idle_link_sleeps"]
async fn idle_alone() {
    let server = Sshd::start("ClientAliveInterval 1");
    let link = server.link().await;
    let mut idle = start(&link, "cat").await;
    let mut stalled = start(&link, "cat /dev/zero").await;
    assert!(stalled.receiver.next().await.unwrap().is_some());
    let thread = owner_threads().remove(0).join("schedstat");
    let cpu = || {
        let text = std::fs::read_to_string(&thread).unwrap();
        let nanoseconds = text.split_whitespace().next().unwrap();
        Duration::from_nanos(nanoseconds.parse().unwrap())
    };
    // Quiet once the window of the stalled channel is used up.
    let mut since = (Instant::now(), cpu());
    assert!(wait_until(Duration::from_secs(60), || {
        if since.0.elapsed() < Duration::from_secs(1) {
            return false;
        }
        let spent = cpu() - since.1;
        since = (Instant::now(), cpu());
        spent < Duration::from_millis(5)
    }));
    idle.sender.write(Bytes::from_static(b"x")).await.unwrap();
    assert_eq!(
        idle.receiver.next().await.unwrap(),
        Some(ChannelEvent::Data(Bytes::from_static(b"x")))
    );
    drop((idle, stalled));
    // No channel is left: the server's probes are answered all the same, by ours.
    assert!(
        wait_until(Duration::from_secs(60), || {
            server.log().matches("probe@connection-manager").count() >= 3
        }),
        "{}",
        server.log()
    );
    let spent = cpu() - since.1;
    assert!(spent < Duration::from_millis(500), "{spent:?}");
    assert!(link.is_alive());
}

/// A small generator with a fixed seed: the drops are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % sides
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn futures_dropped_anywhere_leave_the_link_whole() {
    let server = Sshd::start("");
    let link = server.link().await;
    let mut dice = Dice(7);
    for round in 0..100 {
        let link_used = link.clone();
        let pty = dice.roll(2) == 0;
        let work = async move {
            let mut channel = link_used.open(ChannelKind::Session).await?;
            if pty {
                let request = ChannelRequest::Pty {
                    term: "xterm".to_owned(),
                    columns: 80,
                    rows: 24,
                };
                channel.sender.request(request).await?;
            }
            let command = b"cat /dev/zero | head -c 3000000; cat".to_vec();
            channel
                .sender
                .request(ChannelRequest::Exec(command))
                .await?;
            for _ in 0..20 {
                channel
                    .sender
                    .write(Bytes::from(vec![b'x'; 300_000]))
                    .await?;
                channel.receiver.next().await?;
            }
            channel.sender.eof().await?;
            while channel.receiver.next().await?.is_some() {}
            Ok::<(), crate::error::Error>(())
        };
        let patience = Duration::from_micros(dice.roll(30_000));
        if let Ok(Err(error)) = tokio::time::timeout(patience, work).await {
            panic!("round {round}: {error}");
        }
        if round % 10 == 0 {
            let ran = tokio::time::timeout(Duration::from_secs(20), exec(&link, "echo whole"))
                .await
                .expect("the link is wedged");
            assert_eq!(ran.out, b"whole\n");
        }
    }
    assert_eq!(exec(&link, "echo whole").await.out, b"whole\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_changed_on_a_link_without_channels_too() {
    let server = Sshd::start("RekeyLimit default 1s");
    let link = server
        .link_with(Timeouts {
            keepalive: Some(Duration::from_millis(300)),
            ..Timeouts::default()
        })
        .await;
    assert!(
        wait_until(Duration::from_secs(60), || {
            server.log().matches("SSH2_MSG_NEWKEYS received").count() >= 4
        }),
        "{}",
        server.log()
    );
    assert_eq!(exec(&link, "echo fine").await.out, b"fine\n");
    assert!(link.is_alive());
}
