//! TCP ports of this machine as the kernel lists them: which one is free, and who listens.

use std::collections::HashSet;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;

/// Ports the harness takes: below the kernel's range for outgoing connections, so that a stopped
/// server's port is still free when the server is started again on it.
const RANGE: std::ops::Range<u16> = 20_000..32_000;

/// Socket states of `/proc/net/tcp`.
const ESTABLISHED: &str = "01";
const CLOSE_WAIT: &str = "08";
const LISTEN: &str = "0A";

/// A port nobody listens on right now. Another process may take it before the caller does, so a
/// server that fails on it is started again on another one.
pub(crate) fn free() -> u16 {
    loop {
        let random = u128::from_ne_bytes(*uuid::Uuid::new_v4().as_bytes()) % RANGE.len() as u128;
        let port = RANGE.start + u16::try_from(random).expect("below the length of a u16 range");
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}

/// Whether one of `pids` holds the listening socket of `port`.
pub(crate) fn listens(port: u16, pids: &[u32]) -> bool {
    let inodes: HashSet<String> = sockets()
        .into_iter()
        .filter(|socket| socket.port == port && socket.state == LISTEN)
        .map(|socket| format!("socket:[{}]", socket.inode))
        .collect();
    !inodes.is_empty() && pids.iter().any(|pid| holds(*pid, &inodes))
}

/// Number of connections to `port` the server side still has open.
pub(crate) fn connections(port: u16) -> usize {
    count(port, &[ESTABLISHED, CLOSE_WAIT])
}

/// Number of connections to `port` neither side has closed.
pub(crate) fn established(port: u16) -> usize {
    count(port, &[ESTABLISHED])
}

/// Whether every byte sent from `port` has reached the other side's kernel.
pub(crate) fn all_sent(port: u16) -> bool {
    let unsent =
        |socket: &Socket| socket.port == port && socket.state == ESTABLISHED && socket.unsent;
    !sockets().iter().any(unsent)
}

fn count(port: u16, states: &[&str]) -> usize {
    let counts = |socket: &&Socket| socket.port == port && states.contains(&socket.state.as_str());
    sockets().iter().filter(counts).count()
}

fn holds(pid: u32, inodes: &HashSet<String>) -> bool {
    let Ok(entries) = std::fs::read_dir(Path::new("/proc").join(pid.to_string()).join("fd")) else {
        return false;
    };
    entries
        .flatten()
        .filter_map(|entry| std::fs::read_link(entry.path()).ok())
        .any(|target| inodes.contains(target.to_string_lossy().as_ref()))
}

struct Socket {
    port: u16,
    state: String,
    unsent: bool,
    inode: String,
}

fn sockets() -> Vec<Socket> {
    ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .filter_map(|table| std::fs::read_to_string(table).ok())
        .flat_map(|table| table.lines().skip(1).filter_map(parse).collect::<Vec<_>>())
        .collect()
}

/// Reads `sl local_address rem_address st tx:rx tr:tm retrnsmt uid timeout inode …` (proc(5)).
fn parse(line: &str) -> Option<Socket> {
    let mut fields = line.split_whitespace();
    let local = fields.nth(1)?;
    let state = fields.nth(1)?.to_owned();
    let sent = fields.next()?.split(':').next()?;
    let unsent = u32::from_str_radix(sent, 16).ok()? > 0;
    let inode = fields.nth(4)?.to_owned();
    let port = u16::from_str_radix(local.rsplit(':').next()?, 16).ok()?;
    Some(Socket {
        port,
        state,
        unsent,
        inode,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listener_is_seen_with_its_process() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        assert!(listens(port, &[std::process::id()]));
        assert!(!listens(port, &[1]));
        drop(listener);
        assert!(!listens(port, &[std::process::id()]));
    }
}
