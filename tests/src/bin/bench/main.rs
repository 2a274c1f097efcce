//! `make bench`: this library and server beside the programs people use otherwise, measured
//! in turns in one run against servers on this machine with files in memory.
//!
//! The program is several processes of itself: the one a person starts makes a directory in
//! memory, runs the run in it and removes it however the run ends; the run starts servers and
//! takes turns; a worker is the library alone, so that what it uses can be told.

mod cases;
mod ciphers;
mod clients;
mod facade;
mod ground;
mod link;
mod machine;
mod master;
mod measure;
mod plan;
mod probe;
mod processes;
mod report;
mod results;
mod site;
mod supervise;
mod targets;
mod turns;
mod typing;
mod web_terminal;
mod worker;

use cases::Bench;
use clap::Parser as _;
use facade::Facade;
use ground::Ground;
use link::Shape;
use plan::{Arguments, Options, Part};
use report::Run;
use site::Servers;
use std::error::Error;
use std::net::Ipv4Addr;
use std::process::ExitCode;

/// Anything that ends a run or a contender's part in it.
pub(crate) type Failure = Box<dyn Error + Send + Sync>;
/// Outcome of everything here.
pub(crate) type Result<T> = std::result::Result<T, Failure>;

/// A failure with this text.
pub(crate) fn fail<T>(why: String) -> Result<T> {
    Err(why.into())
}

fn main() -> Result<ExitCode> {
    let Arguments { part, options } = Arguments::parse();
    match part {
        None => supervise::supervise(),
        Some(Part::Worker { job }) => worker::main(&job).map(|()| ExitCode::SUCCESS),
        Some(Part::Run) => run(&options),
        Some(Part::Serve { host }) => link::serve(host).map(|()| ExitCode::SUCCESS),
        Some(Part::Inside { shape }) => link::inside(&options, shape).map(|()| ExitCode::SUCCESS),
    }
}

/// Room for sessions of our server.
const SESSIONS: usize = 1000;

fn run(options: &Options) -> Result<ExitCode> {
    let servers = Servers::start(Ipv4Addr::LOCALHOST)?;
    let facade = Facade::start(SESSIONS);
    let local = tempfile::tempdir()?;
    let site = servers.site();
    let bench = Bench {
        options,
        ground: Ground::new(local.path(), &site),
        site,
        facade: &facade,
    };
    let outcomes = bench.loopback()?;
    let mut shaped = Vec::new();
    for shape in Shape::ALL {
        shaped.extend(link::measure(options, shape)?);
    }
    let ciphers = match options.case("sftp") {
        true => ciphers::agreed(options, &servers, &bench.ground)?,
        false => Vec::new(),
    };
    let run = Run {
        outcomes,
        shaped,
        ciphers,
    };
    report::write(options, &run)?;
    Ok(match run.whole() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}
