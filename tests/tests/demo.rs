//! `make demo` shows what it promises: the script, on the programs of this build.

use connection_tests::manager::built;
use connection_tests::servers::install;
use std::process::{Command, Stdio};

#[test]
fn the_demo_does_the_main_job_over_ssh_and_ftp_and_leaves_nothing() {
    let selection = ["--bin", "connection-manager", "--bin", "demo-servers"];
    let program = built(&selection, "demo-servers");
    let profile = program.parent().unwrap();
    let temporary = tempfile::tempdir().unwrap();
    // The servers' user passes through it.
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o711);
    std::fs::set_permissions(temporary.path(), open).unwrap();

    let output = Command::new(install::repository().join("scripts/demo.sh"))
        .env("DEMO_ONCE", "1")
        .env("DEMO_PORT", "0")
        .env("DEMO_PROFILE", profile.file_name().unwrap())
        .env("CARGO_TARGET_DIR", profile.parent().unwrap())
        .env("TMPDIR", temporary.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8_lossy(&output.stdout);
    for line in [
        "--- SSH: connect with a key",
        "--- FTP: connect with a password",
        r#""output":"hello from "#,
        r#""name":"hello.txt""#,
        "Both copies are the same as the file that was uploaded.",
        r#""session_name":"demo ftp""#,
    ] {
        assert!(text.contains(line), "no {line} in:\n{text}");
    }
    let left: Vec<_> = std::fs::read_dir(temporary.path()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}
