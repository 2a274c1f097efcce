//! Replacing on a server whose `RNTO` does not, in the moment when the old file is aside.

use super::hostile::{login_answer, script, talk};
use super::*;
use crate::error::ErrorKind;
use crate::fs::Overwrite;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex};
use std::time::Instant;

/// A server that holds its answer back once the old file is put aside.
#[derive(Default)]
struct Holding {
    targets: Mutex<Vec<String>>,
    released: Mutex<bool>,
    release: Condvar,
    deleted: AtomicUsize,
}

impl Holding {
    fn answer(&self, line: &str) -> Option<String> {
        let (verb, argument) = line.split_once(' ').unwrap_or((line, ""));
        Some(
            match verb {
                "FEAT" => "211-Features:\r\n MLST type*;size*;\r\n211 End\r\n",
                "MLST" => "250-Here\r\n type=file;size=1; x\r\n250 End\r\n",
                "RNFR" => "350 go on\r\n",
                "RNTO" => {
                    let count = {
                        let mut targets = self.targets.lock().unwrap();
                        targets.push(argument.to_owned());
                        targets.len()
                    };
                    match count {
                        1 => "553 file exists\r\n",
                        2 => {
                            let held = self.released.lock().unwrap();
                            drop(self.release.wait_while(held, |released| !*released));
                            "250 renamed\r\n"
                        }
                        _ => "250 renamed\r\n",
                    }
                }
                "DELE" => {
                    self.deleted.fetch_add(1, Ordering::SeqCst);
                    "250 gone\r\n"
                }
                _ => return login_answer(line),
            }
            .to_owned(),
        )
    }

    fn targets(&self) -> usize {
        self.targets.lock().unwrap().len()
    }
}

async fn eventually(what: &str, condition: impl Fn() -> bool) {
    let began = Instant::now();
    while !condition() {
        assert!(began.elapsed() < Duration::from_secs(60), "{what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_leaves_midway_does_not_lose_the_old_file() {
    let server = Arc::new(Holding::default());
    let serving = Arc::clone(&server);
    let port = script(move |stream| talk(stream, "220 hi\r\n", |line| serving.answer(line)));
    let connection = connect_to(&target(port, "ann", false)).await.unwrap();
    let fs = connection.fs();
    let at = |text| RemotePath::from_text(text).unwrap();
    let (from, to) = (at("/new"), at("/file"));
    let renaming = tokio::spawn(async move { fs.rename(&from, &to, Overwrite::Replace).await });
    eventually("the old file is put aside", || server.targets() == 2).await;
    renaming.abort();
    assert!(renaming.await.unwrap_err().is_cancelled());
    *server.released.lock().unwrap() = true;
    server.release.notify_all();
    eventually("the new file is in place", || server.targets() == 3).await;
    assert_eq!(server.targets.lock().unwrap()[2], "/file");
    eventually("the old one is gone", || {
        server.deleted.load(Ordering::SeqCst) == 1
    })
    .await;
}

#[tokio::test]
async fn an_old_file_is_not_put_aside_for_one_that_is_gone() {
    let targets: Arc<Mutex<Vec<String>>> = Arc::default();
    let seen = targets.clone();
    let port = script(move |stream| {
        talk(stream, "220 hi\r\n", |line| {
            let (verb, argument) = line.split_once(' ').unwrap_or((line, ""));
            Some(
                match (verb, argument) {
                    ("FEAT", _) => "211-Features:\r\n MLST type*;size*;\r\n211 End\r\n",
                    ("MLST", "/file") => "250-Here\r\n type=file;size=1; x\r\n250 End\r\n",
                    ("MLST", _) => "550 no such file\r\n",
                    ("CWD", "/") => "250 there\r\n",
                    ("RNFR", _) => "350 go on\r\n",
                    ("RNTO", _) => {
                        seen.lock().unwrap().push(argument.to_owned());
                        "550 no such file\r\n"
                    }
                    _ => return login_answer(line),
                }
                .to_owned(),
            )
        });
    });
    let connection = connect_to(&target(port, "ann", false)).await.unwrap();
    let at = |text| RemotePath::from_text(text).unwrap();
    let (fs, from, to) = (connection.fs(), at("/new"), at("/file"));
    let renamed = fs.rename(&from, &to, Overwrite::Replace);
    assert_eq!(renamed.await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(*targets.lock().unwrap(), ["/file"]);
}
