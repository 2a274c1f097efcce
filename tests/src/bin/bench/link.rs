//! A network between the client and the servers that is slower than loopback: both run in
//! network namespaces of their own, which end with them, and between these is a link with a
//! rate or a delay. The cases run in a process of their own inside the client's namespace.

use crate::cases::{Bench, LinkPlan};
use crate::facade::Facade;
use crate::ground::Ground;
use crate::plan::Options;
use crate::results::Outcome;
use crate::site::{Servers, Site};
use crate::turns::say;
use crate::{Result, SESSIONS, fail, probe};
use connection_tests::servers::install;
use serde::{Deserialize, Serialize};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::Ipv4Addr;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Addresses of the link's ends, from the block for such uses (RFC 2544).
const SERVER: Ipv4Addr = Ipv4Addr::new(198, 18, 0, 1);
const CLIENT: Ipv4Addr = Ipv4Addr::new(198, 18, 0, 2);
/// Name of the interface at both ends.
const INTERFACE: &str = "bench0";

/// What a connection's buffers may grow to at both ends, as on machines set up for long and
/// fast links: with the kernel's 4 MiB the kernel, not the client, is what 50 ms slow down.
const BUFFERS: &str = "cd /proc/sys/net/ipv4 && echo 4096 65536 33554432 >tcp_wmem && \
                       echo 4096 131072 33554432 >tcp_rmem";

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
    let mut lines = std::io::stdin().lines();
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
    let mut lines = std::io::stdin().lines();
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
        let output = BufReader::new(output.ok_or("no pipe")?);
        Ok(Self {
            child,
            input,
            output,
        })
    }

    /// Tells it a line and waits for a line.
    fn ask(&mut self, line: &str) -> Result<String> {
        let input = self.input.as_mut().ok_or("no pipe")?;
        writeln!(input, "{line}")?;
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

/// The link. Dropping it ends what carries its packets; the interfaces end with the
/// namespaces.
struct Link {
    relay: Option<Child>,
}

impl Drop for Link {
    fn drop(&mut self) {
        if let Some(relay) = &mut self.relay {
            let _ = relay.kill();
            let _ = relay.wait();
        }
    }
}

impl Link {
    /// Makes the link between the namespaces of two processes; says how.
    fn make(shape: Shape, server: u32, client: u32) -> Result<(Self, String)> {
        let ends = [(server, SERVER), (client, CLIENT)];
        let veth = || -> Result<()> {
            let peers = [server, client].map(|pid| pid.to_string());
            let [server, client] = peers.each_ref().map(String::as_str);
            let words = ["link", "add", INTERFACE, "netns", server, "type", "veth"];
            run(&mut Command::new("ip")
                .args(words)
                .args(["peer", "name", INTERFACE, "netns", client]))?;
            ends.iter()
                .try_for_each(|(pid, address)| up(*pid, *address))
        };
        match shape {
            Shape::Gigabit => {
                veth()?;
                let tbf = "tbf rate 1gbit burst 256kb latency 20ms";
                for (pid, _) in ends {
                    queue(pid, tbf)?;
                }
                Ok((
                    Self { relay: None },
                    format!("a veth pair, `{tbf}` at both ends"),
                ))
            }
            Shape::Delay if queue_exists("netem") => {
                veth()?;
                let netem = "netem delay 25ms limit 100000";
                for (pid, _) in ends {
                    queue(pid, netem)?;
                }
                Ok((
                    Self { relay: None },
                    format!("a veth pair, `{netem}` at both ends"),
                ))
            }
            Shape::Delay => {
                let relay = relay(server, client)?;
                for (pid, address) in ends {
                    up(pid, address)?;
                }
                let made = "two TUN interfaces, between which tests/bench/delay.py carries every \
                            packet 25 ms after it was sent (this kernel has no netem); the TCP \
                            is the kernel's, the rate is not limited";
                let link = Self { relay: Some(relay) };
                Ok((link, made.to_owned()))
            }
        }
    }
}

fn relay(server: u32, client: u32) -> Result<Child> {
    let mut relay = Command::new("setpriv")
        .args(["--pdeathsig", "KILL", "--", "python3"])
        .arg(install::repository().join("tests/bench/delay.py"))
        .args(["0.025", INTERFACE])
        .args([server, client].map(|pid| pid.to_string()))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut ready = String::new();
    if let Some(output) = relay.stdout.take() {
        BufReader::new(output).read_line(&mut ready)?;
    }
    match ready.trim() {
        "ready" => Ok(relay),
        _ => fail(format!("delay.py: {:?}", relay.wait()?)),
    }
}

/// Gives the end of the link in a process's namespace its address and turns it on.
fn up(pid: u32, address: Ipv4Addr) -> Result<()> {
    run(within(pid, "sh").args(["-c", BUFFERS]))?;
    let address = format!("{address}/30");
    for words in [
        &["link", "set", "lo", "up"][..],
        &["addr", "add", &address, "dev", INTERFACE],
        &["link", "set", INTERFACE, "up"],
    ] {
        run(within(pid, "ip").args(words))?;
    }
    Ok(())
}

/// Puts a queueing discipline at an end.
fn queue(pid: u32, discipline: &str) -> Result<()> {
    let tc = ["qdisc", "add", "dev", INTERFACE, "root"];
    run(within(pid, "tc").args(tc).args(discipline.split(' ')))
}

/// Whether the kernel has a queueing discipline, told by making one on a namespace's `lo`.
fn queue_exists(discipline: &str) -> bool {
    let script = format!("tc qdisc add dev lo root {discipline} delay 1ms");
    let mut tried = Command::new("unshare");
    tried.args(["--net", "sh", "-c", &script]);
    run(&mut tried).is_ok()
}

fn within(pid: u32, program: &str) -> Command {
    let mut command = Command::new("nsenter");
    command
        .arg(format!("--net=/proc/{pid}/ns/net"))
        .arg(program);
    command
}

/// Runs a tool to its successful end.
fn run(command: &mut Command) -> Result<()> {
    let ended = command.stdin(Stdio::null()).output()?;
    match ended.status.success() {
        true => Ok(()),
        false => fail(format!(
            "{command:?}: {}: {}",
            ended.status,
            String::from_utf8_lossy(&ended.stderr).trim()
        )),
    }
}
