//! Files over SSH.

use super::SOON;
use connection_tests::manager::{SshWorld, text, unique};
use connection_tests::{Sshd, eventually, on_both_engines};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;

on_both_engines![
    eight_listings_at_once_on_one_session,
    transfers_listings_and_commands_at_once_on_one_session,
    a_nul_in_a_path_harms_nothing,
    a_name_that_is_not_utf8_goes_there_and_back,
    a_missing_remote_file_leaves_the_local_one_alone,
    a_download_that_is_cut_leaves_the_local_file_alone,
    an_upload_that_is_cut_leaves_the_remote_file_alone,
];

fn eight_listings_at_once_on_one_session(world: &SshWorld, engine: &str) {
    let directory = world.directory();
    for number in 0..300 {
        fs::write(directory.join(format!("file-{number:03}")), "").unwrap();
    }
    let id = world.manager.ssh(&world.sshd, engine);
    for _ in 0..3 {
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let body = world.manager.list(&id, text(&directory)).ok();
                    assert_eq!(body["files"].as_array().unwrap().len(), 300);
                });
            }
        });
    }
}

fn transfers_listings_and_commands_at_once_on_one_session(world: &SshWorld, engine: &str) {
    let directory = world.directory();
    let content: Vec<u8> = (0..3_000_000_u32).map(|n| (n % 253) as u8).collect();
    fs::write(directory.join("big"), &content).unwrap();
    let id = world.manager.ssh(&world.sshd, engine);
    let manager = &world.manager;
    std::thread::scope(|scope| {
        for number in 0..4 {
            let (id, directory, content) = (&id, &directory, &content);
            scope.spawn(move || {
                let local = manager.local(&unique());
                manager
                    .download(id, text(&directory.join("big")), &local)
                    .ok();
                assert!(fs::read(&local).unwrap() == *content);
                let copy = directory.join(format!("copy-{number}"));
                manager.upload(id, &local, text(&copy)).ok();
                assert!(fs::read(&copy).unwrap() == *content);
            });
            scope.spawn(move || {
                for _ in 0..5 {
                    manager.list(id, text(directory)).ok();
                    assert_eq!(manager.execute(id, "echo x").ok()["output"], "x");
                }
            });
        }
    });
}

fn a_nul_in_a_path_harms_nothing(world: &SshWorld, engine: &str) {
    let directory = world.directory();
    fs::write(directory.join("a"), "x").unwrap();
    let id = world.manager.ssh(&world.sshd, engine);
    let local = world.manager.local(&unique());
    let path = format!("{}/a\0b", text(&directory));
    let manager = &world.manager;
    manager
        .list(&id, &path)
        .fails_with(500, "Failed to list files: ");
    manager
        .download(&id, &path, &local)
        .fails_with(500, "Download failed: ");
    fs::write(&local, "x").unwrap();
    manager
        .upload(&id, &local, &path)
        .fails_with(500, "Upload failed: ");
    manager.list(&id, text(&directory)).ok();
    assert_eq!(manager.execute(&id, "echo alive").ok()["output"], "alive");
}

fn a_name_that_is_not_utf8_goes_there_and_back(world: &SshWorld, engine: &str) {
    let directory = world.directory();
    let name = OsStr::from_bytes(b"caf\xff \xe9.txt");
    fs::write(directory.join(name), "latin").unwrap();
    fs::write(directory.join("plain"), "x").unwrap();
    let id = world.manager.ssh(&world.sshd, engine);
    let body = world.manager.list(&id, text(&directory)).ok();
    let files = body["files"].as_array().unwrap();
    assert_eq!(files.len(), 2, "{body}");
    let path = files[0]["path"].as_str().unwrap();
    let local = world.manager.local(&unique());
    world.manager.download(&id, path, &local).ok();
    assert_eq!(fs::read(&local).unwrap(), b"latin");
    fs::write(&local, "new").unwrap();
    world.manager.upload(&id, &local, path).ok();
    assert_eq!(fs::read(directory.join(name)).unwrap(), b"new");
    assert_eq!(
        fs::read_dir(&directory).unwrap().count(),
        2,
        "the same name, byte for byte"
    );
}

fn a_missing_remote_file_leaves_the_local_one_alone(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let local = world.manager.local(&unique());
    fs::write(&local, "precious").unwrap();
    let answer = world.manager.download(&id, "/no/such/file", &local);
    answer.fails(500, "Download failed: [Errno 2] No such file");
    assert_eq!(fs::read(&local).unwrap(), b"precious");
}

/// A file nobody transfers in a moment; no byte of it is on the disk.
const LONG: u64 = 400_000_000;

fn a_download_that_is_cut_leaves_the_local_file_alone(world: &SshWorld, engine: &str) {
    let sshd = Sshd::start();
    let remote = sshd.write_file("long", "");
    File::options()
        .write(true)
        .open(&remote)
        .unwrap()
        .set_len(LONG)
        .unwrap();
    let id = world.manager.ssh(&sshd, engine);
    let folder = world.manager.local(&unique());
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("a"), "precious").unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let answer = world
                .manager
                .download(&id, text(&remote), &folder.join("a"));
            answer.fails_with(500, "Download failed: ");
        });
        eventually(SOON, "the download has begun", || {
            let entries = fs::read_dir(&folder).unwrap().flatten();
            entries
                .filter(|e| e.metadata().is_ok_and(|m| m.len() > 100_000))
                .count()
                > 0
        });
        sshd.kill();
    });
    assert_eq!(fs::read(folder.join("a")).unwrap(), b"precious");
    let left: Vec<_> = fs::read_dir(&folder).unwrap().flatten().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

fn an_upload_that_is_cut_leaves_the_remote_file_alone(world: &SshWorld, engine: &str) {
    let sshd = Sshd::start();
    let remote = sshd.write_file("up/a", "precious");
    let local = world.manager.local(&unique());
    File::create(&local).unwrap().set_len(LONG).unwrap();
    let id = world.manager.ssh(&sshd, engine);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let answer = world.manager.upload(&id, &local, text(&remote));
            answer.fails_with(500, "Upload failed: ");
        });
        eventually(SOON, "the upload has begun", || {
            let entries = fs::read_dir(remote.parent().unwrap()).unwrap().flatten();
            entries
                .filter(|e| e.metadata().is_ok_and(|m| m.len() > 100_000))
                .count()
                > 0
        });
        sshd.kill();
    });
    assert_eq!(fs::read(&remote).unwrap(), b"precious");
}
