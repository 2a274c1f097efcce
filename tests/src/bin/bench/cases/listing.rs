//! Listing large directories: the time to the first entries and to the last, on a session
//! that is open already (but for `sftp`, whose login cannot be told apart).

use super::Bench;
use crate::clients::{FileClient as _, Http, Library, OpenSsh, Protocol, Python};
use crate::facade::Facade;
use crate::results::{Metrics, Outcome};
use crate::turns::{Entrant, alternate};
use crate::worker::{Login, Work};
use crate::{Result, fail, processes};
use connection_core::target::SshEngine;
use serde::Deserialize;
use serde_json::json;
use std::fs;
use std::time::Instant;

/// Names of the cases, and the entries of the full and the quick form.
const CASES: [(&str, usize, usize); 2] = [("list-10k", 10_000, 200), ("list-100k", 100_000, 2000)];
/// Rounds in the full form.
const ROUNDS: usize = 5;

pub(crate) fn run(bench: &Bench<'_>) -> Result<Vec<Outcome>> {
    let mut outcomes = Vec::new();
    if !CASES.iter().any(|(case, ..)| bench.options.case(case)) {
        return Ok(outcomes);
    }
    // A server that never holds a whole listing, so that its memory is that of pages.
    let paging = Facade::start(1);
    let paged = Http::open(&paging, &bench.site, Protocol::Sftp)?;
    for (case, full, quick) in CASES {
        if !bench.options.case(case) {
            continue;
        }
        let count = bench.options.amount(full, quick);
        let directory = bench.ground.remote(case);
        bench.ground.make_small(&directory, count, 0)?;
        let entrants = entrants(bench, &paged, case, count)?;
        let what = format!("a directory of {count} entries, with all attributes");
        let rounds = bench.options.rounds(ROUNDS);
        outcomes.push(alternate(case, what, "paramiko", rounds, entrants));
        fs::remove_dir_all(directory)?;
    }
    Ok(outcomes)
}

fn entrants<'a>(
    bench: &'a Bench<'_>,
    paged: &'a Http<'_>,
    case: &'a str,
    count: usize,
) -> Result<Vec<Entrant<'a>>> {
    let site = &bench.site;
    let mut entrants = Vec::new();
    let http = Http::open(bench.facade, site, Protocol::Sftp)?;
    entrants.push(Entrant::new(&http.name(), move |_| {
        whole(&http, case, count)
    }));
    entrants.push(Entrant::new("http-pages", move |_| {
        pages(paged, case, count)
    }));
    for engine in SshEngine::ALL {
        let library = Library::new(site, Login::key(engine));
        entrants.push(Entrant::new(&library.name(), move |_| {
            let remote = library.remote(case);
            counted(library.work(Work::List { remote })?, count)
        }));
    }
    for tool in ["paramiko", "asyncssh"] {
        let python = Python::new(site, tool);
        let remote = bench.ground.remote(case);
        entrants.push(Entrant::new(tool, move |_| {
            counted(python.work("list", &json!({ "remote": remote }))?, count)
        }));
    }
    let sftp = OpenSsh::aes(site);
    entrants.push(Entrant::new(&sftp.name(), move |_| {
        let listed = sftp.batch(&format!("ls -1f {}\n", sftp.remote(case).display()))?;
        let mut metrics = listed.metrics();
        let lines = String::from_utf8_lossy(&listed.stdout);
        let names = lines.lines().filter(|line| line.contains("file-")).count();
        metrics.insert("entries".to_owned(), names as f64);
        counted(metrics, count)
    }));
    entrants.retain(|entrant| bench.options.contender(&entrant.name));
    Ok(entrants)
}

/// What a client keeps of the contract's listing: every field of every row, as the peers do.
#[derive(Deserialize)]
struct Whole {
    files: Vec<Row>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "that they are read is what is measured")]
struct Row {
    name: String,
    path: String,
    is_directory: bool,
    size: u64,
    size_formatted: String,
    modified: String,
    permissions: String,
}

#[derive(Deserialize)]
struct Page {
    entries: Vec<PagedRow>,
    next_cursor: Option<String>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "that they are read is what is measured")]
struct PagedRow {
    name: String,
    path: Option<String>,
    #[serde(rename = "type")]
    kind: String,
    size: Option<u64>,
    modified: Option<String>,
    permissions: Option<String>,
    owner: Option<String>,
    group: Option<String>,
}

/// The contract's listing: one answer with everything.
fn whole(http: &Http<'_>, case: &str, count: usize) -> Result<Metrics> {
    let route = http.route("files", case);
    watched(http.facade(), || {
        let entries = http.facade().get::<Whole>(&route)?.files.len();
        counted(
            Metrics::from([("entries".to_owned(), entries as f64)]),
            count,
        )
    })
}

/// The listing in pages of the default size.
fn pages(http: &Http<'_>, case: &str, count: usize) -> Result<Metrics> {
    let route = http.route("entries", case);
    let facade = http.facade();
    watched(facade, || {
        let start = Instant::now();
        let (mut entries, mut first, mut cursor) = (0, None, None);
        loop {
            let page: Page = match &cursor {
                None => facade.get(&route)?,
                Some(cursor) => facade.get(&format!("{route}&cursor={cursor}"))?,
            };
            first.get_or_insert(start.elapsed().as_secs_f64());
            entries += page.entries.len();
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        let figures = [
            ("entries".to_owned(), entries as f64),
            ("first_page".to_owned(), first.unwrap_or_default()),
        ];
        counted(Metrics::from(figures), count)
    })
}

/// Time, and the server's processor time and memory, of some requests.
fn watched(facade: &Facade, requests: impl FnOnce() -> Result<Metrics>) -> Result<Metrics> {
    let pid = facade.pid();
    processes::forget_peak(pid)?;
    let gone = "the server is gone";
    let (cpu, start) = (processes::cpu(pid).ok_or(gone)?, Instant::now());
    let mut metrics = requests()?;
    metrics.insert("seconds".to_owned(), start.elapsed().as_secs_f64());
    metrics.insert("cpu".to_owned(), processes::cpu(pid).ok_or(gone)? - cpu);
    let peak = processes::peak_memory(pid).ok_or(gone)?;
    metrics.insert("memory".to_owned(), peak as f64);
    Ok(metrics)
}

fn counted(metrics: Metrics, count: usize) -> Result<Metrics> {
    match metrics.get("entries") {
        Some(entries) if *entries as usize == count => Ok(metrics),
        entries => fail(format!("it listed {entries:?} entries of {count}")),
    }
}
