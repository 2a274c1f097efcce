//! What is to be reached, as ratios in one run, and whether it was. Knows results, not how
//! they came about.

use crate::results::Outcome;
use connection_core::target::SshEngine;

/// What counts, of a figure of ours and of the same of others.
#[derive(Clone, Copy)]
enum Rule {
    /// Ours is at least so many times as fast: theirs ÷ ours of a time.
    Faster(f64),
    /// Ours is at most so much of theirs.
    AtMostShare(f64),
    /// Ours is at least this.
    AtLeast(f64),
    /// Ours is at most this.
    AtMost(f64),
    /// Ours is at most so many seconds more than theirs.
    Within(f64),
    /// Ours is at most so many times that of another case, named in place of the others.
    AtMostOfCase(f64),
}

struct Target {
    what: &'static str,
    case: &'static str,
    ours: Ours,
    figure: &'static str,
    /// The best of them counts.
    others: &'static [&'static str],
    rule: Rule,
}

/// Which of our rows.
#[derive(Clone, Copy)]
enum Ours {
    Http,
    HttpPages,
    /// The library with the default engine.
    Library,
    /// The server with the default engine.
    HttpEngine,
    /// The WebSocket of the server with the default engine.
    Ws,
}

impl Ours {
    fn contender(self) -> String {
        let engine = SshEngine::default().name();
        match self {
            Self::Http => "http".to_owned(),
            Self::HttpPages => "http-pages".to_owned(),
            Self::Library => format!("lib-{engine}"),
            Self::HttpEngine => format!("http-{engine}"),
            Self::Ws => format!("ws-{engine}"),
        }
    }
}

/// A target and what became of it.
pub(crate) struct Verdict {
    pub(crate) what: &'static str,
    pub(crate) case: &'static str,
    /// What is asked for.
    pub(crate) target: String,
    /// What was measured; `None` when it was not.
    pub(crate) measured: Option<String>,
    /// For a time, the same where what the logins took is taken off.
    pub(crate) without_logins: Option<String>,
    pub(crate) met: bool,
}

const OPENSSH: &[&str] = &["openssh", "openssh-aes"];

/// Shorthand for a row of [`TARGETS`].
const fn target(
    what: &'static str,
    case: &'static str,
    ours: Ours,
    figure: &'static str,
    others: &'static [&'static str],
    rule: Rule,
) -> Target {
    Target {
        what,
        case,
        ours,
        figure,
        others,
        rule,
    }
}

#[rustfmt::skip]
const TARGETS: &[Target] = {
    use Ours::{Http, HttpEngine, HttpPages, Library, Ws};
    use Rule::{AtLeast, AtMost, AtMostOfCase, AtMostShare, Faster, Within};
    &[
        target("library against OpenSSH `sftp`, each with its best cipher", "sftp-download", Library, "seconds", OPENSSH, Faster(1.3)),
        target("its processor time", "sftp-download", Library, "cpu", OPENSSH, AtMostShare(0.8)),
        target("library against OpenSSH `sftp`, each with its best cipher", "sftp-upload", Library, "seconds", OPENSSH, Faster(1.3)),
        target("its processor time", "sftp-upload", Library, "cpu", OPENSSH, AtMostShare(0.8)),
        target("through HTTP against OpenSSH `sftp`", "sftp-download", Http, "seconds", OPENSSH, Faster(1.0)),
        target("through HTTP against OpenSSH `sftp`", "sftp-upload", Http, "seconds", OPENSSH, Faster(1.0)),
        target("against Paramiko, each with its default cipher", "sftp-download", Http, "seconds", &["paramiko"], Faster(4.0)),
        target("against Paramiko, each with its default cipher", "sftp-upload", Http, "seconds", &["paramiko"], Faster(4.0)),
        target("against rclone", "sftp-download", Http, "seconds", &["rclone"], Faster(1.5)),
        target("against rclone", "sftp-upload", Http, "seconds", &["rclone"], Faster(1.5)),
        target("50 ms, against OpenSSH `sftp`", "50ms/sftp-download", Http, "seconds", &["openssh-aes"], Faster(3.0)),
        target("50 ms, against OpenSSH `sftp`", "50ms/sftp-upload", Http, "seconds", &["openssh-aes"], Faster(3.0)),
        target("against Paramiko's `listdir_attr`", "list-10k", Http, "seconds", &["paramiko"], Faster(5.0)),
        target("first page", "list-100k", HttpPages, "first_page", &[], AtMost(0.1)),
        target("memory is flat: of the server, against that for 10,000", "list-100k", HttpPages, "memory", &["list-10k"], AtMostOfCase(1.1)),
        target("against OpenSSH `sftp -r`", "small-download", Http, "seconds", &["openssh-aes"], Faster(3.0)),
        target("against OpenSSH `sftp -r`", "small-upload", Http, "seconds", &["openssh-aes"], Faster(3.0)),
        target("echo p99 during four downloads, library against OpenSSH's ControlMaster", "together", Library, "busy_p99", OPENSSH, AtMostShare(0.5)),
        target("echo p50 through a WebSocket against `ssh`", "typing", Ws, "idle_p50", &["ssh"], Within(0.001)),
        target("the same during four downloads", "typing", Ws, "busy_p50", &["ssh"], Within(0.001)),
        target("echo p99 during four downloads, through a WebSocket against a ControlMaster", "typing", Ws, "busy_p99", &["ssh-master"], AtMostShare(0.5)),
        target("p50 against `ssh` on a ControlMaster", "exec", Http, "p50", &["openssh"], AtMostShare(1.0 / 3.0)),
        target("p50 against Paramiko", "exec", Http, "p50", &["paramiko"], AtMostShare(0.1)),
        target("one core, 1 session, requests/s", "requests-1", Http, "rate", &[], AtLeast(15_000.0)),
        target("one core, 20 sessions, requests/s", "requests-20", Http, "rate", &[], AtLeast(15_000.0)),
        target("idle session on the default engine, bytes", "idle", HttpEngine, "per_session", &[], AtMost(100_000.0)),
        target("against curl", "ftp-download", Http, "seconds", &["curl"], Faster(0.9)),
        target("against curl", "ftp-upload", Http, "seconds", &["curl"], Faster(0.9)),
    ]
};

/// What became of every target.
pub(crate) fn verdicts(outcomes: &[Outcome]) -> Vec<Verdict> {
    TARGETS
        .iter()
        .map(|target| target.judge(outcomes))
        .collect()
}

impl Target {
    fn judge(&self, outcomes: &[Outcome]) -> Verdict {
        let row = |case: &str, contender: &str| {
            let outcome = outcomes.iter().find(|outcome| outcome.case == case)?;
            outcome.row(contender).filter(|row| row.failure.is_none())
        };
        let figure = |case: &str, contender: &str| row(case, contender)?.median(self.figure);
        let own = self.ours.contender();
        let ours = figure(self.case, &own);
        // A contender that failed or did not take part is none to have beaten.
        let others: Option<Vec<f64>> = match self.rule {
            Rule::AtMostOfCase(_) => self.others.iter().map(|case| figure(case, &own)).collect(),
            _ => self
                .others
                .iter()
                .map(|other| figure(self.case, other))
                .collect(),
        };
        let best = others.and_then(|others| others.into_iter().min_by(f64::total_cmp));
        let ratio = ours.zip(best);
        let (asked, got, met) = match self.rule {
            Rule::Faster(least) => {
                let times = ratio.map(|(ours, best)| best / ours);
                (
                    format!("≥ {least:.1}×"),
                    times.map(|t| format!("{t:.2}×")),
                    times.map(|t| t >= least),
                )
            }
            Rule::AtMostShare(most) | Rule::AtMostOfCase(most) => {
                let share = ratio.map(|(ours, best)| ours / best);
                (
                    format!("≤ {most:.2}×"),
                    share.map(|s| format!("{s:.2}×")),
                    share.map(|s| s <= most),
                )
            }
            Rule::Within(most) => {
                let more = ratio.map(|(ours, best)| (ours - best) * 1e3);
                (
                    format!("≤ {:.1} ms more", most * 1e3),
                    more.map(|m| format!("{m:+.2} ms")),
                    more.map(|m| m <= most * 1e3),
                )
            }
            Rule::AtLeast(least) => (
                format!("≥ {least}"),
                ours.map(|v| format!("{v:.0}")),
                ours.map(|v| v >= least),
            ),
            Rule::AtMost(most) => {
                let shown = |v: f64| {
                    if v < 10.0 {
                        format!("{v:.3} s")
                    } else {
                        format!("{v:.0}")
                    }
                };
                (
                    format!("≤ {}", shown(most)),
                    ours.map(shown),
                    ours.map(|v| v <= most),
                )
            }
        };
        // Only a login that is part of the time can be taken off it.
        let bare = |contender: &str| {
            let row = row(self.case, contender)?;
            match row.median("login") {
                Some(login) => Some(row.median("seconds")? - login),
                None if row.values.contains_key("login_before") => row.median("seconds"),
                None => None,
            }
        };
        let without_logins = match (self.rule, self.figure) {
            (Rule::Faster(_), "seconds") => {
                let others: Option<Vec<f64>> =
                    self.others.iter().map(|other| bare(other)).collect();
                let best = others.and_then(|others| others.into_iter().min_by(f64::total_cmp));
                bare(&own)
                    .zip(best)
                    .map(|(ours, best)| format!("{:.2}×", best / ours))
            }
            _ => None,
        };
        Verdict {
            without_logins,
            what: self.what,
            case: self.case,
            target: asked,
            measured: got,
            met: met == Some(true),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::Row;
    use std::collections::BTreeMap;

    fn row(contender: &str, figure: &str, value: f64) -> Row {
        Row {
            contender: contender.to_owned(),
            values: BTreeMap::from([(figure.to_owned(), vec![value])]),
            failure: None,
        }
    }

    fn outcome(rows: Vec<Row>) -> Outcome {
        Outcome {
            case: "sftp-download".to_owned(),
            what: String::new(),
            bytes: None,
            reference: String::new(),
            rows,
        }
    }

    fn of<'a>(verdicts: &'a [Verdict], what: &str) -> &'a Verdict {
        verdicts
            .iter()
            .find(|v| v.case == "sftp-download" && v.what.contains(what))
            .unwrap()
    }

    #[test]
    fn the_best_of_the_others_is_what_counts() {
        let rows = |best: f64| {
            outcome(vec![
                row("http", "seconds", 2.0),
                row("openssh", "seconds", 9.0),
                row("openssh-aes", "seconds", best),
            ])
        };
        let met = verdicts(&[rows(2.2)]);
        assert!(of(&met, "through HTTP").met);
        assert_eq!(of(&met, "through HTTP").measured.as_deref(), Some("1.10×"));
        assert!(!of(&verdicts(&[rows(1.9)]), "through HTTP").met);
    }

    #[test]
    fn what_was_not_measured_is_not_met() {
        let mut failed = row("openssh-aes", "seconds", 9.0);
        failed.failure = Some("gone".to_owned());
        let rows = vec![
            row("http", "seconds", 2.0),
            row("openssh", "seconds", 9.0),
            failed,
        ];
        for judged in [verdicts(&[]), verdicts(&[outcome(rows)])] {
            let verdict = of(&judged, "through HTTP");
            assert!(!verdict.met && verdict.measured.is_none());
        }
    }
}
