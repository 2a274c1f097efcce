//! Directories.

use connection_tests::manager::{Manager, SshWorld, keys, text};
use connection_tests::{Sshd, on_both_engines};
use serde_json::{Value, json};
use std::fs::{self, File, FileTimes, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::time::{Duration, SystemTime};

on_both_engines![
    an_entry_has_the_documented_keys_and_values,
    directories_come_first_then_names_in_lower_case,
    hidden_files_are_shown,
    the_path_is_echoed_and_joined_as_it_was_sent,
    without_a_path_it_is_the_root,
    sizes_are_told_in_words,
    permissions_are_three_octal_digits,
    a_link_shows_what_it_leads_to,
    odd_names_are_exact,
    an_empty_directory_is_an_empty_list,
    missing_files_and_forbidden_directories,
];

fn files(body: &Value) -> Vec<Value> {
    assert_eq!(keys(body), ["current_path", "files"]);
    body["files"].as_array().unwrap().clone()
}

fn list(world: &SshWorld, engine: &str, directory: &Path) -> Vec<Value> {
    let id = world.manager.ssh(&world.sshd, engine);
    let body = world.manager.list(&id, text(directory)).ok();
    assert_eq!(body["current_path"], text(directory));
    files(&body)
}

fn field<'a>(files: &'a [Value], field: &str) -> Vec<&'a str> {
    files
        .iter()
        .map(|file| file[field].as_str().unwrap())
        .collect()
}

fn named<'a>(files: &'a [Value], name: &str) -> &'a Value {
    match files.iter().find(|file| file["name"] == name) {
        Some(file) => file,
        None => panic!("{name:?} is not listed: {files:#?}"),
    }
}

fn an_entry_has_the_documented_keys_and_values(world: &SshWorld, engine: &str) {
    let directory = world.directory();
    fs::write(directory.join("a.txt"), "hello, world").unwrap();
    fs::set_permissions(directory.join("a.txt"), Permissions::from_mode(0o640)).unwrap();
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_704_067_200);
    let file = File::options()
        .write(true)
        .open(directory.join("a.txt"))
        .unwrap();
    file.set_times(FileTimes::new().set_modified(time)).unwrap();
    fs::create_dir(directory.join("sub")).unwrap();
    fs::set_permissions(directory.join("sub"), Permissions::from_mode(0o755)).unwrap();

    let files = list(world, engine, &directory);
    assert_eq!(files.len(), 2);
    let want = json!({
        "name": "a.txt", "path": format!("{}/a.txt", text(&directory)), "is_directory": false,
        "size": 12, "size_formatted": "12 B", "modified": "2024-01-01T00:00:00",
        "permissions": "640",
    });
    assert_eq!(named(&files, "a.txt"), &want);
    let sub = named(&files, "sub");
    assert_eq!(keys(sub), keys(&want));
    assert_eq!(sub["is_directory"], true);
    assert_eq!(sub["permissions"], "755");
}

fn directories_come_first_then_names_in_lower_case(world: &SshWorld, engine: &str) {
    let directory = world.directory();
    for name in ["b", "A", "Z.d", "é", "_", "10", "9"] {
        fs::write(directory.join(name), "").unwrap();
    }
    for name in ["zdir", "Bdir", "adir"] {
        fs::create_dir(directory.join(name)).unwrap();
    }
    let files = list(world, engine, &directory);
    assert_eq!(
        field(&files, "name"),
        ["adir", "Bdir", "zdir", "10", "9", "_", "A", "b", "Z.d", "é"]
    );
}

fn hidden_files_are_shown(world: &SshWorld, engine: &str) {
    let directory = world.directory();
    fs::write(directory.join(".hidden"), "").unwrap();
    assert_eq!(field(&list(world, engine, &directory), "name"), [".hidden"]);
}

fn the_path_is_echoed_and_joined_as_it_was_sent(world: &SshWorld, engine: &str) {
    let directory = world.directory();
    fs::create_dir(directory.join("sub")).unwrap();
    fs::write(directory.join("a.txt"), "").unwrap();
    let id = world.manager.ssh(&world.sshd, engine);
    let base = text(&directory);
    for (sent, path) in [
        (base.to_owned(), format!("{base}/a.txt")),
        (format!("{base}/"), format!("{base}/a.txt")),
        (format!("{base}/sub/.."), format!("{base}/sub/../a.txt")),
        (format!("/{base}"), format!("/{base}/a.txt")),
    ] {
        let body = world.manager.list(&id, &sent).ok();
        assert_eq!(body["current_path"], sent);
        assert_eq!(named(&files(&body), "a.txt")["path"], path, "{sent}");
    }
}

fn without_a_path_it_is_the_root(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    for query in ["", "?path=."] {
        let body = world
            .manager
            .get(&format!("/connections/{id}/files{query}"))
            .ok();
        assert_eq!(body["current_path"], "/", "{query}");
        assert_eq!(named(&files(&body), "etc")["path"], "/etc", "{query}");
    }
    world
        .manager
        .list(&id, "")
        .fails(500, "Failed to list files: [Errno 2] No such file");
}

fn sizes_are_told_in_words(world: &SshWorld, engine: &str) {
    let directory = world.directory();
    let sizes = [
        ("a", 0, "0 B"),
        ("b", 12, "12 B"),
        ("c", 1023, "1023 B"),
        ("d", 1024, "1.0 KB"),
        ("e", 1_048_575, "1024.0 KB"),
        ("f", 1_048_576, "1.0 MB"),
        ("g", 1_148_903_751, "1.07 GB"),
        ("h", 3_298_534_883_328, "3072.00 GB"),
    ];
    for (name, size, _) in sizes {
        // Sparse: no byte of it is on the disk.
        File::create(directory.join(name))
            .unwrap()
            .set_len(size)
            .unwrap();
    }
    let files = list(world, engine, &directory);
    for (name, size, words) in sizes {
        let file = named(&files, name);
        assert_eq!(
            (&file["size"], &file["size_formatted"]),
            (&json!(size), &json!(words))
        );
    }
}

fn permissions_are_three_octal_digits(world: &SshWorld, engine: &str) {
    let directory = world.directory();
    let modes = [
        ("setuid", 0o4755, "755"),
        ("sticky", 0o1777, "777"),
        ("none", 0, "000"),
        ("read", 0o044, "044"),
    ];
    for (name, mode, _) in modes {
        fs::write(directory.join(name), "").unwrap();
        fs::set_permissions(directory.join(name), Permissions::from_mode(mode)).unwrap();
    }
    let files = list(world, engine, &directory);
    for (name, _, digits) in modes {
        assert_eq!(named(&files, name)["permissions"], digits, "{name}");
    }
}

fn a_link_shows_what_it_leads_to(world: &SshWorld, engine: &str) {
    let directory = world.directory();
    fs::create_dir(directory.join("dir")).unwrap();
    fs::write(directory.join("file"), "123456789").unwrap();
    symlink("dir", directory.join("to-dir")).unwrap();
    symlink("file", directory.join("to-file")).unwrap();
    symlink("nowhere", directory.join("broken")).unwrap();
    symlink("loop", directory.join("loop")).unwrap();
    let files = list(world, engine, &directory);
    assert_eq!(named(&files, "to-dir")["is_directory"], true);
    assert_eq!(named(&files, "to-file")["is_directory"], false);
    assert_eq!(named(&files, "to-file")["size"], 9);
    assert_eq!(named(&files, "broken")["is_directory"], false);
    assert_eq!(named(&files, "loop")["is_directory"], false);
    // A person enters it from there.
    let id = world.manager.ssh(&world.sshd, engine);
    fs::write(directory.join("dir/inside"), "").unwrap();
    let path = named(&files, "to-dir")["path"].as_str().unwrap();
    let inside = world.manager.list(&id, path).ok();
    assert_eq!(inside["files"][0]["path"], format!("{path}/inside"));
}

fn odd_names_are_exact(world: &SshWorld, engine: &str) {
    let directory = world.directory();
    let names = [
        " leading",
        "trailing ",
        "two  spaces",
        "new\nline",
        "back\\slash",
        "quote\"'",
        "日本",
    ];
    for name in names {
        fs::write(directory.join(name), name).unwrap();
    }
    let files = list(world, engine, &directory);
    assert_eq!(files.len(), names.len());
    for name in names {
        assert_eq!(
            named(&files, name)["path"],
            format!("{}/{name}", text(&directory))
        );
    }
}

fn an_empty_directory_is_an_empty_list(world: &SshWorld, engine: &str) {
    assert_eq!(list(world, engine, &world.directory()), Vec::<Value>::new());
}

fn missing_files_and_forbidden_directories(world: &SshWorld, engine: &str) {
    let directory = world.directory();
    fs::write(directory.join("file"), "").unwrap();
    fs::create_dir(directory.join("closed")).unwrap();
    fs::set_permissions(directory.join("closed"), Permissions::from_mode(0o000)).unwrap();
    let id = world.manager.ssh(&world.sshd, engine);
    let base = text(&directory);
    for (path, detail) in [
        (
            format!("{base}/nope"),
            "Failed to list files: [Errno 2] No such file",
        ),
        (
            format!("{base}/file"),
            "Failed to list files: [Errno 2] No such file",
        ),
        (
            format!("{base}/closed"),
            "Failed to list files: [Errno 13] Permission denied",
        ),
    ] {
        world.manager.list(&id, &path).fails(500, detail);
    }
}

#[test]
fn times_are_the_local_time_of_the_server() {
    let manager = Manager::builder().env("TZ", "XXX-9").start();
    let sshd = Sshd::start();
    let path = sshd.write_file("d/a", "");
    let time = SystemTime::UNIX_EPOCH + Duration::new(1_704_067_200, 900_000_000);
    let file = File::options().write(true).open(&path).unwrap();
    file.set_times(FileTimes::new().set_modified(time)).unwrap();
    let id = manager.ssh(&sshd, "russh");
    let body = manager.list(&id, text(path.parent().unwrap())).ok();
    assert_eq!(body["files"][0]["modified"], "2024-01-01T09:00:00");
}
