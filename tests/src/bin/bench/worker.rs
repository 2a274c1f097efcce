//! The library as a program of its own, so that processor time and memory are the client's
//! alone: one job, told as JSON on the command line; figures as JSON on standard output.

use crate::results::Metrics;
use crate::site::Site;
use crate::{Result, fail};
use connection_core::fs::RemoteFs;
use connection_core::path::RemotePath;
use connection_core::secret::Secret;
use connection_core::session::{ActiveSession, Owner, SessionStore, StoreConfig};
use connection_core::target::{FtpTarget, PrivateKeySource, SshCredentials, SshEngine, SshTarget};
use connection_core::transfer::{TransferOptions, download, upload};
use connection_core::trust::{TrustPolicy, TrustStore};
use serde::{Deserialize, Serialize};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
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
}

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
    let mut metrics = job.work.run(&session).await?;
    metrics.insert("login".to_owned(), login.as_secs_f64());
    metrics.insert("seconds".to_owned(), start.elapsed().as_secs_f64());
    drop(session);
    store.shutdown().await;
    Ok(metrics)
}

async fn open(store: &SessionStore, site: &Site, login: Login) -> Result<ActiveSession> {
    let owner = Owner::new("bench");
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

impl Work {
    async fn run(self, session: &ActiveSession) -> Result<Metrics> {
        let fs: Arc<dyn RemoteFs> = session.fs();
        let options = TransferOptions::default();
        match self {
            Self::Get { remote, local } => {
                download(&fs, &path(&remote)?, &local, options).await?;
            }
            Self::Put { local, remote } => {
                upload(&fs, &local, &path(&remote)?, options).await?;
            }
        }
        Ok(Metrics::new())
    }
}

fn path(path: &Path) -> Result<RemotePath> {
    match path.to_str() {
        Some(text) => Ok(RemotePath::from_text(text)?),
        None => fail(format!("{} is no text", path.display())),
    }
}
