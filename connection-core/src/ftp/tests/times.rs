//! Setting times on servers that no package is there of.

use super::hostile::{login_answer, script, talk};
use super::*;
use crate::error::ErrorKind;
use crate::fs::SetAttributes;
use std::sync::Mutex;
use std::time::SystemTime;

const WHEN: &str = "20231114221321";

fn wanted() -> SetAttributes {
    SetAttributes {
        modified: Some(SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_001)),
        ..SetAttributes::default()
    }
}

/// What a server does with a command: the file's new time, and its answer.
type Setter = fn(&str) -> Option<(Option<String>, &'static str)>;

struct Server {
    connection: FtpConnection,
    time: Arc<Mutex<String>>,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// One with a file `/a b`, `MDTM`, and no `SITE HELP`.
    async fn start(setter: Setter) -> Self {
        let time = Arc::new(Mutex::new("20200101000000".to_owned()));
        let heard = Arc::new(Mutex::new(Vec::new()));
        let (state, record) = (time.clone(), heard.clone());
        let port = script(move |stream| {
            talk(stream, "220 hi\r\n", |line| {
                record.lock().unwrap().push(line.to_owned());
                let mut state = state.lock().unwrap();
                if let Some((time, answer)) = setter(line) {
                    if let Some(time) = time {
                        *state = time;
                    }
                    return Some(format!("{answer}\r\n"));
                }
                Some(match line {
                    "FEAT" => "211-F:\r\n MDTM\r\n211 End\r\n".to_owned(),
                    "MDTM /a b" => format!("213 {state}\r\n"),
                    "SIZE /a b" => "213 1\r\n".to_owned(),
                    "CWD /a b" => "550 no directory\r\n".to_owned(),
                    _ if line.starts_with("MDTM") => "550 no such file\r\n".to_owned(),
                    _ => return login_answer(line),
                })
            });
        });
        Self {
            connection: connect_to(&target(port, "ann", false)).await.unwrap(),
            time,
            heard,
        }
    }

    async fn set(&self) -> Result<()> {
        let path = RemotePath::from_text("/a b").unwrap();
        self.connection.fs().set_attributes(&path, &wanted()).await
    }

    fn time(&self) -> String {
        self.time.lock().unwrap().clone()
    }

    fn count(&self, start: &str) -> usize {
        let heard = self.heard.lock().unwrap();
        heard.iter().filter(|line| line.starts_with(start)).count()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_before_the_name() {
    let server = Server::start(|line| {
        let rest = line.strip_prefix("SITE UTIME ")?;
        Some(match rest.strip_suffix(" /a b") {
            Some(time) => (Some(time.to_owned()), "200 done"),
            None => (None, "501 syntax"),
        })
    })
    .await;
    server.set().await.unwrap();
    assert_eq!(server.time(), WHEN);
    // What worked is what is used from then on, without a look back.
    server.set().await.unwrap();
    assert_eq!(server.count("SITE UTIME"), 3);
    assert_eq!(server.count("MDTM"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_behind_the_name() {
    let server = Server::start(|line| {
        let rest = line.strip_prefix("SITE UTIME /a b ")?;
        Some((Some(rest.get(15..29)?.to_owned()), "250 done"))
    })
    .await;
    server.set().await.unwrap();
    assert_eq!(server.time(), WHEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_says_yes_and_does_nothing_is_not_believed() {
    let server =
        Server::start(|line| line.starts_with("SITE UTIME").then_some((None, "200 fine"))).await;
    let error = server.set().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Failure, "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_zone_is_noticed_and_the_next_way_taken() {
    let server = Server::start(|line| {
        if line.starts_with("SITE UTIME /") {
            return Some((Some("20231114231321".to_owned()), "200 local time"));
        }
        let time = line.strip_prefix("MDTM ")?.strip_suffix(" /a b")?;
        Some((Some(time.to_owned()), "213 set"))
    })
    .await;
    server.set().await.unwrap();
    assert_eq!(server.time(), WHEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_any_way_is_asked_once() {
    let server = Server::start(|line| {
        line.starts_with("MDTM 2")
            .then_some((None, "501 one argument"))
    })
    .await;
    let fs = server.connection.fs();
    assert!(fs.capabilities().set_times);
    for _ in 0..2 {
        let error = server.set().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{error:?}");
        assert!(!fs.capabilities().set_times);
    }
    assert_eq!(server.count("SITE UTIME"), 2);
}
