//! The objects of the routes on directory entries. A fact that the server did not give is
//! absent.

use crate::time::rfc3339;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use connection_core::checksum::ChecksumAlgorithm;
use connection_core::fs::{Capabilities, FileType, Metadata, SpaceInfo};
use connection_core::path::{RemoteName, RemotePath, bytes_to_text};
use connection_core::tree::TreeOutcome;
use poem_openapi::{Enum, Object};
use serde::Serialize;

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub(crate) enum EntryType {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link.
    Symlink,
    /// A device, socket or pipe, or what the server would not say.
    Other,
}

/// A file, directory or link.
#[derive(Debug, Object, Serialize)]
pub(crate) struct EntryObject {
    /// Its name; a byte that is not UTF-8 is one character of U+F780 to U+F7FF.
    name: String,
    /// The exact bytes of a name that is not UTF-8, in base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    name_base64: Option<String>,
    /// Its path, in the same text form; every route takes it back. Absent for a name with
    /// which the server might lead elsewhere, such as `..` or `a/b`.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    /// What it is.
    #[oai(rename = "type")]
    #[serde(rename = "type")]
    kind: EntryType,
    /// Bytes; of a link the length of its target's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    /// Permission bits in octal, such as `0644`.
    #[serde(skip_serializing_if = "Option::is_none")]
    permissions: Option<String>,
    /// Numeric owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    uid: Option<u32>,
    /// Numeric group.
    #[serde(skip_serializing_if = "Option::is_none")]
    gid: Option<u32>,
    /// Name of the owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
    /// Name of the group.
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<String>,
    /// Last change of the contents, RFC 3339 in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    modified: Option<String>,
    /// Last read, RFC 3339 in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    accessed: Option<String>,
    /// Where a link leads, as it is written in the link.
    #[serde(skip_serializing_if = "Option::is_none")]
    link_target: Option<String>,
}

impl EntryObject {
    /// An entry of this name and path; `link_target` where it is known.
    pub(crate) fn new(
        name: &RemoteName,
        path: Option<&RemotePath>,
        metadata: Metadata,
        link_target: Option<&[u8]>,
    ) -> Self {
        let bytes = name.as_bytes();
        Self {
            name: name.to_text(),
            name_base64: std::str::from_utf8(bytes)
                .is_err()
                .then(|| STANDARD.encode(bytes)),
            path: path.map(RemotePath::to_text),
            kind: match metadata.file_type {
                FileType::File => EntryType::File,
                FileType::Directory => EntryType::Directory,
                FileType::Symlink => EntryType::Symlink,
                FileType::Other => EntryType::Other,
            },
            size: metadata.size,
            permissions: metadata.permissions.map(|bits| format!("{bits:04o}")),
            uid: metadata.uid,
            gid: metadata.gid,
            owner: metadata.owner,
            group: metadata.group,
            modified: metadata.modified.and_then(rfc3339),
            accessed: metadata.accessed.and_then(rfc3339),
            link_target: link_target.map(bytes_to_text),
        }
    }

    /// What a path names.
    pub(crate) fn of_path(
        path: &RemotePath,
        metadata: Metadata,
        link_target: Option<&[u8]>,
    ) -> Self {
        let name = path.file_name().unwrap_or_else(|| RemoteName::new("/"));
        Self::new(&name, Some(path), metadata, link_target)
    }
}

/// A part of a directory.
#[derive(Debug, Object, Serialize)]
pub(crate) struct EntryPage {
    /// The directory, absolute.
    pub path: String,
    /// In the server's order.
    pub entries: Vec<EntryObject>,
    /// For the next part; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// What was found, removed or copied below a path.
#[derive(Debug, Object, Serialize)]
pub(crate) struct TreeObject {
    /// Everything that is no directory.
    files: u64,
    /// Directories, the path itself included.
    directories: u64,
    /// Bytes of the regular files, as far as the server says.
    bytes: u64,
    /// What failed; at most 100 of them.
    errors: Vec<TreeErrorObject>,
    /// How much failed in all.
    error_count: u64,
}

/// What failed below a path.
#[derive(Debug, Object, Serialize)]
pub(crate) struct TreeErrorObject {
    /// The entry, or its directory when its name is none that can be part of a path.
    path: String,
    /// What went wrong, such as `permission_denied`.
    code: String,
    /// The same in words.
    detail: String,
}

impl From<TreeOutcome> for TreeObject {
    fn from(outcome: TreeOutcome) -> Self {
        let errors = outcome.errors.into_iter().map(|e| TreeErrorObject {
            path: e.path.to_text(),
            code: e.error.kind().code().to_owned(),
            detail: e.error.message().to_owned(),
        });
        Self {
            files: outcome.files,
            directories: outcome.directories,
            bytes: outcome.bytes,
            errors: errors.collect(),
            error_count: outcome.error_count,
        }
    }
}

/// Directories were made.
#[derive(Debug, Object, Serialize)]
pub(crate) struct Created {
    /// How many.
    pub created: u64,
}

/// A file or a tree was copied.
#[derive(Debug, Object, Serialize)]
pub(crate) struct Copied {
    /// Bytes.
    pub size: u64,
    /// What was copied and what was not, when the copy was asked for as `recursive`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tree: Option<TreeObject>,
}

impl Copied {
    /// A file of so many bytes.
    pub(crate) fn file(size: u64) -> Self {
        Self { size, tree: None }
    }

    /// A tree.
    pub(crate) fn tree(outcome: TreeOutcome) -> Self {
        Self {
            size: outcome.bytes,
            tree: Some(outcome.into()),
        }
    }
}

/// A checksum the server computed.
#[derive(Debug, Object, Serialize)]
pub(crate) struct ChecksumObject {
    /// The algorithm.
    pub algorithm: String,
    /// The checksum in lower case hexadecimal digits.
    pub checksum: String,
}

impl ChecksumObject {
    /// Of these bytes.
    pub(crate) fn new(algorithm: ChecksumAlgorithm, checksum: &[u8]) -> Self {
        Self {
            algorithm: algorithm.name().to_owned(),
            checksum: checksum.iter().map(|byte| format!("{byte:02x}")).collect(),
        }
    }
}

/// Space of a file system, in bytes.
#[derive(Debug, Object, Serialize)]
pub(crate) struct SpaceObject {
    total: u64,
    /// Free for the superuser.
    free: u64,
    /// Free for this account.
    available: u64,
    inodes: u64,
    inodes_free: u64,
}

impl From<SpaceInfo> for SpaceObject {
    fn from(space: SpaceInfo) -> Self {
        Self {
            total: space.total,
            free: space.free,
            available: space.available,
            inodes: space.inodes,
            inodes_free: space.inodes_free,
        }
    }
}

/// What can be done with the files of a session; the rest answers 501.
#[derive(Debug, Object, Serialize)]
pub(crate) struct FileCapabilities {
    set_permissions: bool,
    set_times: bool,
    set_owner: bool,
    /// Setting a file's size.
    truncate: bool,
    symlinks: bool,
    space: bool,
    /// Writing at an offset.
    write_at: bool,
    /// Writing from a file's end on, with which an upload can be gone on with.
    append: bool,
    /// A file is replaced in one step.
    atomic_replace: bool,
    /// The server itself refuses to replace what must not be.
    atomic_create: bool,
    /// What was written is on the disk.
    fsync: bool,
    /// Names that are not UTF-8 can be addressed.
    byte_names: bool,
    /// Files are copied on the server, without their bytes crossing the network.
    server_copy: bool,
    /// Algorithms by which the server computes checksums of its files: `crc32`, `md5`,
    /// `sha1`, `sha256`, `sha512`.
    checksums: Vec<String>,
}

impl From<Capabilities> for FileCapabilities {
    fn from(can: Capabilities) -> Self {
        Self {
            set_permissions: can.set_permissions,
            set_times: can.set_times,
            set_owner: can.set_owner,
            truncate: can.truncate,
            symlinks: can.symlinks,
            space: can.space,
            write_at: can.write_at,
            append: can.append,
            atomic_replace: can.atomic_replace,
            atomic_create: can.atomic_create,
            fsync: can.fsync,
            byte_names: can.byte_names,
            server_copy: can.server_copy,
            checksums: can
                .checksums
                .iter()
                .map(|algorithm| algorithm.name().to_owned())
                .collect(),
        }
    }
}

/// A directory to make.
#[derive(Object)]
pub(crate) struct MakeDirectory {
    /// The directory.
    pub path: String,
    /// Whether to make missing parents too, and accept one that is there [default: false].
    pub parents: Option<bool>,
}

/// Something to rename or move.
#[derive(Object)]
pub(crate) struct FromTo {
    /// What there is.
    pub from: String,
    /// What it will be.
    pub to: String,
    /// Whether a file may be replaced [default: false].
    pub overwrite: Option<bool>,
}

/// Something to copy.
#[derive(Object)]
pub(crate) struct CopyOrder {
    /// What there is.
    pub from: String,
    /// What the copy will be; a relative path is taken from the login directory of the
    /// session it goes to.
    pub to: String,
    /// Whether files may be replaced [default: false].
    pub overwrite: Option<bool>,
    /// The session the copy goes to [default: the same one].
    pub to_session: Option<String>,
    /// Whether a directory is copied with everything in it [default: false].
    pub recursive: Option<bool>,
}

/// Something to remove.
#[derive(Object)]
pub(crate) struct Delete {
    /// A file, link or directory.
    pub path: String,
    /// Whether a directory goes with everything in it [default: false].
    pub recursive: Option<bool>,
    /// What it must be; anything else is refused. Not together with `recursive`
    /// [default: either].
    #[oai(rename = "type")]
    pub kind: Option<RemovableType>,
}

/// What something must be to be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "lowercase")]
pub(crate) enum RemovableType {
    /// Anything but a directory.
    File,
    /// An empty directory.
    Directory,
}

/// Attributes to change; what is absent stays.
#[derive(Object)]
pub(crate) struct Attributes {
    /// The file; links are followed.
    pub path: String,
    /// Permission bits in octal, such as `644`.
    pub permissions: Option<String>,
    /// Last change, RFC 3339.
    pub modified: Option<String>,
    /// Last read, RFC 3339.
    pub accessed: Option<String>,
    /// Numeric owner.
    pub uid: Option<u32>,
    /// Numeric group.
    pub gid: Option<u32>,
    /// Bytes: the file is cut off or filled up with zeros.
    pub size: Option<u64>,
}

/// A link to make.
#[derive(Object)]
pub(crate) struct MakeLink {
    /// Where it leads, written into the link as it is.
    pub target: String,
    /// The link.
    pub link: String,
}
