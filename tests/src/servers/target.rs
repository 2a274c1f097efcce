//! A harness server as the library's target. Knows the library; the servers do not.

use super::sshd::Sshd;
use connection_core::secret::Secret;
use connection_core::target::{SshCredentials, SshEngine, SshTarget};

impl Sshd {
    /// A login with the account's password, over this engine.
    pub fn target(&self, engine: SshEngine) -> SshTarget {
        let login = SshCredentials {
            password: Some(Secret::from(self.password())),
            ..SshCredentials::default()
        };
        SshTarget::new(self.host(), self.user(), login)
            .expect("a harness account is a valid target")
            .port(self.port())
            .engine(engine)
    }
}
