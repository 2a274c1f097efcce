//! What a server can do: read once after the first login and shared by every connection.

use super::reply::Reply;
use super::zone::Zone;
use crate::path::RemotePath;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

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
    /// `MFMT`, to set a time.
    pub(super) mfmt: bool,
    /// `MDTM`, to read one.
    pub(super) mdtm: bool,
    /// `SITE CHMOD`.
    pub(super) chmod: bool,
    /// The directory the login starts in.
    pub(super) home: RemotePath,
    /// The server refuses `EPSV`.
    no_epsv: AtomicBool,
    list: AtomicU8,
    /// The zone of `LIST`.
    pub(super) zone: Zone,
}

/// How `LIST` is asked for hidden names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ListForm {
    /// `LIST -a`, not known yet to be understood.
    TryAll,
    /// `LIST -a`, and it shows `.`: a listing without a single line is none.
    All,
    /// `LIST`: the server takes `-a` for a name.
    Plain,
}

impl Facts {
    /// Features out of the answers to `FEAT` and `SITE HELP`. Pure-FTPd, which names itself
    /// in the latter, cuts a file off at the offset before it writes on.
    pub(super) fn new(feat: Option<&Reply>, site_help: Option<&Reply>, home: RemotePath) -> Self {
        let features: Vec<String> = feat
            .into_iter()
            .flat_map(Reply::lines)
            .filter_map(|line| line.strip_prefix(b" "))
            .map(|line| String::from_utf8_lossy(line).trim().to_owned())
            .collect();
        let find = |name: &str| {
            features.iter().find_map(|feature| {
                let (word, rest) = feature.split_once(' ').unwrap_or((feature, ""));
                word.eq_ignore_ascii_case(name).then_some(rest)
            })
        };
        Self {
            mlst: find("MLST").is_some(),
            mlst_options: find("MLST").and_then(mlst_options),
            utf8: find("UTF8").is_some(),
            write_at: find("REST").is_some_and(|mode| mode.eq_ignore_ascii_case("STREAM"))
                && !site_help.is_some_and(|help| mentions(help, b"PURE-FTPD")),
            mfmt: find("MFMT").is_some(),
            mdtm: find("MDTM").is_some(),
            chmod: site_help.is_some_and(|help| help.code < 300 && mentions(help, b"CHMOD")),
            home,
            no_epsv: AtomicBool::new(false),
            list: AtomicU8::new(0),
            zone: Zone::default(),
        }
    }

    /// Whether `EPSV` is to be tried.
    pub(super) fn epsv(&self) -> bool {
        !self.no_epsv.load(Ordering::Relaxed)
    }

    /// The server refused `EPSV`.
    pub(super) fn refuse_epsv(&self) {
        self.no_epsv.store(true, Ordering::Relaxed);
    }

    /// How to ask for a `LIST`.
    pub(super) fn list_form(&self) -> ListForm {
        match self.list.load(Ordering::Relaxed) {
            0 => ListForm::TryAll,
            1 => ListForm::All,
            _ => ListForm::Plain,
        }
    }

    /// Remembers how the server takes `LIST -a`.
    pub(super) fn learn_list_form(&self, form: ListForm) {
        let value = match form {
            ListForm::TryAll => 0,
            ListForm::All => 1,
            ListForm::Plain => 2,
        };
        self.list.store(value, Ordering::Relaxed);
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

fn mentions(help: &Reply, wanted: &[u8]) -> bool {
    help.lines().any(|line| {
        line.split(|b| !b.is_ascii_alphanumeric() && *b != b'-')
            .any(|word| word.eq_ignore_ascii_case(wanted))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert!(
            facts.mlst && facts.utf8 && facts.write_at && facts.mfmt && facts.chmod && !facts.mdtm
        );
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
        assert!(!facts.mlst && !facts.write_at && !facts.chmod);
    }
}
