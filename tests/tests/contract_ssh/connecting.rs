//! Connections and logins that fail.

use connection_tests::manager::{Login, SshWorld, text, unique};
use connection_tests::{KeyFormat, KeyKind, Sshd, TcpServer, on_both_engines};
use std::fs;
use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;

on_both_engines![
    wrong_credentials,
    the_password_does_not_help_a_refused_key,
    a_keyboard_interactive_server_takes_the_password,
    keys_that_cannot_be_loaded,
    nobody_listens,
    names_that_do_not_resolve,
    a_port_that_does_not_answer,
    a_peer_that_is_silent,
    a_peer_that_is_no_ssh_server,
    a_peer_that_closes,
    a_server_without_files,
];

const REFUSED: &str = "Authentication failed - check username/password/key";

fn wrong_credentials(world: &SshWorld, engine: &str) {
    let (manager, sshd) = (&world.manager, &world.sshd);
    let stranger = sshd.stranger_key(KeyKind::Ed25519, KeyFormat::OpenSsh, None);
    for login in [
        Login::ssh(sshd, engine).with("password", "wrong"),
        Login::ssh(sshd, engine).with("username", "nobody-here"),
        Login::key(sshd, engine).with("keyPath", text(stranger.path())),
    ] {
        manager.connect_ssh(&login).fails(400, REFUSED);
    }
}

fn the_password_does_not_help_a_refused_key(world: &SshWorld, engine: &str) {
    let sshd = &world.sshd;
    let stranger = sshd.stranger_key(KeyKind::Ed25519, KeyFormat::OpenSsh, None);
    let login = Login::ssh(sshd, engine).with("keyPath", text(stranger.path()));
    world.manager.connect_ssh(&login).fails(400, REFUSED);
}

fn a_keyboard_interactive_server_takes_the_password(world: &SshWorld, engine: &str) {
    let sshd = Sshd::builder().keyboard_interactive_only().start();
    let id = world.manager.ssh(&sshd, engine);
    assert_eq!(
        world.manager.execute(&id, "whoami").ok()["output"],
        sshd.user()
    );
    let wrong = Login::ssh(&sshd, engine).with("password", "wrong");
    world.manager.connect_ssh(&wrong).fails(400, REFUSED);
}

fn keys_that_cannot_be_loaded(world: &SshWorld, engine: &str) {
    let (manager, sshd) = (&world.manager, &world.sshd);
    let directory = manager.local(&unique());
    fs::create_dir(&directory).unwrap();
    fs::write(directory.join("text"), "this is no key").unwrap();
    fs::write(directory.join("public"), sshd.key().public_line()).unwrap();
    fs::write(directory.join("empty"), "").unwrap();
    let locked = sshd.add_key(KeyKind::Ed25519, KeyFormat::OpenSsh, Some("open sesame"));
    for path in [
        directory.join("missing"),
        directory.clone(),
        directory.join("text"),
        directory.join("public"),
        directory.join("empty"),
        locked.path().to_owned(),
        "relative/key".into(),
        "~/.ssh/no_such_key".into(),
    ] {
        let path = text(&path);
        let login = Login::key(sshd, engine).with("keyPath", path);
        let want = format!("Connection error: Could not load private key from {path}");
        manager.connect_ssh(&login).fails(400, &want);
    }
}

fn nobody_listens(world: &SshWorld, engine: &str) {
    let nobody = TcpServer::refuses();
    let port = nobody.port();
    let login = Login::ssh(&world.sshd, engine).with("port", port);
    let want =
        format!("Connection error: [Errno None] Unable to connect to port {port} on 127.0.0.1");
    world.manager.connect_ssh(&login).fails(400, &want);
}

fn names_that_do_not_resolve(world: &SshWorld, engine: &str) {
    for host in [
        "no-such-host.invalid",
        "two words",
        "[::1]",
        "127.0.0.1:22",
        "http://127.0.0.1",
    ] {
        let login = Login::ssh(&world.sshd, engine).with("host", host);
        let answer = world.manager.connect_ssh(&login);
        answer.fails(
            400,
            "Connection error: [Errno -2] Name or service not known",
        );
    }
}

fn a_port_that_does_not_answer(world: &SshWorld, engine: &str) {
    let server = TcpServer::unreachable();
    let login = Login::ssh(&world.sshd, engine)
        .with("port", server.port())
        .with("timeout", 1);
    world
        .manager
        .connect_ssh(&login)
        .fails(400, "Connection error: timed out");
}

/// A peer that does `act` with the first connection.
fn peer(act: impl FnOnce(TcpStream) + Send + 'static) -> (u16, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let thread = std::thread::spawn(move || act(listener.accept().unwrap().0));
    (port, thread)
}

fn a_peer_that_is_silent(world: &SshWorld, engine: &str) {
    let (port, thread) = peer(|mut stream| {
        // Until the other side gives up.
        let _ = std::io::copy(&mut stream, &mut std::io::sink());
    });
    let login = Login::ssh(&world.sshd, engine)
        .with("port", port)
        .with("timeout", 1);
    let answer = world.manager.connect_ssh(&login);
    answer.fails(400, "SSH connection failed: No existing session");
    thread.join().unwrap();
}

fn a_peer_that_is_no_ssh_server(world: &SshWorld, engine: &str) {
    let (port, thread) = peer(|mut stream| {
        let page = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\nno\r\n";
        let _ = stream.write_all(page.as_bytes());
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let _ = std::io::copy(&mut stream, &mut std::io::sink());
    });
    let login = Login::ssh(&world.sshd, engine)
        .with("port", port)
        .with("timeout", 60);
    let answer = world.manager.connect_ssh(&login);
    answer.fails_with(
        400,
        "SSH connection failed: Error reading SSH protocol banner",
    );
    thread.join().unwrap();
}

fn a_peer_that_closes(world: &SshWorld, engine: &str) {
    let (port, thread) = peer(|mut stream| {
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let _ = std::io::copy(&mut stream, &mut std::io::sink());
    });
    let login = Login::ssh(&world.sshd, engine).with("port", port);
    let answer = world.manager.connect_ssh(&login);
    answer.fails(
        400,
        "SSH connection failed: Error reading SSH protocol banner",
    );
    thread.join().unwrap();
    // It takes what the client says of itself, and resets the connection.
    let (port, thread) = peer(|mut stream| {
        let _ = std::io::Read::read(&mut stream, &mut [0; 64]);
        let socket = socket2::SockRef::from(&stream);
        socket.set_linger(Some(std::time::Duration::ZERO)).unwrap();
    });
    let login = Login::ssh(&world.sshd, engine).with("port", port);
    let answer = world.manager.connect_ssh(&login);
    let want = "SSH connection failed: Error reading SSH protocol banner";
    answer.fails(400, &format!("{want} [Errno 104] Connection reset by peer"));
    thread.join().unwrap();
}

fn a_server_without_files(world: &SshWorld, engine: &str) {
    let sshd = Sshd::builder().no_sftp().start();
    let answer = world.manager.connect_ssh(&Login::ssh(&sshd, engine));
    answer.fails(400, "SSH connection failed: Channel closed.");
    connection_tests::eventually(
        connection_tests::wait::PATIENCE,
        "no session is left",
        || sshd.connections() == 0,
    );
}
