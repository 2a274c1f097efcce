//! What an open session costs while nobody uses it: the growth of the server's memory over
//! many sessions, divided by their number.

use super::Bench;
use crate::facade::{Facade, key_login};
use crate::master::Master;
use crate::results::{Metrics, Outcome};
use crate::turns::{Entrant, alternate};
use crate::{Result, fail, processes};
use connection_core::target::SshEngine;
use serde_json::Value;
use std::time::Duration;

/// Name of the case.
const CASE: &str = "idle";
/// Sessions opened at once.
const AT_ONCE: usize = 8;
/// Processes of OpenSSH, each of which is one session.
const PROCESSES: usize = 10;
/// Memory counts once it changed by less than [`STEADY`] bytes in this time.
const PAUSE: Duration = Duration::from_millis(500);
/// See [`PAUSE`].
const STEADY: u64 = 64 * 1024;
/// Looks at the memory, at most.
const LOOKS: usize = 20;

pub(crate) fn run(bench: &Bench<'_>) -> Result<Vec<Outcome>> {
    if !bench.options.case(CASE) {
        return Ok(Vec::new());
    }
    let count = bench.options.amount(500, 4);
    let mut entrants = Vec::new();
    for engine in SshEngine::ALL {
        let name = format!("http-{}", engine.name());
        entrants.push(Entrant::new(&name, move |_| ours(bench, engine, count)));
    }
    entrants.push(Entrant::new("openssh", |_| openssh(bench)));
    entrants.retain(|entrant| bench.options.contender(&entrant.name));
    let what = format!(
        "memory of a session nobody uses: resident memory of our server with {count} sessions \
         less that with none, divided; OpenSSH is {PROCESSES} processes `ssh -N`, each with its \
         share of what they have in common"
    );
    let rounds = 1;
    Ok(vec![alternate(CASE, what, "openssh", rounds, entrants)])
}

fn ours(bench: &Bench<'_>, engine: SshEngine, count: usize) -> Result<Metrics> {
    let facade = Facade::start(count + 1);
    let mut login = key_login(&bench.site);
    if let Some(login) = login.as_object_mut() {
        login.insert("engine".to_owned(), engine.name().into());
    }
    // The first session brings what all share.
    facade.connect("ssh", &login)?;
    let before = steady(facade.pid())?;
    open_many(&facade, &login, count)?;
    let after = steady(facade.pid())?;
    let each = after.saturating_sub(before) as f64 / count as f64;
    Ok(Metrics::from([("per_session".to_owned(), each)]))
}

fn open_many(facade: &Facade, login: &Value, count: usize) -> Result<()> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..AT_ONCE)
            .map(|first| {
                scope.spawn(move || -> Result<()> {
                    for _ in (first..count).step_by(AT_ONCE) {
                        facade.connect("ssh", login)?;
                    }
                    Ok(())
                })
            })
            .collect();
        for thread in threads {
            match thread.join() {
                Ok(opened) => opened?,
                Err(_) => return fail("a thread that opened sessions is gone".to_owned()),
            }
        }
        Ok(())
    })
}

fn openssh(bench: &Bench<'_>) -> Result<Metrics> {
    let mut masters = Vec::new();
    for number in 0..PROCESSES {
        let socket = bench.ground.local(&format!("idle-{number}"));
        masters.push(Master::open(&bench.site, &socket)?);
    }
    let shares = masters.iter().map(|master| processes::share(master.pid()));
    let sum: Option<u64> = shares.sum();
    let each = sum.ok_or("ssh is gone")? as f64 / PROCESSES as f64;
    Ok(Metrics::from([("per_session".to_owned(), each)]))
}

/// Memory in use once it does not change any more.
fn steady(pid: u32) -> Result<u64> {
    let look = || processes::memory(pid).ok_or("the server is gone");
    let mut last = look()?;
    for _ in 0..LOOKS {
        // A pause between two looks is what steadiness is told by.
        std::thread::sleep(PAUSE);
        let now = look()?;
        if now.abs_diff(last) < STEADY {
            return Ok(now);
        }
        last = now;
    }
    Ok(last)
}
