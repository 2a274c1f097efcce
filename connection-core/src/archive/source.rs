//! The paths an archive is made of, and what they are called in it.

use super::names::{self, Taken};
use super::{ArchiveFormat, MAX_PATHS, Source};
use crate::error::{Error, ErrorKind, Result};
use crate::fs::{FileType, RemoteFs};
use crate::path::{RemoteName, RemotePath};
use futures::{FutureExt, StreamExt, TryStreamExt, stream};
use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

/// Paths looked at at once.
const AT_ONCE: usize = 6;

/// What the root directory is called.
const ROOT: &str = "root";

/// Looks at each path once, and finds it a name of its own. Answers which names are taken.
///
/// # Errors
/// `InvalidInput` for no path or too many, `Unsupported` for what is no file, directory or
/// link; those of looking at each.
pub(super) async fn look(
    fs: &Arc<dyn RemoteFs>,
    paths: &[RemotePath],
    format: ArchiveFormat,
) -> Result<(VecDeque<Source>, Taken)> {
    if paths.is_empty() {
        let text = "an archive is made of one path or more";
        return Err(Error::invalid("path", text));
    }
    if paths.len() > MAX_PATHS {
        let text = format!("an archive is made of {MAX_PATHS} paths at most");
        return Err(Error::invalid("path", text));
    }
    let mut seen = HashSet::new();
    let mut looks = Vec::new();
    for path in paths {
        if seen.insert(path) {
            let (fs, path) = (Arc::clone(fs), path.clone());
            let look = async move { fs.lstat(&path).await.map(|metadata| (path, metadata)) };
            looks.push(look.boxed());
        }
    }
    let found: Vec<_> = stream::iter(looks).buffered(AT_ONCE).try_collect().await?;
    let mut sources = VecDeque::new();
    let mut taken = Taken::default();
    for (path, metadata) in found {
        if metadata.file_type == FileType::Other {
            return Err(Error::new(
                ErrorKind::Unsupported,
                "make archive",
                "the path is neither a file nor a folder nor a link",
            )
            .with("path", path.to_text()));
        }
        let name = path.file_name().unwrap_or_else(|| RemoteName::new(ROOT));
        let name = names::component(&name, format).unwrap_or_default();
        sources.push_back(Source {
            name: taken.add(&name),
            path,
            metadata,
        });
    }
    Ok((sources, taken))
}
