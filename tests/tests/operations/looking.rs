//! Looking at files.

use crate::ground::{Ground, refused};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs::{File, FileTimes, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::time::{Duration, SystemTime};

const FILES: usize = 2500;

fn names(page: &Value) -> Vec<String> {
    let entries = page["entries"].as_array().unwrap();
    let name = |entry: &Value| entry["name"].as_str().unwrap().to_owned();
    entries.iter().map(name).collect()
}

pub(crate) fn a_large_directory_comes_in_parts_without_gap_or_repeat(ground: &Ground<'_>) {
    for n in 0..FILES {
        ground.write(format!("file-{n:05}"), b"");
    }
    let path = ground.remote.as_str();
    let mut all: Vec<String> = Vec::new();
    let mut cursors: Vec<String> = vec![String::new()];
    loop {
        let cursor = cursors.last().unwrap().as_str();
        let query = [("path", path), ("limit", "400"), ("cursor", cursor)];
        let page = ground.get("entries", &query).ok();
        assert_eq!(page["path"], path);
        let part = names(&page);
        assert!(!part.is_empty());
        all.extend(part);
        match page["next_cursor"].as_str() {
            Some(next) => {
                assert_eq!(all.len() % 400, 0);
                cursors.push(next.to_owned());
            }
            None => break,
        }
    }
    assert_eq!(cursors.len(), FILES.div_ceil(400));
    assert_eq!(all.len(), FILES, "nothing is given twice");
    let different: BTreeSet<&String> = all.iter().collect();
    assert_eq!(different.len(), FILES, "nothing is missing");

    // A cursor that was used, as after an answer that got lost, gives the same again.
    let again = [("path", path), ("limit", "400"), ("cursor", &cursors[2])];
    let page = ground.get("entries", &again).ok();
    assert_eq!(names(&page), all[800..1200]);
    // One of another directory does not continue that listing.
    ground.mkdir("sub");
    let sub = ground.at("sub");
    let other = [("path", sub.as_str()), ("cursor", &cursors[1])];
    assert_eq!(ground.get("entries", &other).ok()["entries"], json!([]));
    // A directory that ends with a part has no next one.
    let exact = [("path", path), ("limit", "2501")];
    assert_eq!(ground.get("entries", &exact).ok().get("next_cursor"), None);
}

pub(crate) fn an_entry_tells_what_the_server_says(ground: &Ground<'_>) {
    let local = ground.write("a", b"hello");
    std::fs::set_permissions(&local, Permissions::from_mode(0o640)).unwrap();
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_704_067_200);
    let file = File::options().write(true).open(&local).unwrap();
    file.set_times(FileTimes::new().set_modified(time)).unwrap();
    symlink("a", ground.local.join("link")).unwrap();
    let path = ground.at("a");
    let entry = ground.get("stat", &[("path", &path)]).ok();
    assert_eq!(entry["name"], "a");
    assert_eq!(entry["path"], path);
    assert_eq!(entry["type"], "file");
    assert_eq!(entry["size"], 5);
    assert_eq!(entry["modified"], "2024-01-01T00:00:00Z");
    assert_eq!(entry.get("name_base64"), None);
    let page = ground.get("entries", &[("path", &ground.remote)]).ok();
    let listed = page["entries"].as_array().unwrap();
    assert_eq!(listed.len(), 2);
    let listed = listed.iter().find(|e| e["name"] == "a").unwrap();
    assert_eq!(listed["path"], path);
    assert_eq!(listed["size"], 5);
    assert_eq!(
        ground.get("stat", &[("path", &ground.remote)]).ok()["type"],
        "directory"
    );
    let link = ground.at("link");
    let followed = ground.get("stat", &[("path", &link), ("follow", "true")]);
    assert_eq!(followed.ok()["size"], 5);
    if ground.is_ssh() {
        assert_eq!(entry["permissions"], "0640");
        assert!(entry["uid"].is_u64() && entry["gid"].is_u64());
        assert!(listed["owner"].is_string() && listed["group"].is_string());
        let own = ground
            .get("stat", &[("path", &link), ("follow", "false")])
            .ok();
        assert_eq!(own["type"], "symlink");
        assert_eq!(own["link_target"], "a");
        let listed = page["entries"].as_array().unwrap();
        let listed = listed.iter().find(|e| e["name"] == "link").unwrap();
        assert_eq!(listed["link_target"], "a");
    }
}

pub(crate) fn a_tree_is_measured(ground: &Ground<'_>) {
    ground.mkdir("d");
    ground.mkdir("d/e");
    ground.write("d/a", &[0; 1000]);
    ground.write("d/e/b", &[0; 234]);
    let size = ground.get("size", &[("path", &ground.at("d"))]).ok();
    let expected = json!({
        "files": 2, "directories": 2, "bytes": 1234, "errors": [], "error_count": 0,
    });
    assert_eq!(size, expected);
    let file = ground.get("size", &[("path", &ground.at("d/a"))]).ok();
    assert_eq!(file["bytes"], 1000);
    refused(
        &ground.get("size", &[("path", &ground.at("none"))]),
        404,
        "not_found",
    );
}

pub(crate) fn what_a_session_can_do(ground: &Ground<'_>) {
    let body = ground.get("capabilities", &[]).ok();
    assert!(body["files"]["write_at"].is_boolean());
    assert_eq!(body["files"]["symlinks"], ground.is_ssh());
    if ground.is_ssh() {
        assert_eq!(body["type"], "ssh");
        let ssh = &body["ssh"];
        let engine = ssh["engine"].as_str().unwrap();
        assert!(["russh", "libssh2"].contains(&engine), "{engine}");
        let version = ssh["server_version"].as_str().unwrap();
        assert!(version.starts_with("SSH-2.0-OpenSSH"), "{version}");
        for key in ["key_exchange", "host_key", "cipher"] {
            assert_ne!(ssh[key], "", "{key}");
        }
        let extensions = ssh["sftp_extensions"].as_array().unwrap();
        assert!(
            extensions
                .iter()
                .any(|e| e["name"] == "posix-rename@openssh.com"),
            "{extensions:?}"
        );
    } else {
        assert_eq!(body["type"], "ftp");
        assert_eq!(body.get("ssh"), None);
        let ftp = &body["ftp"];
        assert!(!ftp["features"].as_array().unwrap().is_empty());
        let system = ftp["system"].as_str().unwrap();
        assert!(system.starts_with("UNIX Type: L8"), "{system}");
        let listing = match ground.name {
            "vsftpd" => "LIST -a",
            _ => "MLSD",
        };
        assert_eq!(
            (&ftp["listing"], &ftp["data"]),
            (&json!(listing), &json!("EPSV"))
        );
        // vsftpd does not say what its names are in.
        let says = ground.name != "vsftpd";
        assert_eq!(ftp.get("charset"), says.then(|| json!("UTF-8")).as_ref());
        assert_eq!(ftp["connections"]["limit"], 8);
        assert!(ftp["connections"]["open"].as_u64() >= Some(1));
        // With TLS, both; without, neither.
        let version = ftp
            .get("tls_version")
            .map(|version| version.as_str().unwrap());
        assert!(matches!(version, None | Some("TLSv1.2" | "TLSv1.3")));
        assert_eq!(ftp.get("tls_cipher").is_some(), version.is_some());
    }
}

pub(crate) fn checksums_are_what_the_server_computes(ground: &Ground<'_>) {
    ground.write("file", b"123456789");
    let file = ground.at("file");
    let can = ground.get("capabilities", &[]).ok()["files"]["checksums"].clone();
    let can: Vec<&str> = can
        .as_array()
        .unwrap()
        .iter()
        .map(|n| n.as_str().unwrap())
        .collect();
    for algorithm in ["crc32", "md5", "sha1", "sha256", "sha512"] {
        let query = [("path", file.as_str()), ("algorithm", algorithm)];
        let answer = ground.get("checksum", &query);
        if can.contains(&algorithm) {
            assert_eq!(answer.ok()["algorithm"], algorithm);
        } else {
            refused(&answer, 501, "unsupported");
        }
    }
    let query = [("path", file.as_str()), ("algorithm", "sha3")];
    refused(&ground.get("checksum", &query), 400, "invalid_input");
    assert_eq!(ground.get("checksum", &[("path", &file)]).status, 400);
}

pub(crate) fn wrong_requests_say_what_is_wrong(ground: &Ground<'_>) {
    let missing = ground.at("none");
    for route in ["stat", "entries"] {
        refused(&ground.get(route, &[("path", &missing)]), 404, "not_found");
    }
    ground.write("file", b"x");
    let file = ground.at("file");
    refused(
        &ground.get("entries", &[("path", &file)]),
        400,
        "not_a_directory",
    );
    for (key, value) in [("limit", "0"), ("limit", "10001"), ("cursor", "x")] {
        let answer = ground.get("entries", &[("path", &ground.remote), (key, value)]);
        let detail = refused(&answer, 400, "invalid_input");
        assert!(detail.contains(key), "{detail}");
    }
    refused(&ground.get("stat", &[("path", "")]), 404, "not_found");
    for (route, body, field) in [
        ("directories", json!({}), "path"),
        ("rename", json!({"from": "/a"}), "to"),
        ("copy", json!({"to": "/a"}), "from"),
        ("delete", json!({"path": ""}), "path"),
        ("delete", json!({"path": "/"}), "root"),
        ("delete", json!({"path": "/..", "recursive": true}), "root"),
        ("delete", json!({"path": "/a", "recursive": 1}), "recursive"),
        ("attributes", json!({"path": file}), "attribute"),
        (
            "attributes",
            json!({"path": file, "permissions": "9"}),
            "permissions",
        ),
        (
            "attributes",
            json!({"path": file, "modified": "now"}),
            "modified",
        ),
        ("symlink", json!({"link": "/a"}), "target"),
    ] {
        let detail = refused(&ground.post(route, &body), 400, "invalid_input");
        assert!(detail.contains(field), "{route} {body}: {detail}");
    }
    assert_eq!(ground.names(), [b"file".to_vec()]);
    let unknown = "/connections/00000000-0000-4000-8000-000000000000";
    for route in ["entries", "stat", "size", "space", "capabilities"] {
        let answer = ground.manager.get(&format!("{unknown}/{route}"));
        refused(&answer, 401, "session_not_found");
    }
    for route in [
        "directories",
        "rename",
        "copy",
        "delete",
        "attributes",
        "symlink",
    ] {
        let path = format!("{unknown}/{route}");
        let answer = ground.manager.post_raw(&path, None, "no JSON");
        refused(&answer, 401, "session_not_found");
    }
}
