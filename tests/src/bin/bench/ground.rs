//! The files of a run on both sides, made before anything is measured, and the check that
//! what a client copied is what was there. Knows no client.

use crate::site::Site;
use crate::{Result, fail};
use connection_tests::servers::account;
use connection_tests::servers::install;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};

/// The directories of a run.
pub(crate) struct Ground {
    local: PathBuf,
    site: Site,
}

impl Ground {
    /// A ground with this local directory.
    pub(crate) fn new(local: &Path, site: &Site) -> Self {
        Self {
            local: local.to_owned(),
            site: site.clone(),
        }
    }

    /// A path of a local file.
    pub(crate) fn local(&self, name: &str) -> PathBuf {
        self.local.join(name)
    }

    /// The same file on this machine as clients of sshd see as `name`.
    pub(crate) fn remote(&self, name: &str) -> PathBuf {
        self.site.home.join(name)
    }

    /// As [`Ground::remote`], of vsftpd.
    pub(crate) fn ftp_remote(&self, name: &str) -> PathBuf {
        self.site.ftp_home.join(name)
    }

    /// Makes a file of random bytes that is there under this name locally and on both
    /// servers: one file under three names, so that it is in memory once.
    pub(crate) fn make_large(&self, name: &str, size: u64) -> Result<()> {
        let source = self.local(name);
        let mut random = File::open("/dev/urandom")?.take(size);
        io::copy(&mut random, &mut File::create(&source)?)?;
        for there in [self.remote(name), self.ftp_remote(name)] {
            let _ = fs::remove_file(&there);
            fs::hard_link(&source, there)?;
        }
        Ok(())
    }

    /// Makes a directory of small files of different contents, on the server or locally.
    pub(crate) fn make_small(&self, directory: &Path, count: usize, size: usize) -> Result<()> {
        fs::create_dir_all(directory)?;
        self.give(directory)?;
        for number in 0..count {
            let path = directory.join(format!("file-{number:06}"));
            let mut text = format!("{number:06}\n").repeat(size / 7 + 1).into_bytes();
            text.truncate(size);
            fs::write(path, text)?;
        }
        Ok(())
    }

    /// Gives a file or directory to the account of the servers.
    pub(crate) fn give(&self, path: &Path) -> Result<()> {
        if install::isolated() {
            chown(path, Some(account::UID), Some(account::UID))?;
        }
        Ok(())
    }
}

/// Checks that a copy has the size of its source, and `whole` that every byte is right, and
/// removes it.
pub(crate) fn check_copy(source: &Path, copy: &Path, whole: bool) -> Result<()> {
    let (wanted, got) = (fs::metadata(source)?.len(), fs::metadata(copy)?.len());
    if wanted != got {
        return fail(format!("it left {got} bytes of {wanted}"));
    }
    if whole && !same(source, copy)? {
        return fail("it left other bytes than were there".to_owned());
    }
    fs::remove_file(copy)?;
    Ok(())
}

/// Checks that a directory holds `count` files with the bytes of those of another, and
/// removes it.
pub(crate) fn check_tree(source: &Path, copy: &Path) -> Result<()> {
    let mut count = 0;
    for entry in fs::read_dir(source)? {
        let entry = entry?;
        if fs::read(entry.path())? != fs::read(copy.join(entry.file_name()))? {
            return fail(format!("{:?} has other bytes", entry.file_name()));
        }
        count += 1;
    }
    let there = fs::read_dir(copy)?.count();
    if there != count {
        return fail(format!("it left {there} files of {count}"));
    }
    fs::remove_dir_all(copy)?;
    Ok(())
}

fn same(one: &Path, other: &Path) -> io::Result<bool> {
    let mut one = BufReader::with_capacity(1 << 20, File::open(one)?);
    let mut other = BufReader::with_capacity(1 << 20, File::open(other)?);
    let (mut left, mut right) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let count = one.read(&mut left)?;
        if count == 0 {
            return Ok(other.read(&mut right)? == 0);
        }
        let Some(part) = right.get_mut(..count) else {
            return Ok(false);
        };
        other.read_exact(part)?;
        if left.get(..count) != Some(&*part) {
            return Ok(false);
        }
    }
}
