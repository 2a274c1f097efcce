//! `true` on the far machine, over and over on one connection: what a command costs.

use super::Bench;
use crate::Result;
use crate::clients::{FileClient as _, Library, Protocol, Python};
use crate::master::Master;
use crate::results::{Metrics, Outcome, latencies};
use crate::turns::{Entrant, alternate};
use crate::worker::{Login, Work};
use connection_core::target::SshEngine;
use serde_json::json;
use std::time::Instant;

/// Name of the case.
const CASE: &str = "exec";
/// Rounds in the full form.
const ROUNDS: usize = 5;

pub(crate) fn run(bench: &Bench<'_>) -> Result<Vec<Outcome>> {
    if !bench.options.case(CASE) {
        return Ok(Vec::new());
    }
    let site = &bench.site;
    let times = bench.options.amount(100, 3);
    let session = bench.facade.open(site, Protocol::Sftp)?;
    let route = format!("/connections/{session}/execute");
    let command = json!({ "command": "true" });
    let master = Master::open(site, &bench.ground.local("exec-master"))?;
    let mut entrants = vec![Entrant::new("http", |_| {
        timed(times, || bench.facade.post(&route, &command).map(drop))
    })];
    for engine in SshEngine::ALL {
        let library = Library::new(site, Login::key(engine));
        entrants.push(Entrant::new(&library.name(), move |_| {
            Ok(only_latencies(library.work(Work::Exec { times })?))
        }));
    }
    entrants.push(Entrant::new("openssh", |_| {
        timed(times, || master.run("true"))
    }));
    for tool in ["paramiko", "asyncssh"] {
        let python = Python::new(site, tool);
        entrants.push(Entrant::new(tool, move |_| {
            Ok(only_latencies(
                python.work("exec", &json!({ "times": times }))?,
            ))
        }));
    }
    entrants.retain(|entrant| bench.options.contender(&entrant.name));
    let what = format!(
        "`true` {times} times a round, one after the other, on one connection that is open: \
         through HTTP by POST on a kept connection; OpenSSH by `ssh` on a ControlMaster"
    );
    let rounds = bench.options.rounds(ROUNDS);
    let outcome = alternate(CASE, what, "openssh", rounds, entrants);
    bench.facade.close(&session)?;
    Ok(vec![outcome])
}

/// Does something so often and takes each time.
pub(super) fn timed(times: usize, mut act: impl FnMut() -> Result<()>) -> Result<Metrics> {
    let mut taken = Vec::with_capacity(times);
    for _ in 0..times {
        let start = Instant::now();
        act()?;
        taken.push(start.elapsed().as_secs_f64());
    }
    Ok(latencies(&taken))
}

/// Without the figures of the process, which say nothing of one command.
pub(super) fn only_latencies(mut metrics: Metrics) -> Metrics {
    metrics.retain(|figure, _| figure.starts_with('p'));
    metrics
}
