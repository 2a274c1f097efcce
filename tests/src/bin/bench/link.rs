//! A network between the client and the servers that is slower than loopback: both run in
//! network namespaces of their own, which end with them, and between these is a link with a
//! rate or a delay. The cases run in a process of their own inside the client's namespace.

mod network;

use crate::cases::{Bench, LinkPlan};
use crate::facade::Facade;
use crate::ground::Ground;
use crate::plan::Options;
use crate::results::Outcome;
use crate::site::{Servers, Site};
use crate::turns::say;
use crate::{Result, SESSIONS, fail, probe};
use network::{Link, SERVER, namespaces};
use serde::{Deserialize, Serialize};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::Ipv4Addr;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A kind of link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
pub(crate) enum Shape {
    /// A gigabit a second, both ways.
    Gigabit,
    /// 50 ms from one end to the other and back.
    Delay,
}

impl Shape {
    pub(crate) const ALL: [Self; 2] = [Self::Gigabit, Self::Delay];

    /// Heads its part of the report.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Gigabit => "Over a link of 1 Gbit/s",
            Self::Delay => "Over a link of 50 ms",
        }
    }

    /// Begins the names of its cases.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Gigabit => "1gbit",
            Self::Delay => "50ms",
        }
    }
}

/// What was measured over a link, or why nothing was.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Shaped {
    pub(crate) shape: Shape,
    /// How the link was made.
    pub(crate) made: String,
    /// The cases.
    pub(crate) outcomes: Vec<Outcome>,
}

/// What the client's process is told.
#[derive(Debug, Serialize, Deserialize)]
struct Told {
    site: Site,
    probe: u16,
    made: String,
}

/// Runs the cases over a link, if any is wanted.
pub(crate) fn measure(options: &Options, shape: Shape) -> Result<Option<Shaped>> {
    if !LinkPlan::of(shape).wanted(options) {
        return Ok(None);
    }
    if !namespaces() {
        let why = "none: this machine lets nobody make network namespaces, so nothing was measured";
        return Ok(Some(Shaped {
            shape,
            made: why.to_owned(),
            outcomes: Vec::new(),
        }));
    }
    let mut server = Inside::start(&["serve", &SERVER.to_string()])?;
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| word != "run")
        .collect();
    let mut words: Vec<&str> = vec!["inside", shape_name(shape)];
    words.extend(arguments.iter().map(String::as_str));
    let mut client = Inside::start(&words)?;
    let (link, made) = Link::make(shape, server.child.id(), client.child.id())?;
    say(&format!("{}: {made}", shape.name()));
    let (site, probe): (Site, u16) = serde_json::from_str(&server.ask("go")?)?;
    let told = Told { site, probe, made };
    let answer = client.ask(&serde_json::to_string(&told)?)?;
    drop(link);
    Ok(Some(serde_json::from_str(&answer)?))
}

fn shape_name(shape: Shape) -> &'static str {
    match shape {
        Shape::Gigabit => "gigabit",
        Shape::Delay => "delay",
    }
}

/// The servers' process: waits for the link, says how to reach them, ends with its input.
pub(crate) fn serve(host: Ipv4Addr) -> Result<()> {
    let mut lines = here()?;
    lines.next().ok_or("nobody says that there is a link")??;
    let servers = Servers::start(host)?;
    let probe = probe::serve(host)?;
    let answer = serde_json::to_string(&(servers.site(), probe))?;
    writeln!(std::io::stdout(), "{answer}")?;
    for line in lines {
        line?;
    }
    Ok(())
}

/// The client's process: is told of the link, measures, answers with what it measured.
pub(crate) fn inside(options: &Options, shape: Shape) -> Result<()> {
    let mut lines = here()?;
    let told = lines.next().ok_or("nobody says that there is a link")??;
    let Told { site, probe, made } = serde_json::from_str(&told)?;
    let facade = Facade::start(SESSIONS);
    let local = tempfile::tempdir()?;
    let bench = Bench {
        options,
        ground: Ground::new(local.path(), &site),
        site,
        facade: &facade,
    };
    let outcomes = bench.linked(LinkPlan::of(shape), (SERVER, probe))?;
    let shaped = Shaped {
        shape,
        made,
        outcomes,
    };
    writeln!(std::io::stdout(), "{}", serde_json::to_string(&shaped)?)?;
    Ok(())
}

/// Says that this process is in its namespace; answers the lines it is told.
fn here() -> Result<std::io::Lines<std::io::StdinLock<'static>>> {
    writeln!(std::io::stdout(), "{HERE}")?;
    Ok(std::io::stdin().lines())
}

/// What [`here`] says.
const HERE: &str = "here";

/// A process of this program in a network namespace of its own. Dropping it ends both.
struct Inside {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Inside {
    fn start(arguments: &[&str]) -> Result<Self> {
        let mut command = Command::new("setpriv");
        command
            .args(["--pdeathsig", "KILL", "--", "unshare", "--net", "--"])
            .arg(std::env::current_exe()?)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let mut inside = Self {
            child,
            input,
            output: BufReader::new(output.ok_or("no pipe")?),
        };
        // Before that it may still be where this process is, and so would be the interface.
        inside.hear()?;
        Ok(inside)
    }

    /// Tells it a line and waits for a line.
    fn ask(&mut self, line: &str) -> Result<String> {
        let input = self.input.as_mut().ok_or("no pipe")?;
        writeln!(input, "{line}")?;
        self.hear()
    }

    fn hear(&mut self) -> Result<String> {
        let mut answer = String::new();
        self.output.read_line(&mut answer)?;
        match answer.is_empty() {
            true => fail(format!("it ended: {:?}", self.child.wait()?)),
            false => Ok(answer),
        }
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        // The end of its input ends it in an orderly way.
        drop(self.input.take());
        let _ = self.child.wait();
    }
}
