//! Recorders on real files.

mod disks;
mod killed;
mod store;

use super::*;
use crate::session::Owner;
use serde_json::Value;
use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant};

/// No test waits longer for anything.
const DEADLINE: Duration = Duration::from_secs(60);

pub(super) fn subject() -> Subject {
    Subject {
        host: "example.com".to_owned(),
        port: 22,
        user: "ann".to_owned(),
        label: None,
        name: Some("build".to_owned()),
        term: "xterm-256color".to_owned(),
        columns: 80,
        rows: 24,
        command: None,
        shell: None,
    }
}

fn settings(directory: &Path) -> RecordingSettings {
    RecordingSettings::new(directory.join("recordings"))
}

/// Waits until `condition` holds.
#[track_caller]
fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    let end = Instant::now() + DEADLINE;
    while !condition() {
        assert!(Instant::now() < end, "not in time: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The same without holding up the runtime.
async fn eventually_async<F: Future<Output = bool>>(what: &str, mut condition: impl FnMut() -> F) {
    let end = Instant::now() + DEADLINE;
    while !condition().await {
        assert!(Instant::now() < end, "not in time: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Header and events of a recording; every line must be whole and JSON.
#[track_caller]
fn parse(text: &str) -> (Value, Vec<(f64, String, String)>) {
    assert!(text.ends_with('\n'), "{text:?}");
    let mut lines = text.lines().map(|line| match serde_json::from_str(line) {
        Ok(value) => value,
        Err(error) => panic!("{error}: {line}"),
    });
    let header = lines.next().unwrap();
    let event = |value: Value| {
        let text = |n: usize| value[n].as_str().unwrap().to_owned();
        (value[0].as_f64().unwrap(), text(1), text(2))
    };
    let events: Vec<_> = lines.map(event).collect();
    assert!(events.is_sorted_by(|a, b| a.0 <= b.0));
    (header, events)
}

/// The text of all events with this code.
fn text(events: &[(f64, String, String)], wanted: &str) -> String {
    let of = events.iter().filter(|(_, code, _)| code == wanted);
    of.map(|(_, _, text)| text.as_str()).collect()
}

/// What a download of the recording would be.
async fn download(store: &RecordingStore, owner: &Owner, id: RecordingId) -> String {
    let opened = store.open(owner, id).await.unwrap();
    let mut text = String::new();
    opened
        .file
        .take(opened.length)
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text.len() as u64, opened.length);
    text
}

/// Waits until the recording has ended and tells how.
async fn ended(store: &RecordingStore, owner: &Owner, id: RecordingId) -> RecordingInfo {
    eventually_async("the recording ends", || async {
        !store.info(owner, id).await.unwrap().is_running
    })
    .await;
    store.info(owner, id).await.unwrap()
}
