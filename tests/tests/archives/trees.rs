//! Trees of real servers, fetched in both forms, unpacked by other programs and compared with
//! what is there, byte by byte.

use crate::fetching::{archive_of, fetch};
use crate::ground::{Ground, everywhere};
use crate::unpack::{Node, Tree, Unpacker, bare, os, tree, unpackers};
use connection_core::path::bytes_to_text;
use connection_tests::manager::SshWorld;
use connection_tests::noise;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::time::{Duration, SystemTime};

everywhere![a_tree_comes_out_as_it_is, several_paths_are_one_archive];

/// Whether the server gives names that are no text; pyftpdlib does not.
fn has_bytes(ground: &Ground<'_>) -> bool {
    !ground.name.starts_with("pyftpdlib")
}

/// Names as the form has them: bytes in a tar, text in a zip.
fn as_in(format: &str, tree: Tree) -> Tree {
    match format {
        "tar" => tree,
        _ => tree
            .into_iter()
            .map(|(name, node)| (bytes_to_text(&name).into_bytes(), node))
            .collect(),
    }
}

fn fill(ground: &Ground<'_>) {
    let top = ground.mkdir("tree");
    for directory in ["tree/empty", "tree/a", "tree/a/b", "tree/a/b/c"] {
        ground.mkdir(directory);
    }
    ground.write("tree/empty.txt", b"");
    ground.write("tree/small.txt", b"small");
    ground.write("tree/script.sh", b"#!/bin/sh\n");
    ground.write("tree/a/edge", &noise(64 << 10));
    ground.write("tree/a/b/over the edge", &noise((64 << 10) + 1));
    ground.write("tree/a/b/c/large.bin", &noise(5 << 20));
    ground.write("tree/grün – 日本.txt", "grün".as_bytes());
    if has_bytes(ground) {
        ground.write(os(b"tree/a/caf\xe9 \xff"), b"bytes");
    }
    for number in 0..40 {
        ground.write(
            format!("tree/a/b/file-{number}"),
            format!("{number}").as_bytes(),
        );
    }
    if ground.is_ssh() {
        symlink("../small.txt", top.join("a/link")).unwrap();
        symlink("/nowhere/at all", top.join("broken")).unwrap();
        symlink(".", top.join("loop")).unwrap();
    }
    let mode = |name: &str, mode| {
        fs::set_permissions(top.join(name), fs::Permissions::from_mode(mode)).unwrap();
    };
    mode("script.sh", 0o755);
    mode("small.txt", 0o600);
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_234_567_891);
    let file = fs::File::options().append(true).open(top.join("small.txt"));
    file.unwrap().set_modified(time).unwrap();
}

/// What is to come out of this unpacker.
fn wanted(ground: &Ground<'_>, format: &str, unpacker: &Unpacker) -> Tree {
    let there: Tree = tree(&ground.local)
        .into_iter()
        .filter(|(name, _)| name.starts_with(b"tree"))
        .collect();
    let there = as_in(format, there);
    if ground.is_ssh() && unpacker.exact {
        return there;
    }
    let there = bare(there);
    if unpacker.exact {
        return there;
    }
    let node = |node| match node {
        // As this program has links.
        Node::Link(content) => Node::File {
            mode: 0,
            mtime: 0,
            content,
        },
        node => node,
    };
    there.into_iter().map(|(name, n)| (name, node(n))).collect()
}

fn a_tree_comes_out_as_it_is(ground: &Ground<'_>) {
    fill(ground);
    for format in ["zip", "tar"] {
        let target = archive_of(
            &ground.id,
            &[ground.at("tree").as_bytes()],
            &format!("format={format}"),
        );
        let fetched = fetch(ground.manager, &target, &[]);
        assert_eq!(
            (fetched.status, fetched.whole),
            (200, true),
            "{}",
            fetched.head
        );
        for unpacker in unpackers(format) {
            let mut found = unpacker.unpacked(&fetched.path);
            if !ground.is_ssh() || !unpacker.exact {
                found = bare(found);
            }
            let want = wanted(ground, format, &unpacker);
            let names =
                |tree: &Tree| -> Vec<String> { tree.keys().map(|n| bytes_to_text(n)).collect() };
            assert_eq!(names(&found), names(&want), "{} {format}", unpacker.name);
            for (name, node) in &found {
                let name_of = bytes_to_text(name);
                assert!(*node == want[name], "{} {format} {name_of}", unpacker.name);
            }
        }
    }
}

fn several_paths_are_one_archive(ground: &Ground<'_>) {
    ground.mkdir("one");
    ground.mkdir("two");
    ground.write("one/same.txt", b"first");
    ground.write("two/same.txt", b"second");
    let odd: &[u8] = if has_bytes(ground) {
        b"odd \xe9"
    } else {
        b"odd"
    };
    ground.write(os(odd), b"odd");
    let at = |name: &[u8]| [ground.remote.as_bytes(), b"/", name].concat();
    let paths = [
        at(b"one/same.txt"),
        at(b"two/same.txt"),
        at(odd),
        at(b"one"),
        at(b"one"),
    ];
    let paths: Vec<&[u8]> = paths.iter().map(Vec::as_slice).collect();
    for format in ["zip", "tar"] {
        let target = archive_of(&ground.id, &paths, &format!("format={format}"));
        let fetched = fetch(ground.manager, &target, &[]);
        assert_eq!(
            (fetched.status, fetched.whole),
            (200, true),
            "{}",
            fetched.head
        );
        let disposition = format!("attachment; filename=\"same.txt-and-4-more.{format}\"");
        assert!(
            fetched
                .header("content-disposition")
                .starts_with(&disposition),
            "{}",
            fetched.head
        );
        let media_type = if format == "zip" {
            "application/zip"
        } else {
            "application/x-tar"
        };
        assert_eq!(fetched.header("content-type"), media_type);
        assert_eq!(fetched.header("x-content-type-options"), "nosniff");
        assert_eq!(fetched.header("content-length"), "");
        assert_eq!(fetched.header("accept-ranges"), "none");
        let want: Vec<(&[u8], Option<&[u8]>)> = vec![
            (odd, Some(b"odd")),
            (b"one", None),
            (b"one/same.txt", Some(b"first")),
            (b"same (2).txt", Some(b"second")),
            (b"same.txt", Some(b"first")),
        ];
        let want = want.into_iter().map(|(name, content)| {
            let node = content.map_or(Node::Directory, |content| Node::File {
                mode: 0,
                mtime: 0,
                content: content.to_vec(),
            });
            (name.to_vec(), node)
        });
        let want = as_in(format, want.collect());
        for unpacker in unpackers(format) {
            assert_eq!(
                bare(unpacker.unpacked(&fetched.path)),
                want,
                "{}",
                unpacker.name
            );
        }
    }
}

mod names {
    use super::*;
    connection_tests::on_both_engines![
        the_name_says_what_it_is,
        the_root_is_named_after_the_session
    ];

    fn the_name_says_what_it_is(world: &SshWorld, engine: &str) {
        let ground = Ground::ssh(world, engine);
        ground.write(os("grün\".d".as_bytes()), b"x");
        let path = [ground.remote.as_bytes(), "/grün\".d".as_bytes()].concat();
        let fetched = fetch(ground.manager, &archive_of(&ground.id, &[&path], ""), &[]);
        let want = "attachment; filename=\"gr_n_.d.zip\"; filename*=UTF-8''gr%C3%BCn%22.d.zip";
        assert_eq!(fetched.header("content-disposition"), want);
        // A path from the login directory on, and the way a browser asks first.
        ground.mkdir("here");
        let name = ground.local.file_name().unwrap().to_str().unwrap();
        let relative = format!("{name}/here");
        let target = archive_of(&ground.id, &[relative.as_bytes()], "format=tar");
        let fetched = fetch(ground.manager, &target, &["--head"]);
        assert_eq!(
            (fetched.status, fetched.whole),
            (200, true),
            "{}",
            fetched.head
        );
        assert!(fetched.header("content-disposition").contains("here.tar"));
    }

    fn the_root_is_named_after_the_session(world: &SshWorld, engine: &str) {
        let ground = Ground::ssh(world, engine);
        let target = archive_of(&ground.id, &[b"/"], "");
        // Nobody wants all of it.
        let fetched = fetch(ground.manager, &target, &["--head"]);
        let user = world.sshd.user();
        let want = format!("attachment; filename=\"{user}@127.0.0.1.zip\"");
        let header = fetched.header("content-disposition");
        assert!(header.starts_with(&want), "{header}");
    }
}
