//! `less`: pages and searches.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn less_pages_searches_and_ends() {
    for engine in SshEngine::ALL {
        let machine = Machine::start(engine).await;
        machine.sshd.write_file("long.txt", lines(1000));
        let (_, mut seat) = machine.run("env LESSHISTFILE=- less long.txt").await;
        let top = |line: usize| {
            let line = format!("line {line}");
            move |screen: &Screen| screen.row(0) == line && screen.row(22).starts_with("line")
        };
        seat.until("the first page", top(1)).await;
        assert_eq!(seat.screen.last_row(), "long.txt");
        seat.keys(" ").await;
        seat.until("the second page", top(24)).await;
        seat.keys("b").await;
        seat.until("the first page again", top(1)).await;
        seat.keys("/line 777\r").await;
        seat.until("what it looked for", top(777)).await;
        assert!(
            seat.screen.parsed().cell(0, 5).unwrap().inverse(),
            "found is marked"
        );
        seat.keys("?line 33$\r").await;
        seat.until("backwards", top(33)).await;
        seat.keys("/nowhere\r").await;
        seat.until("a complaint", |screen| {
            screen.last_row().starts_with("Pattern not found")
        })
        .await;
        seat.keys("\rG").await;
        seat.until("the end", |screen| {
            screen.last_row() == "(END)" && screen.row(22) == "line 1000"
        })
        .await;
        seat.keys("10g").await;
        seat.until("a line by number", top(10)).await;
        seat.resize(40, 10).await;
        seat.until("fewer rows", |screen| {
            screen.size() == (40, 10) && screen.row(0) == "line 10" && screen.last_row() == ":"
        })
        .await;
        seat.keys("q").await;
        seat.exits(0).await;
        machine.stop().await;
    }
}
