//! What an FTP session does and what it answers when it cannot.

use connection_tests::manager::{FtpWorld, Login, keys, text, unique};
use connection_tests::on_every_ftp_server;
use serde_json::{Value, json};
use std::fs::{self, File, FileTimes, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::time::{Duration, Instant, SystemTime};

on_every_ftp_server![
    connecting_and_the_list_of_sessions,
    an_entry_has_the_documented_keys_and_values,
    names_are_exact,
    directories_come_first_then_names_in_lower_case,
    a_link_shows_what_it_leads_to,
    links_are_followed_to_read_and_never_to_delete,
    permissions_are_octal_digits_there_and_back,
    a_failed_listing_shifts_no_answer,
    without_a_path_it_is_the_login_directory_every_time,
    a_download_says_where_and_how_much,
    an_upload_says_where_and_replaces_what_was_there,
    there_are_no_commands,
    what_is_not_there,
    paths_and_local_files,
    wrong_credentials,
];

fn connecting_and_the_list_of_sessions(world: &FtpWorld) {
    let login = Login::ftp(world.server.as_ref()).with("sessionName", "Backups");
    let start = Instant::now();
    let body = world.manager.connect_ftp(&login).ok();
    assert_eq!(keys(&body), ["session_id"]);
    let id = body["session_id"].as_str().unwrap();
    let session = world.manager.listed(id).unwrap();
    assert_eq!(keys(&session).len(), 11);
    assert_eq!(session["type"], "ftp");
    assert_eq!(session["port"], world.server.port());
    assert_eq!(session["session_name"], "Backups");
    assert_eq!(session["is_active"], true);
    let remaining = session["time_remaining_seconds"].as_u64().unwrap();
    let least = 1799 - start.elapsed().as_secs();
    assert!((least..=1799).contains(&remaining), "{session}");
    assert_eq!(
        world.manager.close(id).ok(),
        json!({"message": "Session disconnected"})
    );
    world
        .manager
        .list(id, "/")
        .fails(401, "Session expired or not found");
}

fn list(world: &FtpWorld, directory: &str) -> Vec<Value> {
    let id = world.manager.ftp(world.server.as_ref());
    let body = world.manager.list(&id, directory).ok();
    assert_eq!(keys(&body), ["current_path", "files"]);
    assert_eq!(body["current_path"], directory);
    body["files"].as_array().unwrap().clone()
}

fn named<'a>(files: &'a [Value], name: &str) -> &'a Value {
    match files.iter().find(|file| file["name"] == name) {
        Some(file) => file,
        None => panic!("{name:?} is not listed: {files:#?}"),
    }
}

fn an_entry_has_the_documented_keys_and_values(world: &FtpWorld) {
    let (directory, remote) = world.directory();
    let path = directory.join("a.txt");
    fs::write(&path, "hello, world").unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
    world.server.own(&path);
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_704_067_200);
    let file = File::options().write(true).open(&path).unwrap();
    file.set_times(FileTimes::new().set_modified(time)).unwrap();
    fs::create_dir(directory.join("sub")).unwrap();

    let files = list(world, &remote);
    assert_eq!(files.len(), 2, "{files:#?}");
    let file = named(&files, "a.txt");
    assert_eq!(
        keys(file),
        [
            "is_directory",
            "modified",
            "name",
            "path",
            "permissions",
            "size",
            "size_formatted"
        ]
    );
    assert_eq!(file["path"], format!("{remote}/a.txt"));
    assert_eq!(file["is_directory"], false);
    assert_eq!(
        (&file["size"], &file["size_formatted"]),
        (&json!(12), &json!("12 B"))
    );
    assert_eq!(file["permissions"], "644");
    // LIST has no time of the day for files older than half a year; the day is known.
    let modified = file["modified"].as_str().unwrap();
    assert!(modified.starts_with("2024-01-01T00:00:0"), "{file}");
    assert_eq!(modified.len(), "2024-01-01T00:00:00".len(), "{file}");
    assert_eq!(named(&files, "sub")["is_directory"], true);
}

fn names_are_exact(world: &FtpWorld) {
    let (directory, remote) = world.directory();
    let names = [
        " leading",
        "trailing ",
        "two  spaces",
        "a -> b",
        "quote\"'",
        "日本",
        "back\\slash",
    ];
    for name in names {
        fs::write(directory.join(name), name).unwrap();
        fs::set_permissions(directory.join(name), Permissions::from_mode(0o644)).unwrap();
    }
    let files = list(world, &remote);
    assert_eq!(files.len(), names.len(), "{files:#?}");
    let id = world.manager.ftp(world.server.as_ref());
    // Pure-FTPd lists such a name and refuses every command about it.
    let taken = |name: &&str| world.server.name() != "pure-ftpd" || !name.contains('\\');
    for name in names.into_iter().filter(taken) {
        let path = named(&files, name)["path"].as_str().unwrap();
        assert_eq!(path, format!("{remote}/{name}"));
        let local = world.manager.local(&unique());
        world.manager.download(&id, path, &local).ok();
        assert_eq!(fs::read_to_string(&local).unwrap(), name);
    }
}

fn directories_come_first_then_names_in_lower_case(world: &FtpWorld) {
    let (directory, remote) = world.directory();
    for name in ["b", "A", "9"] {
        fs::write(directory.join(name), "").unwrap();
    }
    for name in ["zdir", "Bdir"] {
        fs::create_dir(directory.join(name)).unwrap();
    }
    let files = list(world, &remote);
    let names: Vec<_> = files.iter().map(|f| f["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Bdir", "zdir", "9", "A", "b"]);
}

fn a_link_shows_what_it_leads_to(world: &FtpWorld) {
    let (directory, remote) = world.directory();
    fs::create_dir(directory.join("dir")).unwrap();
    symlink("dir", directory.join("to-dir")).unwrap();
    let files = list(world, &remote);
    let link = named(&files, "to-dir");
    assert_eq!(link["is_directory"], true, "{files:#?}");
    assert_eq!(link["path"], format!("{remote}/to-dir"));
}

fn without_a_path_it_is_the_login_directory_every_time(world: &FtpWorld) {
    let (directory, remote) = world.directory();
    fs::write(directory.join("inside"), "").unwrap();
    let id = world.manager.ftp(world.server.as_ref());
    for query in ["", "?path=.", "?path=", "?path=/"] {
        let body = world
            .manager
            .get(&format!("/connections/{id}/files{query}"))
            .ok();
        assert_eq!(body["current_path"], "/", "{query}");
        let files = body["files"].as_array().unwrap();
        named(files, remote.trim_start_matches('/'));
        // What was listed before does not stick.
        assert_eq!(
            world.manager.list(&id, &remote).ok()["files"][0]["name"],
            "inside"
        );
    }
}

fn a_download_says_where_and_how_much(world: &FtpWorld) {
    let (directory, remote) = world.directory();
    let content: Vec<u8> = (0..400_000_u32).map(|n| (n % 251) as u8).collect();
    fs::write(directory.join("a.bin"), &content).unwrap();
    fs::set_permissions(directory.join("a.bin"), Permissions::from_mode(0o644)).unwrap();
    let id = world.manager.ftp(world.server.as_ref());
    let local = world.manager.local(&unique());
    let body = world
        .manager
        .download(&id, &format!("{remote}/a.bin"), &local)
        .ok();
    let path = text(&local);
    let want =
        json!({"local_path": path, "size": 400_000, "message": format!("Downloaded to {path}")});
    assert_eq!(body, want);
    assert!(
        fs::read(&local).unwrap() == content,
        "CR and LF are bytes like any other"
    );
}

fn an_upload_says_where_and_replaces_what_was_there(world: &FtpWorld) {
    let (directory, remote) = world.directory();
    fs::write(directory.join("up.txt"), "a longer text than the new one").unwrap();
    world.server.own(&directory.join("up.txt"));
    let local = world.manager.local(&unique());
    let id = world.manager.ftp(world.server.as_ref());
    for (name, content) in [("new.txt", "a\r\nb\n\0"), ("up.txt", "new")] {
        fs::write(&local, content).unwrap();
        let path = format!("{remote}/{name}");
        let body = world.manager.upload(&id, &local, &path).ok();
        assert_eq!(body, json!({"message": format!("Uploaded to {path}")}));
        assert_eq!(fs::read_to_string(directory.join(name)).unwrap(), content);
    }
    let left: Vec<_> = fs::read_dir(&directory).unwrap().flatten().collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

fn there_are_no_commands(world: &FtpWorld) {
    let id = world.manager.ftp(world.server.as_ref());
    world
        .manager
        .execute(&id, "true")
        .fails(400, "Not an SSH session");
    world.manager.list(&id, "/").ok();
}

fn what_is_not_there(world: &FtpWorld) {
    let (directory, remote) = world.directory();
    fs::write(directory.join("file"), "").unwrap();
    let id = world.manager.ftp(world.server.as_ref());
    let local = world.manager.local(&unique());
    let missing = format!("{remote}/nope");
    // The server's own words follow.
    let manager = &world.manager;
    manager
        .list(&id, &missing)
        .fails_with(500, "Failed to list files: 550 ");
    manager
        .download(&id, &missing, &local)
        .fails_with(500, "Download failed: 550 ");
    assert!(!local.exists());
    fs::write(&local, "x").unwrap();
    let answer = manager.upload(&id, &local, &format!("{missing}/x"));
    let detail = answer.detail(500);
    assert!(detail.starts_with("Upload failed: 55"), "{detail}");
    // And the session goes on.
    assert_eq!(manager.list(&id, &remote).ok()["files"][0]["name"], "file");
}

fn paths_and_local_files(world: &FtpWorld) {
    let id = world.manager.ftp(world.server.as_ref());
    let route = |name: &str| format!("/connections/{id}/{name}");
    let manager = &world.manager;
    manager
        .post(&route("download"), &json!({}))
        .fails(400, "remotePath is required");
    manager
        .post(&route("upload"), &json!({}))
        .fails(400, "localPath and remotePath are required");
    let local = manager.local("no-such-file");
    let want = format!("Local file not found: {}", text(&local));
    manager.upload(&id, &local, "/x").fails(404, &want);
}

fn wrong_credentials(world: &FtpWorld) {
    let login = Login::ftp(world.server.as_ref()).with("password", "wrong");
    let answer = world.manager.connect_ftp(&login);
    let detail = answer.fails_with(400, "FTP connection failed: 530 ");
    let words = match world.server.name() {
        "vsftpd" => "530 Login incorrect.",
        "pyftpdlib" => "530 Authentication failed.",
        "proftpd" => "530 Login incorrect.",
        _ => "530 Login authentication failed",
    };
    assert_eq!(detail, format!("FTP connection failed: {words}"));
}

fn links_are_followed_to_read_and_never_to_delete(world: &FtpWorld) {
    let (directory, remote) = world.directory();
    fs::create_dir(directory.join("dir")).unwrap();
    fs::write(directory.join("dir/inside"), "kept").unwrap();
    fs::write(directory.join("file"), "twelve bytes").unwrap();
    for path in ["dir", "dir/inside", "file"] {
        let path = directory.join(path);
        let mode = if path.is_dir() { 0o755 } else { 0o644 };
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        world.server.own(&path);
    }
    symlink("dir", directory.join("to-dir")).unwrap();
    symlink("file", directory.join("to-file")).unwrap();
    // Its own length is more than that of the file it leads to.
    let far = format!("{}file", "./".repeat(20));
    symlink(far, directory.join("far")).unwrap();
    symlink("nowhere", directory.join("broken")).unwrap();

    let id = world.manager.ftp(world.server.as_ref());
    let files = list(world, &remote);
    let facts = |name: &str| {
        let file = named(&files, name);
        (file["is_directory"].clone(), file["size"].clone())
    };
    assert_eq!(facts("to-dir").0, true, "{files:#?}");
    assert_eq!(facts("to-file"), (json!(false), json!(12)), "{files:#?}");
    assert_eq!(facts("far"), (json!(false), json!(12)), "{files:#?}");
    // A link that leads nowhere is a file, where the server shows it at all.
    if let Some(broken) = files.iter().find(|file| file["name"] == "broken") {
        assert_eq!(broken["is_directory"], false);
    }
    let through = world.manager.list(&id, &format!("{remote}/to-dir")).ok();
    assert_eq!(through["files"][0]["name"], "inside");
    let local = world.manager.local(&unique());
    let links = [
        ("to-file", "twelve bytes"),
        ("far", "twelve bytes"),
        ("to-dir/inside", "kept"),
    ];
    for (link, content) in links {
        let path = format!("{remote}/{link}");
        world.manager.download(&id, &path, &local).ok();
        assert_eq!(fs::read_to_string(&local).unwrap(), content);
    }
    let stat = |name: &str, follow: bool| {
        let query = format!("path={remote}/{name}&follow={follow}");
        world
            .manager
            .get(&format!("/connections/{id}/stat?{query}"))
            .ok()
    };
    assert_eq!(stat("to-dir", true)["type"], "directory");
    assert_eq!(stat("to-file", true)["size"], 12);

    let delete = format!("/connections/{id}/delete");
    for name in ["to-file", "far", "to-dir"] {
        let body = json!({"path": format!("{remote}/{name}"), "recursive": true});
        let answer = world.manager.post(&delete, &body);
        if answer.status != 200 {
            // A server that shows no links shows a directory here, and what it says to a
            // client that takes it for one is no loss of what lies in it.
            assert_eq!(
                (name, world.server.name()),
                ("to-dir", "pyftpdlib"),
                "{}",
                answer.text
            );
            continue;
        }
        assert!(directory.join(name).symlink_metadata().is_err(), "{name}");
    }
    assert_eq!(
        fs::read_to_string(directory.join("file")).unwrap(),
        "twelve bytes"
    );
    assert_eq!(
        fs::read_to_string(directory.join("dir/inside")).unwrap(),
        "kept"
    );
}

fn permissions_are_octal_digits_there_and_back(world: &FtpWorld) {
    let (directory, remote) = world.directory();
    for (name, mode) in [("private", 0o600), ("shared", 0o664), ("program", 0o755)] {
        let path = directory.join(name);
        fs::write(&path, "").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        world.server.own(&path);
    }
    fs::create_dir(directory.join("sub")).unwrap();
    fs::set_permissions(directory.join("sub"), Permissions::from_mode(0o750)).unwrap();
    world.server.own(&directory.join("sub"));
    let files = list(world, &remote);
    let wanted = [
        ("private", "600"),
        ("shared", "664"),
        ("program", "755"),
        ("sub", "750"),
    ];
    for (name, digits) in wanted {
        assert_eq!(named(&files, name)["permissions"], digits, "{files:#?}");
        let modified = named(&files, name)["modified"].as_str().unwrap();
        assert_eq!(modified.len(), "2024-01-01T00:00:00".len(), "{files:#?}");
    }
    let id = world.manager.ftp(world.server.as_ref());
    let body = json!({"path": format!("{remote}/shared"), "permissions": "640"});
    let route = format!("/connections/{id}/attributes");
    world.manager.post(&route, &body).ok();
    let mode = fs::metadata(directory.join("shared"))
        .unwrap()
        .permissions();
    assert_eq!(mode.mode() & 0o7777, 0o640);
    assert_eq!(named(&list(world, &remote), "shared")["permissions"], "640");
}

fn a_failed_listing_shifts_no_answer(world: &FtpWorld) {
    let (directory, remote) = world.directory();
    fs::write(directory.join("a"), "x").unwrap();
    fs::set_permissions(directory.join("a"), Permissions::from_mode(0o644)).unwrap();
    let id = world.manager.ftp(world.server.as_ref());
    let local = world.manager.local(&unique());
    for bad in ["no-such", "a/b", "caf\u{f7ff}"] {
        let bad = format!("{remote}/{bad}");
        world.manager.list(&id, &bad).detail(500);
        world.manager.download(&id, &bad, &local).detail(500);
        let body = world.manager.list(&id, &remote).ok();
        assert_eq!(body["files"][0]["name"], "a");
        let path = format!("{remote}/a");
        world.manager.download(&id, &path, &local).ok();
        assert_eq!(fs::read_to_string(&local).unwrap(), "x");
    }
}
