//! Commands with their input, their surroundings and their output as it comes: what the
//! routes of `/exec` are made of. Knows no other route.

pub mod commands;
pub mod live;
pub mod models;
pub mod order;
pub mod text;
