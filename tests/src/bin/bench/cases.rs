//! The cases, one file each, and the order they run in.

mod bulk;
mod connect;
mod exec;
mod idle;
mod keys;
mod limits;
mod link_plan;
mod listing;
mod requests;
mod small;
mod together;

use crate::Result;
use crate::facade::Facade;
use crate::ground::Ground;
use crate::plan::Options;
use crate::results::Outcome;
use crate::site::Site;
use std::net::Ipv4Addr;

pub(crate) use link_plan::LinkPlan;

/// What every case works with.
pub(crate) struct Bench<'a> {
    pub(crate) options: &'a Options,
    pub(crate) site: Site,
    pub(crate) facade: &'a Facade,
    pub(crate) ground: Ground,
}

impl Bench<'_> {
    /// Runs the cases on loopback.
    pub(crate) fn loopback(&self) -> Result<Vec<Outcome>> {
        let plan = LinkPlan::loopback();
        let mut outcomes = Vec::new();
        outcomes.extend(bulk::sftp(self, &plan)?);
        outcomes.extend(small::run(self)?);
        outcomes.extend(listing::run(self)?);
        outcomes.extend(together::run(self)?);
        outcomes.extend(keys::run(self)?);
        outcomes.extend(exec::run(self)?);
        outcomes.extend(connect::run(self)?);
        outcomes.extend(requests::run(self)?);
        outcomes.extend(idle::run(self)?);
        outcomes.extend(bulk::ftp(self, &plan)?);
        Ok(outcomes)
    }

    /// Runs the cases for a shaped link, whose other end answers probes at this address.
    pub(crate) fn linked(&self, plan: LinkPlan, probe: (Ipv4Addr, u16)) -> Result<Vec<Outcome>> {
        let mut outcomes = vec![limits::run(self, &plan, probe)];
        outcomes.extend(bulk::sftp(self, &plan)?);
        outcomes.extend(bulk::ftp(self, &plan)?);
        Ok(outcomes)
    }
}
