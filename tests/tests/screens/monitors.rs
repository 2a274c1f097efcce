//! `htop` and `top`: draw by themselves, follow the window, end by a key.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn htop_draws_follows_the_window_and_ends() {
    for engine in SshEngine::ALL {
        let machine = Machine::start(engine).await;
        for end in ["\x1b[21~", "q"] {
            let (_, mut seat) = machine.run("htop").await;
            for part in ["Tasks:", "Load average:", "PID", "Mem["] {
                seat.shows(part).await;
            }
            let keys = |screen: &Screen| {
                let last = screen.last_row();
                last.starts_with("F1Help") && last.contains("F10Quit")
            };
            seat.until("the keys", keys).await;
            for (columns, rows) in [(120, 40), (60, 15), (80, 24)] {
                seat.resize(columns, rows).await;
                seat.until("the keys in the last row", |screen| {
                    screen.size() == (columns, rows) && screen.last_row().starts_with("F1Help")
                })
                .await;
                seat.shows("Tasks:").await;
            }
            seat.keys("\x1b[15~").await;
            seat.shows("└─").await;
            seat.keys("\x1bOR").await;
            seat.until("F3 asks what for", |screen| {
                screen.last_row().contains("Search:")
            })
            .await;
            seat.keys("htop\r").await;
            seat.until("the keys again", keys).await;
            seat.keys(end).await;
            seat.exits(0).await;
        }
        machine.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn top_draws_again_and_again_and_ends() {
    for engine in SshEngine::ALL {
        let machine = Machine::start(engine).await;
        let (terminal, mut seat) = machine.run("top -d 0.2").await;
        seat.shows("load average:").await;
        seat.shows("PID USER").await;
        for _ in 0..5 {
            let end = terminal.info().end;
            seat.drawn(end + 1).await;
        }
        seat.resize(100, 50).await;
        seat.until("more rows", |screen| screen.size() == (100, 50))
            .await;
        seat.shows("PID USER").await;
        seat.keys("q").await;
        seat.exits(0).await;
        machine.stop().await;
    }
}
