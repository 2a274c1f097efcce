//! The servers of a run, with files in memory, and what a client has to know to reach them.
//! Knows no client.

use crate::Result;
use connection_tests::servers::ftp::Vsftpd;
use connection_tests::{Sshd, SshdBuilder};
use serde::{Deserialize, Serialize};
use std::fs;
use std::net::Ipv4Addr;
use std::path::PathBuf;

/// How to reach the servers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Site {
    /// Address of both servers.
    pub(crate) host: String,
    /// sshd's port.
    pub(crate) ssh_port: u16,
    /// Login on sshd.
    pub(crate) user: String,
    /// Its password.
    pub(crate) password: String,
    /// Its private key.
    pub(crate) key: PathBuf,
    /// Host keys of sshd, in OpenSSH's format, under the address.
    pub(crate) known_hosts: PathBuf,
    /// The login's directory, absolute; SFTP shows it under this path.
    pub(crate) home: PathBuf,
    /// vsftpd's port; the login there is `user` too.
    pub(crate) ftp_port: u16,
    /// Its password there.
    pub(crate) ftp_password: String,
    /// The directory FTP shows as `/`.
    pub(crate) ftp_home: PathBuf,
}

/// The running servers. Dropping them ends them and removes their files.
pub(crate) struct Servers {
    sshd: Sshd,
    vsftpd: Vsftpd,
    /// Another sshd whose log tells which ciphers were agreed on; the measured one logs less.
    telling: Sshd,
    host: Ipv4Addr,
}

impl Servers {
    /// Starts them on this address, besides loopback.
    pub(crate) fn start(host: Ipv4Addr) -> Result<Self> {
        let builder = || {
            let builder = Sshd::builder().line("MaxStartups 1000");
            match host {
                Ipv4Addr::LOCALHOST => builder,
                _ => builder.line(&format!("ListenAddress {host}")),
            }
        };
        let servers = Self {
            sshd: SshdBuilder::start(builder()),
            telling: builder().line("LogLevel DEBUG1").start(),
            vsftpd: Vsftpd::builder().line("listen_address=0.0.0.0").start(),
            host,
        };
        for sshd in [&servers.sshd, &servers.telling] {
            let lines = sshd.known_hosts();
            let lines = lines.replace("127.0.0.1", &host.to_string());
            fs::write(known_hosts(sshd), lines)?;
        }
        Ok(servers)
    }

    /// How to reach them.
    pub(crate) fn site(&self) -> Site {
        self.site_of(&self.sshd)
    }

    /// As [`Servers::site`], with the sshd that tells ciphers.
    pub(crate) fn telling_site(&self) -> Site {
        self.site_of(&self.telling)
    }

    fn site_of(&self, sshd: &Sshd) -> Site {
        Site {
            host: self.host.to_string(),
            ssh_port: sshd.port(),
            user: sshd.user().to_owned(),
            password: sshd.password().to_owned(),
            key: sshd.key().path().to_owned(),
            known_hosts: known_hosts(sshd),
            home: sshd.home().to_owned(),
            ftp_port: self.vsftpd.port(),
            ftp_password: self.vsftpd.password().to_owned(),
            ftp_home: self.vsftpd.home().to_owned(),
        }
    }

    /// The cipher and MAC of the first or the last connection to the sshd that tells.
    pub(crate) fn told_cipher(&self, first: bool) -> Option<String> {
        let log = self.telling.log();
        let mut lines = log.lines().filter_map(|line| line.split_once(MARK));
        let (_, told) = if first {
            lines.next()
        } else {
            lines.next_back()
        }?;
        let mut words = told.split_whitespace();
        let (cipher, mac) = (words.next()?, words.nth(1)?);
        Some(match mac {
            "<implicit>" => cipher.to_owned(),
            mac => format!("{cipher}, {mac}"),
        })
    }
}

/// What precedes the cipher in sshd's log; ` MAC: ` and the MAC follow it.
const MARK: &str = "kex: server->client cipher: ";

fn known_hosts(sshd: &Sshd) -> PathBuf {
    sshd.dir().join("known_hosts")
}
