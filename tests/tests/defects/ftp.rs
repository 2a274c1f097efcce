//! Files over FTP.

use connection_tests::manager::{FtpWorld, unique};
use connection_tests::on_every_ftp_server;
use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;

on_every_ftp_server![
    eight_listings_at_once_on_one_session,
    listing_download_and_upload_work,
    a_nul_in_a_path_harms_nothing,
    a_name_that_is_not_utf8_goes_there_and_back,
    a_missing_remote_file_leaves_the_local_one_alone,
];

fn eight_listings_at_once_on_one_session(world: &FtpWorld) {
    let (directory, remote) = world.directory();
    for number in 0..100 {
        fs::write(directory.join(format!("file-{number:03}")), "").unwrap();
    }
    let id = world.manager.ftp(world.server.as_ref());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let body = world.manager.list(&id, &remote).ok();
                assert_eq!(body["files"].as_array().unwrap().len(), 100);
            });
        }
    });
    world.manager.list(&id, &remote).ok();
}

fn listing_download_and_upload_work(world: &FtpWorld) {
    let (directory, remote) = world.directory();
    let id = world.manager.ftp(world.server.as_ref());
    let (up, down) = (
        world.manager.local(&unique()),
        world.manager.local(&unique()),
    );
    fs::write(&up, "a line\r\n").unwrap();
    world.manager.upload(&id, &up, &format!("{remote}/a")).ok();
    assert_eq!(fs::read(directory.join("a")).unwrap(), b"a line\r\n");
    let body = world.manager.list(&id, &remote).ok();
    assert_eq!(body["files"][0]["size"], 8);
    world
        .manager
        .download(&id, &format!("{remote}/a"), &down)
        .ok();
    assert_eq!(fs::read(&down).unwrap(), b"a line\r\n");
}

fn a_nul_in_a_path_harms_nothing(world: &FtpWorld) {
    let id = world.manager.ftp(world.server.as_ref());
    let local = world.manager.local(&unique());
    let manager = &world.manager;
    for bad in ["/a\0b", "/a\r\nDELE b"] {
        manager
            .list(&id, bad)
            .fails_with(500, "Failed to list files: ");
        manager
            .download(&id, bad, &local)
            .fails_with(500, "Download failed: ");
    }
    manager.list(&id, "/").ok();
}

fn a_name_that_is_not_utf8_goes_there_and_back(world: &FtpWorld) {
    if world.server.name() == "pyftpdlib" {
        // It shows such a name with an escape of its own and knows no way back.
        return;
    }
    let (directory, remote) = world.directory();
    let path = directory.join(OsStr::from_bytes(b"caf\xe9.txt"));
    fs::write(&path, "latin").unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o666)).unwrap();
    world.server.own(&path);
    let id = world.manager.ftp(world.server.as_ref());
    let body = world.manager.list(&id, &remote).ok();
    let shown = body["files"][0]["path"].as_str().unwrap();
    let local = world.manager.local(&unique());
    world.manager.download(&id, shown, &local).ok();
    assert_eq!(fs::read(&local).unwrap(), b"latin");
    fs::write(&local, "new").unwrap();
    world.manager.upload(&id, &local, shown).ok();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    // The control connection is still in step.
    assert_eq!(
        world.manager.list(&id, &remote).ok()["files"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

fn a_missing_remote_file_leaves_the_local_one_alone(world: &FtpWorld) {
    let id = world.manager.ftp(world.server.as_ref());
    let local = world.manager.local(&unique());
    fs::write(&local, "precious").unwrap();
    world
        .manager
        .download(&id, "/no-such-file", &local)
        .fails_with(500, "Download failed: ");
    assert_eq!(fs::read(&local).unwrap(), b"precious");
}
