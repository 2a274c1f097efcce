//! What was measured, as data: figures by name, rows of contenders, cases. Knows neither how
//! it was measured nor how it is shown.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Figures of one run by name. Times are seconds, memory is bytes.
pub(crate) type Metrics = BTreeMap<String, f64>;

/// A case: what every contender did.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Outcome {
    /// Name, such as `sftp-download`; over a shaped link with its name before, `50ms/…`.
    pub(crate) case: String,
    /// What was done, for a reader.
    pub(crate) what: String,
    /// Bytes moved in one run, where bytes are what counts.
    pub(crate) bytes: Option<u64>,
    /// The contender others are compared with.
    pub(crate) reference: String,
    /// In the order they took their turns.
    pub(crate) rows: Vec<Row>,
}

/// One contender of a case.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    /// Its short name, such as `lib-russh`.
    pub(crate) contender: String,
    /// Every figure of every round.
    pub(crate) values: BTreeMap<String, Vec<f64>>,
    /// Why there are no (more) figures.
    pub(crate) failure: Option<String>,
}

/// What a client and sshd agreed on.
#[derive(Clone, Debug)]
pub(crate) struct Agreed {
    /// The client's short name.
    pub(crate) client: String,
    /// Cipher, and MAC where the cipher is none itself.
    pub(crate) cipher: String,
}

impl Outcome {
    /// The row of a contender.
    pub(crate) fn row(&self, contender: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.contender == contender)
    }
}

impl Row {
    /// The median of a figure over the rounds.
    pub(crate) fn median(&self, figure: &str) -> Option<f64> {
        median(self.values.get(figure)?)
    }
}

/// The middle value; of an even number the mean of both.
pub(crate) fn median(values: &[f64]) -> Option<f64> {
    let sorted = sorted(values);
    let upper = sorted.get(sorted.len() / 2)?;
    let lower = sorted.get((sorted.len() - 1) / 2)?;
    Some((upper + lower) / 2.0)
}

/// The value below which `percent` of 100 lie (nearest rank).
pub(crate) fn percentile(values: &[f64], percent: usize) -> Option<f64> {
    let sorted = sorted(values);
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

/// The median and the tail of single times, as figures.
pub(crate) fn latencies(times: &[f64]) -> Metrics {
    [("p50", 50), ("p99", 99)]
        .into_iter()
        .filter_map(|(name, percent)| Some((name.to_owned(), percentile(times, percent)?)))
        .collect()
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_and_the_tail() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median(&[]), None);
        let values: Vec<f64> = (1..=200).rev().map(f64::from).collect();
        assert_eq!(percentile(&values, 50), Some(100.0));
        assert_eq!(percentile(&values, 99), Some(198.0));
        assert_eq!(percentile(&[7.0], 99), Some(7.0));
    }
}
