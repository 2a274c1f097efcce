//! Words of other languages in listings: months, and the `total` of a first line.
//!
//! Servers that run `ls` in the language of their machine send them, in whatever character
//! set that machine has. The names are kept here once, as text, and looked up as bytes in
//! every character set the language was commonly written in.

use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GBK, IBM866, ISO_8859_2, ISO_8859_5, ISO_8859_7, KOI8_R,
    KOI8_U, MACINTOSH, SHIFT_JIS, UTF_8, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253,
    WINDOWS_1254,
};
use std::collections::HashMap;
use std::sync::OnceLock;

const LATIN: &[&Encoding] = &[UTF_8, WINDOWS_1252, MACINTOSH];
const CENTRAL: &[&Encoding] = &[UTF_8, WINDOWS_1250, ISO_8859_2];
const CYRILLIC: &[&Encoding] = &[UTF_8, WINDOWS_1251, KOI8_R, KOI8_U, IBM866, ISO_8859_5];
const GREEK: &[&Encoding] = &[UTF_8, WINDOWS_1253, ISO_8859_7];
const TURKISH: &[&Encoding] = &[UTF_8, WINDOWS_1254];
const EAST_ASIAN: &[&Encoding] = &[UTF_8, SHIFT_JIS, EUC_JP, GBK, BIG5, EUC_KR];

/// A language's months, January first, spellings of one month divided by slashes.
/// Croatian is missing: its `lis` is October, and November everywhere else.
const MONTHS: &[(&[&Encoding], &str)] = &[
    // English, in full; the abbreviations need no table.
    (
        LATIN,
        "january february march april may june july august september/sept october \
         november december",
    ),
    // German, Austrian.
    (
        LATIN,
        "jan/jän/januar/jänner feb/februar mär/mrz/märz apr/april mai jun/juni jul/juli \
         aug/august sep/sept/september okt/oktober nov/november dez/dezember",
    ),
    // French.
    (
        LATIN,
        "jan/janv/janvier fév/fevr/févr/février mars avr/avril mai juin juil/juillet \
         aoû/août/aout sep/sept/septembre oct/octobre nov/novembre déc/dec/décembre",
    ),
    // Spanish.
    (
        LATIN,
        "ene/enero feb/febrero mar/marzo abr/abril may/mayo jun/junio jul/julio \
         ago/agosto sep/sept/septiembre oct/octubre nov/noviembre dic/diciembre",
    ),
    // Italian.
    (
        LATIN,
        "gen/gennaio feb/febbraio mar/marzo apr/aprile mag/maggio giu/giugno lug/luglio \
         ago/agosto set/settembre ott/ottobre nov/novembre dic/dicembre",
    ),
    // Portuguese.
    (
        LATIN,
        "jan/janeiro fev/fevereiro mar/março abr/abril mai/maio jun/junho jul/julho \
         ago/agosto set/setembro out/outubro nov/novembro dez/dezembro",
    ),
    // Dutch.
    (
        LATIN,
        "jan/januari feb/februari mrt/maa/maart apr/april mei jun/juni jul/juli \
         aug/augustus sep/september okt/oktober nov/november dec/december",
    ),
    // Swedish, Danish, Norwegian.
    (
        LATIN,
        "jan/januari feb/februari mars/mar apr/april maj/mai jun/juni jul/juli \
         aug/augusti sep/sept okt nov dec/des",
    ),
    // Finnish.
    (
        LATIN,
        "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu",
    ),
    // Estonian.
    (
        LATIN,
        "jaan veebr märts apr mai juuni juuli aug sept okt nov dets",
    ),
    // Polish.
    (CENTRAL, "sty lut mar kwi maj cze lip sie wrz paź lis gru"),
    // Czech.
    (
        CENTRAL,
        "led úno bře dub kvě čen/čer čec srp zář říj lis pro",
    ),
    // Slovak, Slovenian.
    (
        CENTRAL,
        "jan feb mar apr máj/maj jún/jun júl/jul aug/avg sep okt nov dec",
    ),
    // Hungarian.
    (
        CENTRAL,
        "jan feb/febr már/márc ápr máj jún júl aug sze/szept okt nov dec",
    ),
    // Romanian.
    (CENTRAL, "ian feb mar apr mai iun iul aug sep oct nov dec"),
    // Russian, Bulgarian.
    (
        CYRILLIC,
        "янв фев/февр мар апр май/мая июн/юни июл/юли авг сен/сент/сеп окт ноя/ное дек",
    ),
    // Ukrainian.
    (CYRILLIC, "січ лют бер кві тра чер лип сер вер жов лис гру"),
    // Greek, with and without accents.
    (
        GREEK,
        "ιαν φεβ μάρ/μαρ απρ μάι/μαΐ/μάϊ/μαι ιούν/ιουν ιούλ/ιουλ αύγ/αυγ σεπ οκτ νοέ/νοε \
         δεκ",
    ),
    // Turkish.
    (TURKISH, "oca şub mar nis may haz tem ağu eyl eki kas ara"),
];

/// The first word of `ls -l`'s first line.
const TOTALS: &[(&[&Encoding], &str)] = &[
    (
        LATIN,
        "total/totale/totaal/insgesamt/gesamt/totalt/summa/yhteensä/kokku/ukupno",
    ),
    (CENTRAL, "razem/celkem/spolu/összesen/skupaj"),
    (CYRILLIC, "итого/всего/общо/загалом/разом/усього"),
    (GREEK, "σύνολο/συνολικά"),
    (TURKISH, "toplam"),
    (EAST_ASIAN, "合計/总用量/总计/總計/합계"),
];

/// What follows the number of a month, a day and a year in Chinese, Japanese and Korean.
const UNITS: [&str; 3] = ["月/월", "日/일", "年/년"];

/// A part of a date, where a character behind its number says which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// 月.
    Month,
    /// 日.
    Day,
    /// 年.
    Year,
}

struct Words {
    months: HashMap<Vec<u8>, u32>,
    totals: HashMap<Vec<u8>, ()>,
    units: [Vec<Vec<u8>>; 3],
}

fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| {
        let mut months = HashMap::new();
        for (sets, names) in MONTHS {
            for (month, spellings) in (1..).zip(names.split(' ')) {
                for bytes in spelled(sets, spellings) {
                    // Where two character sets give the same bytes, the first language has it.
                    months.entry(bytes).or_insert(month);
                }
            }
        }
        let mut totals = HashMap::new();
        for (sets, spellings) in TOTALS {
            totals.extend(spelled(sets, spellings).into_iter().map(|word| (word, ())));
        }
        Words {
            months,
            totals,
            units: UNITS.map(|unit| spelled(EAST_ASIAN, unit)),
        }
    })
}

/// Every spelling in small, capital and leading capital letters, in every character set.
fn spelled(sets: &[&'static Encoding], spellings: &str) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for word in spellings.split('/') {
        let mut letters = word.chars();
        let first: String = letters
            .next()
            .into_iter()
            .flat_map(char::to_uppercase)
            .collect();
        let forms = [
            word.to_owned(),
            first + letters.as_str(),
            word.to_uppercase(),
        ];
        for (form, set) in forms
            .iter()
            .flat_map(|form| sets.iter().map(move |set| (form, set)))
        {
            let (bytes, _, unmappable) = set.encode(form);
            if !unmappable {
                all.push(bytes.into_owned());
            }
        }
    }
    all
}

/// The month a word names: 1 to 12.
pub(super) fn month(word: &[u8]) -> Option<u32> {
    let word = word
        .strip_suffix(b".")
        .or_else(|| word.strip_suffix(b","))
        .unwrap_or(word);
    english(word).or_else(|| {
        // Everything longer is no word of the table.
        (2..=24)
            .contains(&word.len())
            .then(|| words().months.get(word).copied())
            .flatten()
    })
}

/// The three letters nearly every server sends, without a look into the table.
fn english(word: &[u8]) -> Option<u32> {
    let [a, b, c] = word else { return None };
    Some(match [a, b, c].map(u8::to_ascii_lowercase) {
        [b'j', b'a', b'n'] => 1,
        [b'f', b'e', b'b'] => 2,
        [b'm', b'a', b'r'] => 3,
        [b'a', b'p', b'r'] => 4,
        [b'm', b'a', b'y'] => 5,
        [b'j', b'u', b'n'] => 6,
        [b'j', b'u', b'l'] => 7,
        [b'a', b'u', b'g'] => 8,
        [b's', b'e', b'p'] => 9,
        [b'o', b'c', b't'] => 10,
        [b'n', b'o', b'v'] => 11,
        [b'd', b'e', b'c'] => 12,
        _ => return None,
    })
}

/// Whether a word is `total` in some language.
pub(super) fn is_total(word: &[u8]) -> bool {
    words()
        .totals
        .contains_key(word.strip_suffix(b":").unwrap_or(word))
}

/// Splits a number with its unit off the beginning: `1月` of `1月2日`.
pub(super) fn numbered(word: &[u8], unit: Unit) -> Option<(u32, &[u8])> {
    let digits = word.iter().take_while(|b| b.is_ascii_digit()).count();
    if digits == 0 || digits > 4 || digits == word.len() {
        return None;
    }
    let (number, rest) = word.split_at_checked(digits)?;
    let [months, days, years] = &words().units;
    let suffixes = match unit {
        Unit::Month => months,
        Unit::Day => days,
        Unit::Year => years,
    };
    let rest = suffixes
        .iter()
        .find_map(|suffix| rest.strip_prefix(suffix.as_slice()))?;
    Some((super::number(number)?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_twelve_months() {
        for (_, names) in MONTHS {
            assert_eq!(names.split(' ').count(), 12, "{names}");
        }
    }

    #[test]
    fn no_word_names_two_months() {
        let mut seen: HashMap<Vec<u8>, u32> = HashMap::new();
        for (sets, names) in MONTHS {
            for (month, spellings) in (1..).zip(names.split(' ')) {
                for bytes in spelled(sets, spellings) {
                    let known = *seen.entry(bytes.clone()).or_insert(month);
                    assert_eq!(known, month, "{spellings} {}", bytes.escape_ascii());
                }
            }
        }
    }

    #[test]
    fn every_spelling_is_found_with_and_without_a_dot() {
        for (sets, names) in MONTHS {
            for (month, spellings) in (1..).zip(names.split(' ')) {
                for mut bytes in spelled(sets, spellings) {
                    assert_eq!(super::month(&bytes), Some(month), "{spellings}");
                    bytes.push(b'.');
                    assert_eq!(super::month(&bytes), Some(month), "{spellings}.");
                }
            }
        }
    }

    #[test]
    fn months_in_the_character_sets_of_their_time() {
        for (bytes, want) in [
            (&b"M\xe4r"[..], 3),
            (b"M\xc3\xa4r", 3),
            (b"\xec\xe0\xf0", 3),
            (b"\xcd\xc1\xd2", 3),
            (b"\xd1\xc5\xcd", 9),
            (b"A\xf0u", 8),
            (b"ao\xfbt", 8),
            (b"pa\xbc", 10),
            (b"JAN", 1),
        ] {
            assert_eq!(month(bytes), Some(want), "{}", bytes.escape_ascii());
        }
        for bad in [&b"x"[..], b"", b".", b"Janx", b"1", &[0xff; 40]] {
            assert_eq!(month(bad), None);
        }
    }

    #[test]
    fn numbers_with_units() {
        assert_eq!(
            numbered("1月2日".as_bytes(), Unit::Month),
            Some((1, "2日".as_bytes()))
        );
        assert_eq!(numbered(b"12\x8c\x8e", Unit::Month), Some((12, &b""[..])));
        assert_eq!(numbered("3일".as_bytes(), Unit::Day), Some((3, &b""[..])));
        assert_eq!(
            numbered("2020年".as_bytes(), Unit::Year),
            Some((2020, &b""[..]))
        );
        assert_eq!(numbered("月".as_bytes(), Unit::Month), None);
        assert_eq!(numbered(b"12", Unit::Month), None);
        assert_eq!(numbered("12345月".as_bytes(), Unit::Month), None);
    }

    #[test]
    fn totals() {
        for word in ["total", "insgesamt", "Итого", "总用量", "合計", "total:"] {
            assert!(is_total(word.as_bytes()), "{word}");
        }
        assert!(!is_total(b"file"));
    }
}
