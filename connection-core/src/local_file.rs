//! Reading a small file of this machine without being trapped by it.
//!
//! A path that comes from a user may name a FIFO nobody writes to, a device, or a file
//! without end. It knows nothing of what is in the file.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use zeroize::Zeroizing;

/// The whole content of a regular file of at most `limit` bytes.
///
/// # Errors
/// The operating system's own; `IsADirectory` (with the number `EISDIR`) for a directory,
/// `InvalidInput` for anything else that is not a regular file, `FileTooLarge` past the
/// limit.
pub(crate) fn read(path: &Path, limit: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    // Looked at before it is opened, because opening a device may already act on it;
    // looked at again once open, because the path may have changed hands in between.
    check_regular(&std::fs::metadata(path)?)?;
    let file = File::options()
        .read(true)
        .custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY)
        .open(path)?;
    let metadata = file.metadata()?;
    check_regular(&metadata)?;
    let too_large = || {
        io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("the file is larger than {limit} bytes"),
        )
    };
    if metadata.len() > limit {
        return Err(too_large());
    }
    // One allocation of the right size: a growing buffer would leave unwiped copies.
    let capacity = usize::try_from(metadata.len()).unwrap_or(0) + 1;
    let mut content = Zeroizing::new(Vec::with_capacity(capacity));
    file.take(limit + 1).read_to_end(&mut content)?;
    if content.len() as u64 > limit {
        return Err(too_large());
    }
    Ok(content)
}

fn check_regular(metadata: &std::fs::Metadata) -> io::Result<()> {
    if metadata.is_dir() {
        Err(io::Error::from_raw_os_error(libc::EISDIR))
    } else if metadata.is_file() {
        Ok(())
    } else {
        Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "not a regular file",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_regular_files_of_bounded_size_are_read() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("f");
        std::fs::write(&file, b"12345").unwrap();
        assert_eq!(read(&file, 5).unwrap().as_slice(), b"12345");
        assert_eq!(
            read(&file, 4).unwrap_err().kind(),
            io::ErrorKind::FileTooLarge
        );
        assert_eq!(
            read(dir.path(), 5).unwrap_err().raw_os_error(),
            Some(libc::EISDIR)
        );
        assert_eq!(
            read(Path::new("/dev/zero"), 5).unwrap_err().kind(),
            io::ErrorKind::InvalidInput
        );
    }

    #[test]
    fn a_fifo_without_writer_does_not_block() {
        let dir = tempfile::tempdir().unwrap();
        let fifo = dir.path().join("fifo");
        let made = std::process::Command::new("mkfifo")
            .arg(&fifo)
            .status()
            .unwrap();
        assert!(made.success());
        assert_eq!(
            read(&fifo, 5).unwrap_err().kind(),
            io::ErrorKind::InvalidInput
        );
    }
}
