//! An OpenSSH ControlMaster: one connection that other `ssh` and `sftp` share.

use crate::clients::openssh_options;
use crate::site::Site;
use crate::{Result, fail};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
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
        Self::log_in(site, socket, false)?;
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
    fn log_in(site: &Site, socket: &Path, password: bool) -> Result<()> {
        let mut ssh = command(site, socket, &[]);
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
        Self::log_in(site, socket, password)?;
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
        let ended = self.ssh(&[], remote).stdin(Stdio::null()).output()?;
        match ended.status.success() {
            true => Ok(()),
            false => fail(format!("ssh {remote}: {}", ended.status)),
        }
    }

    /// `ssh` over it, with more options.
    pub(crate) fn ssh(&self, options: &[&str], remote: &str) -> Command {
        let mut ssh = command(&self.site, &self.socket, options);
        ssh.arg(destination(&self.site)).arg(remote);
        ssh
    }

    /// `sftp` over it, with commands from standard input.
    pub(crate) fn sftp(&self) -> Command {
        let mut sftp = Command::new("sftp");
        sftp.args(openssh_options(&self.site))
            .arg("-o")
            .arg(format!("ControlPath={}", self.socket.display()))
            .args(["-b", "-", "-P", &self.site.ssh_port.to_string()])
            .arg(destination(&self.site));
        sftp
    }

    fn control(&self, what: &str) -> Result<String> {
        let told = command(&self.site, &self.socket, &[])
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

fn command(site: &Site, socket: &Path, options: &[&str]) -> Command {
    let mut ssh = Command::new("ssh");
    // Without -q, which would keep the answer of -O to itself.
    ssh.args(
        openssh_options(site)
            .iter()
            .filter(|option| *option != "-q"),
    )
    .arg("-o")
    .arg(format!("ControlPath={}", socket.display()))
    .args(options)
    .args(["-p", &site.ssh_port.to_string()]);
    ssh
}

fn destination(site: &Site) -> String {
    format!("{}@{}", site.user, site.host)
}
