//! `tmux`: a screen made of screens, which a second terminal can take over.

use super::*;

/// With the settings of the test.
const TMUX: &str = "tmux -f tmux.conf";

/// Keys of a test come faster than anybody types; they are commands all the same.
const SETTINGS: &str = "set -g assume-paste-time 0\nset -g escape-time 0\n";

/// The key before a command.
const PREFIX: &str = "\x02";

/// Has tmux do something, in its own words.
async fn command(seat: &mut Seat, words: &str) {
    seat.keys(format!("{PREFIX}:")).await;
    // What is typed before the prompt is there goes to the shell.
    seat.until("the prompt", |screen| screen.last_row() == ":")
        .await;
    seat.keys(format!("{words}\r")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tmux_splits_follows_the_window_and_is_attached_again() {
    for engine in SshEngine::ALL {
        let machine = Machine::start(engine).await;
        machine.sshd.write_file("tmux.conf", SETTINGS);
        let shell = "'exec env PS1=: bash --norc --noprofile'";
        let start = format!("{TMUX} new-session -s work {shell}");
        let (_, mut seat) = machine.run(&start).await;
        seat.until("its status", |screen| {
            screen.last_row().starts_with("[work]")
        })
        .await;
        seat.keys("echo in the $((1+0))st 漢字\r").await;
        seat.shows("in the 1st 漢字").await;
        command(&mut seat, &format!("split-window -h {shell}")).await;
        seat.until("two halves", |screen| screen.cell(40, 5) == "│")
            .await;
        seat.keys("stty size\r").await;
        seat.until("the half's size", |screen| screen.has("│23 39"))
            .await;
        command(&mut seat, &format!("split-window -v {shell}")).await;
        seat.until("three", |screen| screen.text().contains("├─────"))
            .await;

        seat.resize(121, 41).await;
        seat.until("its status in the last row", |screen| {
            screen.size() == (121, 41) && screen.last_row().starts_with("[work]")
        })
        .await;
        // Its halves follow a moment later.
        seat.keys("until stty size | grep -E ' (59|60)$'; do :; done\r")
            .await;
        seat.until("the new size", |screen| {
            let text = screen.text();
            text.lines()
                .any(|row| row.ends_with(" 60") || row.ends_with(" 59"))
        })
        .await;
        seat.keys(format!("{PREFIX}d")).await;
        seat.shows("[detached (from session work)]").await;
        seat.exits(0).await;

        let (_, mut again) = machine
            .run_in(100, 30, &format!("{TMUX} attach -t work"))
            .await;
        again
            .until("its status", |screen| {
                screen.last_row().starts_with("[work]")
            })
            .await;
        again.shows("in the 1st 漢字").await;
        again
            .until("three", |screen| screen.text().contains("├─────"))
            .await;
        // One more beside it, from a third terminal: both show what one types.
        let (_, mut third) = machine
            .run_in(100, 30, &format!("{TMUX} attach -t work"))
            .await;
        third.shows("in the 1st 漢字").await;
        third.keys("clear; echo typed $((40+2))\r").await;
        for seat in [&mut again, &mut third] {
            seat.shows("typed 42").await;
        }
        command(&mut again, "kill-server").await;
        for seat in [&mut again, &mut third] {
            while seat.closed.is_none() {
                seat.step("its end").await;
            }
            assert!(seat.screen.has("[server exited]"), "{}", seat.screen.text());
        }
        machine.stop().await;
    }
}
