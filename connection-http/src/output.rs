//! The text a command left behind, put together as the contract does.

use connection_core::exec::ExecOutput;

/// Standard output, then standard error on a line of its own if there is any, without
/// white space at both ends; bytes that are not UTF-8 become U+FFFD.
pub(crate) fn text(output: &ExecOutput) -> String {
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.stderr.is_empty() {
        text.push('\n');
        text.push_str(&String::from_utf8_lossy(&output.stderr));
    }
    let mut text = strip(&text).to_owned();
    if output.truncated {
        text.push_str("\n[output truncated: the command was ended because it wrote too much]");
    }
    text
}

/// Cuts off what Python's `str.strip` does: Unicode white space, and the information
/// separators U+001C to U+001F.
pub(crate) fn strip(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use connection_core::exec::ExitStatus;
    use std::time::Duration;

    fn output(stdout: &[u8], stderr: &[u8]) -> ExecOutput {
        ExecOutput {
            stdout: stdout.to_vec(),
            stderr: stderr.to_vec(),
            status: ExitStatus::Code(0),
            truncated: false,
            duration: Duration::ZERO,
        }
    }

    #[test]
    fn both_streams_one_after_the_other() {
        assert_eq!(text(&output(b"out\n", b"")), "out");
        assert_eq!(text(&output(b"out\n", b"err\n")), "out\n\nerr");
        assert_eq!(text(&output(b"", b"err\n")), "err");
        assert_eq!(
            text(&output(b" a\r\n\xff\0\x1b[1m\n", b"")),
            "a\r\n\u{fffd}\0\u{1b}[1m"
        );
    }

    #[test]
    fn white_space_as_python_sees_it() {
        assert_eq!(
            strip("\u{a0}\u{1c}\u{1d}\u{1e}\u{1f}\u{85}\u{2028}\u{3000} x \t\u{0b}\u{0c}"),
            "x"
        );
        assert_eq!(
            strip("\u{200b}x\0"),
            "\u{200b}x\0",
            "neither counts as white space"
        );
    }

    #[test]
    fn a_cut_output_says_so() {
        let cut = ExecOutput {
            truncated: true,
            ..output(b"yyyy\n", b"")
        };
        assert!(text(&cut).starts_with("yyyy\n[output truncated"));
    }
}
