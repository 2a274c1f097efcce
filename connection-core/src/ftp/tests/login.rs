//! What is said before the first file: virtual host, account, client, character set.

use super::hostile::{login_answer, script, talk};
use super::*;
use crate::error::{Error, ErrorKind};
use std::sync::Mutex;

/// A server that answers these commands so, the others as usual, and keeps what it heard.
fn server(
    answers: &'static [(&'static str, &'static str)],
) -> (FtpTarget, Arc<Mutex<Vec<String>>>) {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let record = heard.clone();
    let port = script(move |stream| {
        talk(stream, "220 hi\r\n", |line| {
            record.lock().unwrap().push(line.to_owned());
            let scripted = answers.iter().find(|(start, _)| line.starts_with(start));
            match scripted {
                Some((_, answer)) => Some(format!("{answer}\r\n")),
                None => login_answer(line),
            }
        });
    });
    (target(port, "ann", false), heard)
}

async fn refused(target: FtpTarget) -> Error {
    connect_to(&target).await.err().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_virtual_host_is_named_before_the_user() {
    let (target, heard) = server(&[("HOST", "220 welcome to it")]);
    let target = target.virtual_host("ftp.example.com").unwrap();
    connect_to(&target).await.unwrap();
    let heard = heard.lock().unwrap();
    assert_eq!(
        heard.get(..3).unwrap(),
        ["HOST ftp.example.com", "USER ann", "PASS secret"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_as_virtual_host_stands_in_brackets() {
    let (target, heard) = server(&[("HOST", "220 welcome to it")]);
    connect_to(&target.virtual_host("::1").unwrap())
        .await
        .unwrap();
    assert_eq!(heard.lock().unwrap().first().unwrap(), "HOST [::1]");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_virtual_host_the_server_refuses_ends_the_login() {
    for (answer, kind) in [
        ("500 HOST not understood", ErrorKind::Unsupported),
        ("502 HOST not implemented", ErrorKind::Unsupported),
        ("504 Unknown host", ErrorKind::InvalidInput),
        ("421 Busy", ErrorKind::LimitReached),
    ] {
        let answers: &'static [(&str, &str)] = vec![("HOST", answer)].leak();
        let (target, heard) = server(answers);
        let error = refused(target.virtual_host("a.example").unwrap()).await;
        assert_eq!((error.kind(), error.message()), (kind, answer));
        assert_eq!(error.context("field"), Some("virtual_host"));
        assert!(
            !heard
                .lock()
                .unwrap()
                .iter()
                .any(|line| line.contains("USER"))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_sent_when_the_server_asks() {
    for asks in ["PASS", "USER"] {
        let answers: &'static [(&str, &str)] =
            vec![(asks, "332 Need account"), ("ACCT", "230 in")].leak();
        let (target, heard) = server(answers);
        let target = target.account(Secret::from("billing")).unwrap();
        connect_to(&target).await.unwrap();
        let heard = heard.lock().unwrap();
        let asked = heard
            .iter()
            .position(|line| line.starts_with(asks))
            .unwrap();
        assert_eq!(heard.get(asked + 1).unwrap(), "ACCT billing");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_missing_or_wrong_says_so() {
    let (target, _) = server(&[("PASS", "332 Need account")]);
    let error = refused(target).await;
    assert_eq!(error.kind(), ErrorKind::AuthenticationFailed);
    assert_eq!(error.message(), "332 Need account");
    assert_eq!(error.context("field"), Some("account"));

    let (target, _) = server(&[
        ("PASS", "332 Need account"),
        ("ACCT", "530 No such account"),
    ]);
    let error = refused(target.account(Secret::from("hidden")).unwrap()).await;
    assert_eq!(error.kind(), ErrorKind::AuthenticationFailed);
    assert_eq!(error.message(), "530 No such account");
    assert!(!format!("{error:?}").contains("hidden"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_wanted_later_is_sent_later() {
    let given = Arc::new(Mutex::new(false));
    let port = script(move |stream| {
        let given = given.clone();
        talk(stream, "220 hi\r\n", |line| {
            let mut given = given.lock().unwrap();
            Some(match line {
                "ACCT billing" => {
                    *given = true;
                    "230 in\r\n".to_owned()
                }
                "MKD /x" if *given => "257 \"/x\" made\r\n".to_owned(),
                "MKD /x" => "532 Need account for storing files\r\n".to_owned(),
                line => return login_answer(line),
            })
        });
    });
    let path = RemotePath::from_text("/x").unwrap();
    let without = connect_to(&target(port, "ann", false)).await.unwrap();
    let error = without.fs().create_dir(&path).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    let target = target(port, "ann", false)
        .account(Secret::from("billing"))
        .unwrap();
    let with = connect_to(&target).await.unwrap();
    with.fs().create_dir(&path).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn logins_that_need_no_password_are_logins() {
    for (command, answer) in [
        ("USER", "230 in"),
        ("USER", "232 your certificate is enough"),
        ("PASS", "202 superfluous"),
    ] {
        let answers: &'static [(&str, &str)] = vec![(command, answer)].leak();
        let (target, _) = server(answers);
        connect_to(&target).await.unwrap();
    }
}

const FEATURES: &str = "211-Features:\r\n UTF8\r\n CLNT\r\n211 End";

#[tokio::test(flavor = "multi_thread")]
async fn the_client_names_itself_before_it_speaks_utf8() {
    let (target, heard) = server(&[("FEAT", FEATURES), ("CLNT", "200 hello")]);
    connect_to(&target).await.unwrap();
    let heard = heard.lock().unwrap();
    let at = |start: &str| {
        heard
            .iter()
            .position(|line| line.starts_with(start))
            .unwrap()
    };
    assert!(at("CLNT connection-manager ") < at("OPTS UTF8 ON"));
    assert!(at("OPTS UTF8 ON") < at("PWD"), "{heard:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_charset_was_chosen_is_not_told_to_speak_utf8() {
    let (target, heard) = server(&[
        ("FEAT", FEATURES),
        ("PWD", "257 \"/caf\u{e9}\" is it"),
        ("USER \u{e9}", "331 go on"),
    ]);
    let target = target.charset("windows-1252").unwrap();
    let connection = connect_to(&target).await.unwrap();
    // The script writes its lines as UTF-8, which windows-1252 reads as two characters.
    let home = connection.fs().home().await.unwrap();
    assert_eq!(home.to_text(), "/cafÃ©");
    let heard = heard.lock().unwrap();
    assert!(
        !heard.iter().any(|line| line.starts_with("OPTS")),
        "{heard:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_the_charset_lacks_is_named_and_not_told() {
    let (plain, heard) = server(&[]);
    let target = FtpTarget::new("localhost", "ann", Secret::from("hidden日")).unwrap();
    let target = target.port(plain.port).timeouts(clocks());
    let error = refused(target.charset("koi8-r").unwrap()).await;
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(error.context("field"), Some("password"));
    assert!(!format!("{error:?}").contains("hidden"));
    assert!(heard.lock().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_says_is_read_in_its_charset() {
    let port = script(|stream| {
        use std::io::Write;
        let mut stream = stream;
        let _ = stream.write_all(b"421 D\xe9sol\xe9\r\n");
    });
    let error = refused(target(port, "ann", false).charset("latin1").unwrap()).await;
    assert_eq!(error.message(), "421 Désolé");
}
