//! Harness.
pub mod conformance;
