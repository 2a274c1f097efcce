//! The port in an answer to `EPSV` or `PASV`, in every form servers write it.

/// The last line of a reply, in the one form `suppaftp` reads; `None` when it is not the
/// answer to a passive command, an error text when it is one and names no port.
pub(super) fn rewritten(line: &[u8]) -> Option<Result<Vec<u8>, String>> {
    let rest = line.get(4..)?;
    let found = match line.get(..4)? {
        b"229 " => extended(rest).map(|port| format!("229 ok (|||{port}|)\r\n")),
        b"227 " => plain(rest).map(|[a, b, c, d, high, low]| {
            format!("227 ok ({a},{b},{c},{d},{high},{low})\r\n")
        }),
        _ => return None,
    };
    Some(found.map(String::into_bytes).ok_or_else(|| {
        let shown = line.get(..MAX_SHOWN_BYTES).unwrap_or(line);
        let shown = crate::path::bytes_to_text(shown);
        format!("the server's answer names no port: {}", shown.trim_end())
    }))
}

/// Longest part of an answer shown in an error.
const MAX_SHOWN_BYTES: usize = 256;

/// `(|||6446|)`, where any printable character may stand for the bar (RFC 2428).
fn extended(text: &[u8]) -> Option<u16> {
    text.iter().enumerate().find_map(|(at, byte)| {
        let [mark, second, third, digits @ ..] = text.get(at + 1..)? else {
            return None;
        };
        let marked = *byte == b'(' && (33..=126).contains(mark) && !mark.is_ascii_digit();
        if !marked || second != mark || third != mark {
            return None;
        }
        let end = digits.iter().position(|byte| byte == mark)?;
        number(digits.get(..end)?)
    })
}

/// `(h1,h2,h3,h4,p1,p2)`: the first six numbers with commas between them, since the standard
/// promises no parentheses (RFC 1123 section 4.1.2.6).
fn plain(text: &[u8]) -> Option<[u8; 6]> {
    let is_part = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b',' | b' ');
    text.split(|byte| !is_part(byte)).find_map(|run| {
        let mut numbers = run.split(|byte| *byte == b',').map(|part| {
            // The text before may end in a number: `Entering passive mode 2 1,2,3,4,5,6`.
            number(part.trim_ascii())
        });
        let six = [
            numbers.next()??,
            numbers.next()??,
            numbers.next()??,
            numbers.next()??,
            numbers.next()??,
            numbers.next()??,
        ];
        numbers.next().is_none().then_some(six)
    })
}

fn number<T: std::str::FromStr>(digits: &[u8]) -> Option<T> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(line: &str) -> Option<Result<String, String>> {
        rewritten(line.as_bytes()).map(|outcome| outcome.map(|l| String::from_utf8(l).unwrap()))
    }

    #[test]
    fn every_form_of_a_port() {
        for line in [
            "229 Entering Extended Passive Mode (|||6446|)\r\n",
            "229 (1) here (!!!6446!) it is\r\n",
            "229 here (###6446#)\n",
        ] {
            assert_eq!(text(line), Some(Ok("229 ok (|||6446|)\r\n".to_owned())), "{line}");
        }
        for line in [
            "227 Entering Passive Mode (1,2,3,4,5,6)\r\n",
            "227 here 1,2,3,4,5,6\r\n",
            "227 here =1,2,3,4,5,6.\r\n",
            "227 here ( 1, 2, 3, 4, 5, 6 )\r\n",
            "227 (mode 1) 1,2,3,4,5,6\r\n",
        ] {
            assert_eq!(text(line), Some(Ok("227 ok (1,2,3,4,5,6)\r\n".to_owned())), "{line}");
        }
    }

    #[test]
    fn what_names_no_port() {
        for line in [
            "229 here (|||99999|)",
            "229 here (|||-1|)",
            "229 here (|||)",
            "229 here (|||1",
            "229 here",
            "229 (1|||2|)",
            "227 here (1,2,3,4,300,1)",
            "227 here (1,2,3,4,5)",
            "227 here (1,2,3,4,5,6,7)",
            "227 here",
        ] {
            let error = text(line).unwrap().unwrap_err();
            assert_eq!(error, format!("the server's answer names no port: {line}"));
        }
        for line in ["226 done (|||1|)", "550 no", "22", "229"] {
            assert_eq!(text(line), None, "{line}");
        }
    }
}
