//! OpenSSH's sshd.

use std::fs::{self, File};
use std::io::Write as _;
use std::ops::Deref;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::account::Account;
use super::asyncssh::{AsyncSsh, AsyncSshBuilder, Prompt, Round};
use super::install;
use super::keys::{HostKeys, KeyFormat, KeyKind, UserKey};
use super::process::Launch;
use super::service::{Service, server_dir};

/// Which SFTP server sshd offers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sftp {
    /// The one inside sshd.
    #[default]
    Internal,
    /// OpenSSH's `sftp-server` program, a process of its own.
    External,
    /// None: a client that asks for the subsystem is refused.
    None,
}

/// A running sshd.
///
/// As root the login user is a throw-away one (uid [`super::account::UID`]) with a random
/// password, home [`Service::home`], and one accepted key, [`Sshd::key`]. Everything of
/// [`Service`] (`port()`, `user()`, `password()`, `log()`, `pause()`, `restart()`, …) works on it.
///
/// ```no_run
/// use connection_tests::{KeyFormat, KeyKind, Sshd};
///
/// let sshd = Sshd::builder().password_only().max_sessions(1).start();
/// sshd.write_file("docs/a.txt", "hello");
///
/// let sshd = Sshd::start();
/// let key = sshd.add_key(KeyKind::EcdsaP384, KeyFormat::Pem, Some("passphrase"));
/// println!("ssh -i {} {}@{}", key.path().display(), sshd.user(), sshd.host());
/// ```
pub struct Sshd {
    service: Service,
    key: UserKey,
    host_keys: Arc<Mutex<HostKeys>>,
    /// Whether it is sshd, and not its stand-in.
    real: bool,
}

impl Sshd {
    /// Starts an sshd that takes the password and the key, not keyboard-interactive.
    pub fn start() -> Self {
        Self::builder().start()
    }

    /// An sshd with other settings.
    pub fn builder() -> SshdBuilder {
        SshdBuilder::default()
    }

    /// The key accepted from the start: Ed25519, OpenSSH format, no passphrase.
    pub fn key(&self) -> &UserKey {
        &self.key
    }

    /// Makes another key and lets it in.
    pub fn add_key(&self, kind: KeyKind, format: KeyFormat, passphrase: Option<&str>) -> UserKey {
        let key = self.stranger_key(kind, format, passphrase);
        self.authorize(key.public_line());
        key
    }

    /// Makes a key the server does not accept.
    pub fn stranger_key(
        &self,
        kind: KeyKind,
        format: KeyFormat,
        passphrase: Option<&str>,
    ) -> UserKey {
        UserKey::generate(self.dir(), kind, format, passphrase)
    }

    /// Adds a line to `authorized_keys`; options such as `command="…"` may precede the key.
    pub fn authorize(&self, line: &str) {
        let path = authorized_keys(self.dir());
        let mut file = File::options()
            .append(true)
            .open(path)
            .expect("open authorized_keys");
        writeln!(file, "{line}").expect("write authorized_keys");
    }

    /// Number of live session processes, one for each connection: logged in, logging in, or left
    /// behind by a client that is gone.
    pub fn connections(&self) -> usize {
        if self.real {
            self.service.children()
        } else {
            self.service.open_sockets()
        }
    }

    /// Public key lines (`type base64`) of the host keys, in sshd's order.
    pub fn host_public_lines(&self) -> Vec<String> {
        self.host_keys().public_lines()
    }

    /// `SHA256:…` of the host key of a type.
    ///
    /// # Panics
    /// When the server has no host key of that type.
    #[track_caller]
    pub fn host_fingerprint(&self, kind: KeyKind) -> String {
        match self.host_keys().fingerprint(kind) {
            Some(fingerprint) => fingerprint,
            None => panic!("this sshd has no {kind:?} host key"),
        }
    }

    /// The `known_hosts` text that trusts this server, one line for each host key.
    pub fn known_hosts(&self) -> String {
        let lines = self.host_public_lines();
        lines
            .iter()
            .map(|line| format!("[127.0.0.1]:{} {line}\n", self.port()))
            .collect()
    }

    /// Ends the server and starts it on the same port with other host keys.
    pub fn restart_with(&self, keys: HostKeys) {
        *self.host_keys.lock().expect("no panic while held") = keys;
        self.service.restart();
    }

    fn host_keys(&self) -> HostKeys {
        self.host_keys.lock().expect("no panic while held").clone()
    }
}

impl Deref for Sshd {
    type Target = Service;

    fn deref(&self) -> &Service {
        &self.service
    }
}

/// Settings of an [`Sshd`] to start.
#[derive(Clone)]
pub struct SshdBuilder {
    password: bool,
    key: bool,
    keyboard_interactive: bool,
    sftp: Sftp,
    lines: Vec<String>,
    host_keys: Option<HostKeys>,
}

impl Default for SshdBuilder {
    fn default() -> Self {
        Self {
            password: true,
            key: true,
            keyboard_interactive: false,
            sftp: Sftp::default(),
            lines: Vec::new(),
            host_keys: None,
        }
    }
}

impl SshdBuilder {
    /// Passwords only.
    pub fn password_only(self) -> Self {
        Self {
            password: true,
            key: false,
            keyboard_interactive: false,
            ..self
        }
    }

    /// Keys only.
    pub fn key_only(self) -> Self {
        Self {
            password: false,
            key: true,
            keyboard_interactive: false,
            ..self
        }
    }

    /// Keyboard-interactive only: PAM asks `Password: `.
    pub fn keyboard_interactive_only(self) -> Self {
        Self {
            password: false,
            key: false,
            keyboard_interactive: true,
            ..self
        }
    }

    /// Which SFTP server is offered.
    pub fn sftp(self, sftp: Sftp) -> Self {
        Self { sftp, ..self }
    }

    /// No SFTP subsystem.
    pub fn no_sftp(self) -> Self {
        self.sftp(Sftp::None)
    }

    /// At most `sessions` channels open at a time in one connection.
    pub fn max_sessions(self, sessions: u32) -> Self {
        self.line(&format!("MaxSessions {sessions}"))
    }

    /// SFTP and nothing else: whatever command is asked for, SFTP is what runs.
    pub fn force_sftp(self) -> Self {
        self.line("ForceCommand internal-sftp")
    }

    /// A line of `sshd_config`, before the harness's own lines; sshd takes the first setting of
    /// a keyword, so this one wins.
    pub fn line(mut self, line: &str) -> Self {
        self.lines.push(line.to_owned());
        self
    }

    /// The host keys, in place of new ones of the usual types.
    pub fn host_keys(self, keys: HostKeys) -> Self {
        Self {
            host_keys: Some(keys),
            ..self
        }
    }

    /// Starts the server and waits until it listens.
    ///
    /// # Panics
    /// When it does not start, or when it needs root and there is none.
    #[track_caller]
    pub fn start(self) -> Sshd {
        let dir = server_dir();
        let isolated = install::isolated();
        // sshd run by root insists on a directory and a user only a namespace gives it, and run by
        // others checks no passwords.
        let real = isolated || !(self.password || self.keyboard_interactive || is_root());
        assert!(
            real || (self.lines.is_empty() && self.sftp != Sftp::External),
            "this sshd needs root and namespaces (see the crate documentation)"
        );
        let account = if real && !isolated {
            Account::current_user(dir.path())
        } else {
            Account::throw_away(dir.path())
        };
        let key = UserKey::generate(dir.path(), KeyKind::Ed25519, KeyFormat::OpenSsh, None);
        fs::write(
            authorized_keys(dir.path()),
            format!("{}\n", key.public_line()),
        )
        .expect("write authorized_keys");
        let host_keys = self.host_keys.clone().unwrap_or_else(HostKeys::usual);
        let host_keys = Arc::new(Mutex::new(host_keys));
        let sandbox = account.sandbox(dir.path());
        let configure = {
            let (dir, host_keys) = (dir.path().to_owned(), Arc::clone(&host_keys));
            let login = account.clone();
            move |port| {
                let keys = host_keys.lock().expect("no panic while held").write(&dir);
                if !real {
                    return self.stand_in().launch(&dir, &login, &keys, port);
                }
                let config = dir.join("sshd_config");
                fs::write(&config, self.config(&dir, port, &keys)).expect("write sshd_config");
                Launch {
                    program: install::find("openssh/usr/sbin/sshd"),
                    args: ["-D".into(), "-e".into(), "-f".into(), config.into()].into(),
                    sandbox: sandbox.clone(),
                    log: dir.join("log"),
                    current_dir: dir.clone(),
                    cuts_on_usr1: false,
                }
            }
        };
        Sshd {
            service: Service::start("sshd", dir, account, configure),
            key,
            host_keys,
            real,
        }
    }

    /// The asyncssh server that stands in for sshd where sshd cannot check passwords.
    fn stand_in(&self) -> AsyncSshBuilder {
        let builder = AsyncSsh::builder();
        let builder = if self.keyboard_interactive {
            builder.keyboard_interactive(&[Round::of(&[Prompt::password("Password: ")])])
        } else {
            builder.auth(self.password, self.key)
        };
        builder.sftp(self.sftp != Sftp::None)
    }

    fn config(&self, dir: &Path, port: u16, host_keys: &[PathBuf]) -> String {
        let yes = |on: bool| if on { "yes" } else { "no" };
        let mut lines = self.lines.clone();
        lines.extend([
            format!("Port {port}"),
            "ListenAddress 127.0.0.1".to_owned(),
            "PidFile none".to_owned(),
            "LogLevel VERBOSE".to_owned(),
            "UseDNS no".to_owned(),
            "PrintMotd no".to_owned(),
            "PrintLastLog no".to_owned(),
            // The test's directory belongs to the tester, not to the login user.
            "StrictModes no".to_owned(),
            // Tests connect many times at once; sshd would drop some at random.
            "MaxStartups 200".to_owned(),
            format!("AuthorizedKeysFile {}", authorized_keys(dir).display()),
            format!("PubkeyAuthentication {}", yes(self.key)),
            format!("PasswordAuthentication {}", yes(self.password)),
            format!(
                "KbdInteractiveAuthentication {}",
                yes(self.keyboard_interactive)
            ),
            // Only PAM makes sshd ask keyboard-interactive questions.
            format!("UsePAM {}", yes(self.keyboard_interactive)),
        ]);
        lines.extend(
            host_keys
                .iter()
                .map(|key| format!("HostKey {}", key.display())),
        );
        match self.sftp {
            Sftp::Internal => lines.push("Subsystem sftp internal-sftp".to_owned()),
            Sftp::External => {
                // A copy: the login user may not be able to reach the repository.
                let program = dir.join("sftp-server");
                fs::copy(
                    install::find("openssh/usr/lib/openssh/sftp-server"),
                    &program,
                )
                .expect("copy sftp-server");
                lines.push(format!("Subsystem sftp {}", program.display()));
            }
            Sftp::None => {}
        }
        lines.join("\n") + "\n"
    }
}

fn authorized_keys(dir: &Path) -> PathBuf {
    dir.join("authorized_keys")
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}
