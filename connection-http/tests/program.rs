//! The program as a person starts it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may end at the first thing that is not as it should be"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

fn program(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_connection-manager"));
    command
        .env_clear()
        .env("HOME", home)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn run(command: &mut Command) -> (i32, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap_or(-1), text(stdout), text(stderr))
}

/// A started server; killed when dropped.
struct Started {
    child: Child,
    address: String,
    out: BufReader<std::process::ChildStdout>,
}

impl Started {
    fn of(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let address = line
            .strip_prefix("connection-manager listening on http://")
            .unwrap_or_else(|| panic!("said {line:?}"))
            .trim_end()
            .to_owned();
        Self {
            child,
            address,
            out,
        }
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            self.address
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn help_names_each_setting_with_its_default_and_variable() {
    let home = tempfile::tempdir().unwrap();
    let (code, help, _) = run(program(home.path()).arg("--help"));
    assert_eq!(code, 0);
    for flag in [
        "host",
        "port",
        "config",
        "token-file",
        "session-timeout",
        "max-sessions",
        "default-timeout",
        "max-file-size",
        "exec-timeout",
        "engine",
        "trust",
        "config-dir",
        "local-root",
        "cors-origin",
        "allowed-host",
        "max-connections",
        "tunnels",
        "tunnel-hosts",
        "header-timeout",
        "body-timeout",
        "drain-timeout",
        "log-format",
        "log-level",
    ] {
        let from = help
            .find(&format!("--{flag} <"))
            .unwrap_or_else(|| panic!("no --{flag}"));
        let rest = help.get(from + 2..).unwrap();
        let entry = rest
            .get(..rest.find("\n      --").unwrap_or(rest.len()))
            .unwrap();
        assert!(entry.contains("[default: "), "{entry}");
        assert!(entry.contains("[env: CONNECTION_MANAGER_"), "{entry}");
    }
    assert!(help.contains("CONNECTION_MANAGER_TOKEN"));
}

#[test]
fn flag_over_environment_over_file_over_default_and_secrets_hidden() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("settings.toml");
    std::fs::write(
        &file,
        "port = 1\nmax_sessions = 2\nexec_timeout = 3\ntoken = \"canary-file\"\n",
    )
    .unwrap();
    let (code, printed, _) = run(program(home.path())
        .arg("--config")
        .arg(&file)
        .args(["--port", "9", "--print-config"])
        .env("CONNECTION_MANAGER_PORT", "8")
        .env("CONNECTION_MANAGER_MAX_SESSIONS", "7")
        .env("CONNECTION_MANAGER_TOKEN", "canary-env")
        .env(
            "CONNECTION_MANAGER_CORS_ORIGINS",
            "https://a.example,https://b.example",
        ));
    assert_eq!(code, 0);
    for line in [
        "port = 9",
        "max_sessions = 7",
        "exec_timeout = 3",
        "session_timeout = 1800",
        "token = \"***\"",
        "cors_origins = [\"https://a.example\", \"https://b.example\"]",
    ] {
        assert!(printed.lines().any(|l| l == line), "{line} in\n{printed}");
    }
    assert!(!printed.contains("canary"));
}

#[test]
fn the_file_in_the_configuration_directory_is_read_without_being_named() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join(".config/connection-manager");
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::write(dir.join("config.toml"), "max_sessions = 5\n").unwrap();
    let (_, printed, _) = run(program(home.path()).arg("--print-config"));
    assert!(printed.contains("max_sessions = 5"), "{printed}");
}

#[test]
fn a_file_in_the_configuration_directory_that_cannot_be_read_is_not_overlooked() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join(".config/connection-manager");
    std::fs::create_dir_all(&dir).unwrap();
    let file = dir.join("config.toml");
    // For root too, whom no permission keeps out.
    std::os::unix::fs::symlink(&file, &file).unwrap();
    let (code, out, err) = run(program(home.path()).arg("--print-config"));
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains(file.to_str().unwrap()), "{err}");
}

#[test]
fn mistakes_are_named_and_end_the_program() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("c.toml");
    std::fs::write(&file, "prot = 1\n").unwrap();
    let with = |args: &[&str]| run(program(home.path()).args(args));
    let path = file.to_str().unwrap();
    for (args, said) in [
        (&["--config", path][..], "prot"),
        (&["--config", "/nonexistent/c.toml"], "/nonexistent/c.toml"),
        (&["--host", "0.0.0.0"], "without an access token"),
        (&["--engine", "putty"], "engine"),
        (&["--token-file", "/nonexistent/t"], "/nonexistent/t"),
        (&["--port", "x"], "--port"),
        (
            &["--host", "192.0.2.1", "--port", "0", "--token-file", path],
            "token",
        ),
    ] {
        let (code, out, err) = with(args);
        assert_ne!(code, 0, "{args:?}");
        assert_eq!(out, "", "{args:?}");
        assert!(err.contains(said), "{args:?}: {err}");
    }
}

#[test]
fn one_line_on_a_free_port_and_a_clean_end_on_sigterm() {
    let home = tempfile::tempdir().unwrap();
    let log = home.path().join("log");
    let mut command = program(home.path());
    command.args(["--port", "0", "--log-format", "json"]);
    command.stderr(std::fs::File::create(&log).unwrap());
    let mut server = Started::of(&mut command);
    assert!(server.address.starts_with("127.0.0.1:"));
    assert!(
        server
            .get("/health?token=canary")
            .starts_with("HTTP/1.1 200 OK")
    );

    let pid = server.child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .unwrap()
            .success()
    );
    let deadline = Instant::now() + Duration::from_secs(60);
    let status = loop {
        if let Some(status) = server.child.try_wait().unwrap() {
            break status;
        }
        assert!(Instant::now() < deadline, "still running");
        std::thread::yield_now();
    };
    assert!(status.success(), "{status:?}");
    let mut more = String::new();
    server.out.read_to_string(&mut more).unwrap();
    assert_eq!(more, "", "one line and no more");

    let log = std::fs::read_to_string(log).unwrap();
    let lines: Vec<serde_json::Value> = log
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    let request = lines
        .iter()
        .find(|l| l["fields"]["message"] == "answered")
        .expect(&log);
    assert_eq!(request["fields"]["status"], 200);
    assert_eq!(request["span"]["path"], "/health");
    assert!(!log.contains("canary"), "the query is not logged");
}

#[test]
fn the_token_file_guards_an_open_address() {
    let home = tempfile::tempdir().unwrap();
    let token = home.path().join("token");
    std::fs::write(&token, "t0ken\n").unwrap();
    let mut command = program(home.path());
    command
        .args(["--host", "0.0.0.0", "--port", "0", "--token-file"])
        .arg(&token);
    let mut server = Started::of(&mut command);
    server.address = server.address.replace("0.0.0.0", "127.0.0.1");
    assert!(server.get("/connections").starts_with("HTTP/1.1 401 "));
    assert!(server.get("/health").starts_with("HTTP/1.1 200 "));
}

#[test]
fn a_port_that_is_taken_is_named_with_a_way_on() {
    let home = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let (code, _, said) = run(program(home.path()).args(["--port", &port]));
    assert_eq!(code, 1, "{said}");
    assert!(
        said.contains(&format!("cannot listen on 127.0.0.1:{port}")),
        "{said}"
    );
    assert!(said.contains("--port 0 takes a free port"), "{said}");
}

/// An FTP server that sees one login, `PASS` included, and says whether it did.
fn ftp_server() -> (u16, std::thread::JoinHandle<bool>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let thread = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut write = stream.try_clone().unwrap();
        let mut saw_password = false;
        let _ = write.write_all(b"220 ready\r\n");
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            saw_password |= line == "PASS canary-password";
            let reply = match line.split(' ').next().unwrap_or_default() {
                "USER" => "331 password",
                "PASS" => "230 in",
                "TYPE" | "NOOP" | "OPTS" => "200 ok",
                "PWD" => "257 \"/\"",
                "QUIT" => "221 bye",
                _ => "502 not implemented",
            };
            if write.write_all(format!("{reply}\r\n").as_bytes()).is_err() {
                break;
            }
        }
        saw_password
    });
    (port, thread)
}

#[test]
fn no_secret_reaches_the_log_at_its_finest_level() {
    let home = tempfile::tempdir().unwrap();
    let log = home.path().join("log");
    let mut command = program(home.path());
    command
        .args([
            "--port",
            "0",
            "--log-level",
            "trace,suppaftp=trace,russh=trace,hyper=trace",
        ])
        .env("CONNECTION_MANAGER_TOKEN", "canary-token")
        .stderr(std::fs::File::create(&log).unwrap());
    let server = Started::of(&mut command);
    let unused = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let (ftp, thread) = ftp_server();
    for (path, port, secrets, status) in [
        (
            "ssh",
            unused,
            r#""password": "canary-password", "passphrase": "canary-passphrase""#,
            400,
        ),
        (
            "ssh",
            unused,
            r#""privateKey": "canary-key", "passphrase": "canary-passphrase""#,
            400,
        ),
        ("ftp", unused, r#""password": "canary-password""#, 400),
        ("ftp", unused, r#""password": "canary-password\r\n""#, 400),
        ("ftp", ftp, r#""password": "canary-password""#, 200),
    ] {
        let body =
            format!(r#"{{"host": "127.0.0.1", "port": {port}, "username": "u", {secrets}}}"#);
        let request = format!(
            "POST /connections/{path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\
             Authorization: Bearer canary-token\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            server.address,
            body.len()
        );
        let mut stream = TcpStream::connect(&server.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{answer}"
        );
        assert!(!answer.contains("canary"), "{answer}");
    }
    drop(server);
    assert!(thread.join().unwrap(), "the password was sent");
    let log = std::fs::read_to_string(log).unwrap();
    assert!(log.contains("no session was opened"), "the log was kept");
    assert!(!log.contains("canary"), "{log}");
}
