//! Two that type and one that watches, all at the same time.

use super::{echo, info};
use connection_tests::manager::SshWorld;
use connection_tests::{TerminalSocket, on_both_engines};

on_both_engines!(two_type_at_once_and_one_watches);

/// What each of them types.
const WORDS: usize = 300;

fn word(who: &str, number: usize) -> String {
    format!("<{who} {number} é漢🦀 {}>", "x".repeat(number % 97))
}

fn two_type_at_once_and_one_watches(world: &SshWorld, engine: &str) {
    let manager = &world.manager;
    let session = manager.ssh(&world.sshd, engine);
    let mut ann = echo(manager, &session);
    let terminal = ann.terminal_id();
    let bob = TerminalSocket::attach(manager, &session, &terminal, "from=0");
    let mut eve = TerminalSocket::attach(manager, &session, &terminal, "from=0&mode=read");
    ann.until_viewers(3);
    let typing = |who: &'static str, mut socket: TerminalSocket| {
        std::thread::spawn(move || {
            for number in 0..WORDS {
                socket.send(word(who, number));
            }
            socket
        })
    };
    let (ann, bob) = (typing("ann", ann), typing("bob", bob));
    for number in 0..20 {
        eve.send(word("eve", number));
        let error = eve.until_frame("error");
        assert_eq!(error["code"], "read_only");
        eve.resize(10, 10);
        assert_eq!(eve.until_frame("error")["code"], "read_only");
    }
    let (mut ann, mut bob) = (ann.join().unwrap(), bob.join().unwrap());
    let length: usize = ["ann", "bob"]
        .iter()
        .flat_map(|who| (0..WORDS).map(|number| word(who, number).len()))
        .sum();
    let length = ("ready".len() + length) as u64;
    for socket in [&mut ann, &mut bob, &mut eve] {
        while socket.offset() < length {
            socket.event();
        }
        assert_eq!((socket.start(), socket.offset()), (0, length));
    }
    assert!(ann.data() == bob.data() && bob.data() == eve.data());

    // Each word whole, each one's words in their order, and nothing else.
    let shown = String::from_utf8(eve.data().to_vec()).unwrap();
    let mut next = [0, 0];
    for shown in shown.strip_prefix("ready").unwrap().split_inclusive('>') {
        let who = usize::from(shown.starts_with("<bob"));
        assert_eq!(shown, word(["ann", "bob"][who], next[who]));
        next[who] += 1;
    }
    assert_eq!(next, [WORDS, WORDS]);
    let info = info(manager, &session, &terminal);
    assert_eq!((&info["cols"], &info["rows"]), (&80.into(), &24.into()));
}
