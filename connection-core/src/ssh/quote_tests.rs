//! What the shells of this machine make of a quoted command line.

use super::*;
use proptest::prelude::*;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::process::{Command, Output};

/// Shells an account may have.
const SHELLS: &[&str] = &[
    "sh", "dash", "bash", "busybox", "zsh", "fish", "tcsh", "bsd-csh",
];

/// What `sh` may be.
const SH: &[&str] = &["dash", "bash", "busybox", "zsh"];

/// Names that mean something to one shell or another.
const NASTY: &[&[u8]] = &[
    b"plain",
    b"a b",
    b" a ",
    b"-rf",
    b"-",
    b"--",
    b"~",
    b"~root",
    b"it's",
    b"''",
    b"\"quoted\"",
    b"$HOME",
    b"${x}",
    b"$(id)",
    b"`id`",
    b"!",
    b"!!",
    b"a!x",
    b"\\",
    b"\\\\",
    b"\\n",
    b"\\!",
    b"\\'",
    b"new\nline",
    b"ends\n",
    b"\n\n",
    b"\ttab\r",
    b"\x01\x07\x1b[31m\x7f",
    b"*?[a-z]{b,c}",
    b"a;b&c|d>e<f#g(h)",
    b"%s%d%%n",
    b"^a^b^",
    b"\\033\\0",
    b"=ls",
    b"@x",
    b"\xff\xfe",
    b"caf\xe9",
    b"\xc3",
    "caf\u{e9} \u{65e5}\u{672c}".as_bytes(),
];

fn found(program: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap();
    std::env::split_paths(&path)
        .map(|directory| directory.join(program))
        .find(|file| file.exists())
        .unwrap_or_else(|| panic!("{program} is missing; scripts/install-test-servers.sh"))
}

/// The `sh` found first is the one named, in a directory of its own.
struct Machine {
    directory: tempfile::TempDir,
    path: OsString,
}

impl Machine {
    fn new(sh: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let bin = directory.path().join("bin");
        std::fs::create_dir(&bin).unwrap();
        std::os::unix::fs::symlink(found(sh), bin.join("sh")).unwrap();
        let rest = std::env::var_os("PATH").unwrap();
        let all = std::iter::once(bin).chain(std::env::split_paths(&rest));
        let path = std::env::join_paths(all).unwrap();
        Self { directory, path }
    }

    fn home(&self) -> PathBuf {
        self.directory.path().canonicalize().unwrap()
    }

    /// As sshd runs a command: with the account's shell, in its home.
    fn run(&self, shell: &str, locale: &str, line: &[u8]) -> Output {
        let mut command = Command::new(found(shell));
        if shell == "busybox" {
            command.arg("sh");
        }
        command
            .arg("-c")
            .arg(OsStr::from_bytes(line))
            .env_clear()
            .env("PATH", &self.path)
            .env("HOME", self.home())
            .env("CDPATH", "/")
            .env("SHELL", "/bin/sh")
            .env("LC_ALL", locale)
            .current_dir(self.home())
            .output()
            .unwrap()
    }

    /// Enters the directory and reads the variable.
    fn check(&self, shell: &str, locale: &str, name: &[u8]) {
        let value = String::from_utf8_lossy(name).into_owned();
        std::fs::create_dir_all(self.home().join(OsStr::from_bytes(name))).unwrap();
        let env = [("NAME_1".to_owned(), value.clone())];
        // The last `printf` shows that the command's own bytes arrive as well.
        let mut command = b"/bin/pwd; env -0; printf %s '".to_vec();
        let text: Vec<u8> = name.iter().copied().filter(|byte| *byte != b'\'').collect();
        command.extend_from_slice(&text);
        command.push(b'\'');
        let mut absolute = self.home().into_os_string().as_bytes().to_vec();
        absolute.push(b'/');
        absolute.extend_from_slice(name);
        // From the login directory and from the root, by turns.
        let directory = match name.len() % 2 {
            0 => name,
            _ => &absolute,
        };
        let line = command_line(Some(directory), &env, &command);
        let output = self.run(shell, locale, &line);
        let mut wanted = absolute.clone();
        wanted.push(b'\n');
        let about = || format!("{shell} {locale} {} {output:?}", name.escape_ascii());
        assert!(output.stdout.starts_with(&wanted), "{}", about());
        assert!(output.stdout.ends_with(&text), "{}", about());
        let variable = format!("NAME_1={value}\0").into_bytes();
        let mut windows = output.stdout.windows(variable.len());
        assert!(windows.any(|w| w == variable), "{}", about());
        assert_eq!(output.stderr, b"", "{}", about());
    }
}

#[test]
fn without_directory_and_variables_a_command_is_left_alone() {
    assert_eq!(command_line(None, &[], b"echo '\xff"), b"echo '\xff");
}

#[test]
fn nasty_names_reach_every_shell() {
    for sh in SH {
        let machine = Machine::new(sh);
        for name in NASTY {
            machine.check("bash", "C.UTF-8", name);
        }
    }
    let machine = Machine::new("dash");
    for shell in SHELLS {
        machine.check(shell, "C", b"\xff!'\n");
        for name in NASTY {
            machine.check(shell, "C.UTF-8", name);
        }
    }
}

#[test]
fn a_directory_that_is_not_there_runs_nothing() {
    let machine = Machine::new("dash");
    for shell in SHELLS {
        for name in [&b"gone"[..], b"-", b"!", b"\n"] {
            let line = command_line(Some(name), &[], b"echo ran");
            let output = machine.run(shell, "C", &line);
            assert_eq!(output.status.code(), Some(125), "{shell} {output:?}");
            assert_eq!(output.stdout, b"", "{shell}");
            assert!(!output.stderr.is_empty(), "{shell}");
        }
    }
}

#[test]
fn the_exit_code_is_the_commands_own() {
    let machine = Machine::new("dash");
    let env = [("X".to_owned(), "7".to_owned())];
    for shell in SHELLS {
        let line = command_line(Some(b"/"), &env, b"exit $X");
        assert_eq!(machine.run(shell, "C", &line).status.code(), Some(7));
    }
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        any::<u8>(),
        proptest::sample::select(b"'\"\\!\n$`%~- x0".to_vec())
    ];
    proptest::collection::vec(byte, 1..40).prop_map(|mut bytes| {
        bytes.retain(|byte| !matches!(byte, 0 | b'/'));
        if matches!(bytes.as_slice(), b"" | b"." | b"..") {
            bytes.push(b'x');
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_reach_every_shell(name in bytes(), sh in 0..SH.len()) {
        let machine = Machine::new(SH[sh]);
        for shell in SHELLS {
            machine.check(shell, "C.UTF-8", &name);
        }
    }

    /// What the account's shell gets to see.
    #[test]
    fn only_harmless_characters_are_used(name in proptest::collection::vec(any::<u8>(), 0..200)) {
        let line = command_line(Some(&name), &[], &name);
        let inner = line.strip_prefix(b"exec sh -c '").unwrap();
        let inner = inner.strip_suffix(b"'").unwrap();
        prop_assert!(inner.iter().all(|b| (b' '..=b'~').contains(b) && !b"'!^".contains(b)));
        // A backslash only before a digit: never before what a shell has it mean.
        for pair in inner.windows(2) {
            prop_assert!(pair[0] != b'\\' || pair[1].is_ascii_digit());
        }
    }
}
