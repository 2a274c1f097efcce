//! No secret comes out of the program: not in its log at any level and in any form, not in
//! an answer, not in what it prints about itself. The secrets are canaries found nowhere
//! else, and the test knows that each of them went in.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helpers fail the test, as the test itself does"
)]

use connection_tests::manager::{ENGINES, Login, Manager, text};
use connection_tests::{FtpServer, KeyFormat, KeyKind, Pyftpdlib, Sshd, Tls, UserKey, Vsftpd};
use serde_json::json;
use std::cell::RefCell;

/// Everything, the libraries included that are quiet unless they are named.
const TALKATIVE: &str = "trace,russh=trace,ssh2=trace,suppaftp=trace,hyper=trace,poem=trace";

/// Secrets, and everything that came out of the program.
#[derive(Default)]
struct Watch {
    secrets: RefCell<Vec<(String, String)>>,
    seen: RefCell<Vec<(String, String)>>,
}

impl Watch {
    fn secret(&self, what: &str, value: &str) -> String {
        assert!(value.len() >= 8, "too short to look for: {what}");
        self.secrets
            .borrow_mut()
            .push((what.to_owned(), value.to_owned()));
        value.to_owned()
    }

    fn canary(&self, what: &str) -> String {
        self.secret(what, &format!("canary-{}", uuid::Uuid::new_v4().simple()))
    }

    /// Every line of a key's body is a secret.
    fn key(&self, what: &str, key: &UserKey) {
        for line in key
            .private_text()
            .lines()
            .filter(|line| !line.starts_with("-----"))
        {
            if line.len() >= 32 {
                self.secret(what, line);
            }
        }
    }

    fn saw(&self, where_: &str, text: &str) {
        self.seen
            .borrow_mut()
            .push((where_.to_owned(), text.to_owned()));
    }

    #[track_caller]
    fn check(&self) {
        assert!(self.secrets.borrow().len() > 5 && self.seen.borrow().len() > 5);
        for (where_, text) in self.seen.borrow().iter() {
            for (what, secret) in self.secrets.borrow().iter() {
                let forms = [secret.clone(), base64(secret), hex(secret), as_list(secret)];
                for form in forms {
                    if let Some(at) = text.find(&form) {
                        let from = text[..at].rfind('\n').map_or(0, |n| n + 1);
                        let line: String = text[from..].chars().take(400).collect();
                        panic!("{what} ({form}) in {where_}: {line}");
                    }
                }
            }
        }
    }
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

/// The form `Debug` gives a slice of bytes.
fn as_list(text: &str) -> String {
    let bytes: Vec<_> = text.bytes().map(|byte| byte.to_string()).collect();
    bytes.join(", ")
}

/// Without its end, whose form depends on what follows.
fn base64(text: &str) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let whole = text.as_bytes().chunks_exact(3).flat_map(|three| {
        let bits = u32::from(three[0]) << 16 | u32::from(three[1]) << 8 | u32::from(three[2]);
        [18, 12, 6, 0].map(|shift| char::from(DIGITS[(bits >> shift & 63) as usize]))
    });
    whole.collect()
}

/// Logs in by every means, rightly and wrongly, and works a little.
fn live(watch: &Watch, manager: &Manager) {
    let sshd = Sshd::start();
    let asking = Sshd::builder().keyboard_interactive_only().start();
    let ftps: [Box<dyn FtpServer>; 3] = [
        Box::new(Vsftpd::start()),
        Box::new(Pyftpdlib::builder().tls(Tls::Required).start()),
        Box::new(Vsftpd::builder().tls(Tls::Required).start()),
    ];
    let passphrase = watch.canary("a passphrase");
    let locked = sshd.add_key(KeyKind::Ed25519, KeyFormat::OpenSsh, Some(&passphrase));
    let stranger = sshd.stranger_key(KeyKind::EcdsaP256, KeyFormat::Pkcs8, None);
    watch.secret("the password of sshd", sshd.password());
    watch.secret("the password of the asking sshd", asking.password());
    watch.key("the key", sshd.key());
    watch.key("the locked key", &locked);
    watch.key("the stranger's key", &stranger);
    for engine in ENGINES {
        let key = Login::key(&sshd, engine);
        let wrong = watch.canary("a wrong password");
        let ssh = [
            (200, Login::ssh(&sshd, engine)),
            (200, Login::ssh(&asking, engine)),
            (200, Login::key(&sshd, engine)),
            (
                200,
                key.without("keyPath")
                    .with("privateKey", sshd.key().private_text()),
            ),
            (
                200,
                Login::key(&sshd, engine)
                    .with("keyPath", text(locked.path()))
                    .with("passphrase", passphrase.clone()),
            ),
            (
                200,
                Login::key(&sshd, engine)
                    .with("keyPath", text(locked.path()))
                    .with("password", passphrase.clone()),
            ),
            (
                400,
                Login::ssh(&sshd, engine).with("password", wrong.clone()),
            ),
            (
                400,
                Login::ssh(&asking, engine).with("password", wrong.clone()),
            ),
            (
                400,
                Login::key(&sshd, engine)
                    .with("keyPath", text(locked.path()))
                    .with("passphrase", wrong.clone()),
            ),
            (
                400,
                Login::key(&sshd, engine)
                    .with("keyPath", text(stranger.path()))
                    .with("password", wrong.clone()),
            ),
            (
                400,
                Login::key(&sshd, engine)
                    .without("keyPath")
                    .with("privateKey", stranger.private_text()),
            ),
            (
                400,
                Login::key(&sshd, engine)
                    .without("keyPath")
                    .with("privateKey", wrong.clone()),
            ),
            (
                400,
                Login::ssh(&sshd, engine).with("password", json!([wrong.clone()])),
            ),
            (
                400,
                Login::ssh(&sshd, engine).with("password", json!({"value": wrong.clone()})),
            ),
            (
                400,
                Login::ssh(&sshd, engine)
                    .with("port", 1)
                    .with("password", wrong.clone()),
            ),
            (
                400,
                Login::ssh(&sshd, engine)
                    .with("timeout", "soon")
                    .with("password", wrong.clone()),
            ),
        ];
        for (status, login) in ssh {
            let answer = manager.connect_ssh(&login);
            assert_eq!(answer.status, status, "{}", answer.text);
            watch.saw("an answer to an SSH login", &answer.text);
            if let Some(id) = answer.json()["session_id"].as_str() {
                watch.saw("a listing", &manager.list(id, "/no/such").text);
                manager.execute(id, "true").ok();
            }
        }
        watch.saw("the sessions", &manager.get("/connections").text);
        let sessions = manager.get("/connections").ok();
        for session in sessions["sessions"].as_array().unwrap() {
            manager.close(session["session_id"].as_str().unwrap()).ok();
        }
    }
    for ftp in &ftps {
        watch.secret("the password of an FTP server", ftp.password());
        let wrong = watch.canary("a wrong password");
        for (status, login) in [
            (200, Login::ftp(ftp.as_ref())),
            (
                400,
                Login::ftp(ftp.as_ref()).with("password", wrong.clone()),
            ),
            (
                400,
                Login::ftp(ftp.as_ref()).with("password", format!("{wrong}\r\nNOOP")),
            ),
            (
                400,
                Login::ftp(ftp.as_ref()).with("password", json!([wrong.clone()])),
            ),
        ] {
            let answer = manager.connect_ftp(&login);
            assert_eq!(answer.status, status, "{}", answer.text);
            watch.saw("an answer to an FTP login", &answer.text);
            if let Some(id) = answer.json()["session_id"].as_str() {
                manager.list(id, "/").ok();
                watch.saw("a listing", &manager.list(id, "/no/such").text);
            }
        }
    }
    // A body that is no JSON is not quoted either.
    for body in ["{\"password\": \"CANARY\" nope", "{\"password\": \"CANARY"] {
        let body = body.replace("CANARY", &watch.canary("a password in a broken body"));
        let answer = manager.post_raw("/connections/ssh", Some("application/json"), body);
        watch.saw("an answer to a broken body", &answer.text);
    }
}

fn nothing_comes_out(format: &str) {
    let watch = Watch::default();
    let token = watch.canary("the access token");
    let manager = Manager::builder()
        .token(&token)
        .flag("--log-level", TALKATIVE)
        .flag("--log-format", format)
        .start();
    live(&watch, &manager);
    let wrong = watch.canary("a wrong token");
    let answer = reqwest_without_token(&manager, &wrong);
    watch.saw("an answer to a wrong token", &answer);
    for path in ["/openapi.json", "/", "/health", "/connections"] {
        watch.saw(path, &manager.get(path).text);
    }
    manager.terminate();
    assert!(manager.ended(std::time::Duration::from_secs(15)).is_some());
    let log = manager.log();
    let told = |target: &str| {
        log.lines()
            .any(|line| line.contains("TRACE") && line.contains(target))
    };
    assert!(
        told("russh"),
        "the log is not at its most talkative:\n{log}"
    );
    if format == "json" {
        let broken = log
            .lines()
            .find(|line| serde_json::from_str::<serde_json::Value>(line).is_err());
        assert_eq!(broken, None);
    }
    watch.saw("the log", &log);
    watch.saw("standard output", &manager.stdout());
    watch.check();
}

/// The status line and body of an answer to a request with another token.
fn reqwest_without_token(manager: &Manager, token: &str) -> String {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(manager.addr()).unwrap();
    let request = format!(
        "GET /connections HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
         Connection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    answer
}

#[test]
fn nothing_comes_out_of_a_text_log() {
    nothing_comes_out("text");
}

#[test]
fn nothing_comes_out_of_a_json_log() {
    nothing_comes_out("json");
}

#[test]
fn printing_the_settings_hides_every_token() {
    let watch = Watch::default();
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("settings.toml");
    let named = watch.canary("a named token");
    std::fs::write(&file, format!("[tokens]\nann = \"{named}\"\n")).unwrap();
    let token_file = home.path().join("token");
    std::fs::write(&token_file, watch.canary("the token of a file")).unwrap();
    let runs = [
        Manager::builder().token(&watch.canary("the access token")),
        Manager::builder().flag("--config", &file),
        Manager::builder().flag("--token-file", &token_file),
    ];
    for run in &runs {
        for flag in ["--print-config", "--print-openapi"] {
            let output = run.command(home.path()).arg(flag).output().unwrap();
            assert!(output.status.success(), "{output:?}");
            watch.saw(flag, &String::from_utf8_lossy(&output.stdout));
            watch.saw(flag, &String::from_utf8_lossy(&output.stderr));
        }
    }
    // A mistake in the file is told without quoting it.
    std::fs::write(&file, format!("token = \"{named}\"\nprot = 1\n")).unwrap();
    let output = runs[1].command(home.path()).output().unwrap();
    assert!(!output.status.success());
    watch.saw("a complaint", &String::from_utf8_lossy(&output.stderr));
    for number in 0..3 {
        watch.secret(
            &format!("filler {number}"),
            &format!("canary-filler-{number}"),
        );
    }
    watch.check();
}

#[test]
fn the_watch_can_fail() {
    let watch = Watch::default();
    let secret = watch.canary("a secret");
    for number in 0..6 {
        watch.canary(&format!("another {number}"));
        watch.saw("somewhere", "nothing");
    }
    for form in [
        secret.clone(),
        hex(&secret),
        base64(&secret),
        as_list(&secret),
    ] {
        let leaky = Watch {
            secrets: watch.secrets.clone(),
            seen: watch.seen.clone(),
        };
        leaky.saw("a log", &format!("line\npassword={form}!"));
        let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| leaky.check()));
        assert!(caught.is_err(), "{form} went unseen");
    }
    watch.check();
}
