//! What the kernel tells of running processes in `/proc` (proc(5)).

use std::fs;
use std::process::{Command, Stdio};

/// Clock ticks a second in `/proc/PID/stat`: 100 on every Linux there is (`USER_HZ`).
const TICKS: f64 = 100.0;

/// A process and all it forked that still run, itself first.
pub(crate) fn tree(root: u32) -> Vec<u32> {
    let all: Vec<(u32, u32)> = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(|pid| Some((pid, stat(pid, 1)?.try_into().ok()?)))
        .collect();
    let mut tree = vec![root];
    let mut next = 0;
    while let Some(&parent) = tree.get(next) {
        tree.extend(
            all.iter()
                .filter(|(_, of)| *of == parent)
                .map(|(pid, _)| pid),
        );
        next += 1;
    }
    tree
}

/// Processor seconds a process used so far, user and system, those of its threads included.
pub(crate) fn cpu(pid: u32) -> Option<f64> {
    Some((stat(pid, 11)? + stat(pid, 12)?) as f64 / TICKS)
}

/// Most memory it had in use, in bytes.
pub(crate) fn peak_memory(pid: u32) -> Option<u64> {
    status(pid, "VmHWM:")
}

/// Memory it has in use, in bytes.
pub(crate) fn memory(pid: u32) -> Option<u64> {
    status(pid, "VmRSS:")
}

/// Memory it has in use in bytes, of what it shares with others only its part.
pub(crate) fn share(pid: u32) -> Option<u64> {
    value(&format!("/proc/{pid}/smaps_rollup"), "Pss:")
}

/// Makes [`peak_memory`] begin anew with what is in use now.
pub(crate) fn forget_peak(pid: u32) -> std::io::Result<()> {
    fs::write(format!("/proc/{pid}/clear_refs"), "5")
}

/// Whether a child has ended, whatever its parent knows of it.
pub(crate) fn ended(pid: u32) -> bool {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = text
        .rsplit(')')
        .next()
        .and_then(|rest| rest.split_whitespace().next());
    matches!(state, None | Some("Z" | "X"))
}

/// Ends a process at once.
pub(crate) fn kill(pid: u32) {
    // One that is gone already is no failure.
    let _ = Command::new("kill")
        .args(["-KILL", &pid.to_string()])
        .stderr(Stdio::null())
        .status();
}

/// A field of `/proc/PID/stat`, counted from 0 after the name: state, parent, …
fn stat(pid: u32, field: usize) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name stands in parentheses and may hold anything.
    let fields = text.get(text.rfind(')')? + 1..)?;
    fields.split_whitespace().nth(field)?.parse().ok()
}

fn status(pid: u32, key: &str) -> Option<u64> {
    value(&format!("/proc/{pid}/status"), key)
}

/// A line `KEY  NUMBER kB`, in bytes.
fn value(file: &str, key: &str) -> Option<u64> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(key))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib * 1024)
}
