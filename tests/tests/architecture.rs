//! The dependency directions of the design, checked on the sources: which module may
//! name which, and which library stays behind which door.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn rust_files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut pending = vec![directory.to_owned()];
    while let Some(directory) = pending.pop() {
        for entry in fs::read_dir(&directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty(), "no sources in {}", directory.display());
    found
}

/// The code of a file without comments, and without its test module, which by habit is last.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .map(|line| line.to_owned() + "\n")
        .collect()
}

/// Whether the code names `word` as a path: followed by `::` or imported whole.
fn names(code: &str, word: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = &code[at + word.len()..];
        !before.is_some_and(is_word)
            && (after.starts_with("::") || after.starts_with(';') || after.starts_with(" as "))
    })
}

fn relative(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap()
        .to_string_lossy()
        .into_owned()
}

#[test]
fn each_library_stays_behind_its_door() {
    let doors = [
        ("ssh2", "connection-core/src/ssh/engine/libssh2"),
        ("libssh2_sys", "connection-core/src/ssh/engine/libssh2"),
        ("russh", "connection-core/src/ssh/engine/russh"),
        ("suppaftp", "connection-core/src/ftp"),
        ("poem", "connection-http"),
        ("poem_openapi", "connection-http"),
        ("hyper", "connection-http"),
    ];
    let mut files = rust_files(&root().join("connection-core/src"));
    files.extend(rust_files(&root().join("connection-http/src")));
    for (library, door) in doors {
        let mut users = 0;
        for file in &files {
            let file_name = relative(file);
            // `crate::ssh::engine::russh` is our module of the same name.
            let text = code(file)
                .replace("engine::russh", "")
                .replace("engine::libssh2", "");
            let text = text.replace("mod russh;", "");
            if names(&text, library) {
                assert!(
                    file_name.starts_with(door),
                    "{file_name} names {library}, which belongs in {door}"
                );
                users += 1;
            }
        }
        assert!(
            users > 0,
            "nobody names {library}: is this list out of date?"
        );
    }
}

#[test]
fn modules_know_only_what_lies_below_them() {
    // A module, and the modules of the library it must not name.
    let rules: &[(&str, &[&str])] = &[
        (
            "error.rs",
            &[
                "path", "secret", "target", "trust", "fs", "ssh", "ftp", "session", "transfer",
                "exec",
            ],
        ),
        (
            "path.rs",
            &[
                "secret", "target", "trust", "fs", "ssh", "ftp", "session", "transfer", "exec",
            ],
        ),
        (
            "secret.rs",
            &[
                "error", "path", "target", "trust", "fs", "ssh", "ftp", "session", "transfer",
                "exec",
            ],
        ),
        ("exec.rs", &["ssh", "ftp", "session", "transfer"]),
        (
            "terminal.rs",
            &["ssh", "ftp", "session", "transfer", "terminals"],
        ),
        ("terminals", &["ftp", "session", "transfer", "fs", "target"]),
        (
            "target",
            &["trust", "fs", "ssh", "ftp", "session", "transfer"],
        ),
        ("trust", &["fs", "ssh", "ftp", "session", "transfer"]),
        ("fs.rs", &["trust", "target", "ssh", "ftp", "session"]),
        ("transfer", &["trust", "target", "ssh", "ftp", "session"]),
        ("archive", &["trust", "target", "ssh", "ftp", "session"]),
        (
            "ssh",
            &["ftp", "session", "transfer", "terminals", "archive"],
        ),
        (
            "recording",
            &["fs", "trust", "target", "ssh", "ftp", "transfer"],
        ),
        (
            "ssh/engine",
            &[
                "ftp", "session", "transfer", "fs", "exec", "terminal", "tunnel",
            ],
        ),
        ("ftp", &["ssh", "session", "transfer", "archive"]),
        (
            "tunnel",
            &["ftp", "session", "transfer", "fs", "exec", "terminal"],
        ),
    ];
    let source = root().join("connection-core/src");
    for (module, forbidden) in rules {
        let path = source.join(module);
        assert!(
            path.exists(),
            "{} is gone: is this list out of date?",
            path.display()
        );
        let files = if path.is_dir() {
            rust_files(&path)
        } else {
            vec![path]
        };
        for file in files {
            let text = code(&file);
            for other in *forbidden {
                assert!(
                    !text.contains(&format!("crate::{other}::"))
                        && !text.contains(&format!("crate::{other};")),
                    "{} names crate::{other}",
                    relative(&file)
                );
            }
        }
    }
}

#[test]
fn the_facade_comes_after_the_library() {
    let manifest = fs::read_to_string(root().join("connection-core/Cargo.toml")).unwrap();
    for word in ["poem", "hyper", "clap", "connection-http"] {
        assert!(
            !manifest.contains(word),
            "connection-core depends on {word}"
        );
    }
}

#[test]
fn unsafe_code_lives_behind_two_doors() {
    // libssh2's C functions, and the one function of OpenSSL that resumes a session.
    let doors = [
        "connection-core/src/ssh/engine/libssh2/ffi/",
        "connection-core/src/ssh/engine/libssh2/tests/",
        "connection-core/src/ftp/tls/session.rs",
    ];
    for crate_name in ["connection-core", "connection-http"] {
        for file in rust_files(&root().join(crate_name).join("src")) {
            let name = relative(&file);
            let text = code(&file);
            let has_unsafe = text.contains("unsafe {") || text.contains("unsafe fn");
            assert!(
                !has_unsafe || doors.iter().any(|door| name.starts_with(door)),
                "{name} has unsafe code"
            );
        }
    }
}
