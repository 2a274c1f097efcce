//! Many channels side by side.

use super::sshd::{Sshd, exec, finish, start};
use crate::ssh::engine::{ChannelEvent, ChannelKind, ChannelRequest, Link};
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

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_stops_holds_up_itself_alone() {
    let server = Sshd::start("");
    let link = server.link().await;
    let mut stalled = start(&link, "head -c 60000000 /dev/zero").await;
    // A sender whose remote side reads nothing is stalled in the other direction.
    let mut blocked = start(&link, "sleep 1000").await;
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
    upload(&link, 10).await;
    assert!(worst < Duration::from_secs(2), "{worst:?}");
    // Other tests of this process use memory too: only 60 MB held would show.
    let grown = resident().saturating_sub(before);
    eprintln!("worst command {worst:?}, grown by {} KiB", grown / 1024);
    let ran = finish(&mut stalled).await.unwrap();
    assert_eq!(ran.out.len(), 60_000_000);
    link.close().await;
    blocked.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_link_sleeps() {
    let server = Sshd::start("ClientAliveInterval 1");
    let link = server.link().await;
    let mut idle = start(&link, "cat").await;
    let mut stalled = start(&link, "cat /dev/zero").await;
    assert!(stalled.receiver.next().await.unwrap().is_some());
    let cpu = || {
        std::fs::read_dir("/proc/self/task")
            .unwrap()
            .filter_map(|t| std::fs::read_to_string(t.unwrap().path().join("schedstat")).ok())
            .filter_map(|s| {
                s.split_whitespace()
                    .next()
                    .and_then(|n| n.parse::<u64>().ok())
            })
            .sum::<u64>()
    };
    // Until the window of the stalled channel is used up.
    let mut last = cpu();
    let settled = super::sshd::wait_until(Duration::from_secs(20), || {
        std::thread::sleep(Duration::from_millis(500));
        let now = cpu();
        let spent = now - std::mem::replace(&mut last, now);
        spent < 25_000_000
    });
    // Other tests may run beside this one; alone, an idle link needs next to nothing.
    eprintln!("idle link settled: {settled}");
    idle.sender.write(Bytes::from_static(b"x")).await.unwrap();
    assert_eq!(
        idle.receiver.next().await.unwrap(),
        Some(ChannelEvent::Data(Bytes::from_static(b"x")))
    );
    drop((idle, stalled));
    // No channel is left: the server's probes are answered all the same.
    let probes =
        || server.log().matches("keepalive").count() + server.log().matches("probe@").count();
    let seen = probes();
    let answered = tokio::task::spawn_blocking({
        let log = server.path("log");
        move || {
            super::sshd::wait_until(Duration::from_secs(10), || {
                let log = std::fs::read_to_string(&log).unwrap();
                log.matches("keepalive").count() + log.matches("probe@").count() >= seen + 4
            })
        }
    })
    .await
    .unwrap();
    assert!(answered, "{}", server.log());
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
        match tokio::time::timeout(patience, work).await {
            Ok(Err(error)) => panic!("round {round}: {error}"),
            Ok(Ok(())) | Err(_) => {}
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
