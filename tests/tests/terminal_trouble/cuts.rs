//! Networks that cut a socket, at any byte, and pages that are loaded again.

use super::raw::{Raw, frame};
use super::{ECHO, SOON, echo, end, info, run};
use connection_tests::manager::SshWorld;
use connection_tests::{ChaosProxy, Direction, Event, TerminalSocket, eventually, on_both_engines};
use serde_json::json;
use std::net::SocketAddr;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

on_both_engines!(
    from_any_byte_the_rest_is_the_same,
    cut_at_any_byte_of_the_connection_nothing_is_wrong,
    cut_again_and_again_while_bytes_come_nothing_is_missing,
    half_a_frame_is_not_typed,
    a_page_loaded_again_goes_on_where_it_was,
);

/// What is shown before the terminal waits: short, with characters of every length.
const SHORT: &str = "plain é 漢字 🦀 \x1b[1mbold\x1b[m \x1b]0;title\x07 end of it";

/// A terminal that shows [`SHORT`] and stays.
fn short(world: &SshWorld, session: &str) -> String {
    world.sshd.write_file("short", SHORT);
    let command = "stty raw -echo; cat short; exec cat";
    let mut terminal = run(&world.manager, session, command);
    terminal.until("end of it");
    terminal.terminal_id()
}

fn path(session: &str, terminal: &str, from: u64) -> String {
    format!("/ws/terminal/{session}?terminal={terminal}&from={from}")
}

/// Attaches through a proxy and reads to the end of the connection or of [`SHORT`]; `None`
/// when it was cut before it was a socket.
fn to_the_cut(address: SocketAddr, path: &str) -> Option<TerminalSocket> {
    let mut socket = TerminalSocket::connect_to(address, path, &[]).ok()?;
    while socket.offset() < SHORT.len() as u64 {
        match socket.event() {
            Event::Data(_) | Event::Frame(_) => {}
            Event::Cut => break,
            closed => panic!("{closed:?}"),
        }
    }
    Some(socket)
}

fn from_any_byte_the_rest_is_the_same(world: &SshWorld, engine: &str) {
    let manager = &world.manager;
    let session = manager.ssh(&world.sshd, engine);
    let terminal = short(world, &session);
    for from in 0..=SHORT.len() as u64 {
        let query = format!("from={from}&mode=read");
        let mut socket = TerminalSocket::attach(manager, &session, &terminal, &query);
        while socket.offset() < SHORT.len() as u64 {
            socket.event();
        }
        let offset = socket.frames().iter().find(|f| f["type"] == "offset");
        let offset = offset.unwrap();
        assert_eq!(
            (&offset["offset"], &offset["lost"]),
            (&from.into(), &0.into())
        );
        assert_eq!(socket.data(), &SHORT.as_bytes()[from as usize..]);
    }
}

/// The proxy lets through one byte more each time, from none at all, so that every byte of
/// handshake, frame heads, frames and bytes of the terminal is the last once.
fn cut_at_any_byte_of_the_connection_nothing_is_wrong(world: &SshWorld, engine: &str) {
    let manager = &world.manager;
    let session = manager.ssh(&world.sshd, engine);
    let terminal = short(world, &session);
    let proxy = ChaosProxy::start(manager.addr());
    let mut seen_all = 0;
    for cut in 0.. {
        if seen_all == 3 {
            break;
        }
        assert!(cut < 3000, "it never comes to the end");
        proxy.cut_after(Direction::ToClient, cut);
        let got = to_the_cut(proxy.addr(), &path(&session, &terminal, 0));
        proxy.resume();
        // The end of a handshake, or of a frame, is waited for; what came is the beginning.
        let bytes = got.map(|socket| socket.data().to_vec()).unwrap_or_default();
        assert!(SHORT.as_bytes().starts_with(&bytes), "cut at {cut}");
        if bytes.len() == SHORT.len() {
            seen_all += 1;
            continue;
        }
        if !cut.is_multiple_of(16) && bytes.is_empty() {
            continue;
        }
        let query = format!("from={}", bytes.len());
        let mut again = TerminalSocket::attach(manager, &session, &terminal, &query);
        while again.offset() < SHORT.len() as u64 {
            again.event();
        }
        assert_eq!([&bytes, again.data()].concat(), SHORT.as_bytes());
    }
    eventually(SOON, "nobody is left", || {
        info(manager, &session, &terminal)["viewers"] == json!([])
    });
    assert_eq!(end(manager, &session, &terminal), SHORT.len() as u64);
}

fn cut_again_and_again_while_bytes_come_nothing_is_missing(world: &SshWorld, engine: &str) {
    let manager = &world.manager;
    let session = manager.ssh(&world.sshd, engine);
    // Shorter than what is kept: nobody is attached most of the time.
    let all: String = (1..=120_000).map(|n| format!("{n}\n")).collect();
    let command = "stty raw -echo; seq 1 120000; exec cat";
    let terminal = run(manager, &session, command).terminal_id();
    let proxy = ChaosProxy::start(manager.addr());
    let mut bytes: Vec<u8> = Vec::new();
    let (mut cuts, mut within_frames) = (0u64, 0);
    while bytes.len() < all.len() {
        // Few bytes and many, in one direction or the other, closed or reset.
        let (direction, count) = match cuts % 4 {
            0..3 => (
                Direction::ToClient,
                300 + (cuts * 7919 + cuts * cuts * 31) % 90_000,
            ),
            _ => (Direction::ToServer, 250 + cuts * 13 % 160),
        };
        if cuts.is_multiple_of(2) {
            proxy.cut_after(direction, count);
        } else {
            proxy.reset_after(direction, count);
        }
        let address = proxy.addr();
        let path = path(&session, &terminal, bytes.len() as u64);
        if let Ok(mut socket) = TerminalSocket::connect_to(address, &path, &[]) {
            let before = proxy.passed(Direction::ToClient);
            while bytes.len() as u64 + socket.data().len() as u64 <= all.len() as u64 {
                match socket.event() {
                    Event::Data(_) => {
                        // Bytes towards the server, for a cut in that direction.
                        let _ = socket.try_send(ack(socket.offset()));
                        if socket.offset() == all.len() as u64 {
                            break;
                        }
                    }
                    Event::Frame(frame) if frame["type"] == "offset" => {
                        assert_eq!(frame["offset"], bytes.len());
                        assert_eq!(frame["lost"], 0);
                    }
                    Event::Frame(_) => {}
                    Event::Cut => break,
                    closed => panic!("{closed:?}"),
                }
            }
            let passed = proxy.passed(Direction::ToClient) - before;
            within_frames += u64::from(passed > socket.data().len() as u64 + 1000);
            // A client that had drawn only so much of it goes on from there.
            let drawn = socket.data().len().min(20_000);
            bytes.extend(&socket.data()[..drawn]);
        }
        proxy.resume();
        cuts += 1;
        assert!(cuts < 5000, "{} bytes", bytes.len());
    }
    assert!(
        bytes == all.as_bytes(),
        "{} bytes, {cuts} cuts",
        bytes.len()
    );
    assert!(cuts > 25, "only {cuts}");
    assert!(within_frames > 0, "no frame was cut in two");
}

fn ack(offset: u64) -> Message {
    let ack = json!({ "type": "ack", "offset": offset });
    Message::text(ack.to_string())
}

/// A frame whose end never comes types nothing, however the connection ends.
fn half_a_frame_is_not_typed(world: &SshWorld, engine: &str) {
    let manager = &world.manager;
    let session = manager.ssh(&world.sshd, engine);
    let mut watching = echo(manager, &session);
    let terminal = watching.terminal_id();
    let proxy = ChaosProxy::start(manager.addr());
    let keys = b"rm -rf precious\n".repeat(100);
    let whole = frame(0x82, &keys);
    for (round, sent) in [1, 5, 8, 9, 100, whole.len() - 1].into_iter().enumerate() {
        let mut raw = Raw::connect(proxy.addr(), &path(&session, &terminal, 0));
        watching.until_viewers(2);
        // Two whole frames before, which count.
        raw.send(&frame(0x82, b"before "));
        raw.send(&frame(0x82, format!("{round};").as_bytes()));
        raw.send(&whole[..sent]);
        watching.until(&format!("before {round};"));
        if round.is_multiple_of(2) {
            proxy.reset();
        } else {
            drop(raw);
        }
        watching.until_viewers(1);
    }
    watching.send("after");
    watching.until("after");
    assert!(!watching.text().contains("rm"), "{}", watching.text());
}

fn a_page_loaded_again_goes_on_where_it_was(world: &SshWorld, engine: &str) {
    let manager = &world.manager;
    let session = manager.ssh(&world.sshd, engine);
    let mut page = run(manager, &session, ECHO);
    page.until("ready");
    let terminal = page.terminal_id();
    let mut wanted = b"ready".to_vec();
    let mut all = Vec::new();
    for load in 0..60 {
        let typed = format!("{load} é漢🦀;");
        page.send(&typed);
        wanted.extend(typed.as_bytes());
        // Sometimes the echo is waited for, and sometimes it comes while nobody is there.
        if load % 3 != 0 {
            page.until(&typed);
        }
        all.extend(page.data());
        let offset = page.offset();
        assert_eq!(offset, all.len() as u64);
        if load % 2 == 0 {
            page.cut();
        } else {
            // As a browser says goodbye.
            let goodbye = CloseFrame {
                code: 1001.into(),
                reason: "".into(),
            };
            page.send_message(Message::Close(Some(goodbye)));
            drop(page);
        }
        let query = format!("from={offset}");
        page = TerminalSocket::attach(manager, &session, &terminal, &query);
        assert_eq!(page.terminal_id(), terminal);
        while page.offset() < wanted.len() as u64 {
            page.event();
        }
        let seen = [&all, page.data()].concat();
        assert_eq!(
            String::from_utf8_lossy(&seen),
            String::from_utf8_lossy(&wanted)
        );
    }
    drop(page);
    let gone = manager.get(&format!("/connections/{session}/terminals"));
    assert_eq!(gone.ok()["terminals"].as_array().map(Vec::len), Some(1));
}
