//! What the README says is so: the table of settings is that of the program and its sample is
//! valid, every route is named, figures are those of the report, and links lead somewhere.

#![allow(
    clippy::unwrap_used,
    reason = "a test may end where something is missing"
)]

use clap::CommandFactory;
use connection_http::config::{Cli, Layer, Settings, TOKEN_VARIABLE};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const README: &str = include_str!("../../README.md");
const BENCHMARKS: &str = include_str!("../../BENCHMARKS.md");
const PREFIX: &str = "CONNECTION_MANAGER_";

/// Flag, variable, TOML key and default of each row, without the quotes of code.
fn rows() -> Vec<Vec<String>> {
    let section = README.split("\n## Configuration\n").nth(1).unwrap();
    let section = section.split("\n## ").next().unwrap();
    section
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| flag "))
        .map(|line| {
            let cells = line.split('|').skip(1).take(4);
            cells.map(|cell| cell.trim().replace('`', "")).collect()
        })
        .collect()
}

#[test]
fn every_route_has_a_place_and_every_named_route_is_one() {
    let description: serde_json::Value =
        serde_json::from_str(&connection_http::run::describe().unwrap()).unwrap();
    let real: BTreeSet<String> = description
        .get("paths")
        .and_then(|paths| paths.as_object())
        .unwrap()
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap().keys();
            methods.map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect();
    let table = README.split("\nAll routes").nth(1).unwrap();
    let table = table.split("\n\n").nth(1).unwrap();
    let named: BTreeSet<String> = table
        .split('`')
        .skip(1)
        .step_by(2)
        .map(|route| route.replace('…', "/connections/{session_id}"))
        .collect();
    assert_eq!(
        named, real,
        "README.md on the left, the program on the right"
    );
}

#[test]
fn every_flag_has_a_row_and_every_row_its_flag() {
    let listed: BTreeSet<_> = rows()
        .into_iter()
        .filter_map(|row| {
            let mut cells = row.into_iter();
            let (flag, variable) = (cells.next()?, cells.next()?);
            (!flag.is_empty()).then_some((flag, variable))
        })
        .collect();
    let real: BTreeSet<_> = Cli::command()
        .get_arguments()
        .filter(|argument| !matches!(argument.get_id().as_str(), "help" | "version"))
        .map(|argument| {
            let variable = argument.get_env().map(|name| name.to_str().unwrap());
            let variable = variable.map(|name| name.strip_prefix(PREFIX).unwrap());
            (
                format!("--{}", argument.get_long().unwrap()),
                variable.unwrap_or_default().to_owned(),
            )
        })
        .collect();
    assert_eq!(
        listed, real,
        "README.md on the left, the program on the right"
    );
    let token = TOKEN_VARIABLE.strip_prefix(PREFIX).unwrap();
    assert!(rows().iter().any(|row| row.get(1).unwrap() == token));
}

#[test]
fn every_key_is_one_and_none_is_missing() {
    let mut keys: BTreeSet<String> = rows()
        .into_iter()
        .map(|row| row.get(2).unwrap().trim_matches(['[', ']']).to_owned())
        .filter(|key| !key.is_empty())
        .collect();
    for key in &keys {
        let error = Layer::parse(&format!("{key} = {{ nothing = 1 }}"));
        let error = error.err().unwrap().to_string();
        assert!(!error.contains("unknown field"), "{key}: {error}");
    }
    // What an unknown key could have been.
    let error = Layer::parse("nothing = 1").err().unwrap().to_string();
    let expected = error.split("expected one of ").nth(1).unwrap();
    for known in expected.split(',') {
        let known = known.trim().trim_matches('`');
        assert!(keys.remove(known), "README.md lacks the key {known}");
    }
    assert!(keys.is_empty(), "{keys:?}");
}

#[test]
fn defaults_are_those_of_the_program() {
    let toml = Settings::defaults().unwrap().to_toml().unwrap();
    let mut compared = 0;
    for row in rows() {
        let (key, default) = (row.get(2).unwrap(), row.get(3).unwrap());
        let prefix = format!("{key} = ");
        let Some(real) = toml.lines().find_map(|line| line.strip_prefix(&prefix)) else {
            continue;
        };
        // These depend on the machine, or are empty lists.
        if matches!(key.as_str(), "config_dir" | "local_roots") || real == "[]" {
            continue;
        }
        assert_eq!(real.trim_matches('"'), default, "{key}");
        compared += 1;
    }
    assert!(compared >= 13, "{compared}");
}

#[test]
fn the_sample_is_valid() {
    let sample = README.split("```toml\n").nth(1).unwrap();
    let sample = sample.split("```").next().unwrap();
    let settings = Settings::from_layer(Layer::parse(sample).unwrap()).unwrap();
    let holders: Vec<_> = settings.tokens.iter().map(|t| t.holder.as_str()).collect();
    assert_eq!(holders, ["ann", "bob"]);
}

/// Times such as `2.44 s` and `0.55 ms`, as they are written.
fn times(text: &str) -> Vec<(&str, &str)> {
    let cells = text.split('|').map(str::trim);
    cells
        .filter_map(|cell| cell.split_once(' '))
        .filter(|(number, unit)| number.parse::<f64>().is_ok() && matches!(*unit, "s" | "ms"))
        .collect()
}

#[test]
fn figures_are_those_of_the_report() {
    let table = README.split("\n## Speed\n").nth(1).unwrap();
    let table = table.split("\n## ").next().unwrap();
    let measured = times(BENCHMARKS);
    let shown = times(table);
    assert!(shown.len() > 20, "{shown:?}");
    for (number, unit) in shown {
        // The README may round.
        let places = number.split('.').nth(1).map_or(0, str::len);
        let half = 0.5 / 10_f64.powi(i32::try_from(places).unwrap()) + 1e-9;
        let value: f64 = number.parse().unwrap();
        let same = |(real, its_unit): &(&str, &str)| {
            *its_unit == unit && (real.parse::<f64>().unwrap() - value).abs() <= half
        };
        assert!(
            measured.iter().any(same),
            "BENCHMARKS.md has no {number} {unit}: bring the README's table up to date"
        );
    }
}

#[test]
fn links_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut followed = 0;
    for file in [
        "README.md",
        "docs/ftp.md",
        "connection-core/README.md",
        "connection-http/README.md",
        "frontend-contract/README.md",
        "frontend-contract/CONTRIBUTING.md",
        "frontend-contract/TERMINAL.md",
        "frontend-contract/TUNNEL.md",
    ] {
        let file = root.join(file);
        let text = fs::read_to_string(&file).unwrap();
        let links = text.split("](").skip(1).filter_map(|s| s.split(')').next());
        let pictures = ["src=\"", "srcset=\""];
        let pictures = pictures
            .iter()
            .flat_map(|attribute| text.split(attribute).skip(1));
        for link in links.chain(pictures.filter_map(|s| s.split('"').next())) {
            if link.contains("://") || link.contains('`') {
                continue;
            }
            let (path, heading) = link.split_once('#').unwrap_or((link, ""));
            if path.is_empty() {
                let headings = text.lines().filter(|line| line.starts_with('#'));
                let slugs = headings.map(|h| h.trim_start_matches('#').trim().to_lowercase());
                let found = slugs.map(|h| h.replace(' ', "-")).any(|h| h == heading);
                assert!(found, "{}: {link}", file.display());
            } else {
                let target = file.parent().unwrap().join(path);
                assert!(target.exists(), "{}: {link}", file.display());
            }
            followed += 1;
        }
    }
    assert!(followed > 20, "{followed}");
}
