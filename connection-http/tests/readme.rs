//! The tables of routes and settings in the README are those of the program, and its sample
//! is valid.

#![allow(
    clippy::unwrap_used,
    reason = "a test may end where something is missing"
)]

use clap::CommandFactory;
use connection_http::config::{Cli, Layer, Settings, TOKEN_VARIABLE};
use std::collections::BTreeSet;

const README: &str = include_str!("../../README.md");
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
fn every_route_has_a_row() {
    let description = connection_http::run::describe().unwrap();
    let description: serde_json::Value = serde_json::from_str(&description).unwrap();
    for (path, operations) in description.get("paths").unwrap().as_object().unwrap() {
        let path = path.replace("{session_id}", "{id}");
        let path = path.replace("{recording_id}", "{id}");
        // `HEAD` is told with `GET`.
        let methods = operations
            .as_object()
            .unwrap()
            .keys()
            .filter(|m| *m != "head");
        for method in methods {
            let route = format!("`{} {path}", method.to_uppercase());
            let is_told = README.match_indices(&route).any(|(at, _)| {
                let behind = README.get(at + route.len()..).unwrap();
                behind.starts_with(['`', '?'])
            });
            assert!(is_told, "README.md lacks {route}`");
        }
    }
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
