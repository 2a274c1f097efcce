//! `vim` and `nano`: type, edit, save; and vim seen by who comes later.

use super::*;
use connection_core::terminals::Attach;
use connection_core::terminals::ViewerMode;

/// Without anybody's settings.
const VIM: &str = "vim -N -u NONE -i NONE";

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_is_written_changed_and_saved_with_vim() {
    for engine in SshEngine::ALL {
        let machine = Machine::start(engine).await;
        let (_, mut seat) = machine.run(&format!("{VIM} letter.txt")).await;
        seat.shows("\"letter.txt\" [New]").await;
        seat.until("an empty line of vim", |screen| screen.row(1) == "~")
            .await;
        seat.keys("iDear Ann,\r\rthis is 漢字 and naïve 🦀.\x1b:w\r")
            .await;
        seat.until("it is written", |screen| {
            screen.last_row().contains("3L,") && screen.last_row().contains("written")
        })
        .await;
        let letter = "Dear Ann,\n\nthis is 漢字 and naïve 🦀.\n";
        assert_eq!(machine.file("letter.txt"), letter);
        let rows = [seat.screen.row(0), seat.screen.row(1), seat.screen.row(2)];
        assert_eq!(rows.join("\n") + "\n", letter);
        assert_eq!(seat.screen.cell(8, 2), "漢", "{}", seat.screen.text());
        assert_eq!(seat.screen.cell(10, 2), "字", "a wide one takes two cells");

        seat.keys("/this\rcwthat\x1bggdd:wq\r").await;
        seat.exits(0).await;
        assert_eq!(machine.file("letter.txt"), "\nthat is 漢字 and naïve 🦀.\n");
        assert!(!seat.screen.parsed().alternate_screen(), "vim put it back");
        machine.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_is_written_and_saved_with_nano() {
    for engine in SshEngine::ALL {
        let machine = Machine::start(engine).await;
        let (_, mut seat) = machine.run("nano -I letter.txt").await;
        seat.shows("New File").await;
        seat.shows("^X Exit").await;
        assert!(seat.screen.row(0).contains("letter.txt"));
        seat.keys("Dear Bob,\rgrüße 漢字").await;
        seat.shows("grüße 漢字").await;
        assert_eq!(seat.screen.row(1), "Dear Bob,", "{}", seat.screen.text());
        // Up, to the end of the line, and there a word more.
        seat.keys("\x1b[A\x05 and Eve\x0f").await;
        seat.shows("File Name to Write: letter.txt").await;
        seat.keys("\r").await;
        seat.shows("Wrote 2 lines").await;
        assert_eq!(
            machine.file("letter.txt"),
            "Dear Bob, and Eve\ngrüße 漢字\n"
        );
        seat.keys("\x18").await;
        seat.exits(0).await;
        machine.stop().await;
    }
}

/// A line is edited in its middle, brought back from the history, and completed.
#[tokio::test(flavor = "multi_thread")]
async fn bash_edits_its_line() {
    for engine in SshEngine::ALL {
        let machine = Machine::start(engine).await;
        machine.sshd.write_file("remarkable-name.txt", "found\n");
        let (_, mut seat) = machine.run("env PS1=': ' bash --norc --noprofile").await;
        seat.until("the prompt", |screen| screen.row(0) == ":")
            .await;
        // Home, a word forward, a word there; the end of the line is not cut off by Enter.
        seat.keys("echo world\x01\x1bf hello").await;
        seat.until("the line", |screen| screen.row(0) == ": echo hello world")
            .await;
        seat.keys("\r").await;
        seat.until("its answer", |screen| {
            screen.row(1) == "hello world" && screen.row(2) == ":"
        })
        .await;
        seat.keys("\x12ello").await;
        seat.shows("(reverse-i-search)`ello'").await;
        seat.keys("\x05\x17there\r").await;
        seat.until("its answer", |screen| {
            screen.row(3) == "hello there" && screen.row(4) == ":"
        })
        .await;
        seat.keys("cat remark\t\r").await;
        seat.until("its answer", |screen| {
            screen.row(5) == "found" && screen.row(6) == ":"
        })
        .await;
        seat.keys("\x04").await;
        seat.exits(0).await;
        machine.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_while_vim_runs_sees_the_same_screen() {
    for engine in SshEngine::ALL {
        let machine = Machine::start(engine).await;
        machine.sshd.write_file("long.txt", lines(500));
        let (terminal, mut seat) = machine.run(&format!("{VIM} long.txt")).await;
        seat.shows("line 23").await;
        seat.keys(":set number hlsearch ruler\r/line 77\rochanged 漢字\x1b")
            .await;
        seat.shows("changed 漢字").await;
        seat.keys(":\"done").await;
        seat.until("the command line", |screen| screen.last_row() == ":\"done")
            .await;
        let mut second = Seat::reader(&terminal);
        second.drawn(seat.offset).await;
        assert_eq!(second.offset, seat.offset);
        assert!(
            second.screen.state() == seat.screen.state(),
            "{engine:?}:\n{}\n--- is not\n{}",
            second.screen.text(),
            seat.screen.text()
        );
        assert!(second.screen.parsed().alternate_screen());
        assert_eq!(
            second.screen.parsed().cursor_position(),
            (23, 6),
            "behind what was typed"
        );
        // The first goes, without a word; the second can go on as a writer.
        drop(seat);
        let mut third = Seat::writer(&terminal);
        third.drawn(second.offset).await;
        third.keys("\x1b:q!\r").await;
        third.exits(0).await;
        second.exits(0).await;
        machine.stop().await;
    }
}

/// Past what is kept a screen cannot be made up from its history; a change of the window's
/// size makes the program draw it anew.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_lost_of_vim_comes_back_with_a_change_of_size() {
    for engine in SshEngine::ALL {
        let limits = TerminalLimits {
            replay: 16 * 1024,
            ..TerminalLimits::default()
        };
        let machine = Machine::start_with(engine, limits).await;
        machine.sshd.write_file("long.txt", lines(5000));
        let (terminal, mut seat) = machine.run(&format!("{VIM} long.txt")).await;
        seat.shows("line 23").await;
        let mut first_line = 1;
        while terminal.info().start == 0 {
            first_line += 40;
            // The line at the top of the window.
            seat.keys(format!("{first_line}Gzt")).await;
            let (top, bottom) = (first_line, first_line + 22);
            seat.until("a page", |screen| {
                screen.row(0) == format!("line {top}") && screen.row(22) == format!("line {bottom}")
            })
            .await;
        }
        seat.keys(":set ruler\r").await;
        let place = format!("{first_line},1");
        seat.until(&place, |screen| screen.last_row().contains(&place))
            .await;
        assert_eq!(seat.lost, 0);

        let how = Attach::new(ViewerMode::Write).from(0);
        let mut late = Seat::attach(&terminal, how);
        late.drawn(seat.offset).await;
        assert!(late.lost > 0, "{engine:?}: the beginning is gone");
        assert_ne!(
            late.screen.parsed().alternate_screen(),
            seat.screen.parsed().alternate_screen(),
            "what began it is gone"
        );
        for columns in [81, 80] {
            late.resize(columns, 24).await;
            for seat in [&mut seat, &mut late] {
                seat.until("the size", |screen| screen.size() == (columns, 24))
                    .await;
            }
            // Drawn anew at the new size: the ruler says that it is there.
            late.keys(format!(":\"{columns}")).await;
            let typed = format!(":\"{columns}");
            for seat in [&mut seat, &mut late] {
                seat.until(&typed, |screen| screen.last_row() == typed)
                    .await;
            }
            late.keys("\x1b").await;
            for seat in [&mut seat, &mut late] {
                seat.until(&place, |screen| screen.last_row().contains(&place))
                    .await;
            }
        }
        let end = terminal.info().end;
        seat.drawn(end).await;
        late.drawn(end).await;
        assert_eq!(late.screen.row(0), format!("line {first_line}"));
        let both = [&late, &seat].map(|seat| seat.screen.parsed().contents_formatted());
        assert!(
            both[0] == both[1],
            "{engine:?}:\n{}\n--- is not\n{}",
            late.screen.text(),
            seat.screen.text()
        );
        machine.stop().await;
    }
}
