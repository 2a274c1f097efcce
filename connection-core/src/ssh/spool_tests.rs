//! What the spool gives back, in which order, and what it costs.

use super::*;
use crate::exec::ExitStatus;
use std::time::Duration;

fn end() -> ExecEvent {
    ExecEvent::Exit {
        status: ExitStatus::Code(3),
        truncated: false,
        duration: Duration::ZERO,
    }
}

/// Both streams to the end, which must be [`end`].
async fn all(spool: &Spool) -> (Vec<u8>, Vec<u8>) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    loop {
        let event = spool.next().await.unwrap().unwrap();
        let (stream, bytes) = match &event {
            ExecEvent::Stdout(bytes) => (&mut out, bytes),
            ExecEvent::Stderr(bytes) => (&mut err, bytes),
            ExecEvent::Exit { .. } => {
                assert_eq!(event, end());
                assert_eq!(spool.next().await.unwrap(), None, "told once");
                return (out, err);
            }
        };
        assert!(!bytes.is_empty() && bytes.len() <= PIECE);
        stream.extend_from_slice(bytes);
    }
}

/// Bytes that tell where they belong.
fn pattern(length: usize, salt: usize) -> Vec<u8> {
    (0..length).map(|n| ((n * 7 + salt) % 251) as u8).collect()
}

#[tokio::test]
async fn bytes_come_back_in_order_whatever_the_size() {
    for length in [0, 1, 30_000, MEMORY - 1, MEMORY, 3 * MEMORY + 17] {
        for piece in [1000, 32 * 1024, 100_000, 2 * MEMORY] {
            let spool = Spool::default();
            let (out, err) = (pattern(length, 1), pattern(length, 2));
            let pieces = out.chunks(piece).zip(err.chunks(piece));
            for (out, err) in pieces {
                spool.push(Stream::Out, out).await.unwrap();
                spool.push(Stream::Err, err).await.unwrap();
                assert!(spool.lock().held < MEMORY);
            }
            spool.finish(Ok(end()));
            assert!(all(&spool).await == (out, err), "{length} by {piece}");
            assert!(spool.lock().file.is_none(), "the disk is given back");
        }
    }
}

#[tokio::test]
async fn bytes_one_by_one_cost_no_more() {
    let spool = Spool::default();
    let bytes = pattern(MEMORY, 0);
    for (n, byte) in bytes.iter().enumerate() {
        let stream = if n % 2 == 0 { Stream::Out } else { Stream::Err };
        spool.push(stream, &[*byte]).await.unwrap();
        assert!(spool.lock().memory.len() <= MEMORY / OVERHEAD);
    }
    spool.finish(Ok(end()));
    let (out, err) = all(&spool).await;
    assert_eq!((out.len(), err.len()), (MEMORY / 2, MEMORY / 2));
    assert!(out.iter().zip(&err).flat_map(|(a, b)| [*a, *b]).eq(bytes));
}

/// One puts in while the other takes out, now and then giving up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn taking_out_beside_putting_in_loses_nothing() {
    let spool = Arc::new(Spool::default());
    let wanted = pattern(12 * MEMORY, 5);
    let putting = tokio::spawn({
        let (spool, bytes) = (spool.clone(), wanted.clone());
        async move {
            for piece in bytes.chunks(19_001) {
                spool.push(Stream::Out, piece).await.unwrap();
            }
            spool.finish(Ok(end()));
        }
    });
    let mut got = Vec::new();
    let mut turn = 0_u64;
    loop {
        turn += 1;
        let patience = Duration::from_micros(turn % 7 * 50);
        match tokio::time::timeout(patience, spool.next()).await {
            Ok(Ok(Some(ExecEvent::Stdout(bytes)))) => got.extend_from_slice(&bytes),
            Ok(other) => {
                assert_eq!(other.unwrap(), Some(end()));
                break;
            }
            Err(_) => {}
        }
    }
    putting.await.unwrap();
    assert!(got == wanted, "{}", got.len());
}

#[tokio::test]
async fn an_error_comes_behind_the_bytes() {
    let spool = Spool::default();
    let bytes = pattern(2 * MEMORY, 0);
    spool.push(Stream::Err, &bytes).await.unwrap();
    spool.finish(Err(Error::new(ErrorKind::ConnectionLost, "test", "gone")));
    let mut got = Vec::new();
    let error = loop {
        match spool.next().await {
            Ok(Some(ExecEvent::Stderr(bytes))) => got.extend_from_slice(&bytes),
            Ok(other) => panic!("{other:?}"),
            Err(error) => break error,
        }
    };
    assert!(got == bytes);
    assert_eq!(error.kind(), ErrorKind::ConnectionLost);
    assert_eq!(spool.next().await.unwrap(), None);
}
