//! HTTP facade over `connection-core`: sessions, files and commands as JSON routes.
//!
//! A request goes one way: [`server`] accepts it, [`app`] checks who asks and from where,
//! a route unpacks it and makes one call on the session store, and [`table`] gives an
//! error its status and text. Nothing here knows SSH or FTP beyond their names.
//!
//! A program of its own is [`run`]; the README shows how to put an [`app::App`] into another.

pub mod app;
pub mod auth;
pub mod codes;
pub mod conditional;
pub mod config;
pub mod content;
pub mod cors;
pub mod disposition;
pub mod downloads;
pub mod drained;
pub mod ending;
pub mod entry_models;
pub mod error;
mod examples;
pub mod exec;
pub mod extension;
pub mod fields;
pub mod form;
pub mod form_name;
pub mod ftp_login;
pub mod host_check;
pub mod intake;
pub mod json;
pub mod listing;
pub mod local_roots;
pub mod logging;
pub mod models;
pub mod open_listing;
pub mod openapi;
pub mod output;
pub mod packed;
pub mod page;
pub mod page_files;
pub mod parked;
pub mod query;
pub mod range;
pub mod recording_models;
pub mod responses;
pub mod routes;
pub mod run;
pub mod server;
pub mod shelf;
pub mod shell;
pub mod table;
pub mod terminal;
pub mod tickets;
pub mod time;
pub mod tunnel_socket;
pub mod ws;

/// The example of the README, compiled with the documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
