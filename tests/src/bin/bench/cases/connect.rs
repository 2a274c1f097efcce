//! Logging in, over and over: key exchange, host key, login.

use super::Bench;
use super::exec::only_latencies;
use crate::Result;
use crate::clients::{FileClient as _, Library, Python};
use crate::facade::{key_login, password_login};
use crate::master::Master;
use crate::results::{Outcome, latencies};
use crate::turns::{Entrant, alternate};
use crate::worker::{Login, Work};
use serde_json::json;
use std::time::Instant;

/// Rounds in the full form.
const ROUNDS: usize = 5;

/// The ways to log in.
const CASES: [(&str, bool); 2] = [("connect-key", false), ("connect-password", true)];

pub(crate) fn run(bench: &Bench<'_>) -> Result<Vec<Outcome>> {
    let wanted = CASES.iter().filter(|(case, _)| bench.options.case(case));
    Ok(wanted
        .map(|(case, password)| one(bench, case, *password))
        .collect())
}

fn one(bench: &Bench<'_>, case: &str, password: bool) -> Outcome {
    let site = &bench.site;
    let times = bench.options.amount(20, 2);
    let body = if password {
        password_login(site)
    } else {
        key_login(site)
    };
    let mut entrants = vec![Entrant::new("http", move |_| {
        let mut taken = Vec::new();
        for _ in 0..times {
            let start = Instant::now();
            let session = bench.facade.connect("ssh", &body)?;
            taken.push(start.elapsed().as_secs_f64());
            bench.facade.close(&session)?;
        }
        Ok(latencies(&taken))
    })];
    let logins = match password {
        true => [Login::RusshPassword, Login::Libssh2Password],
        false => [Login::RusshKey, Login::Libssh2Key],
    };
    for login in logins {
        let library = Library::new(site, login);
        entrants.push(Entrant::new(&library.name(), move |_| {
            Ok(only_latencies(library.work(Work::Connect { times })?))
        }));
    }
    let socket = bench.ground.local("connect-master");
    entrants.push(Entrant::new("openssh", move |_| {
        let logins = (0..times).map(|_| Master::time_login(site, &socket, password));
        Ok(latencies(&logins.collect::<Result<Vec<_>>>()?))
    }));
    let python = Python::new(site, "paramiko");
    entrants.push(Entrant::new("paramiko", move |_| {
        let arguments = json!({ "times": times, "password": password });
        Ok(only_latencies(python.work("connect", &arguments)?))
    }));
    entrants.retain(|entrant| bench.options.contender(&entrant.name));
    let how = if password {
        "a password"
    } else {
        "an Ed25519 key"
    };
    let what = format!("connecting and logging in with {how}, {times} times a round");
    alternate(
        case,
        what,
        "openssh",
        bench.options.rounds(ROUNDS),
        entrants,
    )
}
