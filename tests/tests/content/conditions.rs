//! PUT with conditions: two who edit one file do not overwrite each other unseen.

use crate::client::{Call, Reply, head, target};
use crate::names;
use connection_tests::manager::{Manager, SshWorld};
use connection_tests::wait::PATIENCE;
use connection_tests::{eventually, on_both_engines};
use std::fs;

on_both_engines![
    an_edit_of_a_file_that_changed_is_refused,
    a_file_that_changes_while_the_body_comes_is_not_replaced,
    a_file_may_only_come_into_being,
];

fn put(manager: &Manager, target: &str, condition: &str, body: &str) -> Reply {
    let length = format!("Content-Length: {}", body.len());
    Call::send(manager, "PUT", target, &[&length, condition])
        .body(body.as_bytes())
        .reply()
}

fn an_edit_of_a_file_that_changed_is_refused(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let directory = world.directory();
    let path = directory.join("a");
    let target = target(&id, &path, "");
    let put = |condition: &str, body| put(&world.manager, &target, condition, body);
    let tag = || {
        let reply = head(&world.manager, &target, &[]);
        reply.header("etag").to_owned()
    };
    for condition in ["If-Match: *", "If-Match: \"x\""] {
        put(condition, "x").refused(412, "precondition_failed");
    }
    assert!(names(&directory).is_empty());
    fs::write(&path, "first").unwrap();
    world.sshd.own(&path);
    let read = tag();
    put(&format!("If-Match: {read}"), "mine").ok();
    assert_eq!(fs::read(&path).unwrap(), b"mine");
    // The tag is of what was there before.
    put(&format!("If-Match: {read}"), "again").refused(412, "precondition_failed");
    put(&format!("If-Match: W/{}", tag()), "again").refused(412, "precondition_failed");
    put("If-Match: *", "any").ok();
    put(&format!("If-None-Match: {}", tag()), "x").refused(412, "precondition_failed");
    let old = "If-Unmodified-Since: Tue, 14 Nov 2023 22:13:20 GMT";
    put(old, "x").refused(412, "precondition_failed");
    assert_eq!(fs::read(&path).unwrap(), b"any");
    assert_eq!(names(&directory), ["a"]);
}

fn a_file_that_changes_while_the_body_comes_is_not_replaced(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let directory = world.directory();
    let path = directory.join("a");
    fs::write(&path, "first").unwrap();
    let target = target(&id, &path, "");
    let tag = head(&world.manager, &target, &[]).header("etag").to_owned();
    let lines = ["Content-Length: 6", &format!("If-Match: {tag}")];
    let call = Call::send(&world.manager, "PUT", &target, &lines).body(b"sec");
    eventually(PATIENCE, "the upload began", || {
        names(&directory).len() == 2
    });
    fs::write(&path, "something of theirs").unwrap();
    call.body(b"ond")
        .reply()
        .refused(412, "precondition_failed");
    assert_eq!(fs::read(&path).unwrap(), b"something of theirs");
    assert_eq!(names(&directory), ["a"]);
}

fn a_file_may_only_come_into_being(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let directory = world.directory();
    let path = directory.join("a");
    let target = target(&id, &path, "");
    let none = "If-None-Match: *";
    put(&world.manager, &target, none, "first").ok();
    put(&world.manager, &target, none, "second").refused(412, "precondition_failed");
    assert_eq!(fs::read(&path).unwrap(), b"first");
    fs::remove_file(&path).unwrap();
    let lines = ["Content-Length: 6", none];
    let call = Call::send(&world.manager, "PUT", &target, &lines).body(b"sec");
    eventually(PATIENCE, "the upload began", || {
        names(&directory).len() == 1
    });
    fs::write(&path, "theirs").unwrap();
    call.body(b"ond")
        .reply()
        .refused(412, "precondition_failed");
    assert_eq!(fs::read(&path).unwrap(), b"theirs");
    // A link that leads nowhere is there too.
    fs::remove_file(&path).unwrap();
    std::os::unix::fs::symlink("nowhere", &path).unwrap();
    put(&world.manager, &target, none, "third").refused(412, "precondition_failed");
    assert_eq!(names(&directory), ["a"]);
}
