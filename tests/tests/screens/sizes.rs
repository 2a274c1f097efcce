//! Windows of one cell, of the most there may be, and everything in between.

use super::*;
use std::time::Duration;

/// Programs and the key that ends each.
const ALL: [(&str, &str); 6] = [
    ("vim -N -u NONE -i NONE wide.txt", "\x1b:q!\r"),
    ("nano -I wide.txt", "\x18"),
    ("env LESSHISTFILE=- less -S wide.txt", "q"),
    ("htop", "q"),
    ("top", "q"),
    ("tmux -f /dev/null new-session cat", "\x03"),
];

/// 300 lines of 500 characters, each line's last one a `z`.
fn wide() -> String {
    let line = "x".repeat(499) + "z\n";
    line.repeat(300)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_program_lives_in_one_cell_and_fills_the_largest_window() {
    for engine in SshEngine::ALL {
        let machine = Machine::start(engine).await;
        machine.sshd.write_file("wide.txt", wide());
        for (program, end) in ALL {
            // From the beginning, and on the way.
            let (terminal, mut seat) = machine.run_in(1, 1, program).await;
            for (columns, rows) in [(500, 200), (1, 1), (2, 1), (1, 200), (500, 1), (80, 24)] {
                seat.resize(columns, rows).await;
                seat.until(program, |screen| screen.size() == (columns, rows))
                    .await;
                if (columns, rows) == (500, 200) {
                    fills(program, &mut seat).await;
                }
            }
            seat.until(program, |screen| match program.split(' ').next() {
                Some("vim") => screen.row(0).starts_with("xxx"),
                Some("nano") => screen.row(1).starts_with("xxx"),
                Some("env") => screen.row(22).starts_with("xxx"),
                Some("htop") => screen.last_row().starts_with("F1Help"),
                Some("top") => screen.has("load average"),
                _ => screen.last_row().starts_with("[0]"),
            })
            .await;
            // Again if need be: nano forgets keys that come while it takes up a size.
            while terminal.info().is_running {
                seat.last_keys(end).await;
                seat.pause(Duration::from_millis(500)).await;
            }
            assert_eq!(seat.lost, 0, "{program}");
        }
        machine.stop().await;
    }
}

/// Whether a program has drawn to the edges of the largest window.
fn is_full(program: &str, screen: &Screen) -> bool {
    let last = screen.parsed().cell(199, 499).unwrap();
    match program.split(' ').next() {
        Some("htop") => {
            // The bar of keys has its colour in the last cell.
            screen.last_row().starts_with("F1Help") && last.bgcolor() != vt100::Color::Default
        }
        Some("tmux") => {
            screen.last_row().starts_with("[0]") && last.bgcolor() != vt100::Color::Default
        }
        Some("nano") => {
            let title = screen.parsed().cell(0, 499).unwrap();
            title.inverse() && screen.row(198).starts_with("^G Help")
        }
        Some("top") => screen.has("load average"),
        _ => screen.cell(499, 198) == "z" && screen.cell(0, 0) == "x",
    }
}

/// Waits until a program has filled the largest window. One that just starts may miss a
/// change of size, as it does in any terminal: it is told again.
async fn fills(program: &str, seat: &mut Seat) {
    for _ in 0..120 {
        seat.pause(Duration::from_millis(500)).await;
        if is_full(program, &seat.screen) {
            return;
        }
        seat.resize(499, 200).await;
        seat.resize(500, 200).await;
    }
    panic!("{program} does not fill it:\n{}", seat.screen.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_size_is_there_before_the_program() {
    for engine in SshEngine::ALL {
        let machine = Machine::start(engine).await;
        for (columns, rows) in [(1, 1), (80, 24), (132, 43), (500, 200)] {
            let (_, mut seat) = machine.run_in(columns, rows, "stty size").await;
            while seat.closed.is_none() {
                seat.step("stty").await;
            }
            let said = String::from_utf8_lossy(&seat.bytes).into_owned();
            assert_eq!(said, format!("{rows} {columns}\r\n"));
        }
        // The last cell of the largest can be drawn in.
        let put = "bash -c 'printf \"\\e[200;500HX\"; exec cat'";
        let (_, mut seat) = machine.run_in(500, 200, put).await;
        seat.until("the last cell", |screen| screen.cell(499, 199) == "X")
            .await;
        machine.stop().await;
    }
}

/// Again and again while something draws: what comes last is what counts. The far side is
/// asked and not vim, which misses a change now and then when many come at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_window_that_is_dragged_ends_as_it_was_left() {
    let draw = "while echo xxxxxxxxxxxxxxxxxxxx; do sleep 0.01; done";
    let program = format!("bash -c '{draw} & read -rsn1; kill $!; wait; stty size; exec cat'");
    for engine in SshEngine::ALL {
        let machine = Machine::start(engine).await;
        let (_, mut seat) = machine.run(&program).await;
        seat.shows("xxxx").await;
        for step in 0..150u32 {
            seat.resize(80 + step, 24 + step / 3).await;
        }
        seat.resize(100, 30).await;
        seat.keys("q").await;
        seat.until("the last size", |screen| {
            screen.size() == (100, 30) && (0..30).any(|row| screen.row(row) == "30 100")
        })
        .await;
        machine.stop().await;
    }
}
