//! Bytes on their way into a remote file, wherever a request brings them from. Knows no
//! route and no form.

use crate::content::Incoming;
use crate::error::{Outcome, Problem};
use crate::extension::extension_problem;
use bytes::Bytes;
use connection_core::transfer::RemoteUpload;
use connection_core::{Error, ErrorKind};
use sha2::{Digest, Sha256};
use std::future::Future;

/// Where the bytes of a file come from.
pub(crate) trait Source: Send {
    /// The next bytes; `None` at the proper end of the file.
    ///
    /// # Errors
    /// What is wrong with the request: nothing more will come of it.
    fn next(&mut self) -> impl Future<Output = Outcome<Option<Bytes>>> + Send;
}

impl Source for Incoming {
    fn next(&mut self) -> impl Future<Output = Outcome<Option<Bytes>>> + Send {
        Incoming::next(self)
    }
}

/// Why a file could not be taken.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The request broke off or is wrong.
    Source(Problem),
    /// The remote side refused or failed; the request may go on.
    File(Error),
}

impl Fault {
    /// As the answer to a request for this one file.
    pub(crate) fn problem(self) -> Problem {
        match self {
            Self::Source(problem) => problem,
            Self::File(error) => extension_problem(&error),
        }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::File(error)
    }
}

/// Writes a source to its end. Answers the SHA-256 of the bytes in hexadecimal digits, if it
/// was asked for. The file is not put in place, nor given up.
///
/// # Errors
/// `TooLarge` when the file becomes larger than `limit`; those of either side.
pub(crate) async fn fill(
    upload: &mut RemoteUpload,
    source: &mut impl Source,
    limit: Option<u64>,
    checksum: bool,
) -> Result<Option<String>, Fault> {
    let mut hash = checksum.then(Sha256::new);
    while let Some(bytes) = source.next().await.map_err(Fault::Source)? {
        let size = upload.size().saturating_add(bytes.len() as u64);
        check_limit(Some(size), limit)?;
        if let Some(hash) = &mut hash {
            hash.update(&bytes);
        }
        upload.write(bytes).await?;
    }
    Ok(hash.map(|hash| hex(&hash.finalize())))
}

/// Refuses a file of this size if it is over the limit.
///
/// # Errors
/// `TooLarge`.
pub(crate) fn check_limit(size: Option<u64>, limit: Option<u64>) -> Result<(), Error> {
    match (size, limit) {
        (Some(size), Some(limit)) if size > limit => Err(Error::new(
            ErrorKind::TooLarge,
            "check size",
            format!("the file is larger than the limit of {limit} bytes"),
        )),
        _ => Ok(()),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
