//! The cases, one file each, and the order they run in.

mod bulk;
mod connect;
mod exec;
mod idle;
mod listing;
mod requests;
mod small;
mod together;

use crate::Result;
use crate::facade::Facade;
use crate::ground::Ground;
use crate::plan::Options;
use crate::results::Outcome;
use crate::site::{Servers, Site};

/// What every case works with.
pub(crate) struct Bench<'a> {
    pub(crate) options: &'a Options,
    pub(crate) site: Site,
    pub(crate) facade: &'a Facade,
    pub(crate) ground: Ground,
}

impl Bench<'_> {
    /// Runs the cases on loopback.
    pub(crate) fn loopback(&self, _servers: &Servers) -> Result<Vec<Outcome>> {
        let mut outcomes = Vec::new();
        outcomes.extend(bulk::sftp(self)?);
        outcomes.extend(small::run(self)?);
        outcomes.extend(listing::run(self)?);
        outcomes.extend(together::run(self)?);
        outcomes.extend(exec::run(self)?);
        outcomes.extend(connect::run(self)?);
        outcomes.extend(requests::run(self)?);
        outcomes.extend(idle::run(self)?);
        outcomes.extend(bulk::ftp(self)?);
        Ok(outcomes)
    }
}
