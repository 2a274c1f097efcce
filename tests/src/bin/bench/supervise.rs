//! The outermost process: a directory in memory for the run, removed however the run ends.

use crate::{Result, fail};
use connection_tests::servers::install;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, ExitCode};

/// Where files are in memory.
const MEMORY: &str = "/dev/shm";
/// Begins the directory's name; the process id follows.
const PREFIX: &str = "cm-bench-";

/// Runs the run.
pub(crate) fn supervise() -> Result<ExitCode> {
    if !install::isolated() {
        return fail("it needs root and namespaces: vsftpd and logins by password do".to_owned());
    }
    let memory = Path::new(MEMORY);
    let memory = if memory.is_dir() {
        memory.to_owned()
    } else {
        std::env::temp_dir()
    };
    sweep(&memory);
    let directory = tempfile::Builder::new()
        .prefix(&format!("{PREFIX}{}-", std::process::id()))
        .tempdir_in(memory)?;
    // The servers' login passes through.
    fs::set_permissions(directory.path(), Permissions::from_mode(0o711))?;
    let mut run = Command::new("setpriv");
    run.args(["--pdeathsig", "TERM", "--"])
        .arg(std::env::current_exe()?)
        .args(std::env::args_os().skip(1))
        .arg("run")
        .env("TMPDIR", directory.path());
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(async {
            use tokio::signal::unix::{SignalKind, signal};
            let (mut term, mut int) = (
                signal(SignalKind::terminate())?,
                signal(SignalKind::interrupt())?,
            );
            let mut child = std::process::Command::from(run).spawn()?;
            let pid = child.id();
            let mut ended = tokio::task::spawn_blocking(move || child.wait());
            tokio::select! {
                status = &mut ended => {
                    let code = status??.code().and_then(|code| u8::try_from(code).ok());
                    return Ok(ExitCode::from(code.unwrap_or(1)));
                }
                _ = term.recv() => {}
                _ = int.recv() => {}
            }
            // Its servers and workers end with it.
            crate::processes::kill(pid);
            ended.await??;
            fail("interrupted".to_owned())
        })
}

/// Removes what a run left behind that was killed with no chance to.
fn sweep(memory: &Path) {
    for entry in fs::read_dir(memory).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let pid = name
            .to_str()
            .and_then(|name| name.strip_prefix(PREFIX))
            .and_then(|rest| rest.split('-').next());
        if pid.is_some_and(|pid| !Path::new("/proc").join(pid).exists()) {
            // Another run may be at it too.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
