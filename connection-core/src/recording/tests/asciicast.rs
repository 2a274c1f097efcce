//! Any bytes, cut anywhere, are the same text in lines that are JSON.

use super::*;
use proptest::prelude::*;
use serde_json::Value;

fn micros(n: u64) -> Duration {
    Duration::from_micros(n)
}

/// Time, code and text of every line.
fn events(lines: &[u8]) -> Vec<(f64, String, String)> {
    let text = std::str::from_utf8(lines).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'));
    let event = |line| {
        let event: Value = serde_json::from_str(line).unwrap();
        let texts = [&event[1], &event[2]].map(|v| v.as_str().unwrap().to_owned());
        let [code, text] = texts;
        (event[0].as_f64().unwrap(), code, text)
    };
    text.lines().map(event).collect()
}

fn of(events: &[(f64, String, String)], wanted: &str) -> String {
    let texts = events.iter().filter(|(_, code, _)| code == wanted);
    texts.map(|(_, _, text)| text.as_str()).collect()
}

/// Bytes as terminals send them: text, control sequences, halves of characters, rubbish.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        any::<String>().prop_map(String::into_bytes),
        proptest::collection::vec(any::<u8>(), 0..8),
        Just("\u{1b}[1;31mä€😀\u{9b}\r\n\"\\\u{7f}".as_bytes().to_vec()),
        Just(b"\xf0\x9f\x98".to_vec()),
        Just(b"\xe2\x82".to_vec()),
        Just(b"\x80".to_vec()),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn cuts_change_nothing(bytes in stream(), cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..12)) {
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        cuts.push(0);
        cuts.push(bytes.len());
        cuts.sort_unstable();
        let (mut cast, mut lines) = (Asciicast::default(), Vec::new());
        for (n, part) in cuts.windows(2).enumerate() {
            let at = micros(n as u64);
            cast.shown(at, &bytes[part[0]..part[1]], &mut lines);
            // What else happens in between is nothing to a character that is cut in two.
            cast.resized(at, 80, 24, &mut lines);
            cast.typed(at, "ü".as_bytes(), &mut lines);
        }
        cast.flush(micros(99), &mut lines);
        let events = events(&lines);
        prop_assert_eq!(of(&events, "o"), String::from_utf8_lossy(&bytes));
        prop_assert_eq!(of(&events, "i"), "ü".repeat(cuts.len() - 1));
    }

    #[test]
    fn the_times_never_go_back(times in proptest::collection::vec(0_u64..10_000_000, 1..20)) {
        let (mut cast, mut lines) = (Asciicast::default(), Vec::new());
        for at in times {
            cast.shown(micros(at), b"x", &mut lines);
        }
        let events = events(&lines);
        prop_assert!(events.is_sorted_by(|a, b| a.0 <= b.0));
    }

    #[test]
    fn no_line_holds_a_control_character(bytes in stream()) {
        let (mut cast, mut lines) = (Asciicast::default(), Vec::new());
        cast.shown(micros(0), &bytes, &mut lines);
        let text = String::from_utf8(lines).unwrap();
        prop_assert!(!text.trim_end_matches('\n').contains(char::is_control));
    }
}

#[test]
fn an_event_is_written_as_the_format_wants_it() {
    let (mut cast, mut lines) = (Asciicast::default(), Vec::new());
    cast.shown(micros(248_848), b"\x1b[1m\"hi\\\r\n", &mut lines);
    cast.resized(micros(61_000_001), 120, 40, &mut lines);
    cast.typed(micros(61_000_002), b"\x03", &mut lines);
    let expected = r#"[0.248848,"o","\u001b[1m\"hi\\\r\n"]
[61.000001,"r","120x40"]
[61.000002,"i","\u0003"]
"#;
    assert_eq!(String::from_utf8(lines).unwrap(), expected);
}

#[test]
fn a_gap_ends_the_character_before_it() {
    let (mut cast, mut lines) = (Asciicast::default(), Vec::new());
    cast.shown(micros(1), b"a\xe2\x82", &mut lines);
    cast.gap(micros(2), 7, &mut lines);
    cast.shown(micros(3), b"\xacb", &mut lines);
    let events = events(&lines);
    let texts: Vec<(&str, &str)> = events.iter().map(|(_, c, t)| (&**c, &**t)).collect();
    assert_eq!(
        texts,
        [
            ("o", "a"),
            ("o", "\u{fffd}"),
            ("m", "7 bytes lost"),
            ("o", "\u{fffd}b"),
        ]
    );
}

#[test]
fn half_a_character_is_no_event() {
    let (mut cast, mut lines) = (Asciicast::default(), Vec::new());
    cast.shown(micros(1), b"\xf0\x9f", &mut lines);
    cast.shown(micros(2), b"", &mut lines);
    assert!(lines.is_empty());
    cast.shown(micros(3), b"\x98\x80", &mut lines);
    assert_eq!(of(&events(&lines), "o"), "😀");
}
