//! Recordings: of terminals on a real sshd, and through the API of the real program.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helpers fail the test, as the test itself does"
)]

mod program;
mod routes;
mod terminals;
mod told;

use serde_json::Value;

/// A recording, played.
struct Played {
    header: Value,
    /// Time, code and text of each event.
    events: Vec<(f64, String, String)>,
    screen: vt100::Parser,
}

impl Played {
    /// Plays a file as players do: in the size of its header, event by event.
    fn new(file: &str) -> Self {
        let mut lines = file.lines().map(|line| -> Value {
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
        });
        assert!(file.ends_with('\n'), "the last line is whole");
        let header = lines.next().expect("a header");
        assert_eq!(header["version"], 2);
        let size = |value: &Value| u16::try_from(value.as_u64().unwrap()).unwrap();
        let (columns, rows) = (size(&header["width"]), size(&header["height"]));
        let mut screen = vt100::Parser::new(rows, columns, 0);
        let mut events = Vec::new();
        for event in lines {
            let (code, text) = (event[1].as_str().unwrap(), event[2].as_str().unwrap());
            match code {
                "o" => screen.process(text.as_bytes()),
                "r" => {
                    let (columns, rows) = text.split_once('x').unwrap();
                    let (columns, rows) = (columns.parse().unwrap(), rows.parse().unwrap());
                    screen.screen_mut().set_size(rows, columns);
                }
                "i" | "m" => {}
                other => panic!("no event of the format: {other:?}"),
            }
            let time = event[0].as_f64().unwrap();
            events.push((time, code.to_owned(), text.to_owned()));
        }
        assert!(events.is_sorted_by(|a, b| a.0 <= b.0), "times go back");
        Self {
            header,
            events,
            screen,
        }
    }

    /// The text of all events with this code.
    fn text(&self, code: &str) -> String {
        let of = self.events.iter().filter(|(_, is, _)| is == code);
        of.map(|(_, _, text)| text.as_str()).collect()
    }
}
