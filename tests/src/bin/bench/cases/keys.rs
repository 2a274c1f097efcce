//! Somebody typing in a terminal: through our server's WebSocket, and with `ssh`, while
//! nothing else goes on and during four downloads.

use super::Bench;
use crate::clients::curl_parallel;
use crate::facade::key_login;
use crate::ground::check_copy;
use crate::master::{Master, Typist, sftp_alone};
use crate::results::{Metrics, Outcome, latencies};
use crate::turns::{Entrant, alternate};
use crate::typing::prefixed;
use crate::web_terminal::WebTypist;
use crate::{Result, fail, processes};
use connection_core::target::SshEngine;
use serde_json::json;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Name of the case.
const CASE: &str = "typing";
/// Downloads at once.
const DOWNLOADS: usize = 4;
/// Name of the file they all download.
const SOURCE: &str = "typing-part";
/// Rounds in the full form.
const ROUNDS: usize = 5;

pub(crate) fn run(bench: &Bench<'_>) -> Result<Vec<Outcome>> {
    if !bench.options.case(CASE) {
        return Ok(Vec::new());
    }
    let (site, facade) = (&bench.site, bench.facade);
    let size = bench.options.large() / DOWNLOADS as u64;
    bench.ground.make_large(SOURCE, size)?;
    let keys = bench.options.amount(500, 10);
    let source = bench.ground.local(SOURCE);
    let remote = bench.ground.remote(SOURCE);
    let socket = bench.ground.local("typing-master");
    let copies: Vec<PathBuf> = (0..DOWNLOADS)
        .map(|number| bench.ground.local(&format!("typing-{number}")))
        .collect();
    let sftp = |command: &dyn Fn() -> Command| -> Result<Vec<Child>> {
        let copies = copies.iter();
        copies
            .map(|copy| download(command(), &remote, copy))
            .collect()
    };
    let mut entrants: Vec<Entrant<'_>> = Vec::new();
    for engine in SshEngine::ALL {
        let (copies, remote) = (&copies, &remote);
        let name = format!("ws-{}", engine.name());
        entrants.push(Entrant::new(&name, move |_| {
            let mut login = key_login(site);
            if let Some(fields) = login.as_object_mut() {
                fields.insert("engine".to_owned(), json!(engine.name()));
            }
            let session = facade.connect("ssh", &login)?;
            let mut typist = WebTypist::start(facade, &session)?;
            let url = format!(
                "{}/connections/{session}/content?path={}",
                facade.base(),
                remote.display()
            );
            let figures = measure(keys, || typist.key(), || Ok(vec![fetch(&url, copies)?]))?;
            drop(typist);
            facade.close(&session)?;
            Ok(figures)
        }));
    }
    entrants.push(Entrant::new("ssh", |_| {
        let mut typist = Typist::alone(site)?;
        measure(keys, || typist.key(), || sftp(&|| sftp_alone(site)))
    }));
    entrants.push(Entrant::new("ssh-master", |_| {
        let master = Master::open(site, &socket)?;
        let mut typist = Typist::start(&master)?;
        measure(keys, || typist.key(), || sftp(&|| master.sftp()))
    }));
    entrants.retain(|entrant| bench.options.contender(&entrant.name));
    let entrants = entrants.into_iter().map(|mut entrant| {
        let (source, copies) = (&source, &copies);
        Entrant::new(&entrant.name.clone(), move |round| {
            let metrics = (entrant.run)(round)?;
            for copy in copies {
                check_copy(source, copy, round == 0)?;
            }
            Ok(metrics)
        })
    });
    let what = format!(
        "a key typed in a terminal comes back after the times shown, {keys} while nothing else \
         goes on (idle), and as many as go during {DOWNLOADS} downloads of {} MiB at once (busy): \
         through a WebSocket of our server, the downloads by curl from the same session; with \
         `ssh` and four `sftp`, each on a connection of its own; and with all five on a \
         ControlMaster",
        size >> 20
    );
    let rounds = bench.options.rounds(ROUNDS);
    Ok(vec![alternate(
        CASE,
        what,
        "ssh",
        rounds,
        entrants.collect(),
    )])
}

/// Types so many keys, and on while what `begin` starts runs.
fn measure(
    keys: usize,
    mut key: impl FnMut() -> Result<f64>,
    begin: impl FnOnce() -> Result<Vec<Child>>,
) -> Result<Metrics> {
    let mut times = Vec::new();
    for _ in 0..keys {
        times.push(key()?);
    }
    let mut metrics = prefixed("idle", latencies(&times));
    times.clear();
    let mut running = begin()?;
    while !running.is_empty() {
        times.push(key()?);
        let mut still = Vec::new();
        for mut child in running {
            if !processes::ended(child.id()) {
                still.push(child);
                continue;
            }
            let status = child.wait()?;
            if !status.success() {
                return fail(format!("a download: {status}"));
            }
        }
        running = still;
    }
    metrics.extend(prefixed("busy", latencies(&times)));
    Ok(metrics)
}

/// Starts an `sftp` that downloads the file.
fn download(mut sftp: Command, remote: &Path, local: &Path) -> Result<Child> {
    let order = format!("get {} {}\n", remote.display(), local.display());
    ordered(&mut sftp, &order)
}

/// Starts a curl that downloads the file to every copy at once.
fn fetch(url: &str, copies: &[PathBuf]) -> Result<Child> {
    let mut order = String::new();
    for copy in copies {
        writeln!(order, "url=\"{url}\"\noutput=\"{}\"", copy.display())?;
    }
    ordered(&mut curl_parallel(copies.len()), &order)
}

/// Starts a program that reads what it is to do.
fn ordered(command: &mut Command, order: &str) -> Result<Child> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(order.as_bytes())?;
    }
    Ok(child)
}
