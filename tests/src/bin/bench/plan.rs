//! What to measure and how much of it: the command line, and the sizes of the full and the
//! quick form.

use crate::link::Shape;
use clap::{Args, Parser, Subcommand};
use std::net::Ipv4Addr;
use std::path::PathBuf;

/// Measures this library and server beside OpenSSH, Paramiko, asyncssh, rclone, lftp and curl.
#[derive(Debug, Parser)]
#[command(name = "bench")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) part: Option<Part>,
    #[command(flatten)]
    pub(crate) options: Options,
}

/// MiB of the large file in the quick form.
const QUICK_MIB: u64 = 8;

/// Parts of a run that are processes of their own; not for calling by hand.
#[derive(Debug, Subcommand)]
pub(crate) enum Part {
    /// The library, doing one job.
    #[command(hide = true)]
    Worker { job: String },
    /// The run itself, in a directory that whoever started it removes.
    #[command(hide = true)]
    Run,
    /// The servers, in the namespace they are started in.
    #[command(hide = true)]
    Serve { host: Ipv4Addr },
    /// The cases over a link, in the namespace of its client.
    #[command(hide = true)]
    Inside { shape: Shape },
}

/// What to measure.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// Small sizes, one round: checks that everything works, not how fast
    #[arg(long, global = true)]
    pub(crate) quick: bool,
    /// Cases to run, by the beginning of their name (see the report), separated by commas
    #[arg(long, global = true, value_delimiter = ',')]
    only: Vec<String>,
    /// Contenders that take part, by name, separated by commas
    #[arg(long, global = true, value_delimiter = ',')]
    contenders: Vec<String>,
    /// Rounds of every case
    #[arg(long, global = true)]
    rounds: Option<usize>,
    /// MiB of the large file
    #[arg(long, global = true)]
    mib: Option<u64>,
    /// Where the report goes; standard output without it
    #[arg(long, global = true)]
    pub(crate) output: Option<PathBuf>,
}

impl Options {
    /// Whether a case is to be run.
    pub(crate) fn case(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|part| name.starts_with(part.as_str()))
    }

    /// Whether everything is run.
    pub(crate) fn all(&self) -> bool {
        self.only.is_empty() && self.contenders.is_empty()
    }

    /// Whether a contender takes part.
    pub(crate) fn contender(&self, name: &str) -> bool {
        self.contenders.is_empty() || self.contenders.iter().any(|wanted| wanted == name)
    }

    /// Rounds of a case that has this many in the full form.
    pub(crate) fn rounds(&self, full: usize) -> usize {
        match self.rounds {
            Some(rounds) => rounds.max(1),
            None if self.quick => 1,
            None => full,
        }
    }

    /// Bytes of the large file.
    pub(crate) fn large(&self) -> u64 {
        self.bytes(1024)
    }

    /// Bytes of a file that has so many MiB in the full form.
    pub(crate) fn bytes(&self, full: u64) -> u64 {
        self.mib
            .unwrap_or(if self.quick { QUICK_MIB } else { full })
            << 20
    }

    /// One amount in the full form, another in the quick one.
    pub(crate) fn amount(&self, full: usize, quick: usize) -> usize {
        if self.quick { quick } else { full }
    }
}
