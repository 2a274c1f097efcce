//! Bytes of an output stream as text, piece by piece.

use crate::exec::models::ExecEncoding;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Writes one stream as text. The texts together are what the bytes together would be.
#[derive(Debug)]
pub(crate) struct Writer {
    encoding: ExecEncoding,
    /// The beginning of a character whose rest has not come: at most three bytes.
    begun: Vec<u8>,
}

impl Writer {
    /// A writer before the first byte.
    pub(crate) fn new(encoding: ExecEncoding) -> Self {
        Self {
            encoding,
            begun: Vec::new(),
        }
    }

    /// The text of the next bytes; empty when they only begin a character.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> String {
        match self.encoding {
            ExecEncoding::Base64 => STANDARD.encode(bytes),
            ExecEncoding::Utf8 => {
                let mut all = std::mem::take(&mut self.begun);
                all.extend_from_slice(bytes);
                let whole = all.len() - begun(&all);
                let (whole, begun) = all.split_at(whole);
                self.begun = begun.to_vec();
                String::from_utf8_lossy(whole).into_owned()
            }
        }
    }

    /// What the end leaves of a character that was begun.
    pub(crate) fn finish(&mut self) -> String {
        let begun = std::mem::take(&mut self.begun);
        String::from_utf8_lossy(&begun).into_owned()
    }
}

/// All bytes of a stream as text.
pub(crate) fn whole(bytes: &[u8], encoding: ExecEncoding) -> String {
    match encoding {
        ExecEncoding::Base64 => STANDARD.encode(bytes),
        ExecEncoding::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// How many bytes at the end may be the beginning of a character.
fn begun(bytes: &[u8]) -> usize {
    // A character has at most four bytes, so what is begun lies among the last three.
    (1..=bytes.len().min(3))
        .find(|count| {
            let end = bytes.get(bytes.len() - count..).unwrap_or_default();
            // Only the beginning of a character lacks something at its end.
            matches!(std::str::from_utf8(end), Err(e) if e.valid_up_to() == 0 && e.error_len().is_none())
        })
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes in every relation to UTF-8.
    const SAMPLES: &[&[u8]] = &[
        b"",
        b"plain",
        "a\u{e9}\u{20ac}\u{1f600}b".as_bytes(),
        "\u{1f600}\u{1f600}".as_bytes(),
        b"\xf0\x9f\x98",
        b"\xf0\x9f\x98\xf0\x9f\x98\x80",
        b"\xe2\x82x\xe2\x82",
        b"\xff\xfe\x80\x80\x80\x80",
        b"\xc3\xc3\xa9\xc3",
        b"\xed\xa0\x80\xf4\x90\x80\x80\xc0\xaf",
        b"\xf0\x80\x80\x80\xe0\x80",
    ];

    fn written(encoding: ExecEncoding, pieces: &[&[u8]]) -> Vec<String> {
        let mut writer = Writer::new(encoding);
        let mut texts: Vec<String> = pieces.iter().map(|bytes| writer.write(bytes)).collect();
        texts.push(writer.finish());
        texts
    }

    #[test]
    fn cut_anywhere_the_text_is_the_same() {
        for sample in SAMPLES {
            let wanted = String::from_utf8_lossy(sample);
            for one in 0..=sample.len() {
                for two in one..=sample.len() {
                    let pieces = [&sample[..one], &sample[one..two], &sample[two..]];
                    let texts = written(ExecEncoding::Utf8, &pieces);
                    assert_eq!(texts.concat(), wanted, "{sample:x?} at {one} and {two}");
                }
            }
            let single: Vec<&[u8]> = sample.chunks(1).collect();
            assert_eq!(written(ExecEncoding::Utf8, &single).concat(), wanted);
        }
    }

    #[test]
    fn a_character_comes_whole_with_its_last_byte() {
        let bytes = "\u{20ac}".as_bytes();
        let texts = written(
            ExecEncoding::Utf8,
            &[&bytes[..1], &bytes[1..2], &bytes[2..]],
        );
        assert_eq!(texts, ["", "", "\u{20ac}", ""]);
    }

    #[test]
    fn base64_is_exact_in_every_piece() {
        for sample in SAMPLES {
            let pieces: Vec<&[u8]> = sample.chunks(2).collect();
            let texts = written(ExecEncoding::Base64, &pieces);
            let bytes: Vec<u8> = texts
                .iter()
                .flat_map(|text| STANDARD.decode(text).unwrap())
                .collect();
            assert_eq!(&bytes, sample);
        }
    }
}
