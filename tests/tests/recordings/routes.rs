//! The routes, on files that another process recorded into the directory of the program.

use crate::Played;
use connection_core::recording::{
    Recorder, RecordingId, RecordingSettings, RecordingStore, Subject,
};
use connection_core::session::Owner;
use connection_tests::eventually_value;
use connection_tests::manager::{Answer, Manager, keys};
use serde_json::{Value, json};
use std::future::Future;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

/// A directory of recordings, and who puts some there.
struct Recordings {
    dir: TempDir,
    runtime: tokio::runtime::Runtime,
    store: RecordingStore,
}

impl Recordings {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = RecordingStore::new(RecordingSettings::new(dir.path().join("r")));
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(1).enable_all().build().unwrap();
        Self {
            dir,
            runtime,
            store,
        }
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("r")
    }

    fn manager(&self) -> Manager {
        let builder = Manager::builder();
        builder.flag("--recording-dir", self.path()).start()
    }

    fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    fn begin(&self, owner: &str) -> Recorder {
        let subject = Subject {
            host: "example.com".to_owned(),
            port: 2222,
            user: "ann".to_owned(),
            label: Some("web".to_owned()),
            name: Some("build".to_owned()),
            term: "xterm-256color".to_owned(),
            columns: 80,
            rows: 24,
            command: None,
            shell: None,
        };
        let owner = Owner::new(owner);
        self.wait(self.store.start(&owner, &subject)).unwrap()
    }

    /// Ends all of them, so that they are on disk.
    fn end(&self) {
        self.wait(self.store.shutdown());
    }

    fn file(&self, owner: &str, id: RecordingId) -> PathBuf {
        self.path().join(owner).join(format!("{id}.cast"))
    }
}

#[track_caller]
fn refused(answer: &Answer, status: u16, code: &str) {
    if answer.status != status || answer.json()["code"] != code {
        answer.fail(&format!("wanted {status} with the code {code:?}"));
    }
}

#[test]
fn recordings_are_listed_downloaded_and_deleted() {
    let recordings = Recordings::new();
    let recorder = recordings.begin("local");
    let id = recorder.id();
    recorder.output("grün\r\n".as_bytes());
    recorder.resize(100, 30);
    recorder.finish();
    recordings.end();
    let manager = recordings.manager();
    let listed = manager.get("/recordings").ok();
    assert_eq!(listed["has_more"], false);
    assert_eq!(listed["unreadable"], 0);
    let one = listed["recordings"][0].clone();
    assert_eq!(one["recording_id"], id.to_string());
    for (key, value) in [
        ("state", json!("complete")),
        ("title", json!("web: build")),
        ("host", json!("example.com")),
        ("port", json!(2222)),
        ("username", json!("ann")),
        ("session_name", json!("web")),
        ("terminal_name", json!("build")),
        ("cols", json!(80)),
        ("rows", json!(24)),
        ("input", json!(false)),
    ] {
        assert_eq!(one[key], value, "{key}");
    }
    assert!(one["duration_seconds"].is_f64());
    assert!(one["started"].as_str().unwrap().ends_with('Z'));
    assert!(
        !keys(&one)
            .iter()
            .any(|key| key == "error" || key == "command")
    );
    let path = format!("/recordings/{id}");
    assert_eq!(manager.get(&path).ok(), one);

    let content = format!("{path}/content");
    let file = manager.get(&content);
    assert_eq!(file.status, 200);
    assert_eq!(file.header("content-type"), "application/x-asciicast");
    assert_eq!(file.header("content-length"), one["size"].to_string());
    let disposition = file.header("content-disposition");
    assert!(disposition.starts_with(&format!("attachment; filename=\"{id}.cast\"")));
    let played = Played::new(&file.text);
    assert_eq!(
        (played.text("o"), played.text("r")),
        ("grün\r\n".to_owned(), "100x30".to_owned())
    );

    // In parts, and not again.
    let part = |range: &str| manager.send("GET", &content, |r| r.header("range", range));
    let first = part("bytes=0-99");
    assert_eq!((first.status, first.text.len()), (206, 100));
    let rest = part("bytes=100-");
    assert_eq!(format!("{}{}", first.text, rest.text), file.text);
    let size = one["size"].as_u64().unwrap();
    assert_eq!(
        rest.header("content-range"),
        format!("bytes 100-{}/{size}", size - 1)
    );
    assert_eq!(part("bytes=-5").text, file.text[file.text.len() - 5..]);
    refused(&part(&format!("bytes={size}-")), 416, "invalid_input");
    let tag = file.header("etag").to_owned();
    let another = manager.send("GET", &content, |r| r.header("if-match", "\"another\""));
    refused(&another, 412, "precondition_failed");
    let again = manager.send("GET", &content, |r| r.header("if-none-match", tag));
    assert_eq!((again.status, again.text.as_str()), (304, ""));
    let head = manager.send("HEAD", &content, |r| r);
    assert_eq!((head.status, head.text.as_str()), (200, ""));
    assert_eq!(head.header("content-length"), size.to_string());

    manager.delete(&path).ok();
    for answer in [
        manager.get(&path),
        manager.get(&content),
        manager.delete(&path),
    ] {
        refused(&answer, 404, "not_found");
    }
    assert!(!recordings.file("local", id).exists());
    assert_eq!(manager.get("/recordings").ok()["recordings"], json!([]));
}

#[test]
fn one_that_a_killed_server_left_ends_at_its_last_whole_line() {
    let recordings = Recordings::new();
    let recorder = recordings.begin("local");
    let id = recorder.id();
    recorder.output(b"one\r\n");
    let path = recordings.file("local", id);
    let whole = eventually_value(
        Duration::from_secs(20),
        "the line is on disk",
        || std::fs::read_to_string(&path).unwrap(),
        |text| text.contains("one"),
    );
    // As if the process had died in the middle of a line.
    let torn = format!("{whole}[1.5,\"o\",\"tw");
    let copy = RecordingId::parse("00000000-0000-4000-8000-000000000000").unwrap();
    std::fs::write(recordings.file("local", copy), &torn).unwrap();
    let manager = recordings.manager();
    let object = manager.get(&format!("/recordings/{copy}")).ok();
    assert_eq!(object["state"], "unfinished");
    assert_eq!(object.get("duration_seconds"), None);
    assert_eq!(object["size"], torn.len());
    let file = manager.get(&format!("/recordings/{copy}/content"));
    assert_eq!(file.text, whole);
    assert_eq!(Played::new(&file.text).text("o"), "one\r\n");
    let untouched = std::fs::read_to_string(recordings.file("local", copy)).unwrap();
    assert_eq!(untouched, torn);
    drop(recorder);
}

#[test]
fn another_s_recording_is_none() {
    let recordings = Recordings::new();
    let ids = ["ann", "bob"].map(|owner| recordings.begin(owner).id());
    recordings.end();
    let config = tempfile::tempdir().unwrap();
    let file = config.path().join("config.toml");
    std::fs::write(&file, "[tokens]\nann = \"token-a\"\nbob = \"token-b\"\n").unwrap();
    let manager = Manager::builder()
        .flag("--config", &file)
        .flag("--recording-dir", recordings.path())
        .start();
    let ask = |method: &str, path: &str, token: &str| {
        manager.send(method, path, |request| request.bearer_auth(token))
    };
    for (token, own, other) in [("token-a", 0, 1), ("token-b", 1, 0)] {
        let listed = ask("GET", "/recordings", token).ok();
        let listed = listed["recordings"].as_array().unwrap();
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0]["recording_id"], ids[own].to_string());
        let nobody = "00000000-0000-4000-8000-000000000000".to_owned();
        for (method, tail) in [("GET", ""), ("GET", "/content"), ("DELETE", "")] {
            let of = |id: &str| ask(method, &format!("/recordings/{id}{tail}"), token);
            let (theirs, none) = (of(&ids[other].to_string()), of(&nobody));
            refused(&theirs, 404, "not_found");
            assert_eq!(theirs.text, none.text, "not to be told apart");
        }
    }
    for (n, owner) in ["ann", "bob"].into_iter().enumerate() {
        assert!(recordings.file(owner, ids[n]).exists());
    }
    let stranger = manager.get("/recordings");
    assert_eq!(stranger.status, 401);
}

#[test]
fn what_is_no_id_names_nothing() {
    let recordings = Recordings::new();
    let id = recordings.begin("local").id();
    recordings.end();
    let outside = recordings.dir.path().join("secret.cast");
    std::fs::write(&outside, "secret").unwrap();
    let manager = recordings.manager();
    for sent in [
        "..%2F..%2Fsecret",
        "%2e%2e%2f%2e%2e%2fsecret",
        "..%2Flocal%2F..",
        "x",
        "%00",
        &id.to_string().to_uppercase(),
        &format!("{id}.cast"),
        &format!("%2e%2f{id}"),
        &format!("..%2Flocal%2F{id}"),
    ] {
        for (method, tail) in [("GET", ""), ("GET", "/content"), ("DELETE", "")] {
            let answer = manager.send(method, &format!("/recordings/{sent}{tail}"), |r| r);
            assert!(
                answer.status == 404 || answer.status == 400,
                "{method} {sent}{tail}: {}",
                answer.status
            );
            assert!(!answer.text.contains("secret\""), "{}", answer.text);
        }
    }
    assert!(outside.exists() && recordings.file("local", id).exists());
}

#[test]
fn without_a_directory_every_route_says_so() {
    let manager = Manager::start();
    let id = "/recordings/00000000-0000-4000-8000-000000000000";
    for answer in [
        manager.get("/recordings"),
        manager.get(id),
        manager.get(&format!("{id}/content")),
        manager.delete(id),
    ] {
        refused(&answer, 501, "unsupported");
        assert_eq!(answer.json()["detail"], "Recording is not configured");
    }
}

#[test]
fn a_directory_that_cannot_be_used_is_told_at_the_start() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "x").unwrap();
    let builder = Manager::builder().flag("--recording-dir", file.join("r"));
    let output = builder.command(dir.path()).output().unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("recording_dir") && said.contains("file/r"),
        "{said}"
    );
}

/// Whoever knows the name of another's recording could have it uploaded to a machine of
/// their own.
#[test]
fn no_local_path_of_a_request_leads_to_recordings() {
    let recordings = Recordings::new();
    let id = recordings.begin("bob").id();
    recordings.end();
    let sshd = connection_tests::Sshd::start();
    let manager = Manager::builder()
        .flag("--recording-dir", recordings.path())
        .flag("--local-root", recordings.dir.path())
        .start();
    let session = manager.ssh(&sshd, "russh");
    let file = recordings.file("bob", id);
    let remote = sshd.mkdir("d").join("stolen");
    let remote: &Path = &remote;
    let answer = manager.upload(&session, &file, remote.to_str().unwrap());
    assert_eq!(answer.status, 403, "{}", answer.text);
    let answer = manager.download(&session, "/etc/hostname", &file);
    assert_eq!(answer.status, 403, "{}", answer.text);
    assert!(!remote.exists());
    let state: Value = manager.get(&format!("/recordings/{id}")).json();
    assert_eq!(state["code"], "not_found", "bob's is none of ours");
}
