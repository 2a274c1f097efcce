//! The throw-away account servers let in, and the namespace in which it exists.
//!
//! The account is never created on the machine. An isolated server sees, by bind mounts in a
//! mount namespace of its own, a `/etc/passwd`, `/etc/shadow`, `/etc/group`, `/etc/pam.d` and
//! `/run` that lie in the test's directory.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::install;

/// User and group id of the throw-away account: of nobody else, and not root, so that permission
/// bits count.
pub const UID: u32 = 47_113;

/// Name of the throw-away account.
const NAME: &str = "cmtest";

/// Replaces the machine's account files by those of `$0`, then runs the server and ends with it.
/// `/run` is replaced too: it holds the directory sshd insists on, and the sockets of name caches
/// that know the real accounts. A server that has a log socket there gets a `/dev` with it.
///
/// The shell stays as process 1 of the namespace, because orphans are handed to process 1, and
/// vsftpd ends when a child it never started does.
pub(crate) const SANDBOX_SCRIPT: &str = r#"
set -e
for file in passwd shadow group nsswitch.conf pam.d; do
    [ ! -e "/etc/$file" ] || mount --bind "$0/$file" "/etc/$file"
done
mount --bind "$0/run" /run
if [ -S "$0/syslog" ]; then
    mkdir -p "$0/dev"
    mount -t tmpfs tmpfs "$0/dev"
    for node in null zero full random urandom tty; do
        : >"$0/dev/$node"
        mount --bind "/dev/$node" "$0/dev/$node"
    done
    ln -s /proc/self/fd "$0/dev/fd"
    ln -s "$0/syslog" "$0/dev/log"
    mount --rbind "$0/dev" /dev
fi
"$@" &
wait $!
"#;

/// Who may log in.
#[derive(Clone)]
pub struct Account {
    /// Login name.
    pub name: String,
    /// Password, random; empty when the server has no password for the user.
    pub password: String,
    /// User and group id files of the account have; `None` is whoever runs the test.
    pub uid: Option<u32>,
    /// Home directory, absolute.
    pub home: PathBuf,
}

impl Account {
    /// A throw-away account with a random password and an empty home in `dir`.
    pub(crate) fn throw_away(dir: &Path) -> Self {
        let account = Self {
            name: NAME.to_owned(),
            password: uuid::Uuid::new_v4().simple().to_string(),
            uid: install::isolated().then_some(UID),
            home: dir.join("home"),
        };
        fs::create_dir(&account.home).expect("create the home directory");
        account.own(&account.home);
        account
    }

    /// The user running the test, with a working directory in `dir`. There is no password.
    pub(crate) fn current_user(dir: &Path) -> Self {
        let name = install::run(Command::new("id").arg("-un"));
        let home = dir.join("home");
        fs::create_dir(&home).expect("create the home directory");
        Self {
            name: String::from_utf8_lossy(&name).trim().to_owned(),
            password: String::new(),
            uid: None,
            home,
        }
    }

    /// Gives `path` to the account.
    pub(crate) fn own(&self, path: &Path) {
        if self.uid.is_some() {
            chown(path, self.uid, self.uid).expect("chown to the throw-away account");
        }
    }

    /// Writes a file below the home, owned by the account, with the directories it needs.
    pub(crate) fn write(&self, name: &str, contents: &[u8]) -> PathBuf {
        let path = self.home.join(name);
        if let Some(parent) = Path::new(name).parent() {
            self.mkdir(parent);
        }
        fs::write(&path, contents).expect("write a file in the home directory");
        self.own(&path);
        path
    }

    /// Creates a directory below the home, with its parents, owned by the account.
    pub(crate) fn mkdir(&self, name: &Path) -> PathBuf {
        let mut path = self.home.clone();
        for part in name {
            path.push(part);
            if !path.exists() {
                fs::create_dir(&path).expect("create a directory in the home directory");
                self.own(&path);
            }
        }
        path
    }

    /// Writes the account files an isolated server sees in place of the machine's below `dir`, and
    /// returns their directory; `None` where servers cannot be isolated.
    pub(crate) fn sandbox(&self, dir: &Path) -> Option<PathBuf> {
        install::isolated().then(|| {
            let sandbox = dir.join("etc");
            fs::create_dir(&sandbox).expect("create the sandbox directory");
            self.write_sandbox(&sandbox);
            sandbox
        })
    }

    fn write_sandbox(&self, dir: &Path) {
        let hash = install::run(Command::new("openssl").args(["passwd", "-6", &self.password]));
        let hash = String::from_utf8_lossy(&hash).trim().to_owned();
        let (name, home) = (&self.name, self.home.display());
        let shell = ["/bin/bash", "/bin/sh"]
            .into_iter()
            .find(|shell| Path::new(shell).exists())
            .expect("a shell");
        let put = |file: &str, text: &str, mode: u32| {
            let path = dir.join(file);
            fs::write(&path, text).expect("write an account file");
            fs::set_permissions(&path, Permissions::from_mode(mode)).expect("chmod");
        };
        for sub in ["pam.d", "run", "run/sshd"] {
            fs::create_dir_all(dir.join(sub)).expect("create a sandbox directory");
        }
        put(
            "passwd",
            &format!(
                "root:x:0:0:root:/root:/bin/sh\n\
                 nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n\
                 sshd:x:101:65534::/run/sshd:/usr/sbin/nologin\n\
                 {name}:x:{UID}:{UID}::{home}:{shell}\n"
            ),
            0o644,
        );
        put(
            "shadow",
            &format!(
                "root:*:19000:0:99999:7:::\nnobody:*:19000:0:99999:7:::\n\
                 sshd:!:19000::::::\n{name}:{hash}:19000:0:99999:7:::\n"
            ),
            0o600,
        );
        put(
            "group",
            &format!("root:x:0:\nnogroup:x:65534:\n{name}:x:{UID}:\n"),
            0o644,
        );
        put(
            "nsswitch.conf",
            "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n",
            0o644,
        );
        for service in ["sshd", "vsftpd", "other"] {
            put(
                &format!("pam.d/{service}"),
                "auth required pam_unix.so\naccount required pam_unix.so\n\
                 session optional pam_permit.so\n",
                0o644,
            );
        }
    }
}
