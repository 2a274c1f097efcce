//! An OpenSSH ControlMaster: one connection that other `ssh` and `sftp` share.

use crate::clients::openssh_options;
use crate::site::Site;
use crate::{Result, fail, typing};
use std::fs::{self, Permissions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

/// A running master. Dropping it ends the connection.
pub(crate) struct Master {
    site: Site,
    socket: PathBuf,
    pid: u32,
}

impl Master {
    /// Logs in with the key, with the socket at this path.
    pub(crate) fn open(site: &Site, socket: &Path) -> Result<Self> {
        Self::open_ciphered(site, socket, None)
    }

    /// As [`Master::open`], with a cipher other than `ssh`'s own choice.
    pub(crate) fn open_ciphered(site: &Site, socket: &Path, cipher: Option<&str>) -> Result<Self> {
        Self::log_in(site, socket, cipher, false)?;
        let mut master = Self {
            site: site.clone(),
            socket: socket.to_owned(),
            pid: 0,
        };
        let told = master.control("check")?;
        let pid = told.split("pid=").nth(1);
        let pid = pid.and_then(|rest| rest.split(')').next());
        master.pid = pid.ok_or(told.clone())?.parse()?;
        Ok(master)
    }

    /// Logs in, and returns once it is.
    fn log_in(site: &Site, socket: &Path, cipher: Option<&str>, password: bool) -> Result<()> {
        let mut ssh = command(site, socket);
        if let Some(cipher) = cipher {
            ssh.args(["-c", cipher]);
        }
        // It goes to the background once it is logged in.
        ssh.args(["-o", "ControlMaster=yes", "-N", "-f"]);
        if password {
            // It asks a program, which prints a variable it inherits.
            let ask = socket.with_extension("ask");
            fs::write(&ask, "#!/bin/sh\nprintf '%s\\n' \"$BENCH_PASSWORD\"\n")?;
            fs::set_permissions(&ask, Permissions::from_mode(0o700))?;
            ssh.args(["-o", "PubkeyAuthentication=no"])
                .env("SSH_ASKPASS", ask)
                .env("SSH_ASKPASS_REQUIRE", "force")
                .env("BENCH_PASSWORD", &site.password);
        }
        let status = ssh
            .arg(destination(site))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()?;
        if !status.success() {
            return fail(format!("ssh -M: {status}"));
        }
        Ok(())
    }

    /// Logs in with the key or the password and out again; answers the time of the login.
    pub(crate) fn time_login(site: &Site, socket: &Path, password: bool) -> Result<f64> {
        let master = Self {
            site: site.clone(),
            socket: socket.to_owned(),
            pid: 0,
        };
        let start = Instant::now();
        Self::log_in(site, socket, None, password)?;
        let taken = start.elapsed();
        drop(master);
        Ok(taken.as_secs_f64())
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.pid
    }

    /// Runs a command over it to its successful end.
    pub(crate) fn run(&self, remote: &str) -> Result<()> {
        let ended = self.ssh(remote).stdin(Stdio::null()).output()?;
        match ended.status.success() {
            true => Ok(()),
            false => fail(format!("ssh {remote}: {}", ended.status)),
        }
    }

    /// `ssh` over it.
    fn ssh(&self, remote: &str) -> Command {
        let mut ssh = command(&self.site, &self.socket);
        ssh.arg(destination(&self.site)).arg(remote);
        ssh
    }

    /// `sftp` over it, with commands from standard input.
    pub(crate) fn sftp(&self) -> Command {
        sftp(&self.site, &self.socket)
    }

    fn control(&self, what: &str) -> Result<String> {
        let told = command(&self.site, &self.socket)
            .args(["-O", what])
            .arg(destination(&self.site))
            .output()?;
        Ok(String::from_utf8_lossy(&[told.stdout, told.stderr].concat()).into_owned())
    }
}

impl Drop for Master {
    fn drop(&mut self) {
        // One that is gone already is no failure.
        let _ = self.control("exit");
        let _ = fs::remove_file(&self.socket);
    }
}

/// `sftp` on a connection of its own, with commands from standard input.
pub(crate) fn sftp_alone(site: &Site) -> Command {
    sftp(site, Path::new(NO_MASTER))
}

/// What `ssh` takes in place of a socket, to log in by itself.
const NO_MASTER: &str = "none";

/// Somebody typing in a terminal of `ssh`, over a master or not. The keys reach `ssh` through a pipe: with `-tt`
/// the terminal on the far side is the same.
pub(crate) struct Typist {
    ssh: Child,
    keys: ChildStdin,
    screen: ChildStdout,
}

impl Typist {
    /// Opens the terminal and waits until the program in it is there.
    pub(crate) fn start(master: &Master) -> Result<Self> {
        Self::on(&master.site, &master.socket)
    }

    /// As [`Typist::start`], on a connection of its own.
    pub(crate) fn alone(site: &Site) -> Result<Self> {
        Self::on(site, Path::new(NO_MASTER))
    }

    fn on(site: &Site, socket: &Path) -> Result<Self> {
        let mut ssh = command(site, socket);
        let mut ssh = ssh
            .arg("-tt")
            .arg(destination(site))
            .arg(typing::COMMAND)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (Some(keys), Some(mut screen)) = (ssh.stdin.take(), ssh.stdout.take()) else {
            return fail("ssh has no pipes".to_owned());
        };
        let mut ready = [0; typing::READY.len()];
        screen.read_exact(&mut ready)?;
        Ok(Self { ssh, keys, screen })
    }

    /// Types a key and waits for it to come back; the pause before it does not count.
    pub(crate) fn key(&mut self) -> Result<f64> {
        std::thread::sleep(typing::PAUSE);
        let start = Instant::now();
        self.keys.write_all(b"x")?;
        let mut back = [0];
        self.screen.read_exact(&mut back)?;
        match &back {
            b"x" => Ok(start.elapsed().as_secs_f64()),
            other => fail(format!("{other:?} came back")),
        }
    }
}

impl Drop for Typist {
    fn drop(&mut self) {
        let _ = self.ssh.kill();
        let _ = self.ssh.wait();
    }
}

fn command(site: &Site, socket: &Path) -> Command {
    let mut ssh = Command::new("ssh");
    // Without -q, which would keep the answer of -O to itself.
    ssh.args(
        openssh_options(site)
            .iter()
            .filter(|option| *option != "-q"),
    )
    .arg("-o")
    .arg(format!("ControlPath={}", socket.display()))
    .args(["-p", &site.ssh_port.to_string()]);
    ssh
}

fn sftp(site: &Site, socket: &Path) -> Command {
    let mut sftp = Command::new("sftp");
    sftp.args(openssh_options(site))
        .arg("-o")
        .arg(format!("ControlPath={}", socket.display()))
        .args(["-b", "-", "-P", &site.ssh_port.to_string()])
        .arg(destination(site));
    sftp
}

fn destination(site: &Site) -> String {
    format!("{}@{}", site.user, site.host)
}
