//! Running a program and saying what it took: time, processor seconds, peak memory. Knows
//! nothing of what the program is.
//!
//! Processor time comes from the kernel when the program ends (`wait4`) and holds that of the
//! children it waited for; lftp leaves its `ssh` behind, so what was last seen of each process
//! in `/proc` counts where that is more. Peak memory is read from `/proc` while it runs, the children's
//! peaks added: the kernel's own figure for an ended process begins with what its *parent*
//! had, as the memory is shared until the program is loaded.

use crate::processes;
use crate::results::Metrics;
use crate::{Result, fail};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use wait4::Wait4 as _;

/// Longest a measured program may run: many times what any takes on a slow machine.
const LONGEST: Duration = Duration::from_secs(600);

/// How often memory is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// How often new children are looked for, which means reading the list of all processes.
const SEARCH: Duration = Duration::from_millis(200);

/// Characters of a failed program's output that are shown.
const SHOWN: usize = 2000;

/// What a program took.
pub(crate) struct Usage {
    /// From its start to its end.
    pub(crate) seconds: f64,
    /// Processor seconds, user and system.
    pub(crate) cpu: f64,
    /// Peak memory in bytes, its children's included.
    pub(crate) memory: u64,
    /// Its standard output.
    pub(crate) stdout: Vec<u8>,
}

impl Usage {
    /// As figures of a contender.
    pub(crate) fn metrics(&self) -> Metrics {
        let mut metrics = Metrics::new();
        metrics.insert("seconds".to_owned(), self.seconds);
        metrics.insert("cpu".to_owned(), self.cpu);
        metrics.insert("memory".to_owned(), self.memory as f64);
        metrics
    }

    /// As figures, where the last line of output is a JSON object with more of them, which
    /// outweigh those taken from outside.
    pub(crate) fn own_metrics(&self) -> Result<Metrics> {
        let text = String::from_utf8_lossy(&self.stdout);
        let line = text.lines().next_back().unwrap_or_default();
        let own: Metrics = serde_json::from_str(line)
            .map_err(|error| format!("no figures in {line:?}: {error}"))?;
        let mut metrics = self.metrics();
        metrics.extend(own);
        Ok(metrics)
    }
}

/// Runs a program to its successful end.
///
/// # Errors
/// It cannot be started, fails, or runs too long; with the end of what it printed.
pub(crate) fn run(command: &mut Command) -> Result<Usage> {
    run_with(command, b"")
}

/// As [`run`], with this on standard input.
pub(crate) fn run_with(command: &mut Command, input: &[u8]) -> Result<Usage> {
    let program = command.get_program().to_string_lossy().into_owned();
    let start = Instant::now();
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|e| format!("{program}: {e}: run scripts/install-bench-peers.sh"))?;
    let watched = Watch::start(&child);
    if let Some(mut stdin) = child.stdin.take() {
        // A program that ends without reading it all says why itself.
        let _ = stdin.write_all(input);
    }
    let stderr = child.stderr.take().map(collect);
    let stdout = child.stdout.take().map(read).unwrap_or_default();
    let ended = child.wait4()?;
    let seconds = start.elapsed().as_secs_f64();
    let seen = watched.end();
    let stderr = stderr.and_then(|thread| thread.join().ok());
    if !ended.status.success() {
        let text = [stdout, stderr.unwrap_or_default()].concat();
        let text = String::from_utf8_lossy(&text);
        let from = text.len().saturating_sub(SHOWN);
        let shown: String = text.chars().skip(from).collect();
        return fail(format!("{program}: {}: {}", ended.status, shown.trim()));
    }
    let cpu = ended.rusage.utime + ended.rusage.stime;
    Ok(Usage {
        seconds,
        cpu: cpu
            .as_secs_f64()
            .max(seen.values().map(|seen| seen.cpu).sum()),
        memory: seen.values().map(|seen| seen.memory).sum(),
        stdout,
    })
}

fn collect(from: impl Read + Send + 'static) -> JoinHandle<Vec<u8>> {
    std::thread::spawn(move || read(from))
}

fn read(mut from: impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    // What was read before a pipe broke is still worth showing.
    let _ = from.read_to_end(&mut bytes);
    bytes
}

/// What was last seen of a process.
#[derive(Default)]
struct Seen {
    /// Processor seconds, in steps of a clock tick.
    cpu: f64,
    /// Peak memory in bytes.
    memory: u64,
}

/// A thread that watches a process and its children, and ends a process that runs too long.
struct Watch {
    stop: Sender<()>,
    thread: JoinHandle<BTreeMap<u32, Seen>>,
}

impl Watch {
    fn start(child: &Child) -> Self {
        let pid = child.id();
        let (stop, stopped) = channel::<()>();
        let thread = std::thread::spawn(move || {
            let start = Instant::now();
            let mut seen = BTreeMap::<u32, Seen>::new();
            let mut searched: Option<Instant> = None;
            let mut tree = vec![pid];
            loop {
                // Children mostly come at the beginning.
                let due = if start.elapsed() < SEARCH {
                    LOOK
                } else {
                    SEARCH
                };
                if searched.is_none_or(|at| at.elapsed() >= due) {
                    tree = processes::tree(pid);
                    searched = Some(Instant::now());
                }
                for pid in &tree {
                    let seen = seen.entry(*pid).or_default();
                    seen.cpu = processes::cpu(*pid).unwrap_or(seen.cpu);
                    seen.memory = processes::peak_memory(*pid).unwrap_or(seen.memory);
                }
                if start.elapsed() > LONGEST {
                    processes::kill(pid);
                }
                match stopped.recv_timeout(LOOK) {
                    Err(RecvTimeoutError::Timeout) => {}
                    _ => return seen,
                }
            }
        });
        Self { stop, thread }
    }

    /// What was seen of each process.
    fn end(self) -> BTreeMap<u32, Seen> {
        let _ = self.stop.send(());
        self.thread.join().unwrap_or_default()
    }
}
