//! `curl`, which knows a whole answer from one that broke off.

use connection_tests::manager::Manager;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// What came.
pub(crate) struct Fetched {
    pub(crate) status: u16,
    pub(crate) head: String,
    /// The body, in a file.
    pub(crate) path: PathBuf,
    /// Whether curl takes it for all there was to come.
    pub(crate) whole: bool,
    _away: TempDir,
}

impl Fetched {
    /// A header's value, empty when it is missing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map_or("", |(_, value)| value.trim())
    }

    /// Checks status and code of a refusal.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str) {
        let text = std::fs::read_to_string(&self.path).unwrap_or_default();
        assert_eq!(self.status, status, "{text}");
        let body: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(body["code"], code, "{text}");
        assert!(body["detail"].as_str().is_some_and(|d| !d.is_empty()));
    }
}

/// The address of an archive of these paths, which are bytes.
pub(crate) fn archive_of(id: &str, paths: &[&[u8]], more: &str) -> String {
    let mut target = format!("/connections/{id}/archive?");
    for path in paths {
        target.push_str("path=");
        for byte in *path {
            write!(target, "%{byte:02X}").unwrap();
        }
        target.push('&');
    }
    target + more
}

/// Fetches an address, with these further words for curl.
pub(crate) fn fetch(manager: &Manager, target: &str, words: &[&str]) -> Fetched {
    let away = tempfile::tempdir().unwrap();
    let (path, head) = (away.path().join("body"), away.path().join("head"));
    let url = format!("{}{target}", manager.base());
    let output = Command::new("curl")
        .args(["-sS", "--max-time", "120", "-w", "%{http_code}", "-D"])
        .arg(&head)
        .arg("-o")
        .arg(&path)
        .args(words)
        .arg(&url)
        .output()
        .unwrap();
    let status = String::from_utf8_lossy(&output.stdout);
    Fetched {
        status: status.trim().parse().unwrap_or_default(),
        head: std::fs::read_to_string(&head).unwrap_or_default(),
        path,
        whole: output.status.success(),
        _away: away,
    }
}

/// Whether a process holds the file open.
pub(crate) fn is_read(path: &Path) -> bool {
    std::fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|process| std::fs::read_dir(process.path().join("fd")).ok())
        .flatten()
        .flatten()
        .any(|fd| std::fs::read_link(fd.path()).is_ok_and(|target| target == path))
}
