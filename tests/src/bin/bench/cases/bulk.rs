//! One large file, down and up.

use super::{Bench, LinkPlan};
use crate::Result;
use crate::clients::{self, FileClient, Way};
use crate::ground::check_copy;
use crate::results::Outcome;
use crate::turns::{Entrant, alternate};
use std::path::PathBuf;

/// Name of the file.
const SOURCE: &str = "large";
/// Name of a copy of it.
const COPY: &str = "copy";

/// Over SFTP.
pub(crate) fn sftp(bench: &Bench<'_>, plan: &LinkPlan) -> Result<Vec<Outcome>> {
    let clients = || clients::sftp(&bench.site, bench.facade);
    run(bench, plan, "sftp", "openssh-aes", clients, |name| {
        bench.ground.remote(name)
    })
}

/// Over FTP without TLS.
pub(crate) fn ftp(bench: &Bench<'_>, plan: &LinkPlan) -> Result<Vec<Outcome>> {
    let clients = || clients::ftp(&bench.site, bench.facade);
    run(bench, plan, "ftp", "curl", clients, |name| {
        bench.ground.ftp_remote(name)
    })
}

fn run<'a>(
    bench: &Bench<'_>,
    plan: &LinkPlan,
    protocol: &str,
    reference: &str,
    clients: impl Fn() -> Result<Vec<Box<dyn FileClient + 'a>>>,
    there: impl Fn(&str) -> PathBuf,
) -> Result<Vec<Outcome>> {
    let name = |way: Way| plan.case(protocol, way);
    let wanted: Vec<Way> = Way::BOTH
        .into_iter()
        .filter(|way| bench.options.case(&name(*way)))
        .collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let size = plan.size(bench.options);
    bench.ground.make_large(SOURCE, size)?;
    let mut clients = clients()?;
    clients.retain(|client| {
        let name = client.name();
        bench.options.contender(&name) && plan.contender(&name)
    });
    let mut outcomes = Vec::new();
    for way in wanted {
        let (source, there) = (bench.ground.local(SOURCE), there(COPY));
        let entrants = clients.iter().map(|client| {
            let (source, there) = (source.clone(), there.clone());
            let here = bench.ground.local(COPY);
            Entrant::new(&client.name(), move |round| {
                // The whole of every copy in the first round; comparing takes time.
                let whole = round == 0;
                match way {
                    Way::Download => {
                        let metrics = client.copy(way, &here, SOURCE)?;
                        check_copy(&source, &here, whole)?;
                        Ok(metrics)
                    }
                    Way::Upload => {
                        let metrics = client.copy(way, &source, COPY)?;
                        check_copy(&source, &there, whole)?;
                        Ok(metrics)
                    }
                }
            })
        });
        let what = format!("{} of one file of {} MiB", way.name(), size >> 20);
        let rounds = bench.options.rounds(plan.rounds());
        let entrants = entrants.collect();
        let mut outcome = alternate(&name(way), what, reference, rounds, entrants);
        outcome.bytes = Some(size);
        outcomes.push(outcome);
    }
    Ok(outcomes)
}
