//! FTP connections that fail.

use connection_tests::manager::{Login, Manager, Shared};
use connection_tests::{Pyftpdlib, Tls, Vsftpd};
use serde_json::json;
use std::io::Write as _;
use std::net::{TcpListener, TcpStream};

static MANAGER: Shared<Manager> = Shared::new(Manager::start);

fn login(port: u16) -> serde_json::Value {
    json!({"host": "127.0.0.1", "port": port, "username": "u", "password": "p", "timeout": 2})
}

fn peer(act: impl FnOnce(TcpStream) + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || act(listener.accept().unwrap().0));
    port
}

fn until_closed(mut stream: TcpStream) {
    let _ = std::io::copy(&mut stream, &mut std::io::sink());
}

#[test]
fn nobody_listens() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let answer = MANAGER.get().post("/connections/ftp", &login(port));
    answer.fails(400, "FTP connection failed: [Errno 111] Connection refused");
}

#[test]
fn a_name_that_does_not_resolve() {
    let mut body = login(21);
    body["host"] = json!("no-such-host.invalid");
    let answer = MANAGER.get().post("/connections/ftp", &body);
    answer.fails(
        400,
        "FTP connection failed: [Errno -2] Name or service not known",
    );
}

#[test]
fn a_peer_that_is_silent() {
    let port = peer(until_closed);
    let answer = MANAGER.get().post("/connections/ftp", &login(port));
    answer.fails(400, "FTP connection failed: timed out");
}

#[test]
fn a_server_that_is_full() {
    let port = peer(|mut stream| {
        let _ = stream.write_all(b"421 Too many connections.\r\n");
        let _ = stream.shutdown(std::net::Shutdown::Write);
        until_closed(stream);
    });
    let answer = MANAGER.get().post("/connections/ftp", &login(port));
    answer.fails(400, "FTP connection failed: 421 Too many connections.");
}

#[test]
fn a_peer_that_closes() {
    let port = peer(|stream| {
        let _ = stream.shutdown(std::net::Shutdown::Write);
        until_closed(stream);
    });
    let answer = MANAGER.get().post("/connections/ftp", &login(port));
    answer.fails_with(400, "FTP connection failed: ");
}

#[test]
fn tls_is_asked_for_and_not_offered() {
    let plain = Pyftpdlib::start();
    let body = Login::ftp(&plain).with("useTLS", true);
    let answer = MANAGER.get().connect_ftp(&body);
    answer.fails(
        400,
        "FTP connection failed: 500 Command \"AUTH\" not understood.",
    );
    assert!(
        !plain.log().contains(plain.user()),
        "nothing crossed in clear text\n{}",
        plain.log()
    );
    let plain = Vsftpd::start();
    let body = Login::ftp(&plain).with("useTLS", true);
    MANAGER
        .get()
        .connect_ftp(&body)
        .fails_with(400, "FTP connection failed: 530 ");
}

#[test]
fn tls_is_insisted_on_and_not_asked_for() {
    let server = Pyftpdlib::builder().tls(Tls::Required).start();
    let body = Login::ftp(&server).with("useTLS", false);
    let answer = MANAGER.get().connect_ftp(&body);
    answer.fails(
        400,
        "FTP connection failed: 550 SSL/TLS required on the control channel.",
    );
    let server = Vsftpd::builder().tls(Tls::Required).start();
    let body = Login::ftp(&server).with("useTLS", false);
    MANAGER
        .get()
        .connect_ftp(&body)
        .fails_with(400, "FTP connection failed: 530 ");
}

#[test]
fn a_server_that_closes_idle_connections_is_reached_anew() {
    let server = Pyftpdlib::builder().idle_timeout(1).start();
    server.write_file("a", "x");
    let manager = MANAGER.get();
    let id = manager.ftp(&server);
    connection_tests::eventually(
        std::time::Duration::from_secs(5),
        "idle connections close",
        || server.open_sockets() == 0,
    );
    let body = manager.list(&id, "/").ok();
    assert_eq!(body["files"][0]["name"], "a");
}
