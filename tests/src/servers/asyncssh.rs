//! asyncssh: the SSH server that can be told to misbehave. Its settings go as JSON to
//! `tests/servers/asyncssh_server.py`.

use std::fs;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::account::{Account, UID};
use super::install;
use super::keys::{HostKeys, KeyFormat, KeyKind, UserKey};
use super::process::Launch;
use super::service::{Service, server_dir};

/// A running asyncssh server; everything of [`Service`] works on it.
///
/// It takes the password and one key and serves SFTP on real files, with the home as the
/// directory relative paths start from, and commands through `/bin/sh`, until told otherwise.
///
/// ```no_run
/// use connection_tests::servers::asyncssh::{AsyncSsh, Fault, Prompt, Round};
/// use std::time::Duration;
///
/// let odd = AsyncSsh::builder()
///     .keyboard_interactive(&[Round::default(), Round::of(&[Prompt::password("")])])
///     .start();
/// let slow = AsyncSsh::builder()
///     .fault(Fault::delay("read", Duration::from_millis(50)).path("big.bin").after(3))
///     .fault(Fault::status("rename", 4, "Failure").times(1))
///     .start();
/// ```
pub struct AsyncSsh {
    service: Service,
    key: UserKey,
    host_keys: HostKeys,
}

impl AsyncSsh {
    /// Starts one without oddities.
    pub fn start() -> Self {
        Self::builder().start()
    }

    /// One with other settings.
    pub fn builder() -> AsyncSshBuilder {
        AsyncSshBuilder::default()
    }

    /// The key accepted.
    pub fn key(&self) -> &UserKey {
        &self.key
    }

    /// The server's host keys.
    pub fn host_keys(&self) -> &HostKeys {
        &self.host_keys
    }
}

impl Deref for AsyncSsh {
    type Target = Service;

    fn deref(&self) -> &Service {
        &self.service
    }
}

/// A question of keyboard-interactive.
#[derive(Clone, Debug)]
pub struct Prompt {
    text: String,
    echo: bool,
    answer: Option<String>,
}

impl Prompt {
    /// A question answered by the user's password, not shown as it is typed.
    pub fn password(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            echo: false,
            answer: None,
        }
    }

    /// A question with an answer of its own, shown as it is typed.
    pub fn question(text: &str, answer: &str) -> Self {
        Self {
            text: text.to_owned(),
            echo: true,
            answer: Some(answer.to_owned()),
        }
    }
}

/// A set of questions asked at once; without any, a client just has to go on.
#[derive(Clone, Debug, Default)]
pub struct Round {
    name: String,
    instructions: String,
    prompts: Vec<Prompt>,
}

impl Round {
    /// Questions without a title.
    pub fn of(prompts: &[Prompt]) -> Self {
        Self {
            prompts: prompts.to_vec(),
            ..Self::default()
        }
    }

    /// The title and the instructions shown with the questions.
    pub fn titled(self, name: &str, instructions: &str) -> Self {
        Self {
            name: name.to_owned(),
            instructions: instructions.to_owned(),
            ..self
        }
    }

    fn json(&self) -> Value {
        let prompts = self.prompts.iter().map(
            |prompt| json!({"text": prompt.text, "echo": prompt.echo, "answer": prompt.answer}),
        );
        json!({
            "name": self.name,
            "instructions": self.instructions,
            "prompts": prompts.collect::<Vec<_>>(),
        })
    }
}

/// What goes wrong with SFTP requests of one kind. Requests are named as in the protocol, in
/// lower case: `open`, `close`, `read`, `write`, `lstat`, `fstat`, `stat`, `setstat`, `fsetstat`,
/// `opendir`, `readdir`, `remove`, `mkdir`, `rmdir`, `realpath`, `rename`, `posix_rename`,
/// `readlink`, `symlink`, `statvfs`, `fsync`, `limits`. The server works on one request of a
/// channel at a time.
#[derive(Clone, Debug)]
pub struct Fault(Map<String, Value>);

impl Fault {
    /// The request fails with an SFTP status: its code, known or not, and its text.
    pub fn status(request: &str, code: u32, text: &str) -> Self {
        let value = json!({"code": code, "text": text});
        Self::new(request, json!({"kind": "status", "value": value}))
    }

    /// The request is carried out after a while.
    pub fn delay(request: &str, delay: Duration) -> Self {
        Self::new(
            request,
            json!({"kind": "delay", "value": delay.as_secs_f64()}),
        )
    }

    /// The request is never answered, nor is any later one of its channel.
    pub fn hang(request: &str) -> Self {
        Self::new(request, json!({"kind": "hang"}))
    }

    /// The connection is cut in place of an answer.
    pub fn disconnect(request: &str) -> Self {
        Self::new(request, json!({"kind": "disconnect"}))
    }

    /// Only requests whose path (or that of the open file) holds `part`.
    pub fn path(self, part: &str) -> Self {
        self.set("path", json!(part))
    }

    /// Lets so many requests pass first.
    pub fn after(self, requests: u64) -> Self {
        self.set("after", json!(requests))
    }

    /// Happens so many times and no more.
    pub fn times(self, times: u64) -> Self {
        self.set("times", json!(times))
    }

    fn new(request: &str, action: Value) -> Self {
        Self(Map::new())
            .set("op", json!(request))
            .set("action", action)
    }

    fn set(mut self, key: &str, value: Value) -> Self {
        self.0.insert(key.to_owned(), value);
        self
    }
}

/// An entry of a made-up directory listing.
#[derive(Clone, Debug)]
pub struct Entry(Value);

impl Entry {
    /// An entry; `kind` is `file`, `directory` or `link`, each character of the name is one byte
    /// (so `\u{ff}` is the byte 0xff), `mtime` is in seconds since 1970.
    pub fn new(name: &str, kind: &str, mode: u32, size: u64, mtime: u32) -> Self {
        Self(json!({"name": name, "kind": kind, "mode": mode, "size": size, "mtime": mtime}))
    }

    /// A readable file of 1 byte.
    pub fn file(name: &str) -> Self {
        Self::new(name, "file", 0o644, 1, 1_700_000_000)
    }
}

/// How the server answers one command; made by [`Reply::of`], it exits with 0.
#[derive(Clone, Debug)]
pub struct Reply {
    stdout: String,
    stderr: String,
    delay: Duration,
    exit: Option<u8>,
    signal: Option<String>,
    hang: bool,
}

impl Reply {
    /// Prints this to standard output (each character one byte).
    pub fn of(stdout: &str) -> Self {
        Self {
            stdout: stdout.to_owned(),
            stderr: String::new(),
            delay: Duration::ZERO,
            exit: Some(0),
            signal: None,
            hang: false,
        }
    }

    /// Prints this to standard error too (each character one byte).
    pub fn stderr(self, stderr: &str) -> Self {
        Self {
            stderr: stderr.to_owned(),
            ..self
        }
    }

    /// Waits between the output and the end.
    pub fn delay(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    /// The exit status; `None` closes the channel without one.
    pub fn exit(self, status: Option<u8>) -> Self {
        Self {
            exit: status,
            ..self
        }
    }

    /// Ends by a signal (`KILL`, without `SIG`) in place of an exit status.
    pub fn signal(self, name: &str) -> Self {
        Self {
            signal: Some(name.to_owned()),
            ..self
        }
    }

    /// Never ends, whatever signals or end of input arrive.
    pub fn hang(self) -> Self {
        Self { hang: true, ..self }
    }

    fn json(&self) -> Value {
        json!({
            "stdout": self.stdout,
            "stderr": self.stderr,
            "delay": self.delay.as_secs_f64(),
            "exit": self.exit,
            "signal": self.signal,
            "hang": self.hang,
        })
    }
}

/// Settings of an [`AsyncSsh`] to start.
#[derive(Clone)]
pub struct AsyncSshBuilder {
    settings: Map<String, Value>,
    host_keys: Option<HostKeys>,
}

impl Default for AsyncSshBuilder {
    fn default() -> Self {
        let builder = Self {
            settings: Map::new(),
            host_keys: None,
        };
        builder
            .set("password", json!(true))
            .set("key", json!(true))
            .set("sftp", json!(true))
    }
}

impl AsyncSshBuilder {
    /// Keyboard-interactive alone, with these rounds of questions, all to be answered rightly.
    pub fn keyboard_interactive(self, rounds: &[Round]) -> Self {
        let rounds: Vec<Value> = rounds.iter().map(Round::json).collect();
        self.auth(false, false)
            .set("keyboard_interactive", json!(rounds))
    }

    /// Whether passwords and keys are taken.
    pub fn auth(self, password: bool, key: bool) -> Self {
        self.set("password", json!(password)).set("key", json!(key))
    }

    /// Lets everyone in without any login (`none`).
    pub fn no_auth(self) -> Self {
        self.set("no_auth", json!(true))
    }

    /// Waits before it says which logins it takes.
    pub fn auth_delay(self, delay: Duration) -> Self {
        self.set("auth_delay", json!(delay.as_secs_f64()))
    }

    /// The text shown before the login.
    pub fn auth_banner(self, text: &str) -> Self {
        self.set("auth_banner", json!(text))
    }

    /// Whether there is an SFTP subsystem.
    pub fn sftp(self, sftp: bool) -> Self {
        self.set("sftp", json!(sftp))
    }

    /// Adds a fault of SFTP requests.
    pub fn fault(mut self, fault: Fault) -> Self {
        let faults = self.settings.entry("faults").or_insert_with(|| json!([]));
        if let Value::Array(faults) = faults {
            faults.push(Value::Object(fault.0));
        }
        self
    }

    /// SFTP extensions the server lacks, such as `posix-rename@openssh.com`.
    pub fn without_extensions(self, names: &[&str]) -> Self {
        self.set("without_extensions", json!(names))
    }

    /// What every directory holds, in place of what it does.
    pub fn listing(self, entries: &[Entry]) -> Self {
        let entries: Vec<&Value> = entries.iter().map(|entry| &entry.0).collect();
        self.set("listing", json!(entries))
    }

    /// Every directory holds so many files more, named `00000000` and up.
    pub fn listing_count(self, entries: u64) -> Self {
        self.set("listing", json!([]))
            .set("listing_count", json!(entries))
    }

    /// How one command, word for word, is answered; all others run in `/bin/sh`.
    pub fn command(mut self, command: &str, reply: Reply) -> Self {
        let commands = self.settings.entry("commands").or_insert_with(|| json!({}));
        commands[command] = reply.json();
        self
    }

    /// The SSH version text after `SSH-2.0-`.
    pub fn version(self, version: &str) -> Self {
        self.set("server_version", json!(version))
    }

    /// The ciphers offered, by their names in the protocol.
    pub fn ciphers(self, names: &[&str]) -> Self {
        self.set("encryption_algs", json!(names))
    }

    /// The key exchanges offered, by their names in the protocol.
    pub fn key_exchanges(self, names: &[&str]) -> Self {
        self.set("kex_algs", json!(names))
    }

    /// The MACs offered, by their names in the protocol.
    pub fn macs(self, names: &[&str]) -> Self {
        self.set("mac_algs", json!(names))
    }

    /// The server asks for new keys after so many bytes.
    pub fn rekey_after(self, bytes: u64) -> Self {
        self.set("rekey_bytes", json!(bytes))
    }

    /// The receive window and the largest packet of a channel, in bytes.
    pub fn window(self, window: u32, packet: u32) -> Self {
        self.set("window", json!(window))
            .set("max_pktsize", json!(packet))
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
    /// When it does not start.
    #[track_caller]
    pub fn start(self) -> AsyncSsh {
        let dir = server_dir();
        let account = Account::throw_away(dir.path());
        let key = UserKey::generate(dir.path(), KeyKind::Ed25519, KeyFormat::OpenSsh, None);
        let authorized_keys = dir.path().join("authorized_keys");
        fs::write(&authorized_keys, format!("{}\n", key.public_line()))
            .expect("write authorized_keys");
        let host_keys = self.host_keys.clone().unwrap_or_else(HostKeys::usual);
        let sandbox = account.sandbox(dir.path());
        let configure = {
            let (path, login) = (dir.path().to_owned(), account.clone());
            let key_files = host_keys.write(&path);
            move |port| Launch {
                sandbox: sandbox.clone(),
                ..self.launch(&path, &login, &key_files, port)
            }
        };
        AsyncSsh {
            service: Service::start("asyncssh", dir, account, configure),
            key,
            host_keys,
        }
    }

    /// Writes the settings into `dir`, which holds `authorized_keys`; no sandbox yet.
    pub(crate) fn launch(
        &self,
        dir: &Path,
        account: &Account,
        host_keys: &[PathBuf],
        port: u16,
    ) -> Launch {
        let config = dir.join("asyncssh.json");
        let json = json!({
            "port": port,
            "user": account.name,
            "password": account.password,
            "home": account.home,
            "uid": account.uid.map(|_| UID),
            "authorized_keys": dir.join("authorized_keys"),
            "host_keys": host_keys,
            "settings": self.settings,
        });
        fs::write(&config, json.to_string()).expect("write asyncssh.json");
        Launch {
            program: install::python(),
            args: vec![install::asset("asyncssh_server.py").into(), config.into()],
            sandbox: None,
            log: dir.join("log"),
            current_dir: dir.to_owned(),
            cuts_on_usr1: true,
        }
    }

    fn set(mut self, key: &str, value: Value) -> Self {
        self.settings.insert(key.to_owned(), value);
        self
    }
}
