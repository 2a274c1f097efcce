//! Which local paths a request may name: those inside the configured directories, with
//! symbolic links resolved, so that a link inside cannot lead out.
//!
//! The check is of a name, not of an open file: whoever may write inside a root on this
//! machine could still swap a directory for a link between the check and the use.

use crate::codes;
use crate::error::Problem;
use connection_core::path::text_to_bytes;
use poem::http::StatusCode;
use std::ffi::OsString;
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::path::{Component, Path, PathBuf};

/// The directories local files may lie in, and one within that they may not.
pub(crate) struct LocalRoots {
    roots: Vec<PathBuf>,
    closed: Option<PathBuf>,
}

/// Why a local path cannot be used.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// It lies outside the roots.
    Outside,
    /// It cannot be resolved; nothing outside the roots was learned from it.
    Io(io::Error),
}

impl LocalRoots {
    /// These directories; one that is not there yet counts as it is written.
    pub(crate) fn new(roots: &[PathBuf]) -> Self {
        Self {
            roots: roots.iter().map(|root| real_or_same(root)).collect(),
            closed: None,
        }
    }

    /// The same without what lies in this directory, if any.
    #[must_use]
    pub(crate) fn without(mut self, closed: Option<&Path>) -> Self {
        self.closed = closed.map(real_or_same);
        self
    }

    /// The real path of what the client named. Parts of it that do not exist yet are taken
    /// as they are. Reads the file system, so not for the async threads.
    ///
    /// # Errors
    /// [`Refusal::Outside`]; [`Refusal::Io`] for a path that holds NUL, is empty, or runs
    /// through a file or an unreadable directory.
    pub(crate) fn resolve(&self, sent: &str) -> Result<PathBuf, Refusal> {
        let path = PathBuf::from(OsString::from_vec(text_to_bytes(sent)));
        let path = std::path::absolute(path).map_err(Refusal::Io)?;
        let real = real_path(&path);
        // Judged before errors are told: «there is no such file» is news about the outside.
        let judged = real.as_deref().unwrap_or(&path);
        let closed = self.closed.as_ref();
        let inside = self.roots.iter().any(|root| judged.starts_with(root))
            && !closed.is_some_and(|closed| judged.starts_with(closed))
            && !judged.components().any(|c| c == Component::ParentDir);
        match (inside, real) {
            (false, _) => Err(Refusal::Outside),
            (true, real) => real.map_err(Refusal::Io),
        }
    }
}

fn real_or_same(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// Resolves the longest part that exists and appends the rest, which may not lead upward.
fn real_path(path: &Path) -> io::Result<PathBuf> {
    let mut rest = Vec::new();
    let mut known = path;
    loop {
        match known.canonicalize() {
            Ok(mut real) => {
                real.extend(rest.iter().rev());
                return Ok(real);
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // A link to nothing: what it leads to is not known to lie inside.
                if known.symlink_metadata().is_ok() {
                    return Err(error);
                }
                match (known.parent(), known.file_name()) {
                    (Some(parent), Some(name)) => {
                        rest.push(name.to_owned());
                        known = parent;
                    }
                    _ => return Err(error),
                }
            }
            Err(error) => return Err(error),
        }
    }
}

/// The answer to a path outside the roots.
pub(crate) fn outside(sent: &str) -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        format!("{sent} is outside the allowed local directories (setting local_roots)"),
    )
    .named(codes::OUTSIDE_LOCAL_ROOTS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    #[test]
    fn a_closed_directory_inside_is_outside() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name).display().to_string();
        fs::create_dir_all(at("root/closed")).unwrap();
        symlink(at("root/closed"), at("root/link")).unwrap();
        symlink(at("root/closed"), at("other")).unwrap();
        let roots = LocalRoots::new(&[dir.path().join("root")]);
        assert!(roots.resolve(&at("root/closed/x")).is_ok());
        let roots = roots.without(Some(&dir.path().join("other")));
        assert!(roots.resolve(&at("root/x")).is_ok());
        assert!(roots.resolve(&at("root/closed-not")).is_ok());
        for path in ["root/closed", "root/closed/x", "root/link/x"] {
            let refused = roots.resolve(&at(path));
            assert!(matches!(refused, Err(Refusal::Outside)), "{path}");
        }
    }

    #[test]
    fn only_what_really_lies_inside() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name).display().to_string();
        fs::create_dir(at("root")).unwrap();
        fs::create_dir(at("rootless")).unwrap();
        fs::write(at("root/file"), "x").unwrap();
        symlink(at("rootless"), at("root/out")).unwrap();
        symlink(at("nowhere"), at("root/dangling")).unwrap();
        symlink(at("root/file"), at("root/in")).unwrap();
        let roots = LocalRoots::new(&[dir.path().join("root")]);

        let real = dir.path().canonicalize().unwrap();
        assert_eq!(
            roots.resolve(&at("root/in")).unwrap(),
            real.join("root/file")
        );
        assert_eq!(
            roots.resolve(&at("root/new/deep")).unwrap(),
            real.join("root/new/deep")
        );
        for outside in [
            "rootless/x",
            "root/../rootless/x",
            "root/out/x",
            "root/out",
            "root/new/../../rootless/x",
            "",
        ] {
            let got = roots.resolve(&at(outside));
            assert!(matches!(got, Err(Refusal::Outside)), "{outside}: {got:?}");
        }
        assert!(matches!(
            roots.resolve("/etc/passwd"),
            Err(Refusal::Outside)
        ));
        assert!(matches!(
            roots.resolve(&at("root/dangling")),
            Err(Refusal::Io(_))
        ));
        assert!(matches!(
            roots.resolve(&at("root/file/x")),
            Err(Refusal::Io(_))
        ));
        assert!(roots.resolve("").is_err());
        assert!(roots.resolve("/tmp/a\0b").is_err());
    }
}
