//! What was agreed with an FTP server and what it says of itself, for people to look at.

use super::facts::Facts;
use super::skills::Skill;
use crate::target::{FtpDataMode, FtpTarget};

/// An FTP login as it turned out. What is learned on the way may still change it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FtpDetails {
    /// The server's system, in its own words (`SYST`): `UNIX Type: L8`.
    pub system: Option<String>,
    /// The features the server lists (`FEAT`), as it sent them; at most 200.
    pub features: Vec<String>,
    /// The command directories are listed with: `MLSD`, `LIST -a` or `LIST`.
    pub listing: &'static str,
    /// The command data connections are asked for with: `EPSV`, `PASV`, `EPRT` or `PORT`.
    pub data: &'static str,
    /// TLS of the control connection; `None` without.
    pub tls: Option<FtpTls>,
    /// The character set of names: the one that was chosen, or UTF-8 where the server says
    /// that it speaks it. `None` when nobody says.
    pub charset: Option<&'static str>,
}

/// What a TLS handshake agreed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FtpTls {
    /// Such as `TLSv1.3`.
    pub version: String,
    /// The cipher suite by its standard name, such as `TLS_AES_256_GCM_SHA384`.
    pub cipher: String,
}

/// Out of what was learned.
pub(super) fn details(facts: &Facts, target: &FtpTarget) -> FtpDetails {
    FtpDetails {
        system: facts.system.clone(),
        features: facts.features.lines().map(str::to_owned).collect(),
        listing: match (facts.mlst, facts.list_all.skill()) {
            (true, _) => "MLSD",
            (false, Skill::Untried | Skill::Has) => "LIST -a",
            (false, Skill::Lacks) => "LIST",
        },
        data: match target.data_mode {
            FtpDataMode::Passive if facts.epsv() => "EPSV",
            FtpDataMode::Passive => "PASV",
            FtpDataMode::Active if facts.eprt() => "EPRT",
            FtpDataMode::Active => "PORT",
        },
        tls: facts.tls.clone(),
        charset: facts
            .names
            .charset()
            .or_else(|| facts.utf8.then_some("UTF-8")),
    }
}
