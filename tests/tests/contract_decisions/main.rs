//! What was decided where the contract's document and the server it describes disagreed: one
//! test each, by number. Where another test goes deeper, this one shows the heart of it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helpers fail the test, as the test itself does"
)]

mod rows_13_on;
mod rows_1_to_12;

use serde_json::Value;
use std::time::Duration;

pub(crate) const SOON: Duration = connection_tests::wait::PATIENCE;

pub(crate) fn printed_config(manager: &connection_tests::manager::ManagerBuilder) -> String {
    let home = tempfile::tempdir().unwrap();
    let output = manager
        .command(home.path())
        .arg("--print-config")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

pub(crate) fn files(body: &Value) -> &[Value] {
    body["files"].as_array().unwrap()
}

pub(crate) fn named<'a>(body: &'a Value, name: &str) -> &'a Value {
    match files(body).iter().find(|file| file["name"] == name) {
        Some(file) => file,
        None => panic!("{name:?} is not listed: {body:#}"),
    }
}
