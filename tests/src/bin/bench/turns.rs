//! Taking turns: every contender once a round, so that whatever else the machine does hits
//! all of them. Knows neither contenders nor cases.

use crate::Result;
use crate::results::{Metrics, Outcome, Row};
use std::collections::BTreeMap;
use std::io::Write as _;

/// A contender of a case: its name, and one run of it.
pub(crate) struct Entrant<'a> {
    pub(crate) name: String,
    pub(crate) run: Box<dyn FnMut(usize) -> Result<Metrics> + 'a>,
}

impl<'a> Entrant<'a> {
    /// `run` is told the round, counted from 0.
    pub(crate) fn new(name: &str, run: impl FnMut(usize) -> Result<Metrics> + 'a) -> Self {
        Self {
            name: name.to_owned(),
            run: Box::new(run),
        }
    }
}

/// Runs every entrant once a round. One that fails is out, and its row says why.
pub(crate) fn alternate(
    case: &str,
    what: String,
    reference: &str,
    rounds: usize,
    entrants: Vec<Entrant<'_>>,
) -> Outcome {
    let mut entrants: Vec<(Entrant<'_>, Row)> = entrants
        .into_iter()
        .map(|entrant| {
            let row = Row {
                contender: entrant.name.clone(),
                values: BTreeMap::new(),
                failure: None,
            };
            (entrant, row)
        })
        .collect();
    for round in 0..rounds {
        for (entrant, row) in &mut entrants {
            if row.failure.is_some() {
                continue;
            }
            match (entrant.run)(round) {
                Ok(metrics) => {
                    say(&format!("{case}: {}: {}", entrant.name, brief(&metrics)));
                    for (figure, value) in metrics {
                        row.values.entry(figure).or_default().push(value);
                    }
                }
                Err(error) => {
                    say(&format!("{case}: {}: FAILED: {error}", entrant.name));
                    row.failure = Some(error.to_string());
                }
            }
        }
    }
    Outcome {
        case: case.to_owned(),
        what,
        bytes: None,
        reference: reference.to_owned(),
        rows: entrants.into_iter().map(|(_, row)| row).collect(),
    }
}

fn brief(metrics: &Metrics) -> String {
    let figure = |(name, value): (&String, &f64)| match name.as_str() {
        "memory" => format!("{name} {:.1} MiB", value / f64::from(1 << 20)),
        _ => format!("{name} {value:.4}"),
    };
    metrics.iter().map(figure).collect::<Vec<_>>().join(", ")
}

/// Tells the person who waits.
pub(crate) fn say(text: &str) {
    // Without a standard error there is nobody to tell.
    let _ = writeln!(std::io::stderr().lock(), "bench: {text}");
}
