//! FTP connections that fail.

use connection_tests::manager::{Login, Manager, Shared};
use connection_tests::servers::ftp::scripted::say;
use connection_tests::{ProFtpd, Pyftpdlib, ScriptedFtp, TcpServer, Tls, Vsftpd, eventually, wait};
use serde_json::json;
use std::io::Write as _;
use std::net::{TcpListener, TcpStream};

static MANAGER: Shared<Manager> = Shared::new(Manager::start);

fn login(port: u16) -> serde_json::Value {
    json!({"host": "127.0.0.1", "port": port, "username": "u", "password": "p"})
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
    let nobody = TcpServer::refuses();
    let answer = MANAGER
        .get()
        .post("/connections/ftp", &login(nobody.port()));
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
    let mut body = login(peer(until_closed));
    body["timeout"] = json!(1);
    let answer = MANAGER.get().post("/connections/ftp", &body);
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
    let server = Pyftpdlib::builder().idle_timeout(3).start();
    server.write_file("a", "x");
    let manager = MANAGER.get();
    let id = manager.ftp(&server);
    eventually(wait::PATIENCE, "idle connections close", || {
        server.open_sockets() == 0
    });
    let body = manager.list(&id, "/").ok();
    assert_eq!(body["files"][0]["name"], "a");
}

#[test]
fn fields_that_cannot_be_right_are_answered_with_their_names() {
    let manager = MANAGER.get();
    let server = ScriptedFtp::start();
    for (field, value, detail) in [
        (
            "tlsMode",
            json!("implicit"),
            "tlsMode needs useTLS to be true",
        ),
        (
            "tlsMode",
            json!("explicit"),
            "tlsMode needs useTLS to be true",
        ),
        (
            "tlsMode",
            json!("ssl"),
            "tlsMode must be explicit or implicit",
        ),
        ("tlsMode", json!(1), "tlsMode must be a string"),
        (
            "dataMode",
            json!("PORT"),
            "dataMode must be passive or active",
        ),
        ("dataMode", json!([]), "dataMode must be a string"),
        (
            "charset",
            json!("klingon"),
            "charset must be a character set of file names, such as utf-8, windows-1252 or \
             shift_jis",
        ),
        ("charset", json!(1252), "charset must be a string"),
        (
            "account",
            json!("a\r\nDELE x"),
            "account must not contain CR, LF or NUL",
        ),
        ("account", json!(true), "account must be a string"),
        (
            "virtualHost",
            json!("a\r\nDELE x"),
            "virtualHost must be a host name without control characters",
        ),
        (
            "maxConnections",
            json!(0),
            "maxConnections must be a whole number from 1 to 64",
        ),
        (
            "maxConnections",
            json!(65),
            "maxConnections must be a whole number from 1 to 64",
        ),
        (
            "maxConnections",
            json!("8"),
            "maxConnections must be a whole number",
        ),
    ] {
        let mut body = login(server.port());
        body[field] = value;
        manager.post("/connections/ftp", &body).fails(400, detail);
    }
    assert_eq!(server.accepted(), 0, "nothing was sent anywhere");
}

#[test]
fn implicit_tls_is_asked_for_by_name() {
    let manager = MANAGER.get();
    let server = Vsftpd::builder().tls(Tls::Implicit).start();
    server.write_file("a", "x");
    let implicit = Login::ftp(&server);
    assert_eq!(implicit.body()["tlsMode"], "implicit");
    let id = manager.connect_ftp(&implicit).ok();
    let id = id["session_id"].as_str().unwrap();
    assert_eq!(manager.list(id, "/").ok()["files"][0]["name"], "a");
    // The other way round it does not fit, and ends within its time.
    let explicit = Login::ftp(&server)
        .with("tlsMode", "explicit")
        .with("timeout", 1);
    manager
        .connect_ftp(&explicit)
        .fails_with(400, "FTP connection failed: ");
}

#[test]
fn the_port_of_implicit_tls_is_990() {
    let manager = MANAGER.get();
    for (mode, port) in [("implicit", 990), ("explicit", 21)] {
        let Ok(listener) = TcpListener::bind(("127.0.0.3", port)) else {
            continue;
        };
        let taken = std::thread::spawn(move || listener.accept().map(drop));
        let body = json!({
            "host": "127.0.0.3", "username": "u", "password": "p", "useTLS": true,
            "tlsMode": mode, "timeout": 2,
        });
        let answer = manager.post("/connections/ftp", &body);
        answer.fails_with(400, "FTP connection failed: ");
        taken.join().unwrap().unwrap();
    }
}

#[test]
fn the_server_connects_for_data_where_it_is_told_to() {
    let manager = MANAGER.get();
    let server = ProFtpd::start();
    server.write_file("d/a", "x");
    let active = Login::ftp(&server).with("dataMode", "active");
    let id = manager.connect_ftp(&active).ok();
    let id = id["session_id"].as_str().unwrap();
    assert_eq!(manager.list(id, "/d").ok()["files"][0]["name"], "a");
    let log = server.log();
    assert!(log.contains("EPRT") || log.contains("PORT"), "{log}");
    assert!(!log.contains("EPSV") && !log.contains("PASV"), "{log}");
}

#[test]
fn names_are_in_the_character_set_that_is_named() {
    use std::os::unix::ffi::OsStrExt as _;
    let manager = MANAGER.get();
    let server = Vsftpd::start();
    server.mkdir("d");
    let name = std::ffi::OsStr::from_bytes(b"gr\xfc\xdfe");
    std::fs::write(server.home().join("d").join(name), "x").unwrap();
    let latin = Login::ftp(&server).with("charset", "windows-1252");
    let id = manager.connect_ftp(&latin).ok();
    let id = id["session_id"].as_str().unwrap();
    assert_eq!(manager.list(id, "/d").ok()["files"][0]["name"], "grüße");
}

#[test]
fn account_and_virtual_host_go_where_they_belong_and_nowhere_else() {
    let manager = MANAGER.get();
    let server = ScriptedFtp::builder()
        .on("HOST", [say("220 that one\r\n")])
        .on("PASS", [say("332 and the account?\r\n")])
        .start();
    let mut body = login(server.port());
    body["account"] = json!("canary-of-an-account");
    body["virtualHost"] = json!("files.example");
    let answer = manager.post("/connections/ftp", &body);
    assert_eq!(answer.status, 200, "{}", answer.text);
    let commands = server.commands();
    let at = |wanted: &str| commands.iter().position(|line| line == wanted);
    let order = [
        at("HOST files.example"),
        at("USER u"),
        at("PASS"),
        at("ACCT"),
    ];
    assert!(order.iter().all(Option::is_some), "{commands:?}");
    assert!(order.is_sorted(), "{commands:?}");
    assert!(!answer.text.contains("canary"));
    assert!(!manager.log().contains("canary"));
}

#[test]
fn a_session_has_no_more_connections_than_it_may() {
    let manager = MANAGER.get();
    let server = Pyftpdlib::builder().throttle(50_000).start();
    server.write_file("a", vec![0; 20_000]);
    let one = Login::ftp(&server).with("maxConnections", 1);
    let id = manager.connect_ftp(&one).ok();
    let id = id["session_id"].as_str().unwrap();
    let most = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| manager.list(id, "/").ok()))
            .collect();
        while !all.iter().all(|thread| thread.is_finished()) {
            let logins = server.log().matches("FTP session opened").count();
            most.fetch_max(logins, std::sync::atomic::Ordering::SeqCst);
        }
    });
    assert_eq!(server.log().matches("FTP session opened").count(), 1);
}
