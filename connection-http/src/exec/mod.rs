//! Commands with their input, their surroundings and their output as it comes: what the
//! routes of `/exec` are made of. Knows no other route.

pub(crate) mod commands;
pub(crate) mod live;
pub(crate) mod models;
pub(crate) mod order;
pub(crate) mod text;
