//! What the figures were taken on and with: the machine and the versions, for the report.

use connection_tests::servers::install;
use std::fs;
use std::process::{Command, Stdio};

/// Facts, each with its name.
pub(crate) type Facts = Vec<(&'static str, String)>;

/// The machine.
pub(crate) fn machine() -> Facts {
    let processor = line("/proc/cpuinfo", "model name").unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = line("/proc/meminfo", "MemTotal").unwrap_or_default();
    let kib = memory
        .split(' ')
        .next()
        .and_then(|kib| kib.parse::<u64>().ok());
    let sysctl = |name: &str| {
        let value = fs::read_to_string(format!("/proc/sys/{name}")).unwrap_or_default();
        value.trim().to_owned()
    };
    vec![
        ("processor", format!("{processor}, {cores} cores")),
        ("memory", format!("{} GiB", kib.unwrap_or_default() >> 20)),
        ("kernel", sysctl("kernel/osrelease")),
        (
            "congestion control of TCP",
            sysctl("net/ipv4/tcp_congestion_control"),
        ),
        (
            "system",
            line("/etc/os-release", "PRETTY_NAME").unwrap_or_default(),
        ),
    ]
}

/// What took part.
pub(crate) fn versions() -> Facts {
    let server = |file: &str| install::find(file).display().to_string();
    let python = install::python().display().to_string();
    let package = |name: &str| {
        let script = format!("import importlib.metadata as m; print(m.version('{name}'))");
        told(&[&python, "-c", &script])
    };
    let commit = told(&[
        "git",
        "-C",
        &install::repository().display().to_string(),
        "describe",
        "--always",
        "--dirty",
    ]);
    let build = if cfg!(debug_assertions) {
        "debug"
    } else {
        "release"
    };
    vec![
        (
            "connection-manager",
            format!("{} ({commit}), {build} build", env!("CARGO_PKG_VERSION")),
        ),
        ("OpenSSH client", told(&["ssh", "-V"])),
        (
            "OpenSSH server",
            told(&[&server("openssh/usr/sbin/sshd"), "-V"]),
        ),
        (
            "vsftpd",
            told(&[
                "sh",
                "-c",
                "exec \"$0\" -v 0>&1",
                &server("vsftpd/usr/sbin/vsftpd"),
            ]),
        ),
        ("Paramiko", package("paramiko")),
        ("asyncssh", package("asyncssh")),
        ("rclone", told(&["rclone", "version"])),
        ("lftp", told(&["lftp", "--version"])),
        ("curl", told(&["curl", "--version"])),
        ("wrk", told(&["wrk", "-v"])),
    ]
}

/// The line a program prints about itself: the first with a digit in it.
fn told(words: &[&str]) -> String {
    let Some((program, arguments)) = words.split_first() else {
        return String::new();
    };
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output();
    let Ok(output) = output else {
        return "unknown".to_owned();
    };
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    let line = text
        .lines()
        .find(|line| line.contains(|c: char| c.is_ascii_digit()));
    let line = line.unwrap_or("unknown").trim();
    // What is beside the version is of no interest.
    line.split([',', '(', '['])
        .next()
        .unwrap_or(line)
        .trim()
        .to_owned()
}

/// The value of a line `KEY: VALUE` or `KEY=VALUE`.
fn line(file: &str, key: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(key))?;
    Some(line.trim_matches(['\t', ' ', ':', '=', '"']).to_owned())
}
