//! HTTP facade over `connection-core`: sessions, files and commands as JSON routes.
//!
//! A request goes one way: [`server`] accepts it, [`app`] checks who asks and from where,
//! a route unpacks it and makes one call on the session store, and `table` gives an
//! error its status and text. Nothing here knows SSH or FTP beyond their names.
//!
//! A program of its own is [`run`]; the README shows how to put an [`app::App`] into another.

pub mod app;
mod auth;
mod codes;
mod conditional;
pub mod config;
mod content;
mod cors;
mod disposition;
mod downloads;
mod drained;
mod ending;
mod entry_models;
mod error;
mod examples;
mod exec;
mod extension;
mod fields;
mod form;
mod form_name;
mod ftp_login;
mod host_check;
mod intake;
mod json;
mod listing;
mod local_roots;
mod logging;
mod models;
mod open_listing;
mod openapi;
mod output;
mod packed;
mod page;
mod page_files;
mod parked;
mod query;
mod range;
mod recording_models;
mod responses;
mod routes;
pub mod run;
pub mod server;
mod shelf;
mod shell;
mod table;
mod terminal;
mod tickets;
mod time;
mod tunnel_socket;
mod ws;

/// The example of the README, compiled with the documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
