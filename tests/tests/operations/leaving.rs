//! Clients that leave before their answer, at every stage of every operation.

use crate::ground::Ground;
use connection_tests::eventually;
use connection_tests::wait::PATIENCE;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::unix::ffi::OsStrExt;
use std::time::Duration;

const SIZE: usize = 1_000_000;
const CLIENTS: usize = 6;
const REQUESTS: usize = 24;

/// A request as bytes: the number says which one.
fn request(ground: &Ground<'_>, number: usize) -> Vec<u8> {
    let n = number % 5;
    let (big, directory) = (ground.at("big"), ground.remote.as_str());
    let post = |route: &str, body: Value| {
        let body = body.to_string();
        let head = "Content-Type: application/json\r\n";
        (format!("POST {route}"), head, body.len(), body.into_bytes())
    };
    let get = |target: String| (format!("GET {target}"), "", 0, Vec::new());
    let put = |name: &str, promised| {
        let target = format!("PUT content?path={}", ground.at(name));
        (target, "", promised, vec![b'p'; SIZE / 4])
    };
    let (start, head, length, body) = match number % 8 {
        0 => get(format!("content?path={big}")),
        1 => get(format!("entries?limit=7&path={directory}")),
        2 => get(format!("size?path={directory}")),
        3 => put(&format!("broken-{n}"), SIZE),
        4 => put(&format!("whole-{n}"), SIZE / 4),
        5 => {
            let to = ground.at(&format!("copy-{n}"));
            post("copy", json!({ "from": big, "to": to, "overwrite": true }))
        }
        6 => {
            let (from, to) = (format!("file-{number}"), format!("file-{n}"));
            let (from, to) = (ground.at(&from), ground.at(&to));
            post(
                "rename",
                json!({ "from": from, "to": to, "overwrite": true }),
            )
        }
        _ => {
            let path = ground.at(&format!("made-{n}/a/b"));
            post("directories", json!({ "path": path, "parents": true }))
        }
    };
    let (method, route) = start.split_once(' ').unwrap();
    let mut bytes = format!(
        "{method} /connections/{}/{route} HTTP/1.1\r\nHost: localhost\r\n{head}\
         Content-Length: {length}\r\n\r\n",
        ground.id
    )
    .into_bytes();
    bytes.extend(body);
    bytes
}

/// Sends a request and leaves: at once, after a moment, or with the answer's first byte.
fn leave(ground: &Ground<'_>, number: usize) {
    let mut stream = TcpStream::connect(ground.manager.addr()).unwrap();
    // Nothing of it need arrive.
    let _ = stream.write_all(&request(ground, number));
    let patience = Duration::from_millis([0, 2, 20][number / 8 % 3]);
    if !patience.is_zero() {
        stream.set_read_timeout(Some(patience)).unwrap();
        let _ = stream.read(&mut [0]);
    }
    let _ = stream.shutdown(Shutdown::Both);
}

pub(crate) fn requests_given_up_leave_the_session_usable(ground: &Ground<'_>) {
    let big = vec![b'x'; SIZE];
    ground.write("big", &big);
    for n in 0..CLIENTS * REQUESTS {
        ground.write(format!("file-{n}"), b"x");
    }
    std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            scope.spawn(move || {
                for n in 0..REQUESTS {
                    leave(ground, client * REQUESTS + n);
                }
            });
        }
    });
    // More at once than an FTP session has connections, and all of them answered.
    std::thread::scope(|scope| {
        for _ in 0..12 {
            scope.spawn(|| {
                let path = ground.at("big");
                let answer = ground.get("content", &[("path", &path)]);
                assert!(answer.status == 200 && answer.text.as_bytes() == big);
                ground.get("entries", &[("path", &ground.remote)]).ok();
            });
        }
    });
    let leftovers = || {
        let names = ground.names();
        let odd = |name: &[u8]| name.starts_with(b".") || name.starts_with(b"broken");
        names.into_iter().filter(|name| odd(name)).count()
    };
    eventually(PATIENCE, "nothing unfinished is left", || leftovers() == 0);
    for name in ground.names() {
        let path = ground.local.join(std::ffi::OsStr::from_bytes(&name));
        let want = match name.split(|b| *b == b'-').next().unwrap() {
            b"whole" => SIZE / 4,
            b"copy" => SIZE,
            b"file" => 1,
            _ => continue,
        };
        // A request that was given up may still be carried out, and rename this one.
        if let Ok(metadata) = path.metadata() {
            assert_eq!(metadata.len() as usize, want, "{path:?}");
        }
    }
}
