//! What a server can do: read once after the first login and shared by every connection.

use super::charset::Names;
use super::checksum;
use super::details::FtpTls;
use super::reply::Reply;
use super::skills::{TimeWays, Trial, site_skill};
use super::zone::Zone;
use crate::checksum::ChecksumAlgorithms;
use crate::path::RemotePath;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Facts of MLSD and MLST that [`super::listing`] understands.
const WANTED_FACTS: [&str; 10] = [
    "type",
    "size",
    "sizd",
    "modify",
    "unix.mode",
    "unix.uid",
    "unix.gid",
    "unix.owner",
    "unix.ownername",
    "unix.groupname",
];

/// A server's features, and what was learned of it on the way.
#[derive(Debug)]
pub(super) struct Facts {
    /// `MLST` and `MLSD`.
    pub(super) mlst: bool,
    /// The `OPTS MLST` that turns on every fact that is of use, when some are off.
    pub(super) mlst_options: Option<String>,
    /// `OPTS UTF8 ON` is understood.
    pub(super) utf8: bool,
    /// `REST` in stream mode, and a `STOR` behind it leaves what follows in the file.
    pub(super) write_at: bool,
    /// `MDTM`, to read one.
    pub(super) mdtm: bool,
    /// `SITE CHMOD`.
    pub(super) chmod: Trial,
    /// How times are set.
    pub(super) times: TimeWays,
    /// How checksums are computed.
    pub(super) checksums: ChecksumAlgorithms,
    /// What the server says it can do.
    pub(super) features: Features,
    /// `CLNT` is understood.
    pub(super) clnt: bool,
    /// The byte 0xFF, sent twice, is taken for one.
    pub(super) iac: Arc<Trial>,
    /// How names are written.
    pub(super) names: Names,
    /// The server's system, as `SYST` tells it.
    pub(super) system: Option<String>,
    /// What the control connection's TLS agreed on.
    pub(super) tls: Option<FtpTls>,
    /// The directory the login starts in.
    pub(super) home: RemotePath,
    /// The server refuses `EPSV`, or what it names there cannot be reached.
    no_epsv: AtomicBool,
    /// The server refuses `EPRT`.
    no_eprt: AtomicBool,
    /// `LIST -a` is understood: it shows `.`, so a listing without a single line is none. A
    /// server that lacks it takes `-a` for a name.
    pub(super) list_all: Trial,
    /// The zone of `LIST`.
    pub(super) zone: Zone,
}

/// Most features kept. The longest lists that servers send have some 50.
const MAX_FEATURES: usize = 200;
/// Longest feature kept, in bytes; `MLST` lists all its facts in some 200.
const MAX_FEATURE_BYTES: usize = 1024;

/// What `FEAT` answered: one feature a line, its name first.
#[derive(Debug, Default)]
pub(super) struct Features(Vec<String>);

impl Features {
    /// Out of the answer.
    pub(super) fn of(feat: Option<&Reply>) -> Self {
        let lines = feat
            .into_iter()
            .flat_map(Reply::lines)
            .filter_map(|line| line.strip_prefix(b" "))
            .filter(|line| line.len() <= MAX_FEATURE_BYTES)
            .map(|line| String::from_utf8_lossy(line).trim().to_owned())
            .filter(|line| !line.is_empty());
        Self(lines.take(MAX_FEATURES).collect())
    }

    /// What stands behind the feature's name.
    pub(super) fn find(&self, name: &str) -> Option<&str> {
        self.lines().find_map(|feature| {
            let (word, rest) = feature.split_once(' ').unwrap_or((feature, ""));
            word.eq_ignore_ascii_case(name).then_some(rest)
        })
    }

    /// Whether the feature is there.
    pub(super) fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// All of them, as the server sent them.
    pub(super) fn lines(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl Facts {
    /// Of a server that was not asked yet.
    pub(super) fn unknown(names: Names, iac: Arc<Trial>) -> Self {
        Self {
            names,
            iac,
            ..Self::new(None, None, RemotePath::root())
        }
    }

    /// Features out of the answers to `FEAT` and `SITE HELP`. Pure-FTPd, which names itself
    /// in the latter, cuts a file off at the offset before it writes on.
    pub(super) fn new(feat: Option<&Reply>, site_help: Option<&Reply>, home: RemotePath) -> Self {
        let features = Features::of(feat);
        let find = |name: &str| features.find(name);
        Self {
            mlst: find("MLST").is_some(),
            mlst_options: find("MLST").and_then(mlst_options),
            utf8: find("UTF8").is_some(),
            write_at: find("REST").is_some_and(|mode| mode.eq_ignore_ascii_case("STREAM"))
                && !site_help.is_some_and(|help| mentions(help, b"PURE-FTPD")),
            mdtm: find("MDTM").is_some(),
            chmod: Trial::new(site_skill(site_help, b"CHMOD")),
            times: TimeWays::new(&features, site_help),
            clnt: find("CLNT").is_some(),
            iac: Arc::default(),
            names: Names::default(),
            system: None,
            tls: None,
            checksums: checksum::offered(&features),
            home,
            features,
            no_epsv: AtomicBool::new(false),
            no_eprt: AtomicBool::new(false),
            list_all: Trial::default(),
            zone: Zone::default(),
        }
    }

    /// Whether `EPSV` is to be tried.
    pub(super) fn epsv(&self) -> bool {
        !self.no_epsv.load(Ordering::Relaxed)
    }

    /// The server refused `EPSV`, or only what `PASV` names can be reached.
    pub(super) fn refuse_epsv(&self) {
        self.no_epsv.store(true, Ordering::Relaxed);
    }

    /// Whether `EPRT` is to be tried.
    pub(super) fn eprt(&self) -> bool {
        !self.no_eprt.load(Ordering::Relaxed)
    }

    /// The server refused `EPRT`.
    pub(super) fn refuse_eprt(&self) {
        self.no_eprt.store(true, Ordering::Relaxed);
    }
}

/// `type*;size*;unix.mode;` lists all facts, with a star those that are on.
fn mlst_options(offered: &str) -> Option<String> {
    let facts = offered.split(';').filter(|fact| !fact.is_empty());
    let wanted: Vec<_> = facts
        .filter(|fact| {
            let name = fact.trim_end_matches('*').to_ascii_lowercase();
            WANTED_FACTS.contains(&name.as_str())
        })
        .collect();
    if wanted.iter().all(|fact| fact.ends_with('*')) {
        return None;
    }
    let names: String = wanted
        .iter()
        .map(|fact| format!("{};", fact.trim_end_matches('*')))
        .collect();
    Some(format!("OPTS MLST {names}"))
}

/// Whether a word is among those of a reply.
pub(super) fn mentions(help: &Reply, wanted: &[u8]) -> bool {
    help.lines().any(|line| {
        line.split(|b| !b.is_ascii_alphanumeric() && *b != b'-')
            .any(|word| word.eq_ignore_ascii_case(wanted))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ftp::skills::Skill;

    fn reply(text: &str) -> Reply {
        Reply::parse(text.as_bytes().to_vec()).unwrap()
    }

    #[test]
    fn features_are_read_in_any_case() {
        let feat = reply(
            "211-Features:\r\n UTF8\r\n mlst type*;size*;UNIX.mode;perm*;\r\n REST STREAM\r\n MFMT\r\n211 End\r\n",
        );
        let facts = Facts::new(
            Some(&feat),
            Some(&reply("214 CHMOD UMASK HELP\r\n")),
            RemotePath::root(),
        );
        assert!(facts.mlst && facts.utf8 && facts.write_at && !facts.mdtm);
        assert_eq!(
            facts.mlst_options.as_deref(),
            Some("OPTS MLST type;size;UNIX.mode;")
        );
    }

    #[test]
    fn a_server_without_feat_has_nothing() {
        let facts = Facts::new(
            None,
            Some(&reply("500 Unknown SITE command CHMOD\r\n")),
            RemotePath::root(),
        );
        assert!(!facts.mlst && !facts.write_at);
        assert_eq!(facts.chmod.skill(), Skill::Untried);
    }
}
