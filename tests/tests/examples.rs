//! The example programs run against a real sshd and print what they should: an example
//! that does not work is worse than none.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helpers fail the test, as the test itself does"
)]

use connection_tests::manager::{Manager, built};
use connection_tests::servers::install;
use connection_tests::{FtpServer, Sshd, Tls, Vsftpd};
use std::fs;
use std::io::Write;
use std::process::{Command, Output, Stdio};

/// The program of an example, built with all others.
fn program(name: &str) -> Command {
    let selection = [
        "--example",
        "exec",
        "--example",
        "ftps",
        "--example",
        "list",
        "--example",
        "run",
        "--example",
        "stream",
        "--example",
        "terminal",
        "--example",
        "transfer",
    ];
    Command::new(built(&selection, &format!("examples/{name}")))
}

fn example(name: &str, sshd: &Sshd, rest: &[&str]) -> Command {
    let mut command = program(name);
    command
        .args([sshd.host(), &sshd.port().to_string(), sshd.user()])
        .arg(sshd.key().path())
        .args(rest)
        .stdin(Stdio::null());
    command
}

#[track_caller]
fn printed(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn list_shows_a_directory() {
    let sshd = Sshd::start();
    sshd.write_file("d/a.txt", "hello");
    sshd.mkdir("d/sub");
    std::os::unix::fs::symlink("a.txt", sshd.home().join("d/link")).unwrap();
    let directory = sshd.home().join("d");
    for path in [directory.to_str().unwrap(), "d"] {
        let text = printed(&example("list", &sshd, &[path]).output().unwrap());
        let mut lines: Vec<_> = text.lines().map(|line| line.trim().to_owned()).collect();
        lines.sort();
        assert!(lines.contains(&"5 a.txt".to_owned()), "{text}");
        assert!(lines.iter().any(|line| line.ends_with(" sub/")), "{text}");
        assert!(lines.iter().any(|line| line.ends_with(" link@")), "{text}");
        assert_eq!(lines.len(), 3, "{text}");
    }
    let missing = example("list", &sshd, &["/no/such"]).output().unwrap();
    assert!(!missing.status.success());
}

#[test]
fn run_prints_both_streams_and_ends_with_the_commands_code() {
    let sshd = Sshd::start();
    let output = example("run", &sshd, &["echo out; echo err >&2; exit 7"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(7), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "out\n");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "err\n");
    let killed = example("run", &sshd, &["kill -TERM $$"]).output().unwrap();
    assert!(!killed.status.success());
    assert!(
        String::from_utf8_lossy(&killed.stderr).contains("SIGTERM"),
        "{killed:?}"
    );
}

#[test]
fn terminal_shows_a_shell_whole_although_its_viewer_left() {
    let sshd = Sshd::start();
    let keys = "stty size; seq 1 20000; (exit 9)";
    let output = example("terminal", &sshd, &[keys]).output().unwrap();
    assert_eq!(output.status.code(), Some(9), "{output:?}");
    let shown = String::from_utf8_lossy(&output.stdout);
    let all: String = (1..=20_000).map(|n| format!("{n}\r\n")).collect();
    assert!(shown.contains("30 100\r\n"), "{:?}", shown.get(..300));
    assert!(shown.contains(&all));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "[Exited]\n");
}

#[test]
fn exec_pipes_input_through_a_command_in_a_directory() {
    let sshd = Sshd::start();
    sshd.mkdir("a dir");
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in");
    fs::write(&input, "hello").unwrap();
    let output = example("exec", &sshd, &["a dir", "basename \"$PWD\"; tr a-z A-Z"])
        .stdin(fs::File::open(&input).unwrap())
        .output()
        .unwrap();
    assert_eq!(printed(&output), "a dir\nHELLO");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "ended: Code(0)\n");
}

#[test]
fn a_password_comes_from_the_environment() {
    let sshd = Sshd::builder().password_only().start();
    let mut command = program("run");
    command
        .args([
            sshd.host(),
            &sshd.port().to_string(),
            sshd.user(),
            "-",
            "whoami",
        ])
        .env("EXAMPLE_PASSWORD", sshd.password());
    assert_eq!(printed(&command.output().unwrap()).trim(), sshd.user());
}

#[test]
fn transfer_sends_a_file_and_fetches_it_again() {
    let sshd = Sshd::start();
    let folder = tempfile::tempdir().unwrap();
    let (local, copy) = (folder.path().join("up"), folder.path().join("down"));
    let content: Vec<u8> = (0..700_000_u32).map(|n| (n % 249) as u8).collect();
    fs::write(&local, &content).unwrap();
    let remote = sshd.home().join("remote");
    let paths = [&local, &remote, &copy].map(|path| path.to_str().unwrap().to_owned());
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let text = printed(&example("transfer", &sshd, &paths).output().unwrap());
    assert_eq!(text.trim(), "700000 bytes up, 700000 bytes down");
    assert!(fs::read(&remote).unwrap() == content && fs::read(&copy).unwrap() == content);
}

#[test]
fn stream_pipes_in_both_directions() {
    let sshd = Sshd::start();
    let content: Vec<u8> = (0..3_000_000_u32).map(|n| (n % 247) as u8).collect();
    let folder = tempfile::tempdir().unwrap();
    let local = folder.path().join("in");
    fs::write(&local, &content).unwrap();
    let remote = sshd.home().join("remote");
    let path = remote.to_str().unwrap();
    let put = example("stream", &sshd, &["put", path])
        .stdin(fs::File::open(&local).unwrap())
        .output()
        .unwrap();
    assert!(put.status.success(), "{put:?}");
    assert!(fs::read(&remote).unwrap() == content);
    let get = example("stream", &sshd, &["get", path]).output().unwrap();
    assert!(get.status.success(), "{:?}", get.stderr);
    assert!(get.stdout == content);
    let missing = example("stream", &sshd, &["get", "/no/such"]).output();
    assert!(!missing.unwrap().status.success());
}

#[test]
fn ftps_asks_once_whether_a_certificate_is_trusted() {
    let ftp = Vsftpd::builder().tls(Tls::Required).start();
    ftp.write_file("d/a.txt", "hello");
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config");
    let list = |answer: &str| {
        let mut child = program("ftps")
            .args([ftp.host(), &ftp.port().to_string(), ftp.user()])
            .args([config.as_os_str(), "d".as_ref()])
            .env("EXAMPLE_PASSWORD", ftp.password())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        // One that does not ask may have gone by then.
        let _ = input.write_all(answer.as_bytes());
        drop(input);
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() || said.contains(&ftp.cert_fingerprint_sha256()));
        let asked = said.contains("Trust it?");
        (output, asked)
    };
    let (refused, asked) = list("no\n");
    assert!(asked && !refused.status.success(), "{refused:?}");
    let (listed, asked) = list("yes\n");
    assert!(asked, "{listed:?}");
    assert_eq!(printed(&listed), "a.txt\n");
    let (again, asked) = list("");
    assert!(!asked, "{again:?}");
    assert_eq!(printed(&again), "a.txt\n");
    ftp.restart_with_new_cert();
    let (changed, asked) = list("yes\n");
    assert!(!changed.status.success() && !asked, "{changed:?}");
}

#[test]
fn without_arguments_an_example_says_what_it_wants() {
    for (name, usage) in [
        ("list", "HOST PORT USER KEYFILE"),
        ("ftps", "HOST PORT USER CONFIG"),
    ] {
        let output = program(name).output().unwrap();
        assert!(!output.status.success());
        assert!(String::from_utf8_lossy(&output.stderr).contains(usage));
    }
}

#[test]
fn http_sh_does_the_main_job_with_curl() {
    for token in [None, Some("a-token-of-this-test")] {
        let builder = Manager::builder();
        let manager = match token {
            Some(token) => builder.token(token).start(),
            None => builder.start(),
        };
        let sshd = Sshd::start();
        let mut script = Command::new("bash");
        script
            .arg(install::repository().join("examples/http.sh"))
            .args([
                manager.base(),
                sshd.host(),
                &sshd.port().to_string(),
                sshd.user(),
            ])
            .arg(sshd.key().path())
            .env_remove("CONNECTION_MANAGER_TOKEN");
        if let Some(token) = token {
            script.env("CONNECTION_MANAGER_TOKEN", token);
        }
        let text = printed(&script.output().unwrap());
        for words in [
            "hello from Linux",
            "the copy is the same",
            "the upload went on at 9",
            "the form's files are there",
            "Session disconnected",
        ] {
            assert!(text.contains(words), "{words:?} is missing:\n{text}");
        }
        assert_eq!(
            manager.get("/connections").ok()["sessions"],
            serde_json::json!([])
        );
    }
}
