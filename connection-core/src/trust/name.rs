//! The name a server is on record under.

use crate::error::{Error, Result};

/// The port whose records carry the host name alone.
const SSH_PORT: u16 = 22;

/// Host and port, as OpenSSH writes them in `known_hosts`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    /// The host in lower case, without port.
    pub(super) host: String,
    /// `host`, or `[host]:port` where the port is not 22.
    pub(super) ssh: String,
    /// `[host]:port`, whatever the port.
    pub(super) full: String,
}

impl Name {
    /// # Errors
    /// `InvalidInput` for a host with a character that means something in a record: a
    /// server recorded as `*.example.com` would be trusted as every host there.
    pub(super) fn new(host: &str, port: u16) -> Result<Self> {
        let special = |c: char| c.is_whitespace() || c.is_control() || ",*?!|@#[]\"\\".contains(c);
        if host.is_empty() || host.contains(special) {
            return Err(Error::invalid("host", "not a name a server can have"));
        }
        let host = host.to_ascii_lowercase();
        let full = format!("[{host}]:{port}");
        Ok(Self {
            ssh: if port == SSH_PORT {
                host.clone()
            } else {
                full.clone()
            },
            host,
            full,
        })
    }

    /// Whether records of the host alone are another name than this one.
    pub(super) fn has_port(&self) -> bool {
        self.ssh != self.host
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_openssh_writes_them() {
        assert_eq!(Name::new("Host.Example", 22).unwrap().ssh, "host.example");
        assert_eq!(Name::new("h", 2222).unwrap().ssh, "[h]:2222");
        assert_eq!(Name::new("::1", 22).unwrap().ssh, "::1");
        assert_eq!(Name::new("::1", 2222).unwrap().ssh, "[::1]:2222");
        assert_eq!(Name::new("h", 22).unwrap().full, "[h]:22");
    }

    #[test]
    fn no_name_can_stand_for_other_hosts_or_break_a_line() {
        for host in [
            "", "*", "?", "*.a", "a,b", "!a", "|1|x|y", "@revoked", "#a", "a b", "a\nb", "a\tb",
            "[a]:22",
        ] {
            assert!(Name::new(host, 22).is_err(), "{host:?}");
        }
    }
}
