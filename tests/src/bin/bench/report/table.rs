//! Tables of the report.

use crate::Result;
use crate::results::{Outcome, Row};
use std::fmt::Write as _;

/// A column: the figure, its heading, how its value is shown.
type Column = (&'static str, &'static str, fn(f64) -> String);

/// In this order, those of which a case has figures.
const COLUMNS: &[Column] = &[
    ("seconds", "time", seconds),
    ("round_trip", "round trip", seconds),
    ("login", "login", seconds),
    ("first_page", "first page", seconds),
    ("p50", "p50", seconds),
    ("p99", "p99", seconds),
    ("idle_p50", "echo p50 idle", seconds),
    ("idle_p99", "p99 idle", seconds),
    ("busy_p50", "p50 busy", seconds),
    ("busy_p99", "p99 busy", seconds),
    ("cpu", "CPU", seconds),
    ("curl_cpu", "CPU of curl", seconds),
    ("memory", "peak memory", mebibytes),
    ("rate", "requests/s", |rate| format!("{rate:.0}")),
    ("per_session", "memory each", kilobytes),
];

/// Figures a case with no time for the whole is ranked by.
const RANKING: [&str; 4] = ["seconds", "p50", "busy_p99", "per_session"];

/// Writes a case.
pub(super) fn outcome(text: &mut String, outcome: &Outcome) -> Result<()> {
    writeln!(text, "### {}\n\n{}.\n", outcome.case, upper(&outcome.what))?;
    let has = |figure: &str| {
        let mut rows = outcome.rows.iter();
        rows.any(|row| row.values.contains_key(figure))
    };
    let columns: Vec<&Column> = COLUMNS.iter().filter(|(figure, ..)| has(figure)).collect();
    let alone = outcome.rows.len() < 2;
    let ranking = RANKING.into_iter().find(|figure| !alone && has(figure));
    let mut head = vec!["contender".to_owned()];
    if let Some(figure) = ranking {
        let (speed, reference) = ("speed", &outcome.reference);
        let name = if figure == "per_session" {
            "thrift"
        } else {
            speed
        };
        head.push(format!("{name} ÷ {reference}"));
    }
    if outcome.bytes.is_some() {
        head.push("MiB/s".to_owned());
    }
    head.extend(columns.iter().map(|(_, heading, _)| (*heading).to_owned()));
    writeln!(text, "| {} |", head.join(" | "))?;
    writeln!(text, "|---{}|", "|--:".repeat(head.len() - 1))?;
    for row in &outcome.rows {
        let cells = cells(outcome, row, &columns, ranking);
        writeln!(text, "| {} |", cells.join(" | "))?;
    }
    writeln!(text)?;
    for row in &outcome.rows {
        if let Some(why) = &row.failure {
            let why = why.lines().next_back().unwrap_or_default();
            writeln!(text, "**{} failed**: {why}\n", row.contender)?;
        }
    }
    Ok(())
}

fn cells(
    outcome: &Outcome,
    row: &Row,
    columns: &[&Column],
    ranking: Option<&'static str>,
) -> Vec<String> {
    let none = || "–".to_owned();
    let mut cells = vec![row.contender.clone()];
    if let Some(figure) = ranking {
        let reference = outcome.row(&outcome.reference);
        let base = reference.and_then(|row| row.median(figure));
        let ratio = base.zip(row.median(figure));
        let ratio = ratio.map(|(base, own)| format!("{:.2}", base / own));
        cells.push(ratio.unwrap_or_else(none));
    }
    if let Some(bytes) = outcome.bytes {
        let mib = bytes as f64 / MIB;
        let time = row.median("seconds");
        cells.push(time.map_or_else(none, |time| format!("{:.0}", mib / time)));
    }
    for (figure, _, show) in columns {
        cells.push(row.median(figure).map_or_else(none, show));
    }
    cells
}

/// Writes names and values.
pub(super) fn facts<'a>(
    text: &mut String,
    head: [&str; 2],
    facts: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<()> {
    writeln!(text, "| {} | {} |\n|---|---|", head[0], head[1])?;
    for (name, value) in facts {
        writeln!(text, "| {name} | {value} |")?;
    }
    writeln!(text)?;
    Ok(())
}

const MIB: f64 = 1_048_576.0;

fn seconds(value: f64) -> String {
    match value {
        v if v >= 1.0 => format!("{v:.2} s"),
        v if v >= 0.01 => format!("{:.0} ms", v * 1e3),
        v => format!("{:.2} ms", v * 1e3),
    }
}

fn mebibytes(bytes: f64) -> String {
    format!("{:.1} MiB", bytes / MIB)
}

fn kilobytes(bytes: f64) -> String {
    format!("{:.0} KB", bytes / 1e3)
}

fn upper(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}
