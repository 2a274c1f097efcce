//! A harness server as the library's target. Knows the library; the servers do not.

use super::ftp::{FtpServer, Tls};
use super::sshd::Sshd;
use connection_core::secret::Secret;
use connection_core::target::{FtpSecurity, FtpTarget, SshCredentials, SshEngine, SshTarget};

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

impl dyn FtpServer + '_ {
    /// A login with the account's password, secured as the server wants it.
    pub fn target(&self) -> FtpTarget {
        let security = match self.tls() {
            Tls::Off => FtpSecurity::None,
            Tls::Offered | Tls::Required => FtpSecurity::Explicit,
            Tls::Implicit => FtpSecurity::Implicit,
        };
        FtpTarget::new(self.host(), self.user(), Secret::from(self.password()))
            .expect("a harness account is a valid target")
            .port(self.port())
            .security(security)
    }
}
