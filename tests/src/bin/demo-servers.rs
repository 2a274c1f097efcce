//! The servers `scripts/demo.sh` shows the connection manager on: an sshd that lets a key in
//! and an FTP server that lets a password in, on loopback, until a signal or the end of the
//! process that started this one. It says on standard output, as shell assignments, how to
//! reach them, then `ready`. It knows nothing of the connection manager.

use connection_tests::servers::install;
use connection_tests::{FtpServer, PureFtpd, Pyftpdlib, Sshd};
use std::io::{self, Write};
use std::os::unix::process::parent_id;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};

/// How often it looks whether the process that started it is still there: nobody waits for
/// that, so a second is soon enough.
const LOOK: Duration = Duration::from_secs(1);

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    // All before the first server starts, so that whatever ends this program ends them.
    let parent = parent_id();
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hangup = signal(SignalKind::hangup())?;

    let sshd = Sshd::builder().key_only().start();
    // Only where servers can have an account of their own does anything but pyftpdlib run.
    let ftp: Box<dyn FtpServer> = if install::isolated() {
        Box::new(PureFtpd::start())
    } else {
        Box::new(Pyftpdlib::start())
    };
    announce(&sshd, ftp.as_ref())?;

    let orphaned = async {
        while parent_id() == parent {
            tokio::time::sleep(LOOK).await;
        }
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        _ = hangup.recv() => {}
        () = orphaned => {}
    }
    Ok(())
}

/// Prints everything in one piece: a reader never sees half of it.
fn announce(sshd: &Sshd, ftp: &dyn FtpServer) -> io::Result<()> {
    let pairs = [
        ("ssh_port", sshd.port().to_string()),
        ("ssh_user", sshd.user().to_owned()),
        ("ssh_key", sshd.key().path().display().to_string()),
        ("ssh_home", sshd.home().display().to_string()),
        ("ftp_port", ftp.port().to_string()),
        ("ftp_user", ftp.user().to_owned()),
        ("ftp_password", ftp.password().to_owned()),
    ];
    let mut text = String::new();
    for (name, value) in pairs {
        text.push_str(&format!("{name}='{}'\n", value.replace('\'', r"'\''")));
    }
    text.push_str("ready\n");
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}
