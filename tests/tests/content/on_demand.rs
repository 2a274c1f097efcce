//! Clients that send a body only once they are asked for it (`Expect: 100-continue`): a
//! refusal comes in place of the question.

use crate::client::{Call, target};
use connection_tests::manager::SshWorld;
use connection_tests::on_both_engines;
use std::fs;

on_both_engines![a_refused_body_is_not_asked_for, a_welcome_body_is_asked_for];

const EXPECT: &str = "Expect: 100-continue";
const FORM: &str = "Content-Type: multipart/form-data; boundary=x";

fn a_refused_body_is_not_asked_for(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let path = world.directory().join("there");
    fs::write(&path, "old").unwrap();
    let (form, length) = ("POST", "Content-Length: 100000000");
    let missing = path.join("missing/file");
    for (method, target, kind, status, code) in [
        (
            "PUT",
            target(&id, &path, "&overwrite=false"),
            "A: b",
            409,
            "already_exists",
        ),
        (
            "PUT",
            target(&id, &path, "&mode=9"),
            "A: b",
            400,
            "invalid_input",
        ),
        ("PUT", target(&id, &missing, ""), "A: b", 404, "not_found"),
        (
            form,
            target(&id, path.parent().unwrap(), ""),
            "A: b",
            415,
            "unsupported_media_type",
        ),
    ] {
        let reply = Call::send(&world.manager, method, &target, &[EXPECT, length, kind]).reply();
        reply.refused(status, code);
    }
    assert_eq!(fs::read(&path).unwrap(), b"old");
}

fn a_welcome_body_is_asked_for(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let path = world.directory().join("new");
    let directory = target(&id, path.parent().unwrap(), "");
    let file = target(&id, &path, "");
    let part =
        "--x\r\nContent-Disposition: form-data; name=a; filename=formed\r\n\r\nhello\r\n--x--";
    for (method, target, kind, body) in [
        ("PUT", file, "A: b", "hello"),
        ("POST", directory, FORM, part),
    ] {
        let length = format!("Content-Length: {}", body.len());
        let lines = [EXPECT, kind, length.as_str()];
        let asked = Call::send(&world.manager, method, &target, &lines).head();
        let reply = asked.body(body.as_bytes()).reply();
        assert_eq!(reply.status, 100, "{method}");
        let answer = String::from_utf8_lossy(&reply.body);
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    assert_eq!(fs::read(&path).unwrap(), b"hello");
    assert_eq!(fs::read(path.with_file_name("formed")).unwrap(), b"hello");
}
