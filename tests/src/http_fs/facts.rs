//! Between the API's JSON and the library's types.

use super::answer::unlike;
use chrono::{DateTime, SecondsFormat, Utc};
use connection_core::Result;
use connection_core::fs::{Capabilities, Entry, FileType, Metadata, SetAttributes, SpaceInfo};
use connection_core::path::{RemoteName, text_to_bytes};
use serde_json::{Map, Value};
use std::time::SystemTime;

type Object = Map<String, Value>;

/// A text that must be there.
pub(super) fn text<'a>(operation: &'static str, object: &'a Object, key: &str) -> Result<&'a str> {
    let found = object.get(key).and_then(Value::as_str);
    found.ok_or_else(|| unlike(operation, format!("no {key} in {object:?}")))
}

fn number(operation: &'static str, object: &Object, key: &str) -> Result<u64> {
    let found = object.get(key).and_then(Value::as_u64);
    found.ok_or_else(|| unlike(operation, format!("no {key} in {object:?}")))
}

/// What may be absent, but must be right when it is there.
fn maybe<T>(
    operation: &'static str,
    object: &Object,
    key: &str,
    read: impl Fn(&Value) -> Option<T>,
) -> Result<Option<T>> {
    let Some(value) = object.get(key) else {
        return Ok(None);
    };
    let wrong = || unlike(operation, format!("{key} is {value}"));
    read(value).ok_or_else(wrong).map(Some)
}

fn time(value: &Value) -> Option<SystemTime> {
    let time = DateTime::parse_from_rfc3339(value.as_str()?).ok()?;
    Some(time.with_timezone(&Utc).into())
}

/// What the answer says of an entry.
pub(super) fn metadata(operation: &'static str, object: &Object) -> Result<Metadata> {
    let id = |value: &Value| value.as_u64().and_then(|n| u32::try_from(n).ok());
    let name = |value: &Value| value.as_str().map(ToOwned::to_owned);
    let octal = |value: &Value| u32::from_str_radix(value.as_str()?, 8).ok();
    Ok(Metadata {
        file_type: match text(operation, object, "type")? {
            "file" => FileType::File,
            "directory" => FileType::Directory,
            "symlink" => FileType::Symlink,
            "other" => FileType::Other,
            other => return Err(unlike(operation, format!("type {other}"))),
        },
        size: maybe(operation, object, "size", Value::as_u64)?,
        permissions: maybe(operation, object, "permissions", octal)?,
        uid: maybe(operation, object, "uid", id)?,
        gid: maybe(operation, object, "gid", id)?,
        owner: maybe(operation, object, "owner", name)?,
        group: maybe(operation, object, "group", name)?,
        modified: maybe(operation, object, "modified", time)?,
        accessed: maybe(operation, object, "accessed", time)?,
    })
}

/// An entry of a listing.
pub(super) fn entry(operation: &'static str, value: &Value) -> Result<Entry> {
    let Value::Object(object) = value else {
        return Err(unlike(operation, format!("an entry that is {value}")));
    };
    let link = |value: &Value| value.as_str().map(text_to_bytes);
    let name = text_to_bytes(text(operation, object, "name")?);
    if object.contains_key("name_base64") == std::str::from_utf8(&name).is_ok() {
        return Err(unlike(
            operation,
            "base64 belongs to names that are no text",
        ));
    }
    Ok(Entry {
        name: RemoteName::new(name),
        metadata: metadata(operation, object)?,
        link_target: maybe(operation, object, "link_target", link)?,
    })
}

/// What the session can do, as far as HTTP carries it.
pub(super) fn capabilities(answer: &Object) -> Result<Capabilities> {
    const OPERATION: &str = "capabilities";
    let Some(Value::Object(files)) = answer.get("files") else {
        return Err(unlike(OPERATION, format!("no files in {answer:?}")));
    };
    // Not among them: `write_at`. A file's content is replaced as a whole, never in place.
    let mut can = Capabilities::default();
    for (promise, key) in [
        (&mut can.set_permissions, "set_permissions"),
        (&mut can.set_times, "set_times"),
        (&mut can.set_owner, "set_owner"),
        (&mut can.truncate, "truncate"),
        (&mut can.symlinks, "symlinks"),
        (&mut can.space, "space"),
        (&mut can.atomic_replace, "atomic_replace"),
        (&mut can.atomic_create, "atomic_create"),
        (&mut can.fsync, "fsync"),
        (&mut can.byte_names, "byte_names"),
    ] {
        let told = files.get(key).and_then(Value::as_bool);
        *promise = told.ok_or_else(|| unlike(OPERATION, format!("no {key} in {files:?}")))?;
    }
    Ok(can)
}

/// Changes as the fields of a request.
pub(super) fn changes(changes: &SetAttributes) -> Result<Object> {
    let mut fields = Object::new();
    let mut set = |name: &str, value: Value| drop(fields.insert(name.to_owned(), value));
    if let Some(bits) = changes.permissions {
        set("permissions", format!("{bits:o}").into());
    }
    if let Some((uid, gid)) = changes.owner {
        set("uid", uid.into());
        set("gid", gid.into());
    }
    for (name, time) in [
        ("modified", changes.modified),
        ("accessed", changes.accessed),
    ] {
        if let Some(time) = time {
            let time = DateTime::<Utc>::from(time);
            set(name, time.to_rfc3339_opts(SecondsFormat::Secs, true).into());
        }
    }
    if let Some(size) = changes.size {
        set("size", size.into());
    }
    Ok(fields)
}

/// Space of a file system.
pub(super) fn space(answer: &Object) -> Result<SpaceInfo> {
    let field = |key| number("space", answer, key);
    Ok(SpaceInfo {
        total: field("total")?,
        free: field("free")?,
        available: field("available")?,
        inodes: field("inodes")?,
        inodes_free: field("inodes_free")?,
    })
}
