//! The worker's jobs that are short and many.

use super::{Login, open};
use crate::results::{Metrics, latencies};
use crate::site::Site;
use crate::{Result, fail};
use connection_core::exec::{ExecRequest, ExitStatus};
use connection_core::session::{ActiveSession, Owner, SessionStore};
use std::time::Instant;

pub(super) async fn exec(session: &ActiveSession, count: usize) -> Result<Metrics> {
    let mut times = Vec::with_capacity(count);
    for _ in 0..count {
        let start = Instant::now();
        let output = session.exec(ExecRequest::new("true")).await?;
        times.push(start.elapsed().as_secs_f64());
        if output.status != ExitStatus::Code(0) {
            return fail(format!("true ended with {:?}", output.status));
        }
    }
    Ok(latencies(&times))
}

pub(super) async fn connect(
    store: &SessionStore,
    site: &Site,
    login: Login,
    count: usize,
) -> Result<Metrics> {
    let mut times = Vec::with_capacity(count);
    for _ in 0..count {
        let start = Instant::now();
        let session = open(store, site, login).await?;
        times.push(start.elapsed().as_secs_f64());
        let id = session.id();
        drop(session);
        store.close(&Owner::new(super::OWNER), id).await?;
    }
    Ok(latencies(&times))
}
