//! Many terminals on many sessions.

use super::{SOON, echo, info};
use connection_tests::manager::{ENGINES, Manager};
use connection_tests::{Sshd, TerminalSocket, eventually};
use serde_json::json;

const SESSIONS: usize = 20;
const EACH: usize = 10;

#[test]
fn two_hundred_terminals_on_twenty_sessions() {
    // Each session has a channel for files beside its terminals.
    let sshd = Sshd::builder().max_sessions(EACH as u32 + 2).start();
    let manager = Manager::builder().flag("--max-sessions", "30").start();
    let sessions: Vec<String> = (0..SESSIONS)
        .map(|number| manager.ssh(&sshd, ENGINES[number % 2]))
        .collect();
    let mut terminals: Vec<TerminalSocket> = sessions
        .iter()
        .flat_map(|session| (0..EACH).map(|_| echo(&manager, session)))
        .collect();
    let say = |terminal: &mut TerminalSocket, number: usize, round: usize| {
        terminal.send(format!("[{round}: I am {number}]"));
    };
    // All speak before any is read, three times.
    for round in 0..3 {
        for (number, terminal) in terminals.iter_mut().enumerate() {
            say(terminal, number, round);
        }
    }
    for (number, terminal) in terminals.iter_mut().enumerate() {
        terminal.until(&format!("[2: I am {number}]"));
        let all: String = (0..3).map(|r| format!("[{r}: I am {number}]")).collect();
        assert_eq!(
            terminal.text(),
            format!("ready{all}"),
            "its own and no other's"
        );
    }
    for (number, terminal) in terminals.iter_mut().enumerate() {
        terminal.resize(81 + number as u32, 25);
        let resized = terminal.until_frame("resize");
        assert_eq!(resized["cols"], 81 + number);
    }
    for session in &sessions {
        let listed = manager.get(&format!("/connections/{session}/terminals"));
        let listed = listed.ok()["terminals"].as_array().cloned().unwrap();
        assert_eq!(listed.len(), EACH);
        assert!(
            listed
                .iter()
                .all(|t| t["viewers"].as_array().unwrap().len() == 1)
        );
    }

    // A session takes its own with it.
    manager.close(&sessions[0]).ok();
    for terminal in &mut terminals[..EACH] {
        assert_eq!(terminal.closed(), (4001, "session_closed".to_owned()));
    }
    // A page with half of them goes; they live on, and are there for who comes again.
    let (_, rest) = terminals.split_at_mut(EACH);
    for (number, terminal) in rest.iter_mut().enumerate() {
        let number = EACH + number;
        say(terminal, number, 3);
        terminal.until(&format!("[3: I am {number}]"));
    }
    let mut number = EACH;
    for mut terminal in terminals.drain(EACH..) {
        let session = &sessions[number / EACH];
        let (id, offset) = (terminal.terminal_id(), terminal.offset());
        if number.is_multiple_of(2) {
            terminal.cut();
            let query = format!("from={offset}");
            terminal = TerminalSocket::attach(&manager, session, &id, &query);
        }
        say(&mut terminal, number, 4);
        terminal.until(&format!("[4: I am {number}]"));
        number += 1;
        if number == SESSIONS * EACH {
            drop(terminal);
            eventually(SOON, "nobody is attached", || {
                info(&manager, session, &id)["viewers"] == json!([])
            });
        }
    }
}
