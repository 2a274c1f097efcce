//! Making a link between the network namespaces of two processes. Knows nothing of what goes
//! over it.

use super::Shape;
use crate::{Result, fail};
use connection_tests::servers::install;
use std::io::{BufRead as _, BufReader};
use std::net::Ipv4Addr;
use std::process::{Child, Command, Stdio};

/// Addresses of the link's ends, from the block for such uses (RFC 2544).
pub(super) const SERVER: Ipv4Addr = Ipv4Addr::new(198, 18, 0, 1);
const CLIENT: Ipv4Addr = Ipv4Addr::new(198, 18, 0, 2);
/// Name of the interface at both ends.
const INTERFACE: &str = "bench0";

/// What a connection's buffers may grow to at both ends, as on machines set up for long and
/// fast links: with the kernel's 4 MiB the kernel, not the client, is what 50 ms slow down.
const BUFFERS: &str = "cd /proc/sys/net/ipv4 && echo 4096 65536 33554432 >tcp_wmem && \
                       echo 4096 131072 33554432 >tcp_rmem";

/// The link. Dropping it ends what carries its packets; the interfaces end with the
/// namespaces.
pub(super) struct Link {
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
    pub(super) fn make(shape: Shape, server: u32, client: u32) -> Result<(Self, String)> {
        let ends = [(server, SERVER), (client, CLIENT)];
        let veth = || -> Result<()> {
            let peers = [server, client].map(|pid| pid.to_string());
            let [server, client] = peers.each_ref().map(String::as_str);
            let words = ["link", "add", INTERFACE, "netns", server, "type", "veth"];
            run(Command::new("ip")
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

/// Whether network namespaces can be made here.
pub(super) fn namespaces() -> bool {
    run(Command::new("unshare").args(["--net", "ip", "link"])).is_ok()
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
