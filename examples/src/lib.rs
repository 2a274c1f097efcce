//! What the example programs share: a login from the command line.
//!
//! Every program takes `HOST PORT USER KEYFILE` first. With a password instead of a key,
//! give `-` as the key file and the password in the variable `EXAMPLE_PASSWORD`. Only `ftps`
//! is on its own.

use connection_core::Result;
use connection_core::secret::Secret;
use connection_core::session::{Owner, SessionId, SessionStore, StoreConfig};
use connection_core::target::{PrivateKeySource, SshCredentials, SshTarget};
use connection_core::trust::{TrustPolicy, TrustStore};

/// A store with one open SSH session.
pub struct Login {
    /// The store.
    pub store: SessionStore,
    /// Whom the session belongs to.
    pub owner: Owner,
    /// The session.
    pub id: SessionId,
    /// The arguments after the login.
    pub rest: Vec<String>,
}

/// Opens a session as the command line says.
///
/// # Errors
/// A usage line when arguments are missing; those of the connection.
pub async fn login(usage: &str) -> std::result::Result<Login, Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(host), Some(port), Some(user), Some(key)) = (
        arguments.next(),
        arguments.next(),
        arguments.next(),
        arguments.next(),
    ) else {
        return Err(format!("usage: HOST PORT USER KEYFILE {usage}").into());
    };
    let credentials = if key == "-" {
        SshCredentials {
            password: Some(Secret::from(std::env::var("EXAMPLE_PASSWORD")?)),
            ..SshCredentials::default()
        }
    } else {
        SshCredentials {
            key: Some(PrivateKeySource::File(key.into())),
            ..SshCredentials::default()
        }
    };
    let target = SshTarget::new(&host, &user, credentials)?.port(port.parse()?);
    let (store, owner, id) = open(&target).await?;
    Ok(Login {
        store,
        owner,
        id,
        rest: arguments.collect(),
    })
}

async fn open(target: &SshTarget) -> Result<(SessionStore, Owner, SessionId)> {
    // A program with a configuration directory gives it to `TrustStore::open`, so that a
    // server whose key changed is noticed the next time.
    let trust = TrustStore::in_memory(TrustPolicy::AcceptNew);
    let store = SessionStore::new(StoreConfig::default(), trust);
    let owner = Owner::new("example");
    let id = store.open_ssh(&owner, target, None).await?;
    Ok((store, owner, id))
}

/// The example of the workspace's README, compiled with the documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
