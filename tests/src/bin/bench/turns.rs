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

/// Runs every entrant once a round, another one first each time. One that fails is out, and
/// its row says why.
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
        let one = entrants.len().min(1);
        entrants.rotate_left(one);
    }
    let moved = rounds % entrants.len().max(1);
    entrants.rotate_right(moved);
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    #[test]
    fn everybody_is_first_once_and_the_failed_are_out() {
        let order = RefCell::new(String::new());
        let entrant = |name: &'static str| {
            let order = &order;
            Entrant::new(name, move |round| {
                order.borrow_mut().push_str(name);
                match (name, round) {
                    ("b", 1) => Err("no more".into()),
                    _ => Ok(Metrics::from([("seconds".to_owned(), 1.0)])),
                }
            })
        };
        let entrants = vec![entrant("a"), entrant("b"), entrant("c")];
        let outcome = alternate("case", String::new(), "a", 4, entrants);
        assert_eq!(*order.borrow(), "abc bca ca ac".replace(' ', ""));
        let names: Vec<&str> = outcome.rows.iter().map(|r| r.contender.as_str()).collect();
        assert_eq!(names, ["a", "b", "c"]);
        let failures: Vec<bool> = outcome.rows.iter().map(|r| r.failure.is_some()).collect();
        assert_eq!(failures, [false, true, false]);
        assert!(
            alternate("none", String::new(), "a", 2, Vec::new())
                .rows
                .is_empty()
        );
    }
}
