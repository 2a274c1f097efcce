//! The rude TCP servers and the proxy, seen by plain sockets.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use connection_tests::{ChaosProxy, Direction, Sshd, TcpServer, eventually};

const SOON: Duration = Duration::from_secs(60);
const BRIEFLY: Duration = Duration::from_millis(150);

fn connect(addr: std::net::SocketAddr) -> TcpStream {
    let stream = TcpStream::connect_timeout(&addr, SOON).unwrap();
    stream.set_read_timeout(Some(SOON)).unwrap();
    stream
}

/// Whether nothing arrives for a while, not even the end.
fn is_silent(stream: &mut TcpStream) -> bool {
    stream.set_read_timeout(Some(BRIEFLY)).unwrap();
    let result = stream.read(&mut [0; 16]);
    stream.set_read_timeout(Some(SOON)).unwrap();
    matches!(result, Err(error) if error.kind() == ErrorKind::WouldBlock)
}

fn rest(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Everything read before a reset, which must be how it ends.
#[track_caller]
fn until_reset(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    let error = stream.read_to_end(&mut bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    bytes
}

#[test]
fn a_silent_server_takes_connections_and_says_nothing() {
    let server = TcpServer::silent();
    let mut stream = connect(server.addr());
    stream.write_all(b"SSH-2.0-test\r\n").unwrap();
    assert!(is_silent(&mut stream));
    eventually(SOON, "it takes one", || server.accepted() == 1);
    assert_eq!(server.open_sockets(), 1);
    drop(stream);
    eventually(SOON, "the client is gone", || server.open_sockets() == 0);
    let addr = server.addr();
    drop(server);
    assert!(TcpStream::connect(addr).is_err());
}

#[test]
fn rude_servers_speak_http_close_and_reset() {
    let answer = rest(&mut connect(TcpServer::http().addr())).unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 400 Bad Request\r\n"));
    let closes = TcpServer::closes();
    assert_eq!(rest(&mut connect(closes.addr())).unwrap(), b"");
    let resets = TcpServer::resets();
    // The reset may be there before the client knows that it is connected.
    let error = TcpStream::connect(resets.addr())
        .and_then(|mut stream| rest(&mut stream))
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    let dies = TcpServer::says("220 hel");
    let mut stream = connect(dies.addr());
    stream.read_exact(&mut [0; 7]).unwrap();
    assert!(is_silent(&mut stream));
}

#[test]
fn an_endless_banner_does_not_end() {
    for server in [TcpServer::endless_banner(), TcpServer::endless_line()] {
        let mut bytes = vec![0; 5_000_000];
        connect(server.addr()).read_exact(&mut bytes).unwrap();
        assert!(!bytes.starts_with(b"SSH-"));
    }
}

#[test]
fn an_unreachable_server_leaves_a_connect_hanging() {
    let server = TcpServer::unreachable();
    let error = TcpStream::connect_timeout(&server.addr(), 2 * BRIEFLY).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
}

/// A proxy to a server that sends `bytes` and closes.
fn sender(bytes: usize) -> (TcpServer, ChaosProxy) {
    let server = TcpServer::says_and_closes(vec![b'x'; bytes]);
    let proxy = ChaosProxy::start(server.addr());
    (server, proxy)
}

#[test]
fn a_proxy_without_faults_passes_everything_both_ways() {
    let (_server, proxy) = sender(1_000_000);
    assert_eq!(rest(&mut connect(proxy.addr())).unwrap().len(), 1_000_000);
    assert_eq!(proxy.passed(Direction::ToClient), 1_000_000);
    eventually(SOON, "no connection", || proxy.connections() == 0);

    let silent = TcpServer::silent();
    let proxy = ChaosProxy::start(silent.addr());
    let mut stream = connect(proxy.addr());
    stream.write_all(&[0; 1000]).unwrap();
    eventually(SOON, "all passed", || {
        proxy.passed(Direction::ToServer) == 1000
    });
    assert_eq!(proxy.connections(), 1);
    drop(stream);
    eventually(SOON, "the server saw the end", || {
        silent.open_sockets() == 0
    });
}

#[test]
fn a_real_session_passes_through_the_proxy() {
    let sshd = Sshd::start();
    let proxy = ChaosProxy::start(sshd.addr());
    let mut banner = [0; 8];
    connect(proxy.addr()).read_exact(&mut banner).unwrap();
    assert_eq!(&banner, b"SSH-2.0-");
}

#[test]
fn a_delay_holds_bytes_back_but_not_the_rate() {
    let (_server, proxy) = sender(2_000_000);
    proxy.delay(2 * BRIEFLY);
    let start = Instant::now();
    assert_eq!(rest(&mut connect(proxy.addr())).unwrap().len(), 2_000_000);
    assert!(start.elapsed() >= 2 * BRIEFLY);
    assert!(start.elapsed() < SOON);
}

#[test]
fn a_throttled_proxy_is_slow() {
    let (_server, proxy) = sender(50_000);
    proxy.throttle(100_000);
    let start = Instant::now();
    assert_eq!(rest(&mut connect(proxy.addr())).unwrap().len(), 50_000);
    assert!(
        start.elapsed() >= Duration::from_millis(450),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn a_stall_holds_everything_until_it_ends() {
    let (_server, proxy) = sender(1000);
    proxy.stall(Direction::ToClient);
    let mut stream = connect(proxy.addr());
    assert!(is_silent(&mut stream));
    assert_eq!(proxy.passed(Direction::ToClient), 0);
    proxy.resume();
    assert_eq!(rest(&mut stream).unwrap().len(), 1000);
}

#[test]
fn a_cut_after_some_bytes_closes_with_exactly_those() {
    let (_server, proxy) = sender(1_000_000);
    proxy.cut_after(Direction::ToClient, 100_001);
    assert_eq!(rest(&mut connect(proxy.addr())).unwrap().len(), 100_001);
    eventually(SOON, "no connection", || proxy.connections() == 0);
    assert_eq!(rest(&mut connect(proxy.addr())).unwrap().len(), 0);
    proxy.resume();
    assert_eq!(rest(&mut connect(proxy.addr())).unwrap().len(), 1_000_000);
}

#[test]
fn a_reset_is_seen_as_one_by_both_sides() {
    let server = TcpServer::silent();
    let proxy = ChaosProxy::start(server.addr());
    let mut stream = connect(proxy.addr());
    eventually(SOON, "a connection", || proxy.connections() == 1);
    proxy.reset();
    assert_eq!(until_reset(&mut stream), b"");
    eventually(SOON, "the server's side is gone", || {
        server.open_sockets() == 0
    });

    let (_server, proxy) = sender(1_000_000);
    proxy.reset_after(Direction::ToClient, 1000);
    until_reset(&mut connect(proxy.addr()));
}

#[test]
fn a_cut_closes_open_connections_and_a_refusal_new_ones() {
    let server = TcpServer::silent();
    let proxy = ChaosProxy::start(server.addr());
    let mut stream = connect(proxy.addr());
    eventually(SOON, "a connection", || proxy.connections() == 1);
    proxy.cut();
    assert_eq!(rest(&mut stream).unwrap(), b"");
    proxy.refuse();
    assert_eq!(rest(&mut connect(proxy.addr())).unwrap(), b"");
    eventually(SOON, "the first is taken", || server.accepted() > 0);
    assert_eq!(server.accepted(), 1);
}

#[test]
fn a_dropped_proxy_closes_its_connections() {
    let server = TcpServer::silent();
    let proxy = ChaosProxy::start(server.addr());
    let addr = proxy.addr();
    let mut stream = connect(addr);
    eventually(SOON, "a connection", || proxy.connections() == 1);
    drop(proxy);
    assert_eq!(rest(&mut stream).unwrap(), b"");
    assert!(TcpStream::connect(addr).is_err());
}
