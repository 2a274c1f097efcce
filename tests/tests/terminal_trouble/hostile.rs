//! Clients that say nothing, or what nobody understands. What each of them gets is written
//! in `TERMINAL.md`; that the server and its terminals are none the worse is seen after each.

use super::raw::{Raw, frame, header};
use super::{SOON, echo, info};
use connection_tests::manager::{ENGINES, Manager};
use connection_tests::{Sshd, TerminalSocket, eventually};
use serde_json::json;
use std::time::Instant;
use tokio_tungstenite::tungstenite::Message;

/// Our server with one session, and a terminal nobody disturbs.
struct World {
    manager: Manager,
    session: String,
    bystander: TerminalSocket,
    said: usize,
    _sshd: Sshd,
}

impl World {
    fn start() -> Self {
        let (manager, sshd) = (Manager::start(), Sshd::start());
        let session = manager.ssh(&sshd, ENGINES[0]);
        let bystander = echo(&manager, &session);
        Self {
            manager,
            session,
            bystander,
            said: 0,
            _sshd: sshd,
        }
    }

    fn path(&self) -> String {
        format!("/ws/terminal/{}", self.session)
    }

    /// The bystander's terminal, and the server, go on.
    #[track_caller]
    fn unharmed(&mut self) {
        self.said += 1;
        let word = format!("still {};", self.said);
        self.bystander.send(&word);
        self.bystander.until(&word);
        self.manager.get("/connections").ok();
    }

    /// How many terminals there are.
    fn terminals(&self) -> usize {
        let path = format!("/connections/{}/terminals", self.session);
        self.manager.get(&path).ok()["terminals"]
            .as_array()
            .unwrap()
            .len()
    }
}

#[test]
fn who_says_nothing_is_asked_to_leave() {
    let mut world = World::start();
    let mut silent = TerminalSocket::connect(&world.manager, &world.path());
    // A handshake without a word after it, and not even that.
    let _half = std::net::TcpStream::connect(world.manager.addr()).unwrap();
    let begun = Instant::now();
    assert_eq!(silent.closed(), (1002, "protocol".to_owned()));
    assert!(begun.elapsed().as_secs() >= 9, "it had time");
    assert_eq!(world.terminals(), 1);
    world.unharmed();
}

#[test]
fn frames_that_are_none_end_the_socket() {
    let mut world = World::start();
    let cases: [(&str, Vec<u8>, &[u16]); 12] = [
        ("not masked", b"\x82\x03abc".to_vec(), &[1002]),
        ("a reserved opcode", frame(0x83, b"abc"), &[1002]),
        ("a reserved control opcode", frame(0x8b, b"abc"), &[1002]),
        ("a reserved bit", frame(0xc2, b"abc"), &[1002]),
        ("a continuation of nothing", frame(0x80, b"abc"), &[1002]),
        ("a long ping", frame(0x89, &[b'x'; 126]), &[1002]),
        ("a ping in pieces", frame(0x09, b"abc"), &[1002]),
        ("text that is not UTF-8", frame(0x81, b"\xff\xfe"), &[1007]),
        (
            "a frame of 64 KiB and a byte",
            header(0x82, 64 * 1024 + 1),
            &[1009],
        ),
        (
            "a frame of 2^63 bytes",
            header(0x82, 1 << 63),
            &[1009, 1002],
        ),
        ("a close of one byte", frame(0x88, b"x"), &[1002]),
        (
            "a new message within one",
            [frame(0x02, b"a"), frame(0x82, b"b")].concat(),
            &[1002],
        ),
    ];
    for (what, bytes, codes) in cases {
        let mut raw = Raw::echo(&world.manager, &world.session);
        raw.send(&frame(0x82, b"x"));
        raw.send(&bytes);
        let code = raw.closed();
        assert!(
            code.is_some_and(|code| codes.contains(&code)),
            "{what}: {code:?}"
        );
        world.unharmed();
    }
    // The terminals they opened live on without them.
    assert_eq!(world.terminals(), 13);
}

#[test]
fn a_message_in_endless_pieces_is_too_large() {
    let mut world = World::start();
    let mut raw = Raw::echo(&world.manager, &world.session);
    raw.send(&frame(0x02, b"x"));
    for _ in 0..100 {
        raw.send(&frame(0x00, &[b'x'; 1000]));
    }
    assert_eq!(raw.closed(), Some(1009));
    world.unharmed();
}

#[test]
fn bytes_of_no_protocol_end_the_socket() {
    let mut world = World::start();
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..50 {
        let mut raw = Raw::connect(world.manager.addr(), &world.path());
        let noise: Vec<u8> = (0..600)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state as u8
            })
            .collect();
        raw.send(&noise);
    }
    // Each opened nothing: whatever the noise meant, it was not `open`.
    world.unharmed();
    assert_eq!(world.terminals(), 1);
}

#[test]
fn json_of_the_wrong_kind_ends_the_socket_and_nothing_else() {
    let mut world = World::start();
    let deep = format!("{}{}", "[".repeat(30_000), "]".repeat(30_000));
    let long = format!(r#"{{"type":"{}"}}"#, "x".repeat(60_000));
    let frames = [
        "null",
        "7",
        "\"open\"",
        "{}",
        "[]",
        "{\"type\":7}",
        "{\"type\":null}",
        "{\"type\":\"exec\"}",
        "{\"type\":\"resize\"}",
        "{\"type\":\"resize\",\"cols\":-1,\"rows\":1}",
        "{\"type\":\"resize\",\"cols\":1.5,\"rows\":1}",
        "{\"type\":\"resize\",\"cols\":99999999999999999999,\"rows\":1}",
        "{\"type\":\"ack\",\"offset\":-1}",
        "{\"type\":\"ack\",\"offset\":\"0\"}",
        "{\"type\":\"signal\",\"signal\":9}",
        "{\"type\":\"resize\",\"cols\":80,\"rows\":24",
        &deep,
        &long,
    ];
    for text in frames {
        let mut socket = echo(&world.manager, &world.session);
        let id = socket.terminal_id();
        socket.send("kept");
        socket.send_message(Message::text(text));
        let shown: String = text.chars().take(80).collect();
        assert_eq!(socket.closed(), (1002, "protocol".to_owned()), "{shown}");
        let path = format!("/connections/{}/terminals/{id}", world.session);
        // What was typed before counts, and the terminal lives until it is closed.
        let mut again = TerminalSocket::attach(&world.manager, &world.session, &id, "from=0");
        again.until("kept");
        world.manager.delete(&path);
        assert_eq!(again.closed(), (4002, "closed".to_owned()));
        world.unharmed();
    }
    eventually(SOON, "they are forgotten", || world.terminals() == 1);
}

/// Wrong in what they ask for, and not in how: an error, and the socket goes on.
#[test]
fn what_cannot_be_is_refused_and_the_socket_goes_on() {
    let mut world = World::start();
    let mut socket = echo(&world.manager, &world.session);
    let id = socket.terminal_id();
    for refused in [
        json!({ "type": "resize", "cols": 0, "rows": 24 }),
        json!({ "type": "resize", "cols": 501, "rows": 24 }),
        json!({ "type": "resize", "cols": 80, "rows": 201 }),
        json!({ "type": "resize", "cols": u32::MAX, "rows": 1 }),
        json!({ "type": "signal", "signal": "" }),
        json!({ "type": "signal", "signal": "SIG INT\n" }),
        json!({ "type": "ack", "offset": 1_000_000 }),
        json!({ "type": "ack", "offset": u64::MAX }),
    ] {
        socket.send_json(&refused);
        let error = socket.until_frame("error");
        assert_eq!(error["code"], "invalid_input", "{refused}");
    }
    let info = info(&world.manager, &world.session, &id);
    assert_eq!((&info["cols"], &info["rows"]), (&80.into(), &24.into()));
    socket.send("on it goes");
    socket.until("on it goes");
    world.unharmed();
}

#[test]
fn a_thousand_sockets_that_come_and_go_leave_nothing() {
    let mut world = World::start();
    let descriptors = |manager: &Manager| {
        let path = format!("/proc/{}/fd", manager.pid());
        std::fs::read_dir(path).unwrap().count()
    };
    let id = world.bystander.terminal_id();
    let path = format!("{}?terminal={id}&mode=read", world.path());
    world.unharmed();
    let before = descriptors(&world.manager);
    for number in 0..1000 {
        let raw = Raw::connect(world.manager.addr(), &path);
        if number % 10 == 0 {
            // So many may watch at once.
            drop(raw);
            eventually(SOON, "they are gone", || {
                let info = info(&world.manager, &world.session, &id);
                info["viewers"].as_array().unwrap().len() == 1
            });
        }
    }
    eventually(SOON, "every socket is closed", || {
        descriptors(&world.manager) <= before + 4
    });
    world.unharmed();
}
