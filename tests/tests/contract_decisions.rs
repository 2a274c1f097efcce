//! The decisions where the document and the old code disagreed: one test each, numbered as
//! in the contract. Where another test goes deeper, this one shows the heart of it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helpers fail the test, as the test itself does"
)]

use connection_tests::manager::{ENGINES, Login, Manager, keys, text};
use connection_tests::{
    FtpServer, HostKeys, KeyFormat, KeyKind, Pyftpdlib, Sshd, Tls, Vsftpd, eventually,
};
use serde_json::{Value, json};
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;
use std::time::{Duration, Instant};

const SOON: Duration = Duration::from_secs(10);

fn printed_config(manager: &connection_tests::manager::ManagerBuilder) -> String {
    let home = tempfile::tempdir().unwrap();
    let output = manager
        .command(home.path())
        .arg("--print-config")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn files(body: &Value) -> &[Value] {
    body["files"].as_array().unwrap()
}

fn named<'a>(body: &'a Value, name: &str) -> &'a Value {
    match files(body).iter().find(|file| file["name"] == name) {
        Some(file) => file,
        None => panic!("{name:?} is not listed: {body:#}"),
    }
}

#[test]
fn d01_the_port_is_8000_unless_configured() {
    let home = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| {
        let program = connection_tests::manager::program();
        let mut command = Command::new(program);
        command
            .args(args)
            .arg("--print-config")
            .env_clear()
            .env("HOME", home.path());
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    assert!(
        run(&[]).lines().any(|line| line == "port = 8000"),
        "{}",
        run(&[])
    );
    assert!(
        run(&["--port", "8001"])
            .lines()
            .any(|line| line == "port = 8001")
    );
}

#[test]
fn d02_an_operation_goes_to_the_protocol_of_its_session() {
    let (manager, sshd, ftp) = (Manager::start(), Sshd::start(), Vsftpd::start());
    sshd.write_file("d/over-ssh", "");
    ftp.write_file("d/over-ftp", "");
    let (ssh_id, ftp_id) = (manager.ssh(&sshd, "russh"), manager.ftp(&ftp));
    let over_ssh = manager.list(&ssh_id, text(&sshd.home().join("d"))).ok();
    assert_eq!(files(&over_ssh)[0]["name"], "over-ssh");
    assert_eq!(
        files(&manager.list(&ftp_id, "/d").ok())[0]["name"],
        "over-ftp"
    );
    let types: Vec<_> = [&ssh_id, &ftp_id]
        .map(|id| manager.listed(id).unwrap()["type"].clone())
        .into();
    assert_eq!(types, ["ssh", "ftp"]);
}

fn seconds(time: &Value) -> i64 {
    let output = Command::new("date")
        .args(["-u", "+%s", "-d", time.as_str().unwrap()])
        .output();
    String::from_utf8(output.unwrap().stdout)
        .unwrap()
        .trim()
        .parse()
        .unwrap()
}

#[test]
fn d03_a_session_expires_half_an_hour_after_its_last_use() {
    let manager = Manager::builder().flag("--session-timeout", "900").start();
    let sshd = Sshd::start();
    let id = manager.ssh(&sshd, "russh");
    let session = manager.listed(&id).unwrap();
    let remaining = session["time_remaining_seconds"].as_i64().unwrap();
    let span = seconds(&session["expires_at"]) - seconds(&session["last_activity"]);
    assert!((span - 900).abs() <= 1, "{session}");
    assert!((897..=899).contains(&remaining), "{session}");
}

#[test]
fn d04_times_are_local_whole_seconds_without_a_zone() {
    let (manager, sshd) = (Manager::start(), Sshd::start());
    sshd.write_file("d/a", "");
    let id = manager.ssh(&sshd, "russh");
    let session = manager.listed(&id).unwrap();
    let listing = manager.list(&id, text(&sshd.home().join("d"))).ok();
    let times = ["connected_at", "expires_at", "last_activity"].map(|key| session[key].clone());
    for time in times.iter().chain([&files(&listing)[0]["modified"]]) {
        let shape: String = time
            .as_str()
            .unwrap()
            .chars()
            .map(|c| if c.is_ascii_digit() { '0' } else { c })
            .collect();
        assert_eq!(shape, "0000-00-00T00:00:00", "{time}");
    }
}

#[test]
fn d05_work_in_progress_is_activity_to_its_end() {
    let manager = Manager::builder().flag("--session-timeout", "1").start();
    let sshd = Sshd::start();
    for engine in ENGINES {
        let id = manager.ssh(&sshd, engine);
        assert_eq!(
            manager.execute(&id, "sleep 1.6; echo whole").ok()["output"],
            "whole"
        );
        // The end of the command counts too.
        manager.list(&id, "/").ok();
        eventually(SOON, "it expires once nobody uses it", || {
            manager.listed(&id).is_none()
        });
    }
}

#[test]
fn d06_ftp_listings_have_digits_times_and_exact_names() {
    for server in [
        Box::new(Vsftpd::start()) as Box<dyn FtpServer>,
        Box::new(Pyftpdlib::builder().without(&["MLSD", "MLST"]).start()),
        Box::new(Pyftpdlib::start()),
    ] {
        let manager = Manager::start();
        for name in ["d/ leading", "d/two  spaces", "d/trailing "] {
            let path = server.write_file(name, "x");
            fs::set_permissions(path, Permissions::from_mode(0o640)).unwrap();
        }
        symlink(" leading", server.home().join("d/link")).unwrap();
        let id = manager.ftp(server.as_ref());
        let body = manager.list(&id, "/d").ok();
        for name in [" leading", "two  spaces", "trailing "] {
            let file = named(&body, name);
            assert_eq!(file["permissions"], "640", "{}", server.name());
            assert_eq!(
                file["modified"].as_str().unwrap().len(),
                19,
                "{}",
                server.name()
            );
            let path = file["path"].as_str().unwrap();
            manager.download(&id, path, &manager.local("down")).ok();
        }
        assert!(
            files(&body)
                .iter()
                .all(|file| !file["name"].as_str().unwrap().contains("->"))
        );
        named(&body, "link");
    }
}

#[test]
fn d07_a_link_to_a_directory_is_a_directory() {
    let (manager, sshd) = (Manager::start(), Sshd::start());
    sshd.write_file("d/target/inside", "");
    symlink("target", sshd.home().join("d/link")).unwrap();
    symlink("nowhere", sshd.home().join("d/broken")).unwrap();
    for engine in ENGINES {
        let id = manager.ssh(&sshd, engine);
        let body = manager.list(&id, text(&sshd.home().join("d"))).ok();
        assert_eq!(named(&body, "link")["is_directory"], true);
        assert_eq!(named(&body, "broken")["is_directory"], false);
    }
}

#[test]
fn d08_every_error_is_json_and_readable_by_the_page() {
    let manager = Manager::start();
    let json = Some("application/json");
    for (method, path, kind, body, status) in [
        ("POST", "/connections/ssh", json, "{nope", 400),
        ("POST", "/connections/ssh", json, "[1]", 400),
        ("POST", "/connections/ftp", json, "true", 400),
        ("POST", "/connections/ssh", Some("text/plain"), "{}", 415),
        ("GET", "/connections/nope/nope", None, "", 404),
        ("PUT", "/connections", None, "", 405),
    ] {
        let answer = manager.send(method, path, |request| {
            let request = request.header("origin", "http://localhost:3000").body(body);
            match kind {
                Some(kind) => request.header("content-type", kind),
                None => request,
            }
        });
        assert!(!answer.detail(status).is_empty());
        assert_eq!(
            answer.header("access-control-allow-origin"),
            "http://localhost:3000"
        );
    }
}

#[test]
fn d09_a_configured_size_limit_refuses_before_the_transfer() {
    let limited = Manager::builder().flag("--max-file-size", "1000").start();
    let (sshd, ftp) = (Sshd::start(), Vsftpd::start());
    let fits = sshd.write_file("fits", [0; 1000]);
    let large = sshd.write_file("large", [0; 1001]);
    ftp.write_file("large", [0; 1001]);
    let (up, down) = (limited.local("up"), limited.local("down"));
    fs::write(&up, [0; 1001]).unwrap();
    for engine in ENGINES {
        let id = limited.ssh(&sshd, engine);
        limited.download(&id, text(&fits), &down).ok();
        let kept = fs::read(&down).unwrap();
        limited
            .download(&id, text(&large), &down)
            .fails_with(500, "Download failed: ");
        assert_eq!(fs::read(&down).unwrap(), kept);
        let target = sshd.home().join("new");
        limited
            .upload(&id, &up, text(&target))
            .fails_with(500, "Upload failed: ");
        assert!(!target.exists());
    }
    let id = limited.ftp(&ftp);
    limited
        .download(&id, "/large", &down)
        .fails_with(500, "Download failed: ");
    limited
        .upload(&id, &up, "/new")
        .fails_with(500, "Upload failed: ");
    // Without the setting there is none.
    assert!(!printed_config(&Manager::builder()).contains("max_file_size"));
}

#[test]
fn d10_the_prefixes_of_connection_errors() {
    let manager = Manager::start();
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let body = json!({"host": "127.0.0.1", "port": port, "username": "u", "password": "p"});
    let refused = manager.post("/connections/ssh", &body);
    refused.fails_with(400, "Connection error: [Errno ");
    let refused = manager.post("/connections/ftp", &body);
    refused.fails_with(400, "FTP connection failed: [Errno 111] Connection refused");
}

#[test]
fn d11_without_a_path_ssh_shows_the_root_and_ftp_the_login_directory() {
    let (manager, sshd, ftp) = (Manager::start(), Sshd::start(), Vsftpd::start());
    ftp.write_file("d/inside", "");
    let (ssh_id, ftp_id) = (manager.ssh(&sshd, "russh"), manager.ftp(&ftp));
    for _ in 0..2 {
        for (id, entry) in [(&ssh_id, "etc"), (&ftp_id, "d")] {
            let body = manager.get(&format!("/connections/{id}/files")).ok();
            assert_eq!(body["current_path"], "/");
            named(&body, entry);
        }
        manager.list(&ftp_id, "/d").ok();
    }
}

#[test]
fn d12_parallel_listings_of_one_session_never_hang() {
    let (manager, sshd, ftp) = (Manager::start(), Sshd::start(), Vsftpd::start());
    let mut ids: Vec<_> = ENGINES.map(|engine| manager.ssh(&sshd, engine)).into();
    ids.push(manager.ftp(&ftp));
    std::thread::scope(|scope| {
        for id in ids.iter().flat_map(|id| [id; 6]) {
            let manager = &manager;
            scope.spawn(move || manager.list(id, "/").ok());
        }
    });
    for id in &ids {
        manager.list(id, "/").ok();
    }
}

#[test]
fn d13_expired_sessions_are_closed_without_anyone_asking() {
    let manager = Manager::builder().flag("--session-timeout", "0.5").start();
    let (sshd, ftp) = (Sshd::start(), Vsftpd::start());
    for engine in ENGINES {
        manager.ssh(&sshd, engine);
    }
    manager.ftp(&ftp);
    eventually(SOON, "every connection is closed", || {
        sshd.connections() == 0 && ftp.open_sockets() == 0
    });
}

#[test]
fn d14_the_limit_is_checked_before_connecting() {
    let manager = Manager::builder().flag("--max-sessions", "1").start();
    let (sshd, ftp) = (Sshd::start(), Vsftpd::start());
    manager.ssh(&sshd, "russh");
    // A server that is not even there makes no difference.
    let body = json!({"host": "no-such-host.invalid", "username": "u", "password": "p"});
    for path in ["/connections/ssh", "/connections/ftp"] {
        manager
            .post(path, &body)
            .fails(400, "Maximum sessions (1) reached");
    }
    let full = manager.connect_ftp(&Login::ftp(&ftp));
    full.fails(400, "Maximum sessions (1) reached");
    assert_eq!((sshd.connections(), ftp.open_sockets()), (1, 0));
}

#[test]
fn d15_a_local_file_is_replaced_whole_or_not_at_all() {
    let (manager, sshd) = (Manager::start(), Sshd::start());
    let id = manager.ssh(&sshd, "russh");
    let folder = manager.local("down");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("old"), "precious").unwrap();
    for name in ["old", "new"] {
        manager
            .download(&id, "/no/such", &folder.join(name))
            .detail(500);
    }
    assert_eq!(fs::read(folder.join("old")).unwrap(), b"precious");
    let names: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .flatten()
        .map(|e| e.file_name())
        .collect();
    assert_eq!(names, ["old"]);
}

#[test]
fn d16_both_streams_are_read_and_standard_input_ends() {
    let (manager, sshd) = (Manager::start(), Sshd::start());
    for engine in ENGINES {
        let id = manager.ssh(&sshd, engine);
        let command = "head -c 3000000 /dev/zero | tr '\\0' e >&2; cat; echo out";
        let output = manager.execute(&id, command).ok();
        assert_eq!(
            output["output"].as_str().unwrap().len(),
            3_000_005,
            "{engine}"
        );
    }
    assert!(!printed_config(&Manager::builder()).contains("exec_timeout"));
}

#[test]
fn d17_keys_below_home_of_every_format_and_under_the_password() {
    let sshd = Sshd::builder().key_only().start();
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join(".ssh")).unwrap();
    let manager = Manager::builder().home(home).start();
    let put = |name: &str, kind, format, passphrase| {
        let key = sshd.add_key(kind, format, passphrase);
        fs::copy(key.path(), manager.home().join(".ssh").join(name)).unwrap();
    };
    put("id_ed25519", KeyKind::Ed25519, KeyFormat::OpenSsh, None);
    put("id_rsa", KeyKind::Rsa, KeyFormat::Pkcs8, None);
    put("id_ecdsa", KeyKind::EcdsaP256, KeyFormat::Pem, None);
    put(
        "locked",
        KeyKind::Ed25519,
        KeyFormat::OpenSsh,
        Some("open sesame"),
    );
    for engine in ENGINES {
        let login =
            |name: &str| Login::key(&sshd, engine).with("keyPath", format!("~/.ssh/{name}"));
        for name in ["id_ed25519", "id_rsa", "id_ecdsa"] {
            manager.connect_ssh(&login(name)).ok();
        }
        for field in ["password", "passphrase"] {
            manager
                .connect_ssh(&login("locked").with(field, "open sesame"))
                .ok();
            let wrong = manager.connect_ssh(&login("locked").with(field, "wrong"));
            wrong.fails(
                400,
                "Connection error: Could not load private key from ~/.ssh/locked",
            );
        }
    }
}

#[test]
fn d18_a_number_where_a_text_belongs_is_refused() {
    let (manager, sshd, ftp) = (Manager::start(), Sshd::start(), Vsftpd::start());
    let body = json!({"host": "x", "username": "y", "keyPath": 3});
    manager.post("/connections/ssh", &body).detail(400);
    manager.get("/health").ok();
    let port = Login::ssh(&sshd, "russh").with("port", sshd.port().to_string());
    let id = manager.connect_ssh(&port).ok()["session_id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(manager.listed(&id).unwrap()["port"], sshd.port());
    let port = Login::ftp(&ftp).with("port", ftp.port().to_string());
    let id = manager.connect_ftp(&port).ok()["session_id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(manager.listed(&id).unwrap()["port"], ftp.port());
}

#[test]
fn d19_a_nul_is_refused_before_it_is_sent() {
    let (manager, sshd) = (Manager::start(), Sshd::start());
    for engine in ENGINES {
        let id = manager.ssh(&sshd, engine);
        manager
            .list(&id, "/a\0b")
            .fails_with(500, "Failed to list files: ");
        manager
            .execute(&id, "a\0b")
            .fails_with(500, "Command execution failed: ");
        manager.list(&id, "/").ok();
        assert_eq!(manager.execute(&id, "echo x").ok()["output"], "x");
    }
}

#[test]
fn d20_only_this_machine_and_only_known_pages() {
    let manager = Manager::start();
    assert!(manager.addr().ip().is_loopback());
    manager.get("/console").detail(404);
    let origin = |origin: &str| {
        let answer = manager.send("GET", "/connections", |r| r.header("origin", origin));
        answer.header("access-control-allow-origin").to_owned()
    };
    assert_eq!(origin("http://localhost:3000"), "http://localhost:3000");
    assert_eq!(origin("https://evil.example"), "");
    // Every address is refused without a token.
    let home = tempfile::tempdir().unwrap();
    let open = Manager::builder().flag("--host", "0.0.0.0");
    let output = open.command(home.path()).output().unwrap();
    assert!(!output.status.success());
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("token"),
        "{output:?}"
    );
    // A page that makes its own name resolve to this machine is told by the name.
    let rebound = manager.send("GET", "/connections", |r| r.header("host", "evil.example"));
    rebound.detail(403);
}

#[test]
fn d21_one_policy_for_keys_and_certificates() {
    let (sshd, ftp) = (
        Sshd::start(),
        Pyftpdlib::builder().tls(Tls::Required).start(),
    );
    let (ssh_login, ftp_login) = (Login::ssh(&sshd, "russh"), Login::ftp(&ftp));
    let strict = Manager::builder().flag("--trust", "strict").start();
    strict
        .connect_ssh(&ssh_login)
        .fails_with(400, "SSH connection failed: ");
    strict
        .connect_ftp(&ftp_login)
        .fails_with(400, "FTP connection failed: ");
    let manager = Manager::start();
    manager.connect_ssh(&ssh_login).ok();
    manager.connect_ftp(&ftp_login).ok();
    sshd.restart_with(HostKeys::usual());
    ftp.restart_with_new_cert();
    manager
        .connect_ssh(&ssh_login)
        .fails_with(400, "SSH connection failed: ");
    manager
        .connect_ftp(&ftp_login)
        .fails_with(400, "FTP connection failed: ");
}

#[test]
fn d22_a_listing_that_fails_leaves_the_session_in_step() {
    let (manager, ftp) = (Manager::start(), Vsftpd::start());
    ftp.write_file("d/a", "x");
    let id = manager.ftp(&ftp);
    for bad in ["/no-such", "/d/a/b", "/caf\u{f7ff}"] {
        let answer = manager.list(&id, bad);
        assert!(
            answer.status == 500 || answer.status == 200,
            "{}",
            answer.text
        );
        let body = manager.list(&id, "/d").ok();
        assert_eq!(files(&body)[0]["name"], "a");
        manager.download(&id, "/d/a", &manager.local("down")).ok();
    }
}

#[test]
fn d23_a_dead_connection_is_not_active() {
    for engine in ENGINES {
        let (manager, sshd) = (Manager::start(), Sshd::start());
        let id = manager.ssh(&sshd, engine);
        assert_eq!(manager.listed(&id).unwrap()["is_active"], true);
        sshd.kill();
        eventually(SOON, "is_active is false", || {
            manager
                .listed(&id)
                .is_some_and(|session| session["is_active"] == false)
        });
    }
    let (manager, ftp) = (Manager::start(), Vsftpd::start());
    let id = manager.ftp(&ftp);
    ftp.kill();
    eventually(SOON, "is_active is false", || {
        // An FTP connection says that it is gone when it is used.
        manager.list(&id, "/").detail(500);
        manager
            .listed(&id)
            .is_some_and(|session| session["is_active"] == false)
    });
}

#[test]
fn d24_the_statuses_are_those_of_the_old_code() {
    let (manager, sshd) = (Manager::start(), Sshd::start());
    let id = manager.ssh(&sshd, "russh");
    let wrong = manager.connect_ssh(&Login::ssh(&sshd, "russh").with("password", "wrong"));
    let statuses = [
        wrong.status,
        manager.list("nobody", "/").status,
        manager.close("nobody").status,
        manager.upload(&id, &manager.local("missing"), "/x").status,
        manager.list(&id, "/no/such").status,
        manager.execute("nobody", "true").status,
    ];
    assert_eq!(statuses, [400, 401, 404, 404, 500, 401]);
}

#[test]
fn d25_one_session_can_be_looked_at_and_that_is_no_use_of_it() {
    let manager = Manager::builder().flag("--session-timeout", "1").start();
    let sshd = Sshd::start();
    let id = manager.ssh(&sshd, "russh");
    let path = format!("/connections/{id}");
    let session = manager.get(&path).ok();
    assert_eq!(keys(&session).len(), 11);
    assert_eq!(session["session_id"], id);
    let start = Instant::now();
    eventually(SOON, "looking does not keep it", || {
        manager.get(&path).status == 401
    });
    assert!(start.elapsed() < Duration::from_secs(5));
    manager
        .get(&path)
        .fails(401, "Session expired or not found");
}

// Section 4, where it says more than the rows above.

#[test]
fn s4_the_clients_timeout_is_accepted_and_ignored() {
    let (manager, sshd) = (Manager::start(), Sshd::start());
    let id = manager.ssh(&sshd, "russh");
    let route = format!("/connections/{id}/execute");
    for timeout in [json!(1), json!("soon"), json!(null), json!(-5), json!({})] {
        let body = json!({"command": "echo x", "timeout": timeout});
        assert_eq!(manager.post(&route, &body).ok(), json!({"output": "x"}));
    }
}

#[test]
fn s4_keys_nobody_knows_are_ignored() {
    let (manager, sshd) = (Manager::start(), Sshd::start());
    let login = Login::ssh(&sshd, "russh")
        .with("colour", "green")
        .with("type", "ssh");
    assert_eq!(keys(&manager.connect_ssh(&login).ok()), ["session_id"]);
}
