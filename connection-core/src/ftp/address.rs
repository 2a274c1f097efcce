//! Addresses of data connections as FTP writes them: in the answers to `PASV` and `EPSV`,
//! and in the arguments of `PORT` and `EPRT`. Opens nothing.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The address in a 227 reply. RFC 1123 section 4.1.2.6: the parentheses must not be relied
/// on; the first six numbers behind the code that stand together are it.
pub(super) fn passive(line: &[u8]) -> Option<SocketAddr> {
    let text = line.get(4..)?;
    (0..text.len())
        // A number begins where none goes on.
        .filter(|at| *at == 0 || !is_digit(text, at - 1))
        .find_map(|at| six_numbers(text.get(at..)?))
}

/// The port in a 229 reply, `(|||6446|)`: RFC 2428 leaves the delimiter to the server, and
/// some leave out the parentheses.
pub(super) fn extended_passive(line: &[u8]) -> Option<u16> {
    let text = line.get(4..)?;
    text.iter().enumerate().find_map(|(at, delimiter)| {
        if !(33..=126).contains(delimiter) || delimiter.is_ascii_digit() {
            return None;
        }
        let rest = text.get(at..)?.strip_prefix(&[*delimiter; 3])?;
        let (port, rest) = number(rest)?;
        (rest.first() == Some(delimiter)).then_some(port)
    })
}

/// The command that tells the server where this side listens: `EPRT` of RFC 2428.
pub(super) fn eprt(address: SocketAddr) -> String {
    let family = if address.is_ipv4() { 1 } else { 2 };
    format!("EPRT |{family}|{}|{}|", address.ip(), address.port())
}

/// `PORT` of RFC 959; `None` for what it cannot say.
pub(super) fn port(address: SocketAddr) -> Option<String> {
    let IpAddr::V4(ip) = address.ip() else {
        return None;
    };
    let [a, b, c, d] = ip.octets();
    let [high, low] = address.port().to_be_bytes();
    Some(format!("PORT {a},{b},{c},{d},{high},{low}"))
}

/// The address in such a command.
pub(super) fn named_by(command: &str) -> Option<SocketAddr> {
    let command = command.trim_end();
    if let Some(argument) = command.strip_prefix("PORT ") {
        return six_numbers(argument.as_bytes());
    }
    let mut fields = command.strip_prefix("EPRT |")?.split('|');
    let (_family, ip, port) = (fields.next()?, fields.next()?, fields.next()?);
    Some(SocketAddr::new(ip.parse().ok()?, port.parse().ok()?))
}

fn six_numbers(text: &[u8]) -> Option<SocketAddr> {
    let mut octets = [0_u8; 6];
    let mut rest = text;
    for (n, octet) in octets.iter_mut().enumerate() {
        if n > 0 {
            rest = rest.strip_prefix(b",")?.trim_ascii_start();
        }
        let (value, after) = number(rest)?;
        *octet = u8::try_from(value).ok()?;
        rest = after;
    }
    let [a, b, c, d, high, low] = octets;
    let port = u16::from_be_bytes([high, low]);
    Some(SocketAddr::new(Ipv4Addr::new(a, b, c, d).into(), port))
}

fn number(text: &[u8]) -> Option<(u16, &[u8])> {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at_checked(length)?;
    let value = std::str::from_utf8(digits).ok()?.parse().ok()?;
    Some((value, rest))
}

fn is_digit(text: &[u8], at: usize) -> bool {
    text.get(at).is_some_and(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passive_replies_in_the_forms_servers_use() {
        let want: SocketAddr = "10.1.2.3:1026".parse().unwrap();
        for line in [
            &b"227 Entering Passive Mode (10,1,2,3,4,2)"[..],
            b"227 Entering Passive Mode (10,1,2,3,4,2).",
            b"227 Entering Passive Mode. 10,1,2,3,4,2",
            b"227 Entering Passive Mode ( 10, 1, 2, 3, 4, 2 )",
            b"227 =10,1,2,3,4,2",
            b"227 10,1,2,3,4,2",
            b"227 Mode 7, see 1,2: (10,1,2,3,4,2)",
        ] {
            assert_eq!(passive(line), Some(want), "{line:?}");
        }
        for line in [
            &b""[..],
            b"227",
            b"227 Entering Passive Mode",
            b"227 (10,1,2,3,4)",
            b"227 (10,1,2,3,4,256)",
            b"227 (10,1,2,3,4,99999999999)",
        ] {
            assert_eq!(passive(line), None, "{line:?}");
        }
    }

    #[test]
    fn extended_passive_replies_in_the_forms_servers_use() {
        for line in [
            &b"229 Entering Extended Passive Mode (|||6446|)"[..],
            b"229 Entering Extended Passive Mode |||6446|",
            b"229 Ok (!!!6446!)",
            b"229 a|b (|||6446|)",
        ] {
            assert_eq!(extended_passive(line), Some(6446), "{line:?}");
        }
        for line in [
            &b"229 Entering Extended Passive Mode"[..],
            b"229 (|||65536|)",
            b"229 (||6446|)",
            b"229 (|||6446)",
            b"229 (||||)",
        ] {
            assert_eq!(extended_passive(line), None, "{line:?}");
        }
    }

    #[test]
    fn the_commands_say_what_they_are_read_as() {
        let four: SocketAddr = "192.168.0.9:50001".parse().unwrap();
        let six: SocketAddr = "[fd00::1]:50001".parse().unwrap();
        assert_eq!(eprt(four), "EPRT |1|192.168.0.9|50001|");
        assert_eq!(eprt(six), "EPRT |2|fd00::1|50001|");
        assert_eq!(port(four).unwrap(), "PORT 192,168,0,9,195,81");
        assert_eq!(port(six), None);
        for address in [four, six] {
            assert_eq!(named_by(&eprt(address)), Some(address));
        }
        assert_eq!(
            named_by(&format!("{}\r\n", port(four).unwrap())),
            Some(four)
        );
        assert_eq!(named_by("RETR /EPRT |1|a|b|"), None);
    }
}
