//! asyncssh: the SSH server that can be told to misbehave. Its settings go as JSON to
//! `tests/servers/asyncssh_server.py`.

mod script;

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

pub use script::{Entry, Fault, Prompt, Reply, Round};

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
