//! The names of what went wrong, which a program reads where a person reads the text.

use connection_tests::manager::{self, Login, Manager};
use connection_tests::servers::ftp::scripted::say;
use connection_tests::{
    Authority, FtpServer, ProFtpd, PureFtpd, Pyftpdlib, ScriptedFtp, TcpServer, Tls, Vsftpd,
};
use serde_json::{Value, json};

fn body(host: &str, port: u16) -> Value {
    json!({ "host": host, "port": port, "username": "u", "password": "p" })
}

#[test]
fn the_way_to_the_server() {
    let manager = Manager::start();
    let connect = |host: &str, port| manager.post("/connections/ftp", &body(host, port));
    connect("no-such-host.invalid", 21).is_named("host_not_found", "");
    for server in [TcpServer::unreachable(), TcpServer::silent()] {
        let mut body = body(server.host(), server.port());
        body["timeout"] = json!(1);
        manager
            .post("/connections/ftp", &body)
            .is_named("timed_out", "");
    }
    for (server, code) in [
        (TcpServer::refuses(), "connection_refused"),
        (TcpServer::says("SSH-2.0-OpenSSH_9.2\r\n"), "not_ftp"),
        (TcpServer::closes(), "connection_lost"),
        (
            TcpServer::says_and_closes("421 Too many connections.\r\n"),
            "server_busy",
        ),
    ] {
        connect(server.host(), server.port()).is_named(code, "");
    }
}

#[test]
fn logins() {
    let manager = Manager::start();
    let servers: [Box<dyn FtpServer>; 6] = [
        Box::new(Vsftpd::start()),
        Box::new(ProFtpd::start()),
        Box::new(PureFtpd::start()),
        Box::new(Pyftpdlib::start()),
        // These have TLS to offer: a wrong password is one all the same.
        Box::new(Vsftpd::builder().tls(Tls::Offered).start()),
        Box::new(ProFtpd::builder().tls(Tls::Offered).start()),
    ];
    for server in servers {
        let wrong = Login::ftp(server.as_ref()).with("password", "wrong");
        let wrong = wrong.with("useTLS", false).without("tlsMode");
        manager
            .connect_ftp(&wrong)
            .is_named("authentication_failed", "");
    }
    let asking = ScriptedFtp::builder()
        .on("PASS", [say("332 and the account?\r\n")])
        .start();
    let answer = manager.post("/connections/ftp", &body("127.0.0.1", asking.port()));
    answer.is_named("account_required", "account");
    let full = Manager::builder().flag("--max-sessions", "1").start();
    let server = Pyftpdlib::start();
    full.ftp(&server);
    full.connect_ftp(&Login::ftp(&server))
        .is_named("session_limit", "");
}

#[test]
fn encryption_wanted_by_one_side_alone() {
    let manager = Manager::start();
    // vsftpd and Pure-FTPd close the connection with it, the latter in the words of a server
    // that is full.
    let insisting: [Box<dyn FtpServer>; 4] = [
        Box::new(PureFtpd::builder().tls(Tls::Required).start()),
        Box::new(Vsftpd::builder().tls(Tls::Required).start()),
        Box::new(ProFtpd::builder().tls(Tls::Required).start()),
        Box::new(Pyftpdlib::builder().tls(Tls::Required).start()),
    ];
    for server in insisting {
        let clear = Login::ftp(server.as_ref()).with("useTLS", false);
        manager.connect_ftp(&clear).is_named("tls_required", "");
    }
    let plain: [Box<dyn FtpServer>; 2] = [Box::new(Vsftpd::start()), Box::new(Pyftpdlib::start())];
    for server in plain {
        let secured = Login::ftp(server.as_ref()).with("useTLS", true);
        manager.connect_ftp(&secured).is_named("tls_refused", "");
    }
    let clear = TcpServer::says("220 a server in clear text\r\n");
    let mut implicit = body(clear.host(), clear.port());
    implicit["useTLS"] = json!(true);
    implicit["tlsMode"] = json!("implicit");
    manager
        .post("/connections/ftp", &implicit)
        .is_named("tls_failed", "");
}

#[test]
fn whom_to_trust() {
    let manager = Manager::start();
    let server = Pyftpdlib::builder().tls(Tls::Required).start();
    let login = Login::ftp(&server);
    let strict = Manager::builder().flag("--trust", "strict").start();
    strict.connect_ftp(&login).is_named("host_unknown", "");
    manager.connect_ftp(&login).ok();
    server.restart_with_new_cert();
    manager.connect_ftp(&login).is_named("host_changed", "");
    // Of an authority, and of another host.
    let authority = Authority::generate();
    let server = Vsftpd::builder().tls(Tls::Required).start();
    server.restart_with(authority.issue(server.dir(), "DNS:elsewhere.example", 30));
    let manager = Manager::builder()
        .env("SSL_CERT_FILE", manager::text(&authority.path()))
        .start();
    manager
        .connect_ftp(&Login::ftp(&server))
        .is_named("certificate_invalid", "");
}

#[test]
fn fields_and_operations() {
    let manager = Manager::start();
    for (field, value) in [
        ("host", json!("")),
        ("username", json!(null)),
        ("password", json!(5)),
        ("port", json!(70_000)),
        ("tlsMode", json!("ssl")),
        ("dataMode", json!("PORT")),
        ("charset", json!("klingon")),
        ("account", json!("a\r\nb")),
        ("virtualHost", json!("a\nb")),
        ("maxConnections", json!(0)),
        ("timeout", json!("1")),
    ] {
        let mut body = body("127.0.0.1", 21);
        body[field] = value;
        manager
            .post("/connections/ftp", &body)
            .is_named("invalid_input", field);
    }
    let server = Pyftpdlib::start();
    let id = manager.ftp(&server);
    manager.list(&id, "/no/such").is_named("not_found", "");
    manager
        .execute(&id, "ls")
        .is_named("wrong_session_type", "");
}
