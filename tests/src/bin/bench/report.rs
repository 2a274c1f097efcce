//! What was measured, as Markdown.

use crate::Result;
use crate::plan::Options;
use crate::results::{Outcome, Row};
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

/// Writes the report where the options say; failure when a contender failed.
pub(crate) fn write(options: &Options, outcomes: &[Outcome]) -> Result<ExitCode> {
    let mut text = String::new();
    for outcome in outcomes {
        table(&mut text, outcome)?;
    }
    match &options.output {
        Some(path) => std::fs::write(path, text)?,
        None => std::io::stdout().lock().write_all(text.as_bytes())?,
    }
    let failed = |outcome: &Outcome| outcome.rows.iter().any(|row| row.failure.is_some());
    Ok(match outcomes.iter().any(failed) {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    })
}

/// A column: the figure, its heading, how its value is shown.
type Column = (&'static str, &'static str, fn(f64) -> String);

const COLUMNS: &[Column] = &[
    ("seconds", "time", seconds),
    ("login", "of it login", seconds),
    ("first_page", "first page", seconds),
    ("p50", "p50", seconds),
    ("p99", "p99", seconds),
    ("idle_p50", "echo p50 idle", seconds),
    ("idle_p99", "p99 idle", seconds),
    ("busy_p50", "p50 busy", seconds),
    ("busy_p99", "p99 busy", seconds),
    ("cpu", "CPU", seconds),
    ("curl_cpu", "CPU of curl", seconds),
    ("memory", "peak memory", bytes),
    ("rate", "requests/s", |rate| format!("{rate:.0}")),
    ("per_session", "memory each", |bytes| {
        format!("{:.0} KB", bytes / 1000.0)
    }),
];

fn seconds(value: f64) -> String {
    match value {
        v if v >= 1.0 => format!("{v:.2} s"),
        v if v >= 0.01 => format!("{:.0} ms", v * 1e3),
        v => format!("{:.2} ms", v * 1e3),
    }
}

fn bytes(value: f64) -> String {
    format!("{:.1} MiB", value / f64::from(1 << 20))
}

fn table(text: &mut String, outcome: &Outcome) -> Result<()> {
    writeln!(text, "### {}\n\n{}.\n", outcome.case, outcome.what)?;
    let has = |figure: &str| {
        outcome
            .rows
            .iter()
            .any(|row| row.values.contains_key(figure))
    };
    let columns: Vec<&Column> = COLUMNS.iter().filter(|(figure, ..)| has(figure)).collect();
    let mut head = vec!["contender".to_owned()];
    let ranked = has("seconds");
    if ranked {
        head.push(format!("speed ÷ {}", outcome.reference));
    }
    if outcome.bytes.is_some() {
        head.push("MiB/s".to_owned());
    }
    head.extend(columns.iter().map(|(_, heading, _)| (*heading).to_owned()));
    writeln!(text, "| {} |", head.join(" | "))?;
    writeln!(text, "|---{}|", "|--:".repeat(head.len() - 1))?;
    for row in &outcome.rows {
        let cells = cells(outcome, row, &columns, ranked);
        writeln!(text, "| {} |", cells.join(" | "))?;
        if let Some(why) = &row.failure {
            let why = why.replace(['\n', '|'], " ");
            writeln!(text, "| {} failed: {why} |", row.contender)?;
        }
    }
    writeln!(text)?;
    Ok(())
}

fn cells(outcome: &Outcome, row: &Row, columns: &[&Column], ranked: bool) -> Vec<String> {
    let mut cells = vec![row.contender.clone()];
    let none = || "–".to_owned();
    let time = row.median("seconds");
    if ranked {
        let base = outcome
            .row(&outcome.reference)
            .and_then(|r| r.median("seconds"));
        let ratio = base
            .zip(time)
            .map(|(base, time)| format!("{:.2}", base / time));
        cells.push(ratio.unwrap_or_else(none));
    }
    if let Some(bytes) = outcome.bytes {
        let mib = bytes as f64 / f64::from(1 << 20);
        cells.push(time.map_or_else(none, |time| format!("{:.0}", mib / time)));
    }
    for (figure, _, show) in columns {
        cells.push(row.median(figure).map_or_else(none, show));
    }
    cells
}
