//! What a server may or may not be able to do, and what trying showed. Knows no connection.

use super::facts::{Features, mentions};
use super::reply::Reply;
use std::sync::atomic::{AtomicU8, Ordering};

/// Whether the server can do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Skill {
    /// It did not say; trying tells.
    Untried,
    /// It can.
    Has,
    /// It cannot.
    Lacks,
}

/// A skill that trying decides, shared by all connections of a login.
#[derive(Debug, Default)]
pub(super) struct Trial(AtomicU8);

impl Trial {
    pub(super) fn new(skill: Skill) -> Self {
        let trial = Self(AtomicU8::new(0));
        trial.learn(skill);
        trial
    }

    /// What is known.
    pub(super) fn skill(&self) -> Skill {
        match self.0.load(Ordering::Relaxed) {
            0 => Skill::Untried,
            1 => Skill::Has,
            _ => Skill::Lacks,
        }
    }

    /// Remembers what trying showed.
    pub(super) fn learn(&self, skill: Skill) {
        let value = match skill {
            Skill::Untried => 0,
            Skill::Has => 1,
            Skill::Lacks => 2,
        };
        self.0.store(value, Ordering::Relaxed);
    }
}

/// A `SITE` command: a server that lists its own is believed, the others are to be tried.
pub(super) fn site_skill(help: Option<&Reply>, command: &[u8]) -> Skill {
    match help {
        Some(help) if matches!(help.code, 500..=504) => Skill::Untried,
        // "550 Permission denied": this account may use no such command at all.
        Some(help) if help.code >= 300 => Skill::Lacks,
        Some(help) if mentions(help, command) => Skill::Has,
        // An answer that names nothing is no list: "214 Direct comments to root".
        Some(help) if mentions(help, b"HELP") || mentions(help, b"IDLE") => Skill::Lacks,
        _ => Skill::Untried,
    }
}

/// A way to set the time of a file's last change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TimeWay {
    /// `MFMT YYYYMMDDhhmmss path`, in UTC: the one that has a specification.
    Mfmt,
    /// `SITE UTIME path atime mtime ctime UTC`, of NcFTPd, Serv-U and Pure-FTPd.
    UtimeFive,
    /// `SITE UTIME YYYYMMDDhhmmss path`, of ProFTPD and wu-ftpd.
    UtimeTwo,
    /// `MDTM YYYYMMDDhhmmss path`, as vsftpd takes it; elsewhere that is the time of a file
    /// of an odd name.
    Mdtm,
}

impl TimeWay {
    /// The command for a time, written `YYYYMMDDhhmmss`, and a path.
    pub(super) fn command(self, time: &str, path: &str) -> String {
        match self {
            Self::Mfmt => format!("MFMT {time} {path}"),
            Self::UtimeFive => format!("SITE UTIME {path} {time} {time} {time} UTC"),
            Self::UtimeTwo => format!("SITE UTIME {time} {path}"),
            Self::Mdtm => format!("MDTM {time} {path}"),
        }
    }
}

/// The ways to set a time on this server: those that may work, and the one that did.
#[derive(Debug)]
pub(super) struct TimeWays {
    /// With whether the server itself names it.
    candidates: Vec<(TimeWay, bool)>,
    /// The index of the one that worked, [`UNTRIED`] or [`NONE`].
    learned: AtomicU8,
}

const UNTRIED: u8 = u8::MAX;
const NONE: u8 = u8::MAX - 1;

impl TimeWays {
    /// By what `FEAT` and `SITE HELP` say.
    pub(super) fn new(features: &Features, help: Option<&Reply>) -> Self {
        let mut candidates = Vec::new();
        if features.has("MFMT") {
            candidates.push((TimeWay::Mfmt, true));
        }
        let utime = site_skill(help, b"UTIME");
        if utime != Skill::Lacks {
            let named = utime == Skill::Has;
            candidates.extend([(TimeWay::UtimeFive, named), (TimeWay::UtimeTwo, named)]);
        }
        if features.has("MDTM") {
            candidates.push((TimeWay::Mdtm, false));
        }
        Self {
            candidates,
            learned: AtomicU8::new(UNTRIED),
        }
    }

    /// Whether a time can be set, as far as is known.
    pub(super) fn may_work(&self) -> bool {
        !self.candidates.is_empty() && self.learned.load(Ordering::Relaxed) != NONE
    }

    /// The way that worked before.
    pub(super) fn known(&self) -> Option<TimeWay> {
        let at = self.learned.load(Ordering::Relaxed);
        self.candidates.get(usize::from(at)).map(|(way, _)| *way)
    }

    /// The ways to try, with whether the server names them itself.
    pub(super) fn candidates(&self) -> impl Iterator<Item = (TimeWay, bool)> {
        self.candidates.iter().copied()
    }

    /// A way worked, or none did.
    pub(super) fn learn(&self, way: Option<TimeWay>) {
        let at = way.and_then(|way| self.candidates.iter().position(|(w, _)| *w == way));
        let at = at.and_then(|at| u8::try_from(at).ok()).unwrap_or(NONE);
        self.learned.store(at, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(text: &str) -> Reply {
        Reply::parse(text.as_bytes().to_vec()).unwrap()
    }

    fn ways(feat: &str, help: &str) -> Vec<TimeWay> {
        let feat = reply(feat);
        let ways = TimeWays::new(&Features::of(Some(&feat)), Some(&reply(help)));
        ways.candidates().map(|(way, _)| way).collect()
    }

    #[test]
    fn a_server_that_lists_its_site_commands_is_believed() {
        let help = reply("214-These:\r\n CHMOD\r\n HELP\r\n214 End\r\n");
        assert_eq!(site_skill(Some(&help), b"CHMOD"), Skill::Has);
        assert_eq!(site_skill(Some(&help), b"UTIME"), Skill::Lacks);
        let denied = reply("550 Permission denied.\r\n");
        assert_eq!(site_skill(Some(&denied), b"CHMOD"), Skill::Lacks);
        for vague in ["500 unknown\r\n", "214 Direct comments to root\r\n"] {
            assert_eq!(site_skill(Some(&reply(vague)), b"CHMOD"), Skill::Untried);
        }
    }

    #[test]
    fn ways_to_set_a_time_follow_from_what_is_said() {
        use TimeWay::{Mdtm, Mfmt, UtimeFive, UtimeTwo};
        let full = "211-F:\r\n MDTM\r\n MFMT\r\n211 End\r\n";
        let list = "214 CHMOD UTIME HELP\r\n";
        assert_eq!(ways(full, list), [Mfmt, UtimeFive, UtimeTwo, Mdtm]);
        assert_eq!(ways(full, "214 CHMOD HELP\r\n"), [Mfmt, Mdtm]);
        assert!(ways("211 none\r\n", "214 HELP\r\n").is_empty());
        assert_eq!(ways("211 none\r\n", "500 what?\r\n"), [UtimeFive, UtimeTwo]);
    }

    #[test]
    fn what_worked_is_remembered_and_so_is_that_nothing_does() {
        let feat = reply("211-F:\r\n MDTM\r\n211 End\r\n");
        let ways = TimeWays::new(&Features::of(Some(&feat)), None);
        assert!(ways.may_work() && ways.known().is_none());
        ways.learn(Some(TimeWay::Mdtm));
        assert_eq!(ways.known(), Some(TimeWay::Mdtm));
        ways.learn(None);
        assert!(!ways.may_work() && ways.known().is_none());
    }
}
