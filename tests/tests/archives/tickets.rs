//! Downloads that are ordered first: a browser fetches them by itself, without a token.

use crate::fetching::{Fetched, fetch};
use crate::unpack::{bare, unpackers};
use connection_tests::manager::{Answer, Manager, text};
use connection_tests::{Sshd, Vsftpd};
use serde_json::{Value, json};
use std::fs;

const TOKEN: &str = "a-long-secret";

fn order(manager: &Manager, id: &str, body: &Value) -> Answer {
    manager.post(&format!("/connections/{id}/downloads"), body)
}

fn redeem(manager: &Manager, ordered: &Value) -> Fetched {
    let ticket = ordered["ticket"].as_str().unwrap();
    fetch(manager, &format!("/downloads?ticket={ticket}"), &[])
}

#[test]
fn a_ticket_fetches_what_was_ordered_once_and_needs_no_token() {
    let manager = Manager::builder().token(TOKEN).start();
    let (sshd, ftp) = (Sshd::start(), Vsftpd::start());
    let id = manager.ssh(&sshd, "russh");
    let home = sshd.mkdir("docs");
    sshd.own(&home);
    fs::write(home.join("a.txt"), "a").unwrap();
    let path = text(&home).to_owned();

    let ordered = order(&manager, &id, &json!({ "paths": [path] })).ok();
    assert_eq!(ordered["name"], "docs.zip");
    assert!(ordered["expires_in"].as_u64().unwrap() >= 30);
    let fetched = redeem(&manager, &ordered);
    assert_eq!((fetched.status, fetched.whole), (200, true));
    assert_eq!(fetched.header("content-type"), "application/zip");
    assert_eq!(bare(unpackers("zip")[0].unpacked(&fetched.path)).len(), 2);
    redeem(&manager, &ordered).refused(401, "ticket_invalid");

    let file = json!({ "paths": [format!("{path}/a.txt")], "format": "file" });
    let ordered = order(&manager, &id, &file).ok();
    assert_eq!(ordered["name"], "a.txt");
    let fetched = redeem(&manager, &ordered);
    assert_eq!(fetched.header("content-length"), "1");
    assert_eq!(fetched.header("accept-ranges"), "none", "it cannot go on");
    assert!(
        fetched
            .header("content-disposition")
            .starts_with("attachment; filename=\"a.txt\"")
    );
    assert_eq!(fs::read(&fetched.path).unwrap(), b"a");

    let id_ftp = manager.ftp(&ftp);
    ftp.write_file("b.txt", "b");
    let ordered = order(
        &manager,
        &id_ftp,
        &json!({ "paths": ["/b.txt", "/"], "format": "tar" }),
    )
    .ok();
    assert_eq!(ordered["name"], "b.txt-and-1-more.tar");
    let fetched = redeem(&manager, &ordered);
    assert!(
        unpackers("tar")[0]
            .unpacked(&fetched.path)
            .contains_key(&b"root/b.txt"[..])
    );

    // A closed session's download is nobody's.
    let ordered = order(&manager, &id, &json!({ "paths": [path] })).ok();
    manager.close(&id).ok();
    redeem(&manager, &ordered).refused(401, "session_not_found");
    // No secret in the log.
    let ticket = ordered["ticket"].as_str().unwrap();
    assert!(!manager.log().contains(ticket) && !manager.log().contains(TOKEN));
}

#[test]
fn a_look_at_a_download_leaves_it_to_be_fetched() {
    let manager = Manager::start();
    let sshd = Sshd::start();
    let id = manager.ssh(&sshd, "russh");
    let file = sshd.write_file("a.txt", "a");
    let body = json!({ "paths": [text(&file)], "format": "file" });
    let ordered = order(&manager, &id, &body).ok();
    // As virus scanners and download managers do.
    let target = format!("/downloads?ticket={}", ordered["ticket"].as_str().unwrap());
    let looked = fetch(&manager, &target, &["--head"]);
    assert_eq!(
        (looked.status, looked.header("allow")),
        (405, "GET, OPTIONS")
    );
    assert_eq!(fs::read(redeem(&manager, &ordered).path).unwrap(), b"a");
}

#[test]
fn what_cannot_be_downloaded_is_refused_where_it_is_ordered() {
    let manager = Manager::builder().token(TOKEN).start();
    let sshd = Sshd::start();
    let id = manager.ssh(&sshd, "russh");
    let home = text(sshd.home());
    let gone = format!("{home}/gone");
    for (body, status, code, field) in [
        (json!({ "paths": [gone] }), 404, "not_found", ""),
        (
            json!({ "paths": [gone], "format": "file" }),
            404,
            "not_found",
            "",
        ),
        (
            json!({ "paths": [home], "format": "file" }),
            400,
            "is_a_directory",
            "",
        ),
        (
            json!({ "paths": [home, home], "format": "file" }),
            400,
            "invalid_input",
            "paths",
        ),
        (
            json!({ "paths": ["/a\u{0}b"] }),
            400,
            "invalid_input",
            "paths",
        ),
        (json!({ "paths": [] }), 400, "invalid_input", "paths"),
        (json!({ "paths": home }), 400, "invalid_input", "paths"),
        (json!({ "paths": [1] }), 400, "invalid_input", "paths"),
        (
            json!({ "paths": [home], "format": "rar" }),
            400,
            "invalid_input",
            "format",
        ),
    ] {
        let answer = order(&manager, &id, &body);
        crate::ground::refused(&answer, status, code);
        assert_eq!(answer.header("x-error-field"), field, "{body}");
    }
    let other = order(
        &manager,
        "7b2c5a4e-0d5e-4f0e-9a52-0a52b5a1c0de",
        &json!({ "paths": [home] }),
    );
    crate::ground::refused(&other, 401, "session_not_found");
    // Neither a token nor a ticket.
    for target in [
        format!("/connections/{id}/archive?path=/"),
        "/downloads?ticket=x".to_owned(),
    ] {
        let fetched = fetch(&manager, &target, &[]);
        assert_eq!(fetched.status, 401, "{target}");
        assert!(fetched.header("www-authenticate").starts_with("Bearer"));
    }
    fetch(&manager, "/downloads?ticket=x", &[]).refused(401, "ticket_invalid");
    let none = fetch(&manager, "/downloads", &[]);
    none.refused(400, "invalid_input");
    assert_eq!(none.header("x-error-field"), "ticket");
}

#[test]
fn orders_that_nobody_fetches_are_bounded() {
    let manager = Manager::start();
    let sshd = Sshd::start();
    let id = manager.ssh(&sshd, "russh");
    let file = sshd.write_file("a.txt", "a");
    let body = json!({ "paths": [text(&file)] });
    let refused = (0..100)
        .map(|_| order(&manager, &id, &body))
        .find(|answer| answer.status != 200);
    crate::ground::refused(&refused.unwrap(), 503, "limit_reached");
}
