//! Decisions 1 to 12.

use super::{SOON, files, named, printed_config};
use connection_tests::manager::{ENGINES, Manager, text};
use connection_tests::{FtpServer, Pyftpdlib, Sshd, TcpServer, Vsftpd, eventually};
use serde_json::{Value, json};
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;
use std::time::Instant;

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
    let start = Instant::now();
    let id = manager.ssh(&sshd, "russh");
    let session = manager.listed(&id).unwrap();
    let took = i64::try_from(start.elapsed().as_secs()).unwrap();
    let remaining = session["time_remaining_seconds"].as_i64().unwrap();
    let span = seconds(&session["expires_at"]) - seconds(&session["last_activity"]);
    assert!((span - 900).abs() <= 1, "{session}");
    assert!((899 - took..=899).contains(&remaining), "{session}");
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
    let manager = Manager::builder().flag("--session-timeout", "3").start();
    let sshd = Sshd::start();
    for engine in ENGINES {
        let id = manager.ssh(&sshd, engine);
        assert_eq!(
            manager.execute(&id, "sleep 4; echo whole").ok()["output"],
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
    let nobody = TcpServer::refuses();
    let body =
        json!({"host": nobody.host(), "port": nobody.port(), "username": "u", "password": "p"});
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
