//! One login, made once for each link of a connection: dial, trust, log in.
//!
//! Further links log in with what the first one used. The private key is the one that was
//! loaded then: its file may be gone or locked since, and what a person unlocked once is
//! not asked for again. The server must pass the same check, and show the very key the
//! first link saw: behind one name there may be several machines, and a second link to
//! another one would run commands beside other files.

use crate::error::{Error, ErrorKind, Result};
use crate::net;
use crate::secret::Secret;
use crate::ssh::engine::{self, ConnectSpec, HostKeyCheck, Link};
use crate::ssh::{auth, keys};
use crate::target::{SshEngine, SshTarget};
use std::sync::{Arc, OnceLock};

/// A login that can be made again.
pub(crate) struct Login {
    target: SshTarget,
    key: Option<Secret>,
    server: Arc<OneServer>,
}

impl Login {
    /// Loads what the login needs from this machine. Touches no network: a key that cannot
    /// be used needs no connection.
    ///
    /// # Errors
    /// Those of the private key.
    pub(crate) async fn prepare(target: &SshTarget, check: Arc<dyn HostKeyCheck>) -> Result<Self> {
        let credentials = &*target.credentials;
        let key = match &credentials.key {
            Some(source) => {
                let passphrase = credentials.passphrase.as_ref();
                let tried: Vec<_> = passphrase
                    .or(credentials.password.as_ref())
                    .into_iter()
                    .collect();
                Some(keys::load_private_key(source, &tried).await?)
            }
            None => None,
        };
        Ok(Self {
            target: target.clone(),
            key,
            server: Arc::new(OneServer {
                check,
                first: OnceLock::new(),
            }),
        })
    }

    /// Opens a link. Given up half-way, it leaves nothing behind.
    ///
    /// # Errors
    /// Those of dialling, of the trust check and of the login; `HostChanged` when the
    /// server shows another key than at the first time.
    pub(crate) async fn open(&self) -> Result<Arc<dyn Link>> {
        let target = &self.target;
        let stream = net::dial(&target.host, target.port, &target.timeouts).await?;
        let spec = ConnectSpec {
            timeouts: target.timeouts,
            host_key: self.server.clone(),
            rekey_bytes: target.rekey_bytes,
        };
        let mut server = match target.engine {
            SshEngine::Russh => engine::russh::connect(stream, spec).await,
            SshEngine::Libssh2 => engine::libssh2::connect(stream, spec).await,
        }?;
        auth::login(
            &mut *server,
            &target.user,
            self.key.as_ref(),
            target.credentials.password.as_ref(),
        )
        .await?;
        Ok(server.into_link())
    }
}

/// The check of the first link, and its outcome for every further one.
struct OneServer {
    check: Arc<dyn HostKeyCheck>,
    first: OnceLock<Vec<u8>>,
}

impl HostKeyCheck for OneServer {
    fn preferred_algorithms(&self) -> Vec<String> {
        self.check.preferred_algorithms()
    }

    fn check(&self, public_key: &[u8]) -> Result<()> {
        // First: another key must not be put on record only to be refused.
        if self.first.get().is_some_and(|first| first != public_key) {
            return Err(Error::new(
                ErrorKind::HostChanged,
                "check host key",
                "the server shows another key than on this connection's first link",
            ));
        }
        self.check.check(public_key)?;
        self.first.get_or_init(|| public_key.to_vec());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    #[derive(Default)]
    struct Everyone(Mutex<Vec<Vec<u8>>>);

    impl HostKeyCheck for Everyone {
        fn preferred_algorithms(&self) -> Vec<String> {
            Vec::new()
        }

        fn check(&self, key: &[u8]) -> Result<()> {
            self.0.lock().unwrap().push(key.to_vec());
            Ok(())
        }
    }

    #[test]
    fn further_links_are_to_the_same_server() {
        let everyone = Arc::new(Everyone::default());
        let server = OneServer {
            check: everyone.clone(),
            first: OnceLock::new(),
        };
        server.check(b"one").unwrap();
        server.check(b"one").unwrap();
        let error = server.check(b"other").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::HostChanged);
        let asked = everyone.0.lock().unwrap().clone();
        assert_eq!(
            asked,
            [b"one", b"one"],
            "what is refused is not put on record"
        );
    }
}
