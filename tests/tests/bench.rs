//! The bench in its quick form: that everything in it works and is in the report, and that it
//! does not believe a contender that does not do its work. Not how fast anything is.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test's helpers fail the test, as the test itself does"
)]

use connection_tests::eventually;
use connection_tests::servers::install;
use connection_tests::wait::PATIENCE;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// Runs the quick bench with these arguments.
fn bench(arguments: &[&str], path: Option<&Path>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bench"));
    command.arg("--quick").args(arguments);
    if let Some(first) = path {
        let mut path = OsString::from(first);
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap_or_default());
        command.env("PATH", path);
    }
    command.output().unwrap()
}

fn text(output: &Output) -> String {
    let all = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8_lossy(&all).into_owned()
}

/// Who is in the table of a case.
fn contenders(report: &str, case: &str) -> Vec<String> {
    let heading = format!("### {case}\n");
    let Some((_, after)) = report.split_once(&heading) else {
        panic!("no case {case} in\n{report}");
    };
    after
        .lines()
        .take_while(|line| !line.starts_with('#'))
        .filter(|line| line.starts_with('|'))
        .skip(2)
        .filter_map(|row| row.split('|').nth(1))
        .map(|name| name.trim().to_owned())
        .collect()
}

#[test]
fn every_contender_does_every_case() {
    // Without root it says so and measures nothing.
    if !install::isolated() {
        let refused = bench(&[], None);
        assert!(!refused.status.success());
        assert!(text(&refused).contains("needs root"), "{}", text(&refused));
        return;
    }
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("report.md");
    let output = bench(&["--output", file.to_str().unwrap()], None);
    assert!(output.status.success(), "{}", text(&output));
    let report = fs::read_to_string(&file).unwrap();

    let engines = ["lib-russh", "lib-libssh2"];
    let sftp = [
        &engines[..],
        &[
            "http",
            "openssh",
            "openssh-aes",
            "paramiko",
            "asyncssh",
            "rclone",
            "lftp",
        ],
    ]
    .concat();
    let small = ["http", "lib-russh", "lib-libssh2", "openssh-aes", "rclone"];
    let list = [
        "http",
        "http-pages",
        "lib-russh",
        "lib-libssh2",
        "paramiko",
        "asyncssh",
        "openssh-aes",
    ];
    let connect = ["http", "lib-russh", "lib-libssh2", "openssh", "paramiko"];
    let far = ["lib-russh", "lib-libssh2", "http", "openssh-aes", "rclone"];
    let link = ["ping-pong", "tcp-download", "tcp-upload"];
    let cases: &[(&str, &[&str])] = &[
        ("sftp-download", &sftp),
        ("sftp-upload", &sftp),
        ("small-download", &small),
        ("small-upload", &small),
        ("list-10k", &list),
        ("list-100k", &list),
        (
            "together",
            &["lib-russh", "lib-libssh2", "http", "openssh", "openssh-aes"],
        ),
        ("typing", &["ws-russh", "ws-libssh2", "ssh", "ssh-master"]),
        (
            "exec",
            &[
                "http",
                "lib-russh",
                "lib-libssh2",
                "openssh",
                "paramiko",
                "asyncssh",
            ],
        ),
        ("connect-key", &connect),
        ("connect-password", &connect),
        ("requests-1", &["http"]),
        ("requests-20", &["http"]),
        ("idle", &["http-russh", "http-libssh2", "openssh"]),
        ("ftp-download", &["lib", "http", "curl", "lftp"]),
        ("ftp-upload", &["lib", "http", "curl", "lftp"]),
        ("1gbit/link", &link),
        ("1gbit/sftp-download", &far),
        ("1gbit/sftp-upload", &far),
        ("1gbit/ftp-download", &["lib", "http", "curl"]),
        ("1gbit/ftp-upload", &["lib", "http", "curl"]),
        ("50ms/link", &link),
        ("50ms/sftp-download", &far),
        ("50ms/sftp-upload", &far),
        ("50ms/ftp-download", &["lib", "http", "curl"]),
        ("50ms/ftp-upload", &["lib", "http", "curl"]),
    ];
    for (case, wanted) in cases {
        assert_eq!(contenders(&report, case), *wanted, "{case} in\n{report}");
    }
    for target in [
        "| sftp-download |",
        "| exec |",
        "| idle |",
        "| 50ms/sftp-upload |",
    ] {
        assert!(report.contains(target), "no {target} in\n{report}");
    }
    assert!(!report.contains("not measured"), "{report}");
    for cipher in ["| openssh-aes | aes128-gcm@openssh.com |", "| http | aes"] {
        assert!(report.contains(cipher), "no {cipher} in\n{report}");
    }
}

/// A program that takes a contender's place.
fn impostor(name: &str, script: &str) -> TempDir {
    let directory = TempDir::new().unwrap();
    let program = directory.path().join(name);
    fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    directory
}

#[test]
fn a_contender_that_fails_or_lies_is_told() {
    if !install::isolated() {
        return;
    }
    let arguments = [
        "--only",
        "ftp-download",
        "--contenders",
        "curl,lftp",
        "--mib",
        "1",
    ];
    for (script, why) in [
        ("echo no such luck >&2; exit 3", "no such luck"),
        // lftp --norc -c "…; get /large -o FILE; bye"
        (
            r#"set -- ${3##* -o }; head -c 1048576 /dev/zero >"${1%;}""#,
            "other bytes",
        ),
        (
            r#"set -- ${3##* -o }; echo >"${1%;}""#,
            "1 bytes of 1048576",
        ),
    ] {
        let impostor = impostor("lftp", script);
        let output = bench(&arguments, Some(impostor.path()));
        let text = text(&output);
        assert!(!output.status.success(), "{script}: {text}");
        assert!(
            text.contains("**lftp failed**") && text.contains(why),
            "{script}: {text}"
        );
        assert!(!text.contains("**curl failed**"), "{script}: {text}");
    }
}

#[test]
fn nothing_is_left_behind_when_it_is_interrupted() {
    if !install::isolated() {
        return;
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_bench"))
        .args(["--quick", "--only", "sftp"])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let prefix = format!("cm-bench-{}-", child.id());
    let memory = Path::new("/dev/shm");
    let memory = if memory.is_dir() {
        memory.to_owned()
    } else {
        std::env::temp_dir()
    };
    let ours = || {
        fs::read_dir(&memory)
            .unwrap()
            .flatten()
            .find(|entry| entry.file_name().to_string_lossy().starts_with(&prefix))
    };
    // Its servers have their directories in there.
    eventually(PATIENCE, "it begins", || {
        ours().is_some_and(|dir| fs::read_dir(dir.path()).is_ok_and(|dir| dir.count() > 2))
    });
    let pid = child.id().to_string();
    let told = Command::new("kill").args(["-INT", &pid]).status().unwrap();
    assert!(told.success());
    assert!(!child.wait().unwrap().success());
    assert!(ours().is_none());
}
