//! Frames both ways.

use connection_tests::manager::{SshWorld, unique};
use connection_tests::wait::PATIENCE;
use connection_tests::{Event, TerminalSocket, on_both_engines};
use serde_json::{Value, json};
use std::time::Duration;

on_both_engines!(
    opens_in_its_size_and_exits_with_its_status,
    runs_a_command_and_tells_a_signal,
    attaches_again_where_it_was,
    who_reads_may_do_nothing_else,
    many_see_who_is_there_and_what_size_it_has,
    a_stalled_client_types_on,
    what_is_pasted_arrives_whole,
);

/// A shell that says nothing by itself and answers in one line.
fn plain(world: &SshWorld, session: &str) -> TerminalSocket {
    let fields = json!({ "cols": 80, "rows": 24, "command": "stty -echo; PS1= exec sh" });
    let mut terminal = TerminalSocket::open_with(&world.manager, session, fields);
    terminal.send("echo rea''dy\n");
    terminal.until("ready");
    terminal
}

fn opens_in_its_size_and_exits_with_its_status(world: &SshWorld, engine: &str) {
    let session = world.manager.ssh(&world.sshd, engine);
    let fields = json!({
        "cols": 132, "rows": 43, "term": "vt220", "name": "A name",
        "command": "stty size; echo $TERM; sleep 0.1; exit 7",
    });
    let mut terminal = TerminalSocket::open_with(&world.manager, &session, fields);
    let opened = terminal.opened().clone();
    assert_eq!(opened["cols"], 132);
    assert_eq!(opened["rows"], 43);
    assert_eq!(opened["name"], "A name");
    assert_eq!(opened["mode"], "write");
    assert_eq!(opened["window"], 262_144);
    assert_eq!(opened["end"], 0, "all of it is new to who opens");
    terminal.until("43 132");
    terminal.until("vt220");
    let exit = terminal.until_frame("exit");
    assert_eq!(
        (&exit["status"], &exit["signal"]),
        (&json!(7), &Value::Null)
    );
    assert_eq!(terminal.closed(), (1000, "exited".to_owned()));
    // `opened` is first, `offset` is before the first byte.
    let kinds: Vec<_> = terminal.frames().iter().map(|f| &f["type"]).collect();
    assert_eq!(&kinds[..2], ["opened", "offset"], "{kinds:?}");
    assert_eq!(terminal.start(), 0);
}

fn runs_a_command_and_tells_a_signal(world: &SshWorld, engine: &str) {
    let session = world.manager.ssh(&world.sshd, engine);
    let mut terminal = plain(world, &session);
    let id = terminal.terminal_id();
    let again = TerminalSocket::attach(&world.manager, &session, &id, "");
    assert!(again.opened()["end"].as_u64().unwrap() >= terminal.offset());
    again.cut();
    terminal.send_json(&json!({ "type": "resize", "cols": 1, "rows": 1 }));
    let resized = terminal.until_frame("resize");
    assert_eq!((&resized["cols"], &resized["rows"]), (&json!(1), &json!(1)));
    terminal.send("stty size\n");
    terminal.until("1 1\r\n");
    terminal.send_json(&json!({ "type": "resize", "cols": 501, "rows": 1 }));
    assert_eq!(terminal.until_frame("error")["code"], "invalid_input");
    terminal.send_json(&json!({ "type": "signal", "signal": "SIGINT" }));
    assert_eq!(terminal.until_frame("error")["code"], "invalid_input");
    terminal.send_json(&json!({ "type": "ack", "offset": 1_u64 << 40 }));
    assert_eq!(terminal.until_frame("error")["code"], "invalid_input");
    terminal.send("kill -KILL $$\n");
    let exit = terminal.until_frame("exit");
    assert_eq!(
        (&exit["status"], &exit["signal"]),
        (&Value::Null, &json!("KILL"))
    );
}

fn attaches_again_where_it_was(world: &SshWorld, engine: &str) {
    let session = world.manager.ssh(&world.sshd, engine);
    let mut first = plain(world, &session);
    let id = first.terminal_id();
    let gate = world.sshd.home().join(unique());
    let open = format!("until [ -e {} ]; do sleep 0.05; done", gate.display());
    first.send(format!("printf 'one\\303'; {open}; printf '\\251two\\n'\n"));
    first.until("one");
    let (offset, mut seen) = (first.offset(), first.data().to_vec());
    first.cut();
    let query = format!("from={offset}");
    let mut again = TerminalSocket::attach(&world.manager, &session, &id, &query);
    std::fs::write(&gate, "").unwrap();
    again.until("two\r\n");
    assert_eq!(again.start(), offset);
    assert_eq!(
        again.frames()[1],
        json!({ "type": "offset", "offset": offset, "lost": 0 })
    );
    seen.extend(again.data());
    assert!(
        String::from_utf8(seen.clone())
            .unwrap()
            .contains("one\u{e9}two")
    );
    // Everything that is kept, for who does not know the terminal yet.
    let mut new = TerminalSocket::attach(&world.manager, &session, &id, "");
    new.until("two\r\n");
    assert_eq!((new.start(), new.data()), (0, &seen[..]));
    let beyond = format!(
        "/ws/terminal/{session}?terminal={id}&from={}",
        again.offset() + 1
    );
    let refused = world.manager.refused_socket(&beyond, &[]);
    assert_eq!(
        (refused.status, &refused.json()["code"]),
        (400, &json!("invalid_input"))
    );
}

fn who_reads_may_do_nothing_else(world: &SshWorld, engine: &str) {
    let session = world.manager.ssh(&world.sshd, engine);
    let mut writer = plain(world, &session);
    let id = writer.terminal_id();
    let mut reader = TerminalSocket::attach(&world.manager, &session, &id, "mode=read");
    assert_eq!(reader.opened()["mode"], "read");
    reader.send("echo from-the-reader\n");
    assert_eq!(reader.until_frame("error")["code"], "read_only");
    reader.resize(10, 10);
    assert_eq!(reader.until_frame("error")["code"], "read_only");
    reader.send_json(&json!({ "type": "signal", "signal": "KILL" }));
    assert_eq!(reader.until_frame("error")["code"], "read_only");
    // The socket goes on: acknowledging is reading, and what others type is seen.
    reader.acknowledge();
    writer.send("stty size; echo from-the-writer\n");
    reader.until("24 80\r\nfrom-the-writer");
    assert!(
        !reader.text().contains("from-the-reader"),
        "{}",
        reader.text()
    );
}

fn many_see_who_is_there_and_what_size_it_has(world: &SshWorld, engine: &str) {
    let session = world.manager.ssh(&world.sshd, engine);
    let mut first = plain(world, &session);
    let id = first.terminal_id();
    let mut second = TerminalSocket::attach(&world.manager, &session, &id, "");
    let both = first.until_viewers(2);
    let modes: Vec<_> = both["viewers"].as_array().unwrap().iter().collect();
    assert_eq!(modes[0]["viewer_id"], first.viewer_id());
    assert_eq!(modes[1]["viewer_id"], second.viewer_id());
    assert_eq!(
        (&modes[1]["mode"], &modes[1]["shared"]),
        (&json!("write"), &json!(false))
    );
    second.resize(200, 50);
    let resized = first.until_frame("resize");
    assert_eq!(
        (&resized["cols"], &resized["rows"]),
        (&json!(200), &json!(50))
    );
    second.send("echo typed-by-the-second\n");
    first.until("typed-by-the-second");
    second.cut();
    first.until_viewers(1);
}

/// More output than fits every buffer between, and a client that takes none of it.
fn a_stalled_client_types_on(world: &SshWorld, engine: &str) {
    let session = world.manager.ssh(&world.sshd, engine);
    let mut stalled = plain(world, &session);
    let id = stalled.terminal_id();
    let mut other = TerminalSocket::attach(&world.manager, &session, &id, "mode=read");
    other.never_acknowledge();
    stalled.never_acknowledge();
    let before = stalled.offset();
    stalled.send("yes\n");
    while stalled.offset() - before <= 200_000 {
        assert!(stalled.next_within(PATIENCE).is_some(), "it came to a stop");
    }
    while stalled.next_within(Duration::from_millis(300)).is_some() {}
    let came = stalled.offset() - before;
    assert!(came <= 262_144, "{came} bytes beyond the last acknowledged");
    stalled.send("\x03");
    // Then it wants to see again.
    stalled.acknowledge_everything();
    stalled.send("echo al''ive\n");
    stalled.until("alive");
}

/// A program that answers each byte it reads, and a client that reads nothing until it has
/// sent everything.
fn what_is_pasted_arrives_whole(world: &SshWorld, engine: &str) {
    const LINES: usize = 20_000;
    let session = world.manager.ssh(&world.sshd, engine);
    let fields = json!({
        "cols": 80, "rows": 24,
        "command": "stty raw -echo; echo ready; head -c 640000 | tee /dev/stderr | sha256sum",
    });
    let mut terminal = TerminalSocket::open_with(&world.manager, &session, fields);
    terminal.until("ready");
    let text: String = (0..LINES).map(|n| format!("{n:031}\n")).collect();
    for part in text.as_bytes().chunks(50_000) {
        terminal.send(part);
    }
    let wanted = sha256(text.as_bytes());
    terminal.until(&wanted);
    assert_eq!(terminal.until_frame("exit")["status"], 0);
    assert!(matches!(terminal.event(), Event::Closed(1000, _)));
}

fn sha256(data: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(data);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
