//! `POST /connections/{id}/exec` to the command's end, and the list and the cancelling of
//! those that run.

use crate::ground::{Gate, SOON, nap, pattern, processes};
use connection_tests::manager::{Answer, FtpWorld, Manager, SshWorld, unique};
use connection_tests::{Sshd, eventually, on_both_engines};
use openssl::base64::encode_block;
use serde_json::{Value, json};
use std::process::Command;

on_both_engines![
    an_answer_tells_everything,
    a_command_has_its_surroundings,
    ten_megabytes_of_input_come_back_in_base64,
    bytes_that_are_no_text_are_replaced_or_exact,
    output_is_cut_at_the_limit,
    a_command_past_its_time_is_ended,
    a_client_that_leaves_ends_the_command,
    running_commands_are_listed_and_cancelled,
    a_cancelled_command_may_still_wait_for_room,
    a_session_of_someone_else_is_not_there,
    closing_the_session_ends_its_commands,
    wrong_requests_say_what_is_wrong,
];

fn post(manager: &Manager, id: &str, body: &Value) -> Answer {
    manager.post(&format!("/connections/{id}/exec"), body)
}

fn commands(manager: &Manager, id: &str) -> Vec<Value> {
    let list = manager.get(&format!("/connections/{id}/exec")).ok();
    list["commands"].as_array().unwrap().clone()
}

#[track_caller]
fn refused(answer: &Answer, status: u16, code: &str) -> String {
    let body = answer.json();
    if answer.status != status || body["code"] != code {
        answer.fail(&format!("wanted {status} with the code {code:?}"));
    }
    body["detail"].as_str().unwrap().to_owned()
}

fn an_answer_tells_everything(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let run = |body: Value| {
        let mut answer = post(&world.manager, &id, &body).ok();
        assert!(answer["duration_ms"].is_u64());
        answer.as_object_mut().unwrap().remove("duration_ms");
        answer
    };
    let answer = run(json!({"command": "echo out; echo err >&2; exit 3"}));
    assert_eq!(
        answer,
        json!({"stdout": "out\n", "stderr": "err\n", "exit_code": 3, "truncated": false})
    );
    let answer = run(json!({"command": "kill -TERM $$"}));
    assert_eq!(
        answer,
        json!({"stdout": "", "stderr": "", "signal": "TERM", "truncated": false})
    );
    let answer = run(json!({"command": "cat", "stdin": "caf\u{e9}\n\u{0}"}));
    assert_eq!(answer["stdout"], "caf\u{e9}\n\u{0}");
    assert_eq!(run(json!({"command": "cat"}))["stdout"], "");
    assert!(commands(&world.manager, &id).is_empty());
}

fn a_command_has_its_surroundings(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let name = format!("{} '!\n", unique());
    let directory = world.sshd.mkdir(&name);
    let run = |body: Value| post(&world.manager, &id, &body).ok();
    let answer = run(json!({
        "command": "/bin/pwd; printf %s \"$WORD\"",
        "directory": name,
        "env": {"WORD": "it's\n!"},
    }));
    let wanted = format!("{}\nit's\n!", directory.to_str().unwrap());
    assert_eq!(answer["stdout"], wanted);
    // A name that is no text, in the form in which listings show it.
    let stray = format!("{}\u{f7ff}", unique());
    let mut raw = stray.clone().into_bytes();
    raw.truncate(raw.len() - 3);
    raw.push(0xff);
    use std::os::unix::ffi::OsStrExt as _;
    let path = world.sshd.home().join(std::ffi::OsStr::from_bytes(&raw));
    std::fs::create_dir(&path).unwrap();
    world.sshd.own(&path);
    let answer = run(json!({"command": "echo in", "directory": stray}));
    assert_eq!(answer["stdout"], "in\n", "{answer}");

    let answer = run(json!({"command": "echo ran", "directory": "gone"}));
    assert_eq!(
        (&answer["stdout"], &answer["exit_code"]),
        (&json!(""), &json!(125))
    );
    assert!(
        answer["stderr"].as_str().unwrap().contains("gone"),
        "{answer}"
    );

    let pty = json!({"cols": 70, "rows": 20, "term": "dumb"});
    let answer = run(json!({"command": "stty size; echo $TERM", "pty": pty}));
    assert_eq!(answer["stdout"], "20 70\r\ndumb\r\n");
    let answer = run(json!({"command": "stty size; echo $TERM", "pty": {}}));
    assert_eq!(answer["stdout"], "24 80\r\nxterm-256color\r\n");
}

fn ten_megabytes_of_input_come_back_in_base64(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let input = encode_block(&pattern(10_000_000));
    let body = json!({"command": "cat", "stdin": input, "encoding": "base64"});
    let answer = post(&world.manager, &id, &body).ok();
    assert!(answer["stdout"] == input, "{}", answer["exit_code"]);
    let body = json!({"command": "cat", "stdin": "x".repeat(17 << 20)});
    refused(&post(&world.manager, &id, &body), 413, "too_large");
}

fn bytes_that_are_no_text_are_replaced_or_exact(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let command = "printf 'a\\377b\\000\\303\\251'; printf '\\303' >&2";
    let answer = post(&world.manager, &id, &json!({"command": command})).ok();
    assert_eq!(answer["stdout"], "a\u{fffd}b\0\u{e9}");
    assert_eq!(answer["stderr"], "\u{fffd}");
    let body = json!({"command": command, "encoding": "base64"});
    let answer = post(&world.manager, &id, &body).ok();
    assert_eq!(answer["stdout"], encode_block(b"a\xffb\0\xc3\xa9"));
    assert_eq!(answer["stderr"], encode_block(b"\xc3"));
}

fn output_is_cut_at_the_limit(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let word = format!("y{}", nap());
    let body = json!({"command": format!("exec yes {word}"), "output_limit": 100_001});
    let answer = post(&world.manager, &id, &body).ok();
    assert_eq!(answer["stdout"].as_str().unwrap().len(), 100_001);
    assert_eq!(
        (&answer["truncated"], &answer["signal"]),
        (&json!(true), &json!("KILL"))
    );
    eventually(SOON, "the process is gone", || processes(&word) == 0);
    let body = json!({"command": "printf abc; printf de >&2", "output_limit": 5});
    assert_eq!(post(&world.manager, &id, &body).ok()["truncated"], false);
}

fn a_command_past_its_time_is_ended(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let nap = nap();
    let body = json!({"command": format!("exec sleep {nap}"), "timeout": 0.7});
    let detail = refused(&post(&world.manager, &id, &body), 504, "timed_out");
    assert!(detail.contains("700ms"), "{detail}");
    eventually(SOON, "the process is gone", || processes(&nap) == 0);
}

fn a_client_that_leaves_ends_the_command(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let nap = nap();
    let path = format!("/connections/{id}/exec");
    let body = json!({"command": format!("exec sleep {nap}")});
    world.manager.post_and_leave(&path, &body, || {
        eventually(SOON, "the command runs", || processes(&nap) > 0);
    });
    eventually(SOON, "the process is gone", || processes(&nap) == 0);
    eventually(SOON, "it is listed no more", || {
        commands(&world.manager, &id).is_empty()
    });
}

/// A request on a thread of its own, as the other requests block this one.
fn apart<T: Send>(request: impl FnOnce() -> T + Send, beside: impl FnOnce()) -> T {
    std::thread::scope(|scope| {
        let answer = scope.spawn(request);
        beside();
        answer.join().unwrap()
    })
}

fn running_commands_are_listed_and_cancelled(world: &SshWorld, engine: &str) {
    let manager = &world.manager;
    let id = manager.ssh(&world.sshd, engine);
    let other = manager.ssh(&world.sshd, engine);
    let nap = nap();
    let body = json!({"command": format!("exec sleep {nap}")});
    let answer = apart(
        || post(manager, &id, &body),
        || {
            eventually(SOON, "the command runs", || processes(&nap) > 0);
            let listed = commands(manager, &id);
            assert_eq!(listed.len(), 1);
            assert_eq!(listed[0]["command"], body["command"]);
            assert!(listed[0]["since"].as_str().unwrap().ends_with('Z'));
            assert!(commands(manager, &other).is_empty(), "another session's");
            let exec = listed[0]["exec_id"].as_str().unwrap();
            for wrong in [
                format!("/connections/{other}/exec/{exec}"),
                format!("/connections/{id}/exec/{}", uuid::Uuid::new_v4()),
                format!("/connections/{id}/exec/x"),
            ] {
                refused(&manager.delete(&wrong), 404, "not_found");
            }
            let path = format!("/connections/{id}/exec/{exec}");
            assert_eq!(
                manager.delete(&path).ok(),
                json!({"message": "Command cancelled"})
            );
        },
    );
    refused(&answer, 409, "cancelled");
    eventually(SOON, "the process is gone", || processes(&nap) == 0);
    assert!(commands(manager, &id).is_empty());
    assert_eq!(
        post(manager, &id, &json!({"command": "echo on"})).ok()["stdout"],
        "on\n"
    );
}

/// A server with room for two sessions on a link: most of these wait for one.
fn a_cancelled_command_may_still_wait_for_room(world: &SshWorld, engine: &str) {
    let sshd = Sshd::builder().max_sessions(2).start();
    let manager = &world.manager;
    let id = manager.ssh(&sshd, engine);
    let gate = Gate::new(&sshd);
    let held = format!("{}; {}", gate.make(), gate.wait());
    let naps: Vec<String> = (0..14).map(|_| nap()).collect();
    std::thread::scope(|scope| {
        let mut answers = vec![scope.spawn(|| post(manager, &id, &json!({"command": held})))];
        for nap in &naps {
            let body = json!({"command": format!("exec sleep {nap}")});
            let id = &id;
            answers.push(scope.spawn(move || post(manager, id, &body)));
        }
        eventually(SOON, "all are listed", || {
            commands(manager, &id).len() == 15
        });
        for command in commands(manager, &id) {
            if command["command"] != held.as_str() {
                let exec = command["exec_id"].as_str().unwrap();
                manager
                    .delete(&format!("/connections/{id}/exec/{exec}"))
                    .ok();
            }
        }
        for answer in answers.drain(1..) {
            refused(&answer.join().unwrap(), 409, "cancelled");
        }
        eventually(SOON, "it waits at the gate", || gate.is_there());
        gate.open("on");
        assert_eq!(answers.remove(0).join().unwrap().ok()["exit_code"], 0);
    });
    for nap in &naps {
        eventually(SOON, "the process is gone", || processes(nap) == 0);
    }
}

fn a_session_of_someone_else_is_not_there(world: &SshWorld, engine: &str) {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("tokens.toml");
    std::fs::write(&config, "[tokens]\nann = \"a-token\"\nbob = \"b-token\"\n").unwrap();
    let manager = Manager::builder().flag("--config", config).start();
    let ann = |method: &str, path: &str, body: Value, token: &str| {
        manager.send(method, path, |request| {
            request
                .bearer_auth(token)
                .header("content-type", "application/json")
                .body(body.to_string())
        })
    };
    let login = connection_tests::manager::Login::ssh(&world.sshd, engine);
    let opened = ann("POST", "/connections/ssh", login.body().clone(), "a-token").ok();
    let id = opened["session_id"].as_str().unwrap();
    let gone = uuid::Uuid::new_v4().to_string();
    let exec = uuid::Uuid::new_v4().to_string();
    for (method, rest) in [
        ("POST", String::new()),
        ("GET", String::new()),
        ("DELETE", format!("/{exec}")),
    ] {
        let ask = |id: &str| {
            let body = json!({"command": "true"});
            let path = format!("/connections/{id}/exec{rest}");
            ann(method, &path, body, "b-token")
        };
        let (foreign, missing) = (ask(id), ask(&gone));
        refused(&foreign, 401, "session_not_found");
        assert_eq!(
            (foreign.status, foreign.text),
            (missing.status, missing.text)
        );
    }
    let body = json!({"command": "echo mine"});
    let own = ann("POST", &format!("/connections/{id}/exec"), body, "a-token").ok();
    assert_eq!(own["stdout"], "mine\n");
    drop(home);
}

fn closing_the_session_ends_its_commands(world: &SshWorld, engine: &str) {
    let manager = &world.manager;
    let id = manager.ssh(&world.sshd, engine);
    let nap = nap();
    let body = json!({"command": format!("exec sleep {nap}")});
    let answer = apart(
        || post(manager, &id, &body),
        || {
            eventually(SOON, "the command runs", || processes(&nap) > 0);
            manager.close(&id).ok();
        },
    );
    refused(&answer, 502, "connection_lost");
    eventually(SOON, "the process is gone", || processes(&nap) == 0);
}

fn wrong_requests_say_what_is_wrong(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    for (body, detail) in [
        (json!({}), "command is required"),
        (json!({"command": "a\u{0}b"}), "NUL"),
        (json!({"command": "x", "directory": "a\u{0}"}), "directory"),
        (json!({"command": "x", "env": {"A=B": ""}}), "environment"),
        (json!({"command": "x", "pty": {"cols": 501}}), "501"),
        (json!({"command": "x", "encoding": "latin1"}), "encoding"),
        (json!({"command": "x".repeat(200_000)}), "131071"),
    ] {
        let got = refused(&post(&world.manager, &id, &body), 400, "invalid_input");
        assert!(got.contains(detail), "{got}");
    }
    let path = format!("/connections/{id}/exec");
    let answer = world.manager.post_raw(&path, Some("text/plain"), "{}");
    refused(&answer, 415, "unsupported_media_type");
}

#[test]
fn a_session_without_commands_says_so() {
    let world = FtpWorld::pyftpdlib();
    let id = world.manager.ftp(&*world.server);
    let path = format!("/connections/{id}/exec");
    let answers = [
        world.manager.post(&path, &json!({"command": "true"})),
        world.manager.get(&path),
        world
            .manager
            .delete(&format!("{path}/{}", uuid::Uuid::new_v4())),
    ];
    for answer in answers {
        let detail = refused(&answer, 400, "wrong_session_type");
        assert_eq!(detail, "Not an SSH session");
    }
}

#[test]
fn what_is_configured_is_the_most() {
    let sshd = Sshd::start();
    let manager = Manager::builder()
        .flag("--exec-timeout", "0.7")
        .flag("--exec-output-limit", "1000")
        .start();
    let id = manager.ssh(&sshd, "russh");
    let body = json!({"command": "exec yes", "output_limit": 1_000_000, "timeout": 60});
    let answer = post(&manager, &id, &body).ok();
    assert_eq!(answer["stdout"].as_str().unwrap().len(), 1000);
    assert_eq!(answer["truncated"], true);
    let body = json!({"command": format!("sleep {}", nap()), "timeout": 60});
    refused(&post(&manager, &id, &body), 504, "timed_out");
    let old = manager.execute(&id, "exec yes").ok();
    assert!(
        old["output"]
            .as_str()
            .unwrap()
            .contains("[output truncated")
    );
}

/// The README's own requests, with curl.
#[test]
fn curl_runs_and_follows_commands() {
    let sshd = Sshd::start();
    let manager = Manager::start();
    let id = manager.ssh(&sshd, "russh");
    let url = format!("{}/connections/{id}/exec", manager.base());
    let curl = |more: &[&str]| {
        let mut curl = Command::new("curl");
        curl.args(["-sS", &url, "-H", "Content-Type: application/json"])
            .args(more);
        let output = curl.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let body = r#"{"command": "tr a-z A-Z", "stdin": "hello", "directory": "/"}"#;
    assert!(curl(&["-d", body]).contains("\"stdout\":\"HELLO\""));
    let body = r#"{"command": "echo one; exit 2"}"#;
    let text = curl(&["-N", "-H", "Accept: text/event-stream", "-d", body]);
    let events =
        "event: stdout\ndata: {\"data\":\"one\\n\"}\n\nevent: exit\ndata: {\"exit_code\":2,";
    assert!(
        text.starts_with("event: started\n") && text.contains(events),
        "{text}"
    );
}
