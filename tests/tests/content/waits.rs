//! How often a small file waits for the remote server: counted on the line between ours and
//! sshd, in turns and not in time.

use crate::client::{get, put, target};
use crate::names;
use connection_tests::manager::{Login, SshWorld};
use connection_tests::{ChaosProxy, on_both_engines};
use serde_json::Value;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::time::Duration;

on_both_engines![small_files_wait_as_often_as_they_must];

/// Each way: longer than either side takes to say what it can say at once.
const FAR: Duration = Duration::from_millis(30);

/// Files to try: the one with the fewest turns counts. A busy machine tears apart what belongs
/// together, and an engine now and then has something of its own to say.
const FILES: usize = 40;

fn small_files_wait_as_often_as_they_must(world: &SshWorld, engine: &str) {
    let line = ChaosProxy::start(world.sshd.addr());
    let login = Login::ssh(&world.sshd, engine)
        .with("host", line.host())
        .with("port", line.port());
    let answer = world.manager.connect_ssh(&login).ok();
    let id = answer["session_id"].as_str().unwrap();
    let directory = world.directory();
    let at = |n: usize| directory.join(format!("file {n}"));
    // What is opened once for the session is not any file's.
    put(
        &world.manager,
        &target(id, &directory.join("first"), ""),
        b"x",
    )
    .ok();
    line.delay(FAR);
    let fewest = |what: &str, wanted: u64, one: &dyn Fn(usize)| {
        let mut turns = Vec::new();
        for n in 0..FILES {
            let before = line.turns();
            one(n);
            turns.push(line.turns() - before);
            if turns.last() <= Some(&wanted) {
                break;
            }
        }
        assert_eq!(turns.iter().min(), Some(&wanted), "{what}: {turns:?}");
    };
    let all_there = || {
        for n in 0..FILES {
            fs::write(at(n), b"small").unwrap();
            world.sshd.own(&at(n));
        }
    };
    let none_there = || {
        for n in 0..FILES {
            fs::remove_file(at(n)).unwrap();
        }
    };
    let send = |n: usize, more: &str| put(&world.manager, &target(id, &at(n), more), b"small").ok();
    fewest("new", 3, &|n| drop(send(n, "")));
    all_there();
    fewest("replaced", 3, &|n| drop(send(n, "")));
    for n in 0..FILES {
        fs::set_permissions(at(n), Permissions::from_mode(0o755)).unwrap();
    }
    fewest("replaced, with its mode", 3, &|n| drop(send(n, "")));
    assert_eq!(fs::metadata(at(0)).unwrap().mode() & 0o7777, 0o755);
    fewest("with another mode", 3, &|n| drop(send(n, "&mode=600")));
    // Which writing would change, and so it waits for the bytes.
    fewest("mode and time", 4, &|n| {
        drop(send(n, "&mode=640&mtime=1700000000"));
    });
    let found = fs::metadata(at(0)).unwrap();
    assert_eq!(
        (found.mode() & 0o7777, found.mtime()),
        (0o640, 1_700_000_000)
    );
    fewest("read", 3, &|n| {
        let reply = get(&world.manager, &target(id, &at(n), ""), &[]);
        assert_eq!((reply.status, &reply.body[..]), (200, &b"small"[..]));
    });
    none_there();
    fewest("new and none other", 4, &|n| {
        drop(send(n, "&overwrite=false"))
    });
    all_there();
    fewest("refused", 1, &|n| {
        let reply = put(
            &world.manager,
            &target(id, &at(n), "&overwrite=false"),
            b"other",
        );
        reply.refused(409, "already_exists");
    });
    none_there();
    let local = world.manager.local(&format!("small-{engine}"));
    fs::write(&local, b"small").unwrap();
    fewest("the contract's upload", 3, &|n| {
        let answer: Value = world
            .manager
            .upload(id, &local, at(n).to_str().unwrap())
            .ok();
        assert!(answer["message"].is_string());
    });
    all_there();
    fewest("the contract's download", 3, &|n| {
        world
            .manager
            .download(id, at(n).to_str().unwrap(), &local)
            .ok();
    });
    assert_eq!(fs::read(&local).unwrap(), b"small");
    assert_eq!(names(&directory).len(), FILES + 1);
}
