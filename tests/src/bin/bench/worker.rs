//! The library as a program of its own, so that processor time and memory are the client's
//! alone: one job, told as JSON on the command line; figures as JSON on standard output.

mod files;
mod latency;
mod together;

use crate::Result;
use crate::results::Metrics;
use crate::site::Site;
use connection_core::secret::Secret;
use connection_core::session::{ActiveSession, Owner, SessionStore, StoreConfig};
use connection_core::target::{FtpTarget, PrivateKeySource, SshCredentials, SshEngine, SshTarget};
use connection_core::trust::{TrustPolicy, TrustStore};
use serde::{Deserialize, Serialize};
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Instant;

/// What the worker is to do.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Job {
    pub(crate) site: Site,
    pub(crate) login: Login,
    pub(crate) work: Work,
}

/// Over which protocol, and how, the worker logs in.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) enum Login {
    RusshKey,
    RusshPassword,
    Libssh2Key,
    Libssh2Password,
    Ftp,
}

impl Login {
    /// Over SSH, with the key.
    pub(crate) fn key(engine: SshEngine) -> Self {
        match engine {
            SshEngine::Russh => Self::RusshKey,
            SshEngine::Libssh2 => Self::Libssh2Key,
        }
    }
}

/// The work after the login.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Work {
    /// Copies a remote file to a local one.
    Get { remote: PathBuf, local: PathBuf },
    /// Copies a local file to a remote one.
    Put { local: PathBuf, remote: PathBuf },
    /// Copies the files of a remote directory into a new local one, so many at once.
    GetAll {
        remote: PathBuf,
        local: PathBuf,
        at_once: usize,
    },
    /// Copies the files of a local directory into a new remote one, so many at once.
    PutAll {
        local: PathBuf,
        remote: PathBuf,
        at_once: usize,
    },
    /// Lists a directory to its end; the time is the listing's alone.
    List { remote: PathBuf },
    /// Types so many keys in a terminal, and on while a remote file is downloaded to each of
    /// the local paths at once.
    Together {
        remote: PathBuf,
        locals: Vec<PathBuf>,
        keys: usize,
    },
    /// Runs `true` so often, one after the other.
    Exec { times: usize },
    /// Logs in and closes the session again so often, one after the other.
    Connect { times: usize },
}

/// Whose sessions they are.
const OWNER: &str = "bench";

/// Does a job and prints its figures.
pub(crate) fn main(job: &str) -> Result<()> {
    let job: Job = serde_json::from_str(job)?;
    let metrics = tokio::runtime::Runtime::new()?.block_on(run(job))?;
    writeln!(std::io::stdout(), "{}", serde_json::to_string(&metrics)?)?;
    Ok(())
}

async fn run(job: Job) -> Result<Metrics> {
    let trust = TrustStore::in_memory(TrustPolicy::AcceptNew);
    let store = SessionStore::new(StoreConfig::default(), trust);
    let start = Instant::now();
    let session = open(&store, &job.site, job.login).await?;
    let login = start.elapsed();
    let own = match job.work {
        Work::Get { remote, local } => files::get(session.fs(), &remote, &local).await?,
        Work::Put { local, remote } => files::put(&session, &local, &remote).await?,
        Work::GetAll {
            remote,
            local,
            at_once,
        } => files::get_all(&session, &remote, &local, at_once).await?,
        Work::PutAll {
            local,
            remote,
            at_once,
        } => files::put_all(&session, &local, &remote, at_once).await?,
        Work::List { remote } => files::list(&session, &remote).await?,
        Work::Together {
            remote,
            locals,
            keys,
        } => together::together(&session, &remote, &locals, keys).await?,
        Work::Exec { times } => latency::exec(&session, times).await?,
        Work::Connect { times } => latency::connect(&store, &job.site, job.login, times).await?,
    };
    let mut metrics = Metrics::from([
        ("login".to_owned(), login.as_secs_f64()),
        ("seconds".to_owned(), start.elapsed().as_secs_f64()),
    ]);
    metrics.extend(own);
    drop(session);
    store.shutdown().await;
    Ok(metrics)
}

async fn open(store: &SessionStore, site: &Site, login: Login) -> Result<ActiveSession> {
    let owner = Owner::new(OWNER);
    let (engine, key) = match login {
        Login::RusshKey => (SshEngine::Russh, true),
        Login::RusshPassword => (SshEngine::Russh, false),
        Login::Libssh2Key => (SshEngine::Libssh2, true),
        Login::Libssh2Password => (SshEngine::Libssh2, false),
        Login::Ftp => {
            let password = Secret::from(site.ftp_password.as_str());
            let target = FtpTarget::new(&site.host, &site.user, password)?.port(site.ftp_port);
            let id = store.open_ftp(&owner, &target, None).await?;
            return Ok(store.get(&owner, id)?);
        }
    };
    let credentials = SshCredentials {
        key: key.then(|| PrivateKeySource::File(site.key.clone())),
        password: (!key).then(|| Secret::from(site.password.as_str())),
        ..SshCredentials::default()
    };
    let target = SshTarget::new(&site.host, &site.user, credentials)?
        .port(site.ssh_port)
        .engine(engine);
    let id = store.open_ssh(&owner, &target, None).await?;
    Ok(store.get(&owner, id)?)
}
