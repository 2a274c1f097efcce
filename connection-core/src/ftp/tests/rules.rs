//! The written rules of [`RemoteFs`](crate::fs::RemoteFs), one after another, on every server.

use super::servers::{Pyftpd, Server, pure_ftpd, vsftpd};
use super::*;
use crate::error::ErrorKind;
use crate::fs::{FileType, Overwrite, SetAttributes};
use std::time::SystemTime;

async fn all_rules(server: Server, tls: bool) {
    let connection = connect(&server, tls).await;
    let fs = connection.fs();
    let result = tokio::spawn(rules(fs, server.base.to_owned(), server.root.clone())).await;
    assert!(result.is_ok(), "{}", last_lines(&server.log()));
    connection.close().await;
}

fn last_lines(log: &str) -> String {
    let lines: Vec<_> = log
        .lines()
        .filter(|line| !line.contains("[debug]"))
        .collect();
    lines[lines.len().saturating_sub(25)..].join("\n")
}

async fn rules(fs: Arc<dyn RemoteFs>, base: String, root: std::path::PathBuf) {
    let at = |name: &str| {
        RemotePath::parse(name.as_bytes(), &RemotePath::from_text(&base).unwrap()).unwrap()
    };
    let base = at(".");
    let can = fs.capabilities();
    assert!(base.starts_with(&fs.home().await.unwrap()));
    assert!(list(&fs, &base).await.unwrap().is_empty());

    // Files, empty ones included, with odd names.
    for (name, data) in [
        ("plain", &b"hello"[..]),
        ("empty", b""),
        (".hidden", b"h"),
        // Pure-FTPd cuts spaces off the end of a command, so the end is tested elsewhere.
        (" two  spaces", b"s"),
        ("-a", b"dash"),
        ("st*r [x]?", b"glob"),
        ("ünï", b"utf8"),
    ] {
        put(&fs, &at(name), ANEW, data).await.unwrap();
        assert_eq!(
            std::fs::read(root.join(name)).ok().as_deref(),
            Some(data),
            "{name:?}"
        );
        assert_eq!(get(&fs, &at(name), 0).await.unwrap(), data, "{name:?}");
        let seen = fs.stat(&at(name)).await.unwrap();
        assert_eq!(
            (seen.file_type, seen.size),
            (FileType::File, Some(data.len() as u64)),
            "{name:?}"
        );
    }
    let entries = list(&fs, &base).await.unwrap();
    assert_eq!(entries.len(), 7, "{entries:?}");
    let plain = find(&entries, b"plain");
    assert_eq!(plain.metadata.size, Some(5));
    assert_eq!(plain.metadata.permissions, Some(0o644));
    let age = SystemTime::now().duration_since(plain.metadata.modified.unwrap());
    assert!(age.unwrap_or_default() < Duration::from_secs(120));
    find(&entries, b" two  spaces");

    // Binary data, larger than every buffer, read from an offset too.
    let data = noise(3_000_000);
    put(&fs, &at("big"), ANEW, &data).await.unwrap();
    assert_eq!(get(&fs, &at("big"), 0).await.unwrap(), data);
    assert_eq!(
        get(&fs, &at("big"), 2_999_000).await.unwrap(),
        data[2_999_000..]
    );
    assert!(get(&fs, &at("big"), 3_000_000).await.unwrap().is_empty());
    assert!(get(&fs, &at("big"), 4_000_000).await.unwrap().is_empty());

    // Directories.
    fs.create_dir(&at("d")).await.unwrap();
    fs.create_dir(&at("d/sub dir")).await.unwrap();
    put(&fs, &at("d/sub dir/x"), ANEW, b"x").await.unwrap();
    assert!(fs.stat(&at("d")).await.unwrap().is_dir());
    assert!(fs.stat(&RemotePath::root()).await.unwrap().is_dir());
    assert_eq!(names(&fs, &at("d")).await, [b"sub dir".to_vec()]);

    // Errors, each of its kind, with the server's words.
    let kind = |result: Result<()>, what: &str| {
        let error = result.expect_err(what);
        assert!(!error.message().is_empty(), "{what}: {error:?}");
        error.kind()
    };
    let none = at("none");
    assert_eq!(
        kind(fs.stat(&none).await.map(drop), "stat none"),
        ErrorKind::NotFound
    );
    assert_eq!(
        kind(fs.lstat(&at("no/ne")).await.map(drop), "stat no/ne"),
        ErrorKind::NotFound
    );
    let missing = get(&fs, &none, 0).await.unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::NotFound);
    assert!(missing.message().starts_with("550 "), "{missing:?}");
    assert_eq!(
        kind(get(&fs, &at("d"), 0).await.map(drop), "get dir"),
        ErrorKind::IsADirectory
    );
    assert_eq!(
        kind(list(&fs, &none).await.map(drop), "list none"),
        ErrorKind::NotFound
    );
    assert_eq!(
        kind(list(&fs, &at("plain")).await.map(drop), "list file"),
        ErrorKind::NotADirectory
    );
    assert_eq!(
        kind(put(&fs, &at("no/ne"), ANEW, b"x").await, "put no/ne"),
        ErrorKind::NotFound
    );
    assert_eq!(
        kind(put(&fs, &at("d"), ANEW, b"x").await, "put dir"),
        ErrorKind::IsADirectory
    );
    assert_eq!(
        kind(fs.create_dir(&at("d")).await, "mkdir d"),
        ErrorKind::AlreadyExists
    );
    assert_eq!(
        kind(fs.create_dir(&at("plain")).await, "mkdir file"),
        ErrorKind::AlreadyExists
    );
    assert_eq!(
        kind(fs.create_dir(&at("no/ne")).await, "mkdir no/ne"),
        ErrorKind::NotFound
    );
    assert_eq!(
        kind(fs.remove_dir(&at("d")).await, "rmdir d"),
        ErrorKind::DirectoryNotEmpty
    );
    assert_eq!(
        kind(fs.remove_dir(&at("plain")).await, "rmdir file"),
        ErrorKind::NotADirectory
    );
    assert_eq!(
        kind(fs.remove_dir(&none).await, "rmdir none"),
        ErrorKind::NotFound
    );
    assert_eq!(
        kind(fs.remove_file(&none).await, "rm none"),
        ErrorKind::NotFound
    );
    assert_eq!(
        kind(fs.remove_file(&at("d")).await, "rm dir"),
        ErrorKind::IsADirectory
    );
    let line_break = RemotePath::parse(b"/a\r\nDELE plain", &RemotePath::root()).unwrap();
    assert_eq!(
        kind(fs.remove_file(&line_break).await, "CRLF"),
        ErrorKind::InvalidInput
    );

    // Ways of writing.
    let new = WriteOptions {
        mode: WriteMode::CreateNew,
        permissions: None,
    };
    assert_eq!(
        kind(put(&fs, &at("plain"), new, b"x").await, "create new"),
        ErrorKind::AlreadyExists
    );
    put(&fs, &at("new"), new, b"12345").await.unwrap();
    let append = WriteOptions {
        mode: WriteMode::At(5),
        permissions: None,
    };
    assert!(can.append);
    put(&fs, &at("new"), append, b"678").await.unwrap();
    assert_eq!(get(&fs, &at("new"), 0).await.unwrap(), b"12345678");
    let middle = WriteOptions {
        mode: WriteMode::At(2),
        permissions: None,
    };
    if can.write_at {
        put(&fs, &at("new"), middle, b"xy").await.unwrap();
        assert_eq!(get(&fs, &at("new"), 0).await.unwrap(), b"12xy5678");
        assert_eq!(
            kind(put(&fs, &none, append, b"x").await, "append none"),
            ErrorKind::NotFound
        );
    } else {
        assert_eq!(
            kind(put(&fs, &at("new"), middle, b"x").await, "middle"),
            ErrorKind::Unsupported
        );
        assert_eq!(get(&fs, &at("new"), 0).await.unwrap(), b"12345678");
    }

    // Renames.
    fs.rename(&at("new"), &at("renamed"), Overwrite::Refuse)
        .await
        .unwrap();
    assert_eq!(
        kind(
            fs.rename(&at("renamed"), &at("plain"), Overwrite::Refuse)
                .await,
            "refuse"
        ),
        ErrorKind::AlreadyExists
    );
    assert_eq!(get(&fs, &at("plain"), 0).await.unwrap(), b"hello");
    fs.rename(&at("renamed"), &at("plain"), Overwrite::Replace)
        .await
        .unwrap();
    assert_eq!(fs.stat(&at("plain")).await.unwrap().size, Some(8));
    assert_eq!(
        kind(
            fs.rename(&none, &at("z"), Overwrite::Replace).await,
            "rename none"
        ),
        ErrorKind::NotFound
    );
    fs.rename(&at("d/sub dir"), &at("moved"), Overwrite::Refuse)
        .await
        .unwrap();

    // Attributes.
    let mode = SetAttributes {
        permissions: Some(0o600),
        ..Default::default()
    };
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let times = SetAttributes {
        modified: Some(time),
        ..Default::default()
    };
    if can.set_permissions {
        fs.set_attributes(&at("big"), &mode).await.unwrap();
        assert_eq!(fs.stat(&at("big")).await.unwrap().permissions, Some(0o600));
    } else {
        assert_eq!(
            kind(fs.set_attributes(&at("big"), &mode).await, "chmod"),
            ErrorKind::Unsupported
        );
    }
    if can.set_times {
        fs.set_attributes(&at("big"), &times).await.unwrap();
        assert_eq!(fs.stat(&at("big")).await.unwrap().modified, Some(time));
        assert_eq!(
            kind(fs.set_attributes(&none, &times).await, "utime none"),
            ErrorKind::NotFound
        );
    } else {
        assert_eq!(
            kind(fs.set_attributes(&at("big"), &times).await, "utime"),
            ErrorKind::Unsupported
        );
    }
    let owner = SetAttributes {
        owner: Some((1, 1)),
        ..Default::default()
    };
    assert_eq!(
        kind(fs.set_attributes(&at("big"), &owner).await, "chown"),
        ErrorKind::Unsupported
    );
    assert_eq!(
        kind(fs.symlink(b"x", &none).await, "symlink"),
        ErrorKind::Unsupported
    );
    assert_eq!(
        kind(fs.space(&base).await.map(drop), "space"),
        ErrorKind::Unsupported
    );

    // Links made behind the server's back.
    std::os::unix::fs::symlink("moved", root.join("link")).unwrap();
    assert!(fs.stat(&at("link")).await.unwrap().is_dir());
    assert_eq!(names(&fs, &at("link")).await, [b"x".to_vec()]);
    fs.remove_file(&at("link")).await.unwrap();
    std::os::unix::fs::symlink("nowhere", root.join("broken")).unwrap();
    assert_eq!(
        kind(fs.stat(&at("broken")).await.map(drop), "stat broken"),
        ErrorKind::NotFound
    );
    fs.remove_file(&at("broken")).await.unwrap();
    assert!(root.join("moved/x").exists());

    fs.remove_file(&at("moved/x")).await.unwrap();
    fs.remove_dir(&at("moved")).await.unwrap();
    assert!(!root.join("moved").exists());

    // More entries than a page holds.
    std::fs::create_dir(root.join("many")).unwrap();
    for n in 0..2000 {
        std::fs::write(root.join(format!("many/{n:04}")), b"").unwrap();
    }
    assert_eq!(list(&fs, &at("many")).await.unwrap().len(), 2000);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_pyftpdlib() {
    all_rules(Pyftpd::default().start(), false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_pyftpdlib_without_mlsd() {
    all_rules(
        Pyftpd {
            mlsd: false,
            ..Pyftpd::default()
        }
        .start(),
        false,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_pyftpdlib_over_tls() {
    all_rules(
        Pyftpd {
            tls: true,
            ..Pyftpd::default()
        }
        .start(),
        true,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_pyftpdlib_over_tls_without_mlsd() {
    all_rules(
        Pyftpd {
            tls: true,
            mlsd: false,
            ..Pyftpd::default()
        }
        .start(),
        true,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_vsftpd() {
    all_rules(vsftpd(false), false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_vsftpd_over_tls() {
    all_rules(vsftpd(true), true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_pure_ftpd() {
    all_rules(pure_ftpd(false), false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_pure_ftpd_over_tls() {
    all_rules(pure_ftpd(true), true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_pyftpdlib_that_only_speaks_tls_1_3() {
    let server = Pyftpd {
        tls: true,
        tls13: true,
        ..Pyftpd::default()
    };
    all_rules(server.start(), true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_pyftpdlib_that_does_not_replace() {
    let server = Pyftpd {
        no_replace: true,
        ..Pyftpd::default()
    };
    all_rules(server.start(), false).await;
}

/// Files of another account, which the server's own may not touch.
#[tokio::test(flavor = "multi_thread")]
async fn closed_doors() {
    use std::os::unix::fs::PermissionsExt;
    for server in [vsftpd(false), pure_ftpd(false)] {
        let connection = connect(&server, false).await;
        let fs = connection.fs();
        std::fs::create_dir_all(server.root.join("closed/in")).unwrap();
        std::fs::write(server.root.join("file"), b"x").unwrap();
        for name in ["closed", "file"] {
            let mode = std::fs::Permissions::from_mode(if name == "file" { 0o600 } else { 0o700 });
            std::fs::set_permissions(server.root.join(name), mode).unwrap();
        }
        std::fs::create_dir(server.root.join("read-only")).unwrap();
        let at = |name: &str| path(&server, name);
        let kinds = [
            list(&fs, &at("closed")).await.map(drop),
            list(&fs, &at("closed/in")).await.map(drop),
            fs.stat(&at("closed/none")).await.map(drop),
            get(&fs, &at("file"), 0).await.map(drop),
            put(&fs, &at("file"), ANEW, b"y").await,
            put(&fs, &at("closed/new"), ANEW, b"y").await,
            put(&fs, &at("read-only/new"), ANEW, b"y").await,
            fs.create_dir(&at("read-only/new")).await,
        ]
        .map(|result| result.err().map(|error| error.kind()));
        assert_eq!(names(&fs, &at(".")).await.len(), 3);
        assert_eq!(
            kinds,
            [Some(ErrorKind::PermissionDenied); 8],
            "{}",
            server.log()
        );
    }
}
