//! Attaching again, at any byte.

use super::*;

/// 600 KB that repeat nowhere, and the end.
const COUNT: &str = "stty raw; seq 1 100000; exit 3";

fn counted() -> Vec<u8> {
    (1..=100_000)
        .flat_map(|n| format!("{n}\n").into_bytes())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn from_any_offset_the_stream_is_the_same() {
    let all = counted();
    for engine in SshEngine::ALL {
        let machine = Machine::start(engine, TerminalLimits::default()).await;
        let terminal = machine.terminal(COUNT).await;
        let (seen, reason) = to_the_end(&mut writer(&terminal)).await;
        assert_eq!(reason, CloseReason::Exited, "{engine:?}");
        assert_eq!(seen.exit, Some(ExitStatus::Code(3)));
        assert!(seen.bytes == all, "{engine:?}: {} bytes", seen.bytes.len());
        // It has ended, and is kept for who was not there.
        for step in 0..60u64 {
            let from = (step * 9973 + step * step * 31) % (all.len() as u64 + 1);
            let again = Attach::new(ViewerMode::Read).from(from);
            let (seen, _) = to_the_end(&mut terminal.attach(again).unwrap()).await;
            assert_eq!((seen.from, seen.lost), (Some(from), 0));
            assert!(seen.bytes == all[from as usize..], "{engine:?} from {from}");
            assert_eq!(seen.exit, Some(ExitStatus::Code(3)));
        }
        let beyond = Attach::new(ViewerMode::Read).from(all.len() as u64 + 1);
        let error = terminal.attach(beyond).err().unwrap();
        assert_eq!(error.context("field"), Some("from"));
        machine.store.shutdown().await;
    }
}

/// Cut again and again while the bytes come, at whatever byte it was given.
#[tokio::test(flavor = "multi_thread")]
async fn cut_at_any_byte_and_attached_again_nothing_is_missing() {
    let all = counted();
    for engine in SshEngine::ALL {
        let machine = Machine::start(engine, TerminalLimits::default()).await;
        let terminal = machine.terminal(COUNT).await;
        let mut bytes: Vec<u8> = Vec::new();
        let mut cuts = 0;
        let exit = loop {
            // A client that was cut in the middle of a piece knows where, to the byte.
            let keep = bytes.len() + (cuts * 7919) % 40_000 + 1;
            let again = Attach::new(ViewerMode::Write).from(bytes.len() as u64);
            let mut viewer = terminal.attach(again).unwrap();
            let mut exit = None;
            while bytes.len() < keep {
                match next(&mut viewer).await {
                    ViewerEvent::Offset { offset, lost } => {
                        assert_eq!((offset, lost), (bytes.len() as u64, 0));
                    }
                    ViewerEvent::Data(data) => {
                        bytes.extend_from_slice(&data);
                        viewer.input.ack(bytes.len() as u64).unwrap();
                    }
                    ViewerEvent::Exited(status) => exit = Some(status),
                    ViewerEvent::Closed(_) => break,
                    _ => {}
                }
            }
            if exit.is_some() {
                break exit;
            }
            bytes.truncate(keep);
            cuts += 1;
        };
        assert_eq!(exit, Some(ExitStatus::Code(3)));
        assert!(
            bytes == all,
            "{engine:?}: {} bytes, {cuts} cuts",
            bytes.len()
        );
        assert!(cuts > 10);
        machine.store.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_longer_is_kept_is_counted() {
    let all = counted();
    for engine in SshEngine::ALL {
        let limits = TerminalLimits {
            replay: 10_000,
            ..TerminalLimits::default()
        };
        let machine = Machine::start(engine, limits).await;
        let terminal = machine.terminal(COUNT).await;
        // Nobody is attached: everything passes by.
        eventually("it ends", || !terminal.info().is_running).await;
        let start = all.len() as u64 - 10_000;
        assert_eq!(terminal.info().start, start);
        let (seen, _) = to_the_end(&mut reader(&terminal)).await;
        assert_eq!(
            (seen.from, seen.lost),
            (Some(start), 0),
            "it asked for what is there"
        );
        assert!(seen.bytes == all[start as usize..]);
        let again = Attach::new(ViewerMode::Read).from(100);
        let (seen, _) = to_the_end(&mut terminal.attach(again).unwrap()).await;
        assert_eq!((seen.from, seen.lost), (Some(start), start - 100));
        assert!(seen.bytes == all[start as usize..]);
        machine.store.shutdown().await;
    }
}
