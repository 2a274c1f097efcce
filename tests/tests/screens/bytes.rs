//! Bytes are passed on as they are: characters cut anywhere, and sequences nobody reads.

use super::*;
use connection_core::terminals::{Attach, ViewerEvent, ViewerMode};

/// Of one, two, three and four bytes, narrow and wide, and one that goes onto another.
const CHARACTERS: &str = "a é ß 漢 字 한 🦀 👩 e\u{301} │ └─ ";

#[tokio::test(flavor = "multi_thread")]
async fn a_character_cut_in_two_arrives_whole() {
    for engine in SshEngine::ALL {
        let machine = Machine::start(engine).await;
        machine
            .sshd
            .write_file("text", format!("{CHARACTERS}\r\nend"));
        let (terminal, mut seat) = machine
            .run("sh -c 'stty raw -echo; cat text; exec cat'")
            .await;
        seat.shows("end").await;
        assert_eq!(seat.screen.row(0), CHARACTERS.trim_end());
        let whole = seat.screen.state();
        // Attached again at each byte, with the screen as it was.
        for cut in 0..=seat.offset {
            let (before, _) = seat.bytes.split_at(cut as usize);
            let mut again = Seat::attach(&terminal, Attach::new(ViewerMode::Read).from(cut));
            again.screen.feed(before);
            again.drawn(seat.offset).await;
            let same = again.screen.state() == whole;
            let (one, two) = (again.screen.text(), seat.screen.text());
            assert!(same, "{engine:?}: cut at {cut}\n{one}\n--- is not\n{two}");
        }
        machine.stop().await;
    }
}

/// A viewer that gives credit for one byte at a time gets one byte at a time.
#[tokio::test(flavor = "multi_thread")]
async fn a_character_comes_byte_by_byte() {
    for engine in SshEngine::ALL {
        let machine = Machine::start(engine).await;
        let line = format!("{CHARACTERS}\r\n");
        let count = 256 * 1024 / line.len() + 20;
        machine.sshd.write_file("text", line.repeat(count) + "end");
        let command = "sh -c 'stty raw -echo; cat text; exec cat'";
        let request = TerminalRequest::default().command(machine.programs.run(command));
        let options = TerminalOptions::default();
        let terminal = machine.session.start_terminal(request, options).await;
        let terminal = terminal.unwrap();
        let mut viewer = terminal.attach(Attach::new(ViewerMode::Write)).unwrap();
        let mut screen = Screen::new(80, 24);
        let (mut given, mut single) = (0, 0);
        while !screen.has("end") {
            let next = viewer.output.next();
            let next = tokio::time::timeout(std::time::Duration::from_secs(60), next).await;
            if let ViewerEvent::Data(data) = next.expect("it is stuck") {
                given += data.len() as u64;
                screen.feed(&data);
                single += usize::from(data.len() == 1);
            }
            if given >= terminal.window() {
                let drawn = given - terminal.window() + 1;
                viewer.input.ack(drawn).unwrap();
            }
        }
        assert!(single > 500, "{engine:?}: only {single} came alone");
        assert_eq!(screen.row(22), CHARACTERS.trim_end());
        machine.stop().await;
    }
}

/// What a terminal and a program say to each other that is not text, and what is not even
/// that: among it all 256 bytes, and those of XON and XOFF.
fn sequences() -> Vec<u8> {
    let mut all = Vec::new();
    for text in [
        "\x1b[?1000h\x1b[?1002h\x1b[?1003h\x1b[?1006h\x1b[?1015h",
        "\x1b[M !!\x1b[<0;10;20M\x1b[<0;10;20m\x1b[<64;500;200M",
        "\x1b[?2004h\x1b[200~pasted\r\ntext \x1b[201~\x1b[?2004l",
        "\x1b]0;a title\x07\x1b]2;another\x1b\\\x1b]8;;https://example.test/\x1b\\link\x1b]8;;\x1b\\",
        "\x1b]52;c;aGVsbG8=\x07\x1b]52;c;?\x07\x1b]11;?\x1b\\\x1b]1337;File=inline=1:AAAA\x07",
        "\x1bP+q544e\x1b\\\x1bPq#0;2;0;0;0#0~~\x1b\\\x1b_Gf=24;AAAA\x1b\\\x1b^private\x1b\\\x1bXstring\x1b\\",
        "\x1b[6n\x1b[c\x1b[>c\x1b[5n\x1b[14t\x1b[?1049h\x1b[2J\x1b[?1049l\x1bc\x1b[!p\x1b[8;1;1t",
        "{\"type\":\"exit\",\"status\":0,\"signal\":null}\n",
        "\x1b]0;never ended",
    ] {
        all.extend(text.as_bytes());
    }
    all.extend(0..=255u8);
    // Not UTF-8: a lone continuation, an overlong slash, a surrogate, a character cut off.
    all.extend(b"\x80\xc0\xaf\xed\xa0\x80\xf0\x9f\xa6");
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn sequences_are_shown_untouched() {
    for engine in SshEngine::ALL {
        let machine = Machine::start(engine).await;
        machine.sshd.write_file("sequences", sequences().repeat(50));
        let command = "sh -c 'stty raw -echo; exec cat sequences'";
        let (_, mut seat) = machine.run(command).await;
        while seat.closed.is_none() {
            seat.step("all of them").await;
        }
        assert!(seat.bytes == sequences().repeat(50), "{engine:?}");
        machine.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sequences_are_typed_untouched() {
    for engine in SshEngine::ALL {
        let machine = Machine::start(engine).await;
        let typed = sequences().repeat(50);
        let command = format!(
            "sh -c 'stty raw -echo; echo ready; head -c {} >typed; printf done'",
            typed.len()
        );
        let (_, mut seat) = machine.run(&command).await;
        seat.shows("ready").await;
        for piece in typed.chunks(997) {
            seat.keys(piece).await;
        }
        seat.exits(0).await;
        let got = std::fs::read(machine.sshd.home().join("typed")).unwrap();
        assert!(got == typed, "{engine:?}: {} bytes", got.len());
        machine.stop().await;
    }
}
