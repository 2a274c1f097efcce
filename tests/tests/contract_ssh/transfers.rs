//! Downloads and uploads.

use connection_tests::manager::{Manager, SshWorld, text, unique};
use connection_tests::{Sshd, on_both_engines};
use serde_json::json;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

on_both_engines![
    a_download_says_where_and_how_much,
    without_a_local_path_it_goes_to_the_temporary_directory,
    an_upload_says_where,
    an_upload_replaces_what_was_there,
    paths_are_required,
    the_local_file_of_an_upload_must_exist,
    remote_reasons_why_a_download_fails,
    local_reasons_why_a_download_fails,
    reasons_why_an_upload_fails,
];

fn a_download_says_where_and_how_much(world: &SshWorld, engine: &str) {
    let remote = world.directory().join("a.txt");
    fs::write(&remote, "hello, world").unwrap();
    let id = world.manager.ssh(&world.sshd, engine);
    let local = world.manager.local(&unique());
    let body = world.manager.download(&id, text(&remote), &local).ok();
    let path = text(&local);
    let want = json!({"local_path": path, "size": 12, "message": format!("Downloaded to {path}")});
    assert_eq!(body, want);
    assert_eq!(fs::read(&local).unwrap(), b"hello, world");
}

fn without_a_local_path_it_goes_to_the_temporary_directory(_: &SshWorld, engine: &str) {
    let home = tempfile::tempdir().unwrap();
    let temporary = home.path().join("tmp");
    fs::create_dir(&temporary).unwrap();
    let manager = Manager::builder()
        .home(home)
        .env("TMPDIR", text(&temporary))
        .start();
    let sshd = Sshd::start();
    let remote = sshd.write_file("name.txt", "x");
    let id = manager.ssh(&sshd, engine);
    let want = text(&temporary.join("name.txt")).to_owned();
    for local in [json!(null), json!("")] {
        let body = json!({"remotePath": remote, "localPath": local});
        let answer = manager.post(&format!("/connections/{id}/download"), &body);
        assert_eq!(answer.ok()["local_path"], want);
    }
    let answer = manager.post(
        &format!("/connections/{id}/download"),
        &json!({"remotePath": remote}),
    );
    assert_eq!(answer.ok()["message"], format!("Downloaded to {want}"));
    assert_eq!(fs::read(&want).unwrap(), b"x");
}

fn an_upload_says_where(world: &SshWorld, engine: &str) {
    let remote = world.directory().join("up.txt");
    let local = world.manager.local(&unique());
    fs::write(&local, vec![7; 300_000]).unwrap();
    let id = world.manager.ssh(&world.sshd, engine);
    let body = world.manager.upload(&id, &local, text(&remote)).ok();
    assert_eq!(
        body,
        json!({"message": format!("Uploaded to {}", text(&remote))})
    );
    assert_eq!(fs::read(&remote).unwrap(), vec![7; 300_000]);
    let left: Vec<_> = fs::read_dir(remote.parent().unwrap())
        .unwrap()
        .flatten()
        .collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

fn an_upload_replaces_what_was_there(world: &SshWorld, engine: &str) {
    let remote = world.directory().join("up.txt");
    fs::write(&remote, "a longer text than the new one").unwrap();
    world.sshd.own(&remote);
    let local = world.manager.local(&unique());
    fs::write(&local, "new").unwrap();
    let id = world.manager.ssh(&world.sshd, engine);
    world.manager.upload(&id, &local, text(&remote)).ok();
    assert_eq!(fs::read(&remote).unwrap(), b"new");
}

fn paths_are_required(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let download = format!("/connections/{id}/download");
    for body in [json!({}), json!(null), json!({"localPath": "/tmp/x"})] {
        world
            .manager
            .post(&download, &body)
            .fails(400, "remotePath is required");
    }
    let upload = format!("/connections/{id}/upload");
    for body in [
        json!({}),
        json!(null),
        json!({"localPath": "/tmp/x"}),
        json!({"remotePath": "/x"}),
    ] {
        let answer = world.manager.post(&upload, &body);
        answer.fails(400, "localPath and remotePath are required");
    }
}

fn the_local_file_of_an_upload_must_exist(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let local = world.manager.local("no-such-file");
    let answer = world.manager.upload(&id, &local, "/nope/x");
    answer.fails(404, &format!("Local file not found: {}", text(&local)));
}

fn remote_reasons_why_a_download_fails(world: &SshWorld, engine: &str) {
    let directory = world.directory();
    fs::write(directory.join("secret"), "x").unwrap();
    fs::set_permissions(directory.join("secret"), Permissions::from_mode(0o000)).unwrap();
    let id = world.manager.ssh(&world.sshd, engine);
    let local = world.manager.local(&unique());
    let base = text(&directory);
    for (remote, detail) in [
        (
            format!("{base}/nope"),
            "Download failed: [Errno 2] No such file",
        ),
        (
            format!("{base}/secret"),
            "Download failed: [Errno 13] Permission denied",
        ),
        (base.to_owned(), "Download failed: Failure"),
    ] {
        world
            .manager
            .download(&id, &remote, &local)
            .fails(500, detail);
        assert!(
            !local.exists(),
            "{remote}: something was left at the local path"
        );
    }
}

fn local_reasons_why_a_download_fails(world: &SshWorld, engine: &str) {
    let remote = world.directory().join("a.txt");
    fs::write(&remote, "hello").unwrap();
    let id = world.manager.ssh(&world.sshd, engine);
    let base = world.manager.local(&unique());
    fs::create_dir(&base).unwrap();
    fs::write(base.join("file"), "").unwrap();
    for (local, reason) in [
        (
            base.join("no/such/place"),
            "[Errno 2] No such file or directory",
        ),
        (base.clone(), "[Errno 21] Is a directory"),
        (base.join("file/below"), "[Errno 20] Not a directory"),
    ] {
        let answer = world.manager.download(&id, text(&remote), &local);
        answer.fails(
            500,
            &format!("Download failed: {reason}: '{}'", text(&local)),
        );
    }
}

fn reasons_why_an_upload_fails(world: &SshWorld, engine: &str) {
    let directory = world.directory();
    fs::create_dir(directory.join("closed")).unwrap();
    fs::set_permissions(directory.join("closed"), Permissions::from_mode(0o555)).unwrap();
    let local = world.manager.local(&unique());
    fs::write(&local, "x").unwrap();
    let id = world.manager.ssh(&world.sshd, engine);
    let base = text(&directory);
    for (remote, detail) in [
        (
            format!("{base}/no/such/x"),
            "Upload failed: [Errno 2] No such file",
        ),
        (
            format!("{base}/closed/x"),
            "Upload failed: [Errno 13] Permission denied",
        ),
        (base.to_owned(), "Upload failed: Failure"),
    ] {
        world
            .manager
            .upload(&id, &local, &remote)
            .fails(500, detail);
    }
    let folder = world.manager.home().to_owned();
    let answer = world.manager.upload(&id, &folder, &format!("{base}/x"));
    answer.fails(
        500,
        &format!(
            "Upload failed: [Errno 21] Is a directory: '{}'",
            text(&folder)
        ),
    );
}
