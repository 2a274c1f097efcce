//! The link itself, by bare TCP.

use super::{Bench, LinkPlan};
use crate::probe;
use crate::results::Outcome;
use crate::turns::{Entrant, alternate};
use std::net::Ipv4Addr;

/// Round trip and rates of a link whose other end answers probes at this address.
pub(crate) fn run(bench: &Bench<'_>, plan: &LinkPlan, to: (Ipv4Addr, u16)) -> Outcome {
    let size = plan.size(bench.options);
    let entrants = vec![
        Entrant::new("ping-pong", |_| probe::round_trip(to)),
        Entrant::new("tcp-download", |_| probe::bulk(to, size, true)),
        Entrant::new("tcp-upload", |_| probe::bulk(to, size, false)),
    ];
    let what = format!(
        "the link itself: one byte there and back on an open connection, and {} MiB over one \
         new connection without any encryption, which is the most a client with one \
         connection can reach",
        size >> 20
    );
    let rounds = bench.options.rounds(plan.rounds());
    let mut outcome = alternate(&plan.own_case(), what, "tcp-download", rounds, entrants);
    outcome.bytes = Some(size);
    outcome
}
