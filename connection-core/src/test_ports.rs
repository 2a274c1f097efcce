//! TCP ports for tests: one a server may be started on, and one that stays closed.

use socket2::{Domain, Socket, Type};
use std::hash::{BuildHasher as _, RandomState};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};

/// Below the kernel's range for outgoing connections: the port of a server that is only
/// starting must not become the near end of somebody's connection, nor of one to itself.
const RANGE: std::ops::Range<u16> = 20_000..32_000;

/// A port nobody listens on right now. Another process may take it before the caller does, so
/// a server that fails on it is started again on another one.
pub(crate) fn free() -> u16 {
    let length = u64::from(RANGE.end - RANGE.start);
    loop {
        let random = RandomState::new().hash_one(()) % length;
        let port = RANGE.start + u16::try_from(random).unwrap();
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}

/// Whether this process listens on the port: a connection could lead to another server, which
/// got the port first.
pub(crate) fn listens(port: u16, pid: u32) -> bool {
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
    // `sl local_address rem_address st tx:rx tr:tm retrnsmt uid timeout inode …` (proc(5)); `0A`
    // is a listener.
    let address = format!(":{port:04X}");
    let sockets: Vec<String> = table
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .filter(|fields| fields.get(1).is_some_and(|local| local.ends_with(&address)))
        .filter(|fields| fields.get(3) == Some(&"0A"))
        .filter_map(|fields| fields.get(9).map(|inode| format!("socket:[{inode}]")))
        .collect();
    let Ok(files) = std::fs::read_dir(format!("/proc/{pid}/fd")) else {
        return false;
    };
    files
        .filter_map(|file| std::fs::read_link(file.ok()?.path()).ok())
        .any(|link| sockets.contains(&link.display().to_string()))
}

/// A port that refuses every connection. It is bound, so nobody else gets it.
pub(crate) struct Closed {
    pub(crate) port: u16,
    _bound: Socket,
}

impl Closed {
    pub(crate) fn new() -> Self {
        let bound = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        bound.bind(&any.into()).unwrap();
        let port = bound.local_addr().unwrap().as_socket().unwrap().port();
        Self {
            port,
            _bound: bound,
        }
    }
}
