//! Four downloads at once on one session, and somebody typing in a terminal of the same
//! session, before and meanwhile.

use super::Bench;
use crate::clients::{FileClient as _, Http, Library, Protocol};
use crate::ground::check_copy;
use crate::master::{Master, Typist};
use crate::results::{Metrics, Outcome, latencies};
use crate::turns::{Entrant, alternate};
use crate::typing::prefixed;
use crate::worker::{Login, Work};
use crate::{Result, fail, processes};
use connection_core::target::SshEngine;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Instant;
use wait4::Wait4 as _;

/// Name of the case.
const CASE: &str = "together";
/// Downloads at once.
const DOWNLOADS: usize = 4;
/// Name of the file they all download.
const SOURCE: &str = "part";
/// Rounds in the full form.
const ROUNDS: usize = 3;
/// Keys between two looks at the memory.
const LOOK: usize = 50;

pub(crate) fn run(bench: &Bench<'_>) -> Result<Vec<Outcome>> {
    if !bench.options.case(CASE) {
        return Ok(Vec::new());
    }
    let site = &bench.site;
    let size = bench.options.large() / DOWNLOADS as u64;
    bench.ground.make_large(SOURCE, size)?;
    let keys = bench.options.amount(300, 10);
    let copies: Vec<PathBuf> = (0..DOWNLOADS)
        .map(|number| bench.ground.local(&format!("part-{number}")))
        .collect();
    let mut entrants = Vec::new();
    for engine in SshEngine::ALL {
        let library = Library::new(site, Login::key(engine));
        let locals = copies.clone();
        entrants.push(Entrant::new(&library.name(), move |_| {
            let (remote, locals) = (library.remote(SOURCE), locals.clone());
            library.work(Work::Together {
                remote,
                locals,
                keys,
            })
        }));
    }
    let http = Http::open(bench.facade, site, Protocol::Sftp)?;
    let locals = copies.clone();
    entrants.push(Entrant::new("http", move |_| {
        http.many(DOWNLOADS, |config| {
            for local in &locals {
                let url = http.content(SOURCE);
                writeln!(config, "url=\"{url}\"\noutput=\"{}\"", local.display())?;
            }
            Ok(())
        })
    }));
    for (name, cipher) in [
        ("openssh", None),
        ("openssh-aes", Some("aes128-gcm@openssh.com")),
    ] {
        let socket = bench.ground.local(name);
        let remote = bench.ground.remote(SOURCE);
        let locals = copies.clone();
        entrants.push(Entrant::new(name, move |_| {
            let master = Master::open_ciphered(site, &socket, cipher)?;
            openssh(&master, &remote, &locals, keys)
        }));
    }
    entrants.retain(|entrant| bench.options.contender(&entrant.name));
    let source = bench.ground.local(SOURCE);
    let entrants = entrants.into_iter().map(|mut entrant| {
        let (source, copies) = (source.clone(), copies.clone());
        Entrant::new(&entrant.name.clone(), move |round| {
            let metrics = (entrant.run)(round)?;
            for copy in &copies {
                check_copy(&source, copy, round == 0)?;
            }
            Ok(metrics)
        })
    });
    let what = format!(
        "{DOWNLOADS} downloads of {} MiB at once on one session; OpenSSH's is a ControlMaster; \
         keys typed in a terminal of the same session come back after the times shown, {keys} \
         before the downloads (idle) and as many as went during them (busy)",
        size >> 20
    );
    let rounds = bench.options.rounds(ROUNDS);
    let mut outcome = alternate(CASE, what, "openssh-aes", rounds, entrants.collect());
    outcome.bytes = Some(size * DOWNLOADS as u64);
    Ok(vec![outcome])
}

fn openssh(master: &Master, remote: &Path, locals: &[PathBuf], keys: usize) -> Result<Metrics> {
    let mut typist = Typist::start(master)?;
    let mut times = Vec::new();
    for _ in 0..keys {
        times.push(typist.key()?);
    }
    let mut metrics = prefixed("idle", latencies(&times));

    times.clear();
    let gone = "the master is gone";
    let before = processes::cpu(master.pid()).ok_or(gone)?;
    let start = Instant::now();
    let mut running = locals
        .iter()
        .map(|local| download(master, remote, local))
        .collect::<Result<Vec<_>>>()?;
    let pids: Vec<u32> = running.iter().map(Child::id).collect();
    let (mut cpu, mut memory) = (0.0, 0);
    while !running.is_empty() {
        if times.len() % LOOK == 0 {
            let all = pids.iter().copied().chain([master.pid()]);
            let now = all.filter_map(processes::peak_memory).sum();
            memory = memory.max(now);
        }
        times.push(typist.key()?);
        let mut still = Vec::new();
        for mut child in running {
            if !processes::ended(child.id()) {
                still.push(child);
                continue;
            }
            let ended = child.wait4()?;
            if !ended.status.success() {
                return fail(format!("sftp: {}", ended.status));
            }
            cpu += (ended.rusage.utime + ended.rusage.stime).as_secs_f64();
        }
        running = still;
    }
    metrics.insert("seconds".to_owned(), start.elapsed().as_secs_f64());
    metrics.insert("keys".to_owned(), times.len() as f64);
    cpu += processes::cpu(master.pid()).ok_or(gone)? - before;
    metrics.insert("cpu".to_owned(), cpu);
    metrics.insert("memory".to_owned(), memory as f64);
    metrics.extend(prefixed("busy", latencies(&times)));
    Ok(metrics)
}

fn download(master: &Master, remote: &Path, local: &Path) -> Result<Child> {
    let mut child = master
        .sftp()
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()?;
    let command = format!("get {} {}\n", remote.display(), local.display());
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(command.as_bytes())?;
    }
    Ok(child)
}
