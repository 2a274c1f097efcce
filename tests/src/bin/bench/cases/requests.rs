//! How many requests a second the server answers on one processor core, with the load from
//! another: `GET /connections`, which asks every session how it is.

use super::Bench;
use crate::clients::Protocol;
use crate::facade::Facade;
use crate::results::{Metrics, Outcome};
use crate::turns::{Entrant, alternate};
use crate::{Result, fail};
use connection_tests::manager::Manager;
use std::process::Command;

/// Rounds in the full form.
const ROUNDS: usize = 3;
/// HTTP connections of the load.
const CONNECTIONS: usize = 32;
/// The core of the server.
const SERVER_CORE: &str = "0";
/// The core of the load, where there are two.
const LOAD_CORE: &str = "1";

pub(crate) fn run(bench: &Bench<'_>) -> Result<Vec<Outcome>> {
    let mut outcomes = Vec::new();
    for sessions in [1, 20] {
        let case = format!("requests-{sessions}");
        if bench.options.case(&case) && bench.options.contender("http") {
            outcomes.push(one(bench, &case, sessions)?);
        }
    }
    Ok(outcomes)
}

fn one(bench: &Bench<'_>, case: &str, sessions: usize) -> Result<Outcome> {
    let builder = Manager::builder().wrapped_in(&["taskset", "-c", SERVER_CORE]);
    let facade = Facade::start_with(builder, sessions);
    for _ in 0..sessions {
        facade.open(&bench.site, Protocol::Sftp)?;
    }
    let listed: serde_json::Value = facade.get("/connections")?;
    let listed = listed.get("sessions").and_then(|list| list.as_array());
    if listed.map(Vec::len) != Some(sessions) {
        return fail("not all sessions are listed".to_owned());
    }
    let seconds = bench.options.amount(5, 1);
    let entrant = Entrant::new("http", |_| load(&facade, seconds));
    let what = format!(
        "GET /connections with {sessions} SSH sessions open; server on one core, \
         wrk with {CONNECTIONS} connections on another"
    );
    let rounds = bench.options.rounds(ROUNDS);
    Ok(alternate(case, what, "http", rounds, vec![entrant]))
}

fn load(facade: &Facade, seconds: usize) -> Result<Metrics> {
    let mut wrk = Command::new("taskset");
    wrk.args(["-c", load_core(), "wrk", "-t1", "-c"])
        .arg(CONNECTIONS.to_string())
        .arg(format!("-d{seconds}s"))
        .arg(format!("{}/connections", facade.base()));
    let ended = wrk.output()?;
    let text = String::from_utf8_lossy(&ended.stdout);
    let bad = text.contains("Non-2xx") || text.contains("Socket errors");
    let rate = text
        .lines()
        .find_map(|line| line.strip_prefix("Requests/sec:"))
        .and_then(|rate| rate.trim().parse().ok());
    match rate {
        Some(rate) if ended.status.success() && !bad => {
            Ok(Metrics::from([("rate".to_owned(), rate)]))
        }
        _ => fail(format!("wrk: {}: {text}", ended.status)),
    }
}

fn load_core() -> &'static str {
    match std::thread::available_parallelism() {
        Ok(cores) if cores.get() > 1 => LOAD_CORE,
        _ => SERVER_CORE,
    }
}
