//! Changing files.

use crate::ground::{Ground, refused};
use serde_json::json;
use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

pub(crate) fn a_tree_is_removed_and_what_a_link_leads_to_stays(ground: &Ground<'_>) {
    ground.mkdir("outside");
    let kept = ground.write("outside/kept", b"precious");
    for directory in ["tree", "tree/b", "tree/b/empty"] {
        ground.mkdir(directory);
    }
    ground.write("tree/a", b"12345");
    ground.write("tree/b/.hidden", b"678");
    let tree = ground.local.join("tree");
    symlink("../outside", tree.join("out")).unwrap();
    symlink("../../outside/kept", tree.join("b/file-outside")).unwrap();
    symlink(".", tree.join("b/loop")).unwrap();
    // pyftpdlib and ProFTPD (in MLSD) show no broken links, and what is not shown cannot be
    // removed.
    let broken = !matches!(ground.name, "pyftpdlib" | "proftpd");
    if broken {
        symlink("nowhere", tree.join("broken")).unwrap();
    }
    let path = ground.at("tree");
    let answer = ground.post("delete", &json!({ "path": path }));
    refused(&answer, 409, "directory_not_empty");

    let body = ground
        .post("delete", &json!({ "path": path, "recursive": true }))
        .ok();
    assert_eq!(body["errors"], json!([]), "{body}");
    assert_eq!(body["directories"], 3, "{body}");
    assert_eq!(body["files"], 5 + u64::from(broken), "{body}");
    assert!(body["bytes"].as_u64().unwrap() >= 8);
    assert!(!tree.exists());
    assert_eq!(fs::read(kept).unwrap(), b"precious");

    // A link at the top is removed, not what it leads to.
    symlink("outside", ground.local.join("top")).unwrap();
    let top = json!({ "path": ground.at("top"), "recursive": true });
    assert_eq!(ground.post("delete", &top).ok()["files"], 1);
    let file = json!({ "path": ground.at("outside/kept") });
    assert_eq!(ground.post("delete", &file).ok()["files"], 1);
    let empty = json!({ "path": ground.at("outside") });
    assert_eq!(ground.post("delete", &empty).ok()["directories"], 1);
    assert!(ground.names().is_empty());
    refused(&ground.post("delete", &empty), 404, "not_found");
}

pub(crate) fn directories_are_made_with_and_without_parents(ground: &Ground<'_>) {
    let make = |name: &str, parents: bool| {
        let body = json!({ "path": ground.at(name), "parents": parents });
        ground.post("directories", &body)
    };
    assert_eq!(make("a", false).ok(), json!({ "created": 1 }));
    refused(&make("a", false), 409, "already_exists");
    assert_eq!(make("a/b/c/d", true).ok(), json!({ "created": 3 }));
    assert_eq!(make("a/b/c/d", true).ok(), json!({ "created": 0 }));
    assert!(ground.local.join("a/b/c/d").is_dir());
    ground.write("file", b"");
    refused(&make("file/x", true), 400, "not_a_directory");
}

pub(crate) fn renaming_replaces_only_when_told(ground: &Ground<'_>) {
    ground.write("a", b"new");
    ground.write("b", b"old");
    let mut body = json!({ "from": ground.at("a"), "to": ground.at("b") });
    refused(&ground.post("rename", &body), 409, "already_exists");
    assert_eq!(fs::read(ground.local.join("b")).unwrap(), b"old");
    body["overwrite"] = json!(true);
    ground.post("rename", &body).ok();
    assert_eq!(fs::read(ground.local.join("b")).unwrap(), b"new");
    assert_eq!(ground.names(), [b"b".to_vec()]);
    refused(&ground.post("rename", &body), 404, "not_found");
}

pub(crate) fn copies_are_whole_and_replace_only_when_told(ground: &Ground<'_>) {
    let content: Vec<u8> = (0..3_000_000_u32).map(|n| (n % 251) as u8).collect();
    let original = ground.write("a", &content);
    fs::set_permissions(&original, Permissions::from_mode(0o640)).unwrap();
    let mut body = json!({ "from": ground.at("a"), "to": ground.at("b") });
    let copied = ground.post("copy", &body).ok();
    assert_eq!(copied, json!({ "size": 3_000_000 }));
    let copy = ground.local.join("b");
    assert!(fs::read(&copy).unwrap() == content);
    if ground.is_ssh() {
        let mode = fs::metadata(&copy).unwrap().mode() & 0o7777;
        assert_eq!(mode, 0o640, "{mode:o}");
    }
    refused(&ground.post("copy", &body), 409, "already_exists");
    ground.write("a", b"changed");
    body["overwrite"] = json!(true);
    ground.post("copy", &body).ok();
    assert_eq!(fs::read(&copy).unwrap(), b"changed");
    let onto_itself = json!({ "from": ground.at("a"), "to": ground.at("./a") });
    refused(&ground.post("copy", &onto_itself), 400, "invalid_input");
    ground.mkdir("d");
    let directory = json!({ "from": ground.at("d"), "to": ground.at("e") });
    refused(&ground.post("copy", &directory), 400, "is_a_directory");
    let missing = json!({ "from": ground.at("x"), "to": ground.at("e") });
    refused(&ground.post("copy", &missing), 404, "not_found");
    let names: Vec<_> = [b"a", b"b", b"d"].map(|n| n.to_vec()).into();
    assert_eq!(ground.names(), names, "no temporary file is left");
}

pub(crate) fn attributes_change_or_are_refused(ground: &Ground<'_>) {
    let local = ground.write("a", b"12345");
    fs::set_permissions(&local, Permissions::from_mode(0o644)).unwrap();
    let path = ground.at("a");
    let can = ground.get("capabilities", &[]).ok()["files"].clone();
    let change = |field: &str, value: serde_json::Value| {
        ground.post("attributes", &json!({ "path": path, field: value }))
    };
    let answer = change("permissions", json!("0600"));
    if can["set_permissions"] == true {
        answer.ok();
        let mode = fs::metadata(&local).unwrap().mode() & 0o7777;
        assert_eq!(mode, 0o600, "{mode:o}");
    } else {
        refused(&answer, 501, "unsupported");
    }
    let answer = change("modified", json!("2024-01-31T12:00:00+01:00"));
    if can["set_times"] == true {
        answer.ok();
        assert_eq!(fs::metadata(&local).unwrap().mtime(), 1_706_698_800);
    } else {
        refused(&answer, 501, "unsupported");
    }
    let answer = change("size", json!(2));
    if can["truncate"] == true {
        answer.ok();
        assert_eq!(fs::read(&local).unwrap(), b"12");
    } else {
        refused(&answer, 501, "unsupported");
        assert_eq!(fs::read(&local).unwrap(), b"12345");
    }
    if can["set_owner"] == true {
        let before = fs::metadata(&local).unwrap();
        // To the owner it has, which everyone may.
        change("uid", json!(before.uid())).ok();
        assert_eq!(fs::metadata(&local).unwrap().gid(), before.gid());
    } else {
        let body = json!({ "path": path, "uid": 1, "gid": 1 });
        refused(&ground.post("attributes", &body), 501, "unsupported");
    }
    if ground.is_ssh() {
        assert!(can["set_permissions"] == true && can["truncate"] == true);
    }
}

pub(crate) fn links_and_space_or_a_clear_no(ground: &Ground<'_>) {
    let link = json!({ "target": "some where", "link": ground.at("link") });
    let space = ground.get("space", &[("path", &ground.remote)]);
    if ground.is_ssh() {
        ground.post("symlink", &link).ok();
        let target = fs::read_link(ground.local.join("link")).unwrap();
        assert_eq!(target, std::path::Path::new("some where"));
        refused(&ground.post("symlink", &link), 409, "already_exists");
        let space = space.ok();
        assert!(space["total"].as_u64().unwrap() > 0);
        assert!(space["available"].as_u64() <= space["total"].as_u64());
    } else {
        refused(&ground.post("symlink", &link), 501, "unsupported");
        refused(&space, 501, "unsupported");
        assert!(ground.names().is_empty());
    }
}

pub(crate) fn a_name_that_is_no_text_goes_the_whole_way(ground: &Ground<'_>) {
    if ground.name == "pyftpdlib" {
        // It decodes names and loses what is not UTF-8.
        return;
    }
    ground.write(OsStr::from_bytes(b"a\xe9\xe8 b"), b"x");
    let page = ground.get("entries", &[("path", &ground.remote)]).ok();
    let entry = &page["entries"][0];
    assert_eq!(entry["name"], "a\u{F7E9}\u{F7E8} b");
    assert_eq!(entry["name_base64"], "YenoIGI=");
    let path = entry["path"].as_str().unwrap();
    let seen = ground.get("stat", &[("path", path)]).ok();
    assert_eq!(seen["name"], entry["name"]);
    assert_eq!(seen["size"], 1);
    let to = ground.at("b\u{F7F0}");
    ground
        .post("rename", &json!({ "from": path, "to": to }))
        .ok();
    assert_eq!(ground.names(), [b"b\xf0".to_vec()]);
    let copy = ground.at("c\u{F7F1}");
    ground.post("copy", &json!({ "from": to, "to": copy })).ok();
    let both = [b"b\xf0".to_vec(), b"c\xf1".to_vec()];
    assert_eq!(ground.names(), both);
    for path in [to, copy] {
        ground.post("delete", &json!({ "path": path })).ok();
    }
    assert!(ground.names().is_empty());
    let directory = ground.at("d\u{F7E7}");
    ground
        .post("directories", &json!({ "path": directory }))
        .ok();
    assert_eq!(ground.names(), [b"d\xe7".to_vec()]);
    let all = json!({ "path": directory, "recursive": true });
    assert_eq!(ground.post("delete", &all).ok()["directories"], 1);
}
