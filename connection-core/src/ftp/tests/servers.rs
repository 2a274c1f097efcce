//! Real FTP servers on loopback, each in a directory of its own, stopped when dropped.
//!
//! `scripts/install-test-servers.sh` installs them.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::test_ports;

/// A running server.
pub(super) struct Server {
    child: Child,
    pub(super) port: u16,
    /// The directory on this machine that the account sees as [`Server::base`].
    pub(super) root: PathBuf,
    /// Where that directory is for the account.
    pub(super) base: &'static str,
    pub(super) user: &'static str,
    directory: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// The server's log, for a failed test.
    pub(super) fn log(&self) -> String {
        std::fs::read(self.directory.path().join("log"))
            .map(|log| String::from_utf8_lossy(&log).into_owned())
            .unwrap_or_default()
    }

    /// Kills it now.
    pub(super) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// How a pyftpdlib server behaves.
pub(super) struct Pyftpd {
    pub(super) tls: bool,
    pub(super) mlsd: bool,
    pub(super) epsv: bool,
    pub(super) masquerade: Option<&'static str>,
    pub(super) idle: u32,
    pub(super) max_per_ip: u32,
    /// A rename over an existing file is refused.
    pub(super) no_replace: bool,
    /// TLS 1.3 only.
    pub(super) tls13: bool,
}

impl Default for Pyftpd {
    fn default() -> Self {
        Self {
            tls: false,
            mlsd: true,
            epsv: true,
            masquerade: None,
            idle: 300,
            max_per_ip: 0,
            no_replace: false,
            tls13: false,
        }
    }
}

impl Pyftpd {
    pub(super) fn start(&self) -> Server {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().join("root");
        std::fs::create_dir(&root).unwrap();
        let certificate = self.tls.then(|| certificate(directory.path()));
        let quoted =
            |text: Option<String>| text.map_or("null".to_owned(), |text| format!("{text:?}"));
        let want = format!(
            r#"{{"root": {:?}, "certificate": {}, "tls_only": {}, "mlsd": {}, "epsv": {}, "masquerade": {}, "idle": {}, "max_per_ip": {}, "no_replace": {}, "tls13": {}}}"#,
            root.to_str().unwrap(),
            quoted(certificate.map(|path| path.to_str().unwrap().to_owned())),
            self.tls,
            self.mlsd,
            self.epsv,
            quoted(self.masquerade.map(str::to_owned)),
            self.idle,
            self.max_per_ip,
            self.no_replace,
            self.tls13,
        );
        let script = directory.path().join("server.py");
        std::fs::write(&script, include_str!("pyftpd.py")).unwrap();
        let log = std::fs::File::create(directory.path().join("log")).unwrap();
        let mut child = Command::new(python())
            .arg(&script)
            .arg(want)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let port = line.trim().parse().unwrap_or_else(|_| {
            panic!(
                "{:?}",
                std::fs::read_to_string(directory.path().join("log"))
            )
        });
        Server {
            child,
            port,
            root,
            base: "/",
            user: "ann",
            directory,
        }
    }
}

/// vsftpd with its default `require_ssl_reuse=YES`; no `MLSD`.
pub(super) fn vsftpd(tls: bool) -> Server {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().join("root/w");
    std::fs::create_dir_all(&root).unwrap();
    let empty = directory.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    open_up(directory.path());
    // vsftpd wants an account whose home exists.
    make_writable(&root, 1);
    let log = directory.path().join("log");
    let mut config = format!(
        "listen=YES\nlisten_address=127.0.0.1\nbackground=NO\n\
         anonymous_enable=YES\nlocal_enable=NO\nwrite_enable=YES\nftp_username=daemon\n\
         anon_root={}\nno_anon_password=NO\nanon_upload_enable=YES\nanon_mkdir_write_enable=YES\n\
         anon_other_write_enable=YES\nanon_world_readable_only=NO\nanon_umask=022\n\
         secure_chroot_dir={}\nseccomp_sandbox=NO\nxferlog_enable=YES\nlog_ftp_protocol=YES\n\
         vsftpd_log_file={}\npasv_address=169.254.169.254\n",
        directory.path().join("root").display(),
        empty.display(),
        log.display()
    );
    if tls {
        let pem = certificate(directory.path());
        config.push_str(&format!(
            "ssl_enable=YES\nallow_anon_ssl=YES\nforce_anon_data_ssl=YES\nforce_anon_logins_ssl=YES\n\
             rsa_cert_file={0}\nrsa_private_key_file={0}\nssl_ciphers=HIGH\n",
            pem.display()
        ));
    }
    let file = directory.path().join("vsftpd.conf");
    std::fs::write(&file, config).unwrap();
    let (child, port) = start_on_a_port(&log, |port| {
        let mut command = Command::new(installed("vsftpd/usr/sbin/vsftpd"));
        command.arg(&file).arg(format!("-olisten_port={port}"));
        command
    });
    Server {
        child,
        port,
        root,
        base: "/w",
        user: "anonymous",
        directory,
    }
}

/// Pure-FTPd with one virtual user; `MLSD`, and links are shown as such.
pub(super) fn pure_ftpd(tls: bool) -> Server {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().join("root");
    std::fs::create_dir(&root).unwrap();
    open_up(directory.path());
    make_writable(&root, 65534);
    let (passwords, database) = (
        directory.path().join("passwd"),
        directory.path().join("pdb"),
    );
    // Hashed here, because its own way takes seconds.
    let hashed = Command::new("openssl")
        .args(["passwd", "-6", "secret"])
        .output()
        .unwrap();
    let line = format!(
        "ann:{}:65534:65534::{}/./{}\n",
        String::from_utf8_lossy(&hashed.stdout).trim(),
        root.display(),
        ":".repeat(12)
    );
    std::fs::write(&passwords, line).unwrap();
    let made = Command::new(installed("pure-ftpd/usr/bin/pure-pw"))
        .arg("mkdb")
        .arg(&database)
        .arg("-f")
        .arg(&passwords)
        .status()
        .unwrap();
    assert!(made.success());
    let certificate = tls.then(|| certificate(directory.path()));
    let (child, port) = start_on_a_port(&directory.path().join("log"), |port| {
        let mut command = Command::new(installed("pure-ftpd/usr/sbin/pure-ftpd"));
        command
            .args(["-S", &format!("127.0.0.1,{port}"), "-E", "-H", "-l"])
            .arg(format!("puredb:{}", database.display()))
            .arg("-g")
            .arg(directory.path().join("pid"));
        if let Some(certificate) = &certificate {
            command.args(["-Y", "2", "-2"]).arg(certificate);
        }
        command
    });
    Server {
        child,
        port,
        root,
        base: "/",
        user: "ann",
        directory,
    }
}

fn open_up(directory: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(directory, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// For the account the server runs as.
fn make_writable(directory: &Path, uid: u32) {
    std::os::unix::fs::chown(directory, Some(uid), Some(uid)).unwrap();
}

/// Starts a server on a free port and waits until it listens; on another one when somebody
/// else got the port first.
fn start_on_a_port(log: &Path, mut command: impl FnMut(u16) -> Command) -> (Child, u16) {
    for _ in 0..5 {
        let port = test_ports::free();
        let output = std::fs::File::options()
            .create(true)
            .append(true)
            .open(log)
            .unwrap();
        let mut child = command(port)
            .stdout(Stdio::null())
            .stderr(output)
            .spawn()
            .unwrap();
        let deadline = Instant::now() + Duration::from_secs(60);
        while child.try_wait().unwrap().is_none() {
            if test_ports::listens(port, child.id()) {
                return (child, port);
            }
            assert!(Instant::now() < deadline, "it does not listen");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
    panic!("it ends: {:?}", std::fs::read_to_string(log));
}

/// A self-signed certificate with its key in one PEM file.
pub(super) fn certificate(directory: &Path) -> PathBuf {
    let pem = directory.join("certificate.pem");
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost",
            "-keyout",
        ])
        .arg(&pem)
        .arg("-out")
        .arg(directory.join("only.pem"))
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(made.success());
    let mut both = std::fs::read(&pem).unwrap();
    both.extend(std::fs::read(directory.join("only.pem")).unwrap());
    std::fs::write(&pem, both).unwrap();
    pem
}

fn python() -> PathBuf {
    installed("venv/bin/python")
}

/// A file of what `scripts/install-test-servers.sh` installs.
fn installed(file: &str) -> PathBuf {
    let directory = match std::env::var_os("CM_TEST_SERVERS") {
        Some(directory) => PathBuf::from(directory),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/test-servers"),
    };
    let path = directory.join(file);
    assert!(
        path.exists(),
        "{}: run scripts/install-test-servers.sh",
        path.display()
    );
    path
}
