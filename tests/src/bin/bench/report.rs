//! The report: everything that was measured, as Markdown. Knows results, not how they came
//! about.

mod table;

use crate::Result;
use crate::link::Shaped;
use crate::machine::{self, Facts};
use crate::plan::Options;
use crate::results::{Agreed, Outcome};
use crate::targets;
use connection_tests::servers::install;
use std::fmt::Write as _;
use std::io::Write as _;

/// Written by hand: why what falls short does. Goes into every report as it is.
const NOTES: &str = "tests/bench/notes.md";

/// Everything of a run.
pub(crate) struct Run {
    /// On loopback.
    pub(crate) outcomes: Vec<Outcome>,
    /// Over shaped links.
    pub(crate) shaped: Vec<Shaped>,
    /// Ciphers of the clients of SFTP.
    pub(crate) ciphers: Vec<Agreed>,
}

impl Run {
    /// All cases.
    fn all(&self) -> Vec<Outcome> {
        let linked = self.shaped.iter().flat_map(|shaped| &shaped.outcomes);
        self.outcomes.iter().chain(linked).cloned().collect()
    }

    /// Whether every contender did what it was asked to.
    pub(crate) fn whole(&self) -> bool {
        let mut rows = self.all().into_iter().flat_map(|outcome| outcome.rows);
        rows.all(|row| row.failure.is_none())
    }
}

/// Writes the report where the options say.
pub(crate) fn write(options: &Options, run: &Run) -> Result<()> {
    let text = text(options, run)?;
    match &options.output {
        Some(path) => std::fs::write(path, text)?,
        None => std::io::stdout().lock().write_all(text.as_bytes())?,
    }
    Ok(())
}

fn text(options: &Options, run: &Run) -> Result<String> {
    let mut text = String::new();
    head(&mut text, options)?;
    if options.all() {
        verdicts(&mut text, options, run)?;
        let notes = install::repository().join(NOTES);
        let notes = std::fs::read_to_string(notes)?;
        if !notes.trim().is_empty() {
            writeln!(text, "{}\n", notes.trim())?;
        }
    }
    writeln!(text, "## On loopback\n")?;
    for outcome in &run.outcomes {
        table::outcome(&mut text, outcome)?;
    }
    for shaped in &run.shaped {
        writeln!(
            text,
            "## {}\n\nThe link: {}.\n",
            shaped.shape.title(),
            shaped.made
        )?;
        for outcome in &shaped.outcomes {
            table::outcome(&mut text, outcome)?;
        }
    }
    if !run.ciphers.is_empty() {
        writeln!(
            text,
            "## Ciphers\n\nAs sshd's log tells them, server to client.\n"
        )?;
        let facts = run.ciphers.iter();
        let facts = facts.map(|agreed| (agreed.client.as_str(), agreed.cipher.as_str()));
        table::facts(&mut text, ["client", "cipher"], facts)?;
    }
    for (title, facts) in [
        ("Machine", machine::machine()),
        ("Versions", machine::versions()),
    ] {
        section(&mut text, title, &facts)?;
    }
    Ok(text.trim_end().to_owned() + "\n")
}

fn head(text: &mut String, options: &Options) -> Result<()> {
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| word != "run")
        .collect();
    let command = match options.all() && !options.quick {
        true => "make bench".to_owned(),
        false => format!("bench {}", words.join(" ")),
    };
    writeln!(text, "# Benchmarks\n")?;
    if options.quick {
        writeln!(
            text,
            "**The quick form: it shows that everything works; the figures mean nothing.**\n"
        )?;
    }
    writeln!(text, "Made by `{command}`; not to be edited. {METHOD}")?;
    Ok(())
}

/// How everything was measured.
const METHOD: &str = "\
This library and its server beside the programs people use otherwise, all against the same
sshd and vsftpd on this machine with files in memory, by turns in one run: every contender
once a round, and the median over the rounds counts. Every copy of the first round is compared
byte by byte with its source, of the later ones the size.

| name | what it is | its time |
|---|---|---|
| `lib-russh`, `lib-libssh2`, `lib` | this library, in a process of its own, with either SSH engine, or over FTP | from the start of the login |
| `http` | this server with its defaults and curl as its client, on a session that is open; CPU and memory are the server's, curl's CPU stands apart | curl's, from start to end |
| `openssh`, `openssh-aes` | `sftp`, with its own choice of cipher and with `aes128-gcm@openssh.com`, which is faster here | from start to end, login included |
| `paramiko`, `asyncssh` | the Python libraries with their defaults, by `tests/bench/peers.py` | from the start of the login: interpreter and imports do not count |
| `rclone`, `lftp`, `curl` | with their defaults; rclone without checksums afterwards | from start to end, login included |

«Speed ÷ x» is x's time divided by the contender's. CPU is user and system time of the
client's processes. Memory is the peak that was resident, of all processes of the client
together.
";

fn verdicts(text: &mut String, options: &Options, run: &Run) -> Result<()> {
    writeln!(
        text,
        "## Targets\n\nOurs through HTTP unless said; of several others the best.\n"
    )?;
    writeln!(
        text,
        "| case | what | target | measured | |\n|---|---|--:|--:|---|"
    )?;
    for verdict in targets::verdicts(&run.all()) {
        let outcome = match (options.quick, &verdict.measured) {
            (_, None) => "not measured",
            // Nothing is to be read into the quick form's figures.
            (true, _) => "",
            (false, _) if verdict.met => "met",
            (false, _) => "**missed**",
        };
        let measured = verdict.measured.as_deref().unwrap_or("–");
        let (case, what, target) = (verdict.case, verdict.what, verdict.target);
        writeln!(
            text,
            "| {case} | {what} | {target} | {measured} | {outcome} |"
        )?;
    }
    writeln!(text)?;
    Ok(())
}

fn section(text: &mut String, title: &str, facts: &Facts) -> Result<()> {
    writeln!(text, "## {title}\n")?;
    let facts = facts.iter().map(|(name, value)| (*name, value.as_str()));
    table::facts(text, ["", ""], facts)
}
