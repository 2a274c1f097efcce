//! The conformance suite: the rules of [`RemoteFs`], each a case, run over every backend.
//!
//! Capabilities choose the cases: what a backend denies is run against the rule that it
//! answers `Unsupported`, and what it promises against the rule itself. The suite prints
//! what it skipped, and fails when nothing ran.

#![allow(
    clippy::print_stdout,
    reason = "the suite says what ran and what did not"
)]

mod attributes;
mod directories;
mod files;
mod names;
mod streams;
mod together;

use connection_core::fs::{Capabilities, Entry, RemoteFs, WriteMode, WriteOptions};
use connection_core::path::{RemoteName, RemotePath};
use connection_core::{ErrorKind, Result};
use futures::future::BoxFuture;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Longest time one case may take: a hang is a failure with a name.
const CASE_LIMIT: Duration = Duration::from_secs(60);

/// A backend under test.
pub struct Subject {
    /// What to call it, such as `sftp/russh`.
    pub name: String,
    /// The file system.
    pub fs: Arc<dyn RemoteFs>,
    /// A directory of the server that the cases may fill.
    pub remote: RemotePath,
    /// The same directory as this machine sees it.
    pub local: PathBuf,
    /// Cases that the *server* breaks, or the protocol rules out, whoever asks, and how.
    pub server_breaks: Vec<(&'static str, &'static str)>,
}

/// Where one case works: a fresh directory, seen from both sides.
pub struct Place {
    /// The file system.
    pub fs: Arc<dyn RemoteFs>,
    /// What the backend promises.
    pub can: Capabilities,
    /// The directory on the server.
    pub remote: RemotePath,
    /// The same directory on this machine.
    pub local: PathBuf,
}

type Run = fn(Place) -> BoxFuture<'static, ()>;
type Need = fn(&Capabilities) -> bool;

/// One rule.
pub struct Case {
    name: &'static str,
    need: Need,
    run: Run,
}

impl Case {
    /// A case for every backend.
    const fn always(name: &'static str, run: Run) -> Self {
        Self {
            name,
            need: |_| true,
            run,
        }
    }

    /// A case for backends that promise something.
    const fn when(name: &'static str, need: Need, run: Run) -> Self {
        Self { name, need, run }
    }
}

/// What became of a run.
#[derive(Debug, Default)]
pub struct Report {
    /// Cases that passed.
    pub passed: usize,
    /// Cases whose capability is missing.
    pub skipped: Vec<&'static str>,
}

/// Runs every case the backend's capabilities allow.
///
/// # Panics
/// When a case fails, with the names and messages of all that failed, and when none ran.
pub async fn run(subject: Subject) -> Report {
    let can = subject.fs.capabilities();
    let mut report = Report::default();
    let mut failed = Vec::new();
    for (name, _) in &subject.server_breaks {
        assert!(
            cases().any(|c| c.name == *name),
            "there is no case {name:?}"
        );
    }
    for case in cases() {
        if !(case.need)(&can) {
            println!(
                "{}: skipped, no such capability: {}",
                subject.name, case.name
            );
            report.skipped.push(case.name);
            continue;
        }
        if let Some((_, how)) = subject.server_breaks.iter().find(|(n, _)| *n == case.name) {
            println!("{}: skipped, {how}: {}", subject.name, case.name);
            report.skipped.push(case.name);
            continue;
        }
        let name = RemoteName::new(case.name.replace(' ', "-"));
        let remote = subject.remote.join(&name).expect("a plain name");
        subject
            .fs
            .create_dir(&remote)
            .await
            .unwrap_or_else(|e| panic!("{}: make {remote}: {e}", subject.name));
        let place = Place {
            fs: Arc::clone(&subject.fs),
            can,
            remote,
            local: subject.local.join(case.name.replace(' ', "-")),
        };
        // A task of its own, so that one failure does not hide the others.
        let outcome = tokio::time::timeout(CASE_LIMIT, tokio::spawn((case.run)(place))).await;
        match outcome {
            Ok(Ok(())) => report.passed += 1,
            Ok(Err(error)) => {
                let message = match error.try_into_panic() {
                    Ok(panic) => panic
                        .downcast_ref::<String>()
                        .cloned()
                        .or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()))
                        .unwrap_or_else(|| "panicked".to_owned()),
                    Err(error) => error.to_string(),
                };
                failed.push(format!("  {}: {message}", case.name));
            }
            Err(_) => failed.push(format!(
                "  {}: still running after {CASE_LIMIT:?}",
                case.name
            )),
        }
    }
    println!(
        "{}: {} cases passed, {} skipped, {} failed",
        subject.name,
        report.passed,
        report.skipped.len(),
        failed.len()
    );
    assert!(
        failed.is_empty(),
        "{}:\n{}",
        subject.name,
        failed.join("\n")
    );
    assert!(report.passed > 0, "{}: no case ran", subject.name);
    report
}

fn cases() -> impl Iterator<Item = &'static Case> {
    [
        files::CASES,
        directories::CASES,
        streams::CASES,
        names::CASES,
        attributes::CASES,
        together::CASES,
    ]
    .into_iter()
    .flatten()
}

impl Place {
    /// The path of a name in the case's directory.
    pub fn path(&self, name: impl AsRef<[u8]>) -> RemotePath {
        self.remote
            .join(&RemoteName::new(name.as_ref()))
            .expect("a plain name")
    }

    /// Writes a whole file.
    pub async fn write(&self, path: &RemotePath, data: &[u8]) -> Result<()> {
        let options = WriteOptions {
            mode: WriteMode::Truncate,
            permissions: None,
        };
        let mut writer = self.fs.open_write(path, options).await?;
        writer.write(bytes::Bytes::copy_from_slice(data)).await?;
        writer.finish().await
    }

    /// Reads a whole file from an offset.
    pub async fn read(&self, path: &RemotePath, offset: u64) -> Result<Vec<u8>> {
        let mut reader = self.fs.open_read(path, offset).await?;
        let mut data = Vec::new();
        while let Some(chunk) = reader.next_chunk().await? {
            assert!(!chunk.is_empty(), "a reader never gives an empty chunk");
            data.extend_from_slice(&chunk);
        }
        Ok(data)
    }

    /// Lists a directory, sorted by name.
    pub async fn list(&self, path: &RemotePath) -> Result<Vec<Entry>> {
        let mut pages = self.fs.list(path).await?;
        let mut entries = Vec::new();
        while let Some(page) = pages.next_page().await? {
            assert!(!page.is_empty(), "a page is never empty");
            entries.extend(page);
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    /// The names in a directory, sorted.
    pub async fn names(&self, path: &RemotePath) -> Vec<Vec<u8>> {
        self.list(path)
            .await
            .expect("list")
            .into_iter()
            .map(|e| e.name.as_bytes().to_vec())
            .collect()
    }
}

/// The kind of the error that was expected.
#[track_caller]
pub fn kind<T>(result: Result<T>) -> ErrorKind {
    match result {
        Ok(_) => panic!("an error was expected"),
        Err(error) => {
            assert!(!error.message().is_empty(), "{error:?} has no message");
            error.kind()
        }
    }
}
