//! The routes of tunnels, of our server as a process of its own.

use crate::ground::{SOON, echo, flood, greeter, pattern};
use connection_tests::manager::{Answer, Login, Manager, keys};
use connection_tests::{Pyftpdlib, Sshd, eventually, eventually_value};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

const ENGINES: [&str; 2] = ["russh", "libssh2"];

/// Peers that live on a runtime of their own, since the helper blocks.
pub(crate) fn peers<T>(start: impl Future<Output = T>) -> (T, tokio::runtime::Runtime) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let value = runtime.block_on(start);
    (value, runtime)
}

/// A refusal with its code.
#[track_caller]
fn refused(answer: &Answer, status: u16, code: &str) -> String {
    let body = answer.json();
    if answer.status != status || body["code"] != code {
        answer.fail(&format!("wanted {status} {code}"));
    }
    body["detail"].as_str().unwrap().to_owned()
}

fn connect(tunnel: &Value) -> TcpStream {
    let port = u16::try_from(tunnel["bind_port"].as_u64().unwrap()).unwrap();
    let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(SOON)).unwrap();
    stream
}

fn descriptors(manager: &Manager) -> usize {
    let path = format!("/proc/{}/fd", manager.pid());
    std::fs::read_dir(path).unwrap().count()
}

/// Resident memory in KiB.
fn resident(manager: &Manager) -> u64 {
    let path = format!("/proc/{}/status", manager.pid());
    let status = std::fs::read_to_string(path).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let words = line.unwrap().split_whitespace().next().unwrap();
    words.parse().unwrap()
}

#[test]
fn a_tunnel_is_opened_looked_at_and_closed() {
    let (manager, sshd) = (Manager::start(), Sshd::start());
    let (echo, _runtime) = peers(echo());
    for engine in ENGINES {
        let id = manager.ssh(&sshd, engine);
        let tunnels = format!("/connections/{id}/tunnels");
        assert_eq!(manager.get(&tunnels).ok(), json!({"tunnels": []}));
        let mut opened = Vec::new();
        for body in [
            json!({"kind": "local", "host": "127.0.0.1", "port": echo}),
            json!({"kind": "dynamic", "max_connections": 3}),
            json!({"kind": "remote", "host": "localhost", "port": echo, "bind_port": 0}),
        ] {
            let tunnel = manager.post(&tunnels, &body).ok();
            assert_eq!(tunnel["kind"], body["kind"]);
            assert_eq!(tunnel["host"], body["host"]);
            assert_eq!(tunnel["port"], body["port"]);
            assert_eq!(tunnel["bind_host"], "127.0.0.1");
            assert_eq!(tunnel["is_open"], true);
            assert!(keys(&tunnel).contains(&"opened_at".to_owned()));
            opened.push(tunnel);
        }
        assert_eq!(opened[0]["max_connections"], 64);
        assert_eq!(opened[1]["max_connections"], 3);
        assert_eq!(manager.get(&tunnels).ok()["tunnels"], json!(opened));
        for tunnel in [&opened[0], &opened[2]] {
            let mut stream = connect(tunnel);
            stream.write_all(b"there and back").unwrap();
            stream.shutdown(Shutdown::Write).unwrap();
            let mut back = String::new();
            stream.read_to_string(&mut back).unwrap();
            assert_eq!(back, "there and back", "{engine}");
            let path = format!("{tunnels}/{}", tunnel["tunnel_id"].as_str().unwrap());
            let counted = eventually_value(
                SOON,
                "it is counted",
                || manager.get(&path).ok(),
                |now| now["connections"] == 0 && now["connections_total"] == 1,
            );
            assert_eq!(counted["bytes_sent"], 14);
            assert_eq!(counted["bytes_received"], 14);
            let done = manager.delete(&path).ok();
            assert_eq!(done, json!({"message": "Tunnel closed"}));
            for gone in [manager.get(&path), manager.delete(&path)] {
                refused(&gone, 404, "not_found");
            }
        }
        assert_eq!(manager.get(&tunnels).ok()["tunnels"], json!([opened[1]]));
        manager.close(&id).ok();
        refused(&manager.get(&tunnels), 401, "session_not_found");
    }
}

#[test]
fn wrong_requests_say_what_is_wrong() {
    let (manager, sshd) = (Manager::start(), Sshd::start());
    let (taken, _runtime) = peers(echo());
    let id = manager.ssh(&sshd, "russh");
    let tunnels = format!("/connections/{id}/tunnels");
    for (body, text) in [
        (json!({}), "Request body required"),
        (json!({"kind": "x"}), "kind must be"),
        (json!({"host": "x", "port": 1}), "kind must be"),
        (json!({"kind": "local"}), "host and port are required"),
        (
            json!({"kind": "remote", "host": "x"}),
            "host and port are required",
        ),
        (json!({"kind": "dynamic", "host": "x"}), "no host and port"),
        (
            json!({"kind": "local", "host": "x", "port": 0}),
            "port must be",
        ),
        (
            json!({"kind": "local", "host": "x", "port": 65536}),
            "port must be",
        ),
        (
            json!({"kind": "local", "host": "x", "port": "1"}),
            "whole number",
        ),
        (
            json!({"kind": "local", "host": "a b", "port": 1}),
            "host is not",
        ),
        (
            json!({"kind": "dynamic", "bind_port": 70000}),
            "bind_port must be",
        ),
        (
            json!({"kind": "dynamic", "bind_host": "0.0.0.0"}),
            "loopback",
        ),
        (
            json!({"kind": "dynamic", "max_connections": 0}),
            "max_connections must be",
        ),
    ] {
        let answer = manager.post(&tunnels, &body);
        let detail = refused(&answer, 400, "invalid_input");
        assert!(detail.contains(text), "{body}: {detail}");
    }
    let body = json!({"kind": "dynamic", "bind_port": taken});
    refused(&manager.post(&tunnels, &body), 409, "already_exists");
    let body = json!({"kind": "remote", "host": "10.0.0.1", "port": 80});
    refused(&manager.post(&tunnels, &body), 403, "permission_denied");
    // Its own port: who connects there would be a caller from this machine.
    let body = json!({"kind": "remote", "host": "localhost", "port": manager.addr().port()});
    let detail = refused(&manager.post(&tunnels, &body), 403, "permission_denied");
    assert!(detail.contains("this server itself"), "{detail}");
    let body = json!({"kind": "remote", "host": "127.0.0.1", "port": 1, "bind_port": taken});
    refused(&manager.post(&tunnels, &body), 502, "channel_refused");
    assert_eq!(manager.get(&tunnels).ok(), json!({"tunnels": []}));
    for name in ["x", "00000000-0000-4000-8000-000000000000"] {
        refused(&manager.get(&format!("{tunnels}/{name}")), 404, "not_found");
    }
}

#[test]
fn other_sessions_have_no_such_tunnel_and_ftp_has_none() {
    let ftp = Pyftpdlib::start();
    let (manager, sshd) = (Manager::start(), Sshd::start());
    let (one, other) = (manager.ssh(&sshd, "russh"), manager.ssh(&sshd, "russh"));
    let dynamic = json!({"kind": "dynamic"});
    let tunnel = manager.post(&format!("/connections/{one}/tunnels"), &dynamic);
    let tunnel = tunnel.ok()["tunnel_id"].as_str().unwrap().to_owned();
    let path = format!("/connections/{other}/tunnels/{tunnel}");
    refused(&manager.get(&path), 404, "not_found");
    refused(&manager.delete(&path), 404, "not_found");
    let id = manager.ftp(&ftp);
    let tunnels = format!("/connections/{id}/tunnels");
    for answer in [
        manager.post(&tunnels, &dynamic),
        manager.get(&tunnels),
        manager.get(&format!("{tunnels}/{tunnel}")),
        manager.delete(&format!("{tunnels}/{tunnel}")),
    ] {
        let detail = refused(&answer, 400, "wrong_session_type");
        assert_eq!(detail, "Not an SSH session");
    }
    let nobody = "/connections/00000000-0000-4000-8000-000000000000/tunnels";
    refused(&manager.post(nobody, &dynamic), 401, "session_not_found");
}

#[test]
fn the_settings_say_who_opens_tunnels_and_where_to() {
    let sshd = Sshd::start();
    let dynamic = json!({"kind": "dynamic"});
    let off = Manager::builder().flag("--tunnels", "off").start();
    let id = off.ssh(&sshd, "russh");
    let path = format!("/connections/{id}/tunnels");
    let detail = refused(&off.post(&path, &dynamic), 403, "permission_denied");
    assert!(detail.contains("setting tunnels"), "{detail}");
    assert_eq!(off.get(&path).ok(), json!({"tunnels": []}));
    let any = Manager::builder().flag("--tunnel-hosts", "any").start();
    let id = any.ssh(&sshd, "russh");
    let path = format!("/connections/{id}/tunnels");
    let everywhere = json!({"kind": "dynamic", "bind_host": "0.0.0.0"});
    assert_eq!(any.post(&path, &everywhere).ok()["bind_host"], "0.0.0.0");
    let beyond = json!({"kind": "remote", "host": "10.0.0.1", "port": 80});
    any.post(&path, &beyond).ok();
}

/// An address of this machine that is not loopback, as seen by a peer.
fn own_address() -> Option<std::net::IpAddr> {
    let socket = std::net::UdpSocket::bind("0.0.0.0:0").unwrap();
    // Nothing is sent: it only has the system choose the address it would send from.
    socket.connect("192.0.2.1:9").ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback()).then_some(address)
}

#[test]
#[allow(clippy::print_stderr, reason = "tells that the machine has no network")]
fn who_comes_over_the_network_opens_none_unless_it_is_configured() {
    let Some(address) = own_address() else {
        eprintln!("skipped: this machine has no address but loopback");
        return;
    };
    let sshd = Sshd::start();
    for (setting, status) in [("loopback", 403), ("on", 200)] {
        let manager = Manager::builder()
            .flag("--host", address.to_string())
            .flag("--tunnels", setting)
            .token("t0ken")
            .start();
        let id = manager.ssh(&sshd, "russh");
        let path = format!("/connections/{id}/tunnels");
        let answer = manager.post(&path, &json!({"kind": "dynamic"}));
        if answer.status != status {
            answer.fail("another status");
        }
        // What listens on loopback here is for nobody who is elsewhere.
        let remote = json!({"kind": "remote", "host": "127.0.0.1", "port": 22});
        let detail = refused(&manager.post(&path, &remote), 403, "permission_denied");
        assert!(detail.contains("setting tunnel"), "{detail}");
    }
}

#[test]
fn nothing_is_left_open_when_tunnels_and_sessions_are_closed() {
    let (manager, sshd) = (Manager::start(), Sshd::start());
    let (echo, _runtime) = peers(echo());
    for engine in ENGINES {
        // The first sessions of an engine start threads that stay, one for each processor.
        for _ in 0..std::thread::available_parallelism().unwrap().get() {
            manager.close(&manager.ssh(&sshd, engine)).ok();
        }
        eventually(SOON, "it is gone", || sshd.connections() == 0);
        let before = descriptors(&manager);
        let id = manager.ssh(&sshd, engine);
        let connected = descriptors(&manager);
        let tunnels = format!("/connections/{id}/tunnels");
        let bodies = [
            json!({"kind": "local", "host": "127.0.0.1", "port": echo}),
            json!({"kind": "remote", "host": "127.0.0.1", "port": echo}),
        ];
        for close_session in [false, true] {
            let mut streams = Vec::new();
            let mut names = Vec::new();
            for body in &bodies {
                let tunnel = manager.post(&tunnels, body).ok();
                for _ in 0..20 {
                    let mut stream = connect(&tunnel);
                    stream.write_all(b"x").unwrap();
                    stream.read_exact(&mut [0; 1]).unwrap();
                    streams.push(stream);
                }
                names.push(tunnel["tunnel_id"].as_str().unwrap().to_owned());
            }
            assert!(descriptors(&manager) > connected + 40, "{engine}");
            let begun = Instant::now();
            if close_session {
                manager.close(&id).ok();
                assert!(begun.elapsed() < SOON / 2, "{engine}");
                eventually(SOON, "as before the session", || {
                    descriptors(&manager) <= before
                });
            } else {
                for name in names {
                    manager.delete(&format!("{tunnels}/{name}")).ok();
                }
                assert!(begun.elapsed() < SOON / 2, "{engine}");
                eventually(SOON, "as before the tunnels", || {
                    descriptors(&manager) <= connected
                });
            }
        }
    }
}

/// Thirty connections whose clients take nothing.
#[test]
fn clients_that_take_nothing_cost_bounded_memory_and_slow_no_command() {
    let (manager, sshd) = (Manager::start(), Sshd::start());
    let ((port, sent), _runtime) = peers(flood());
    for engine in ENGINES {
        let id = manager.ssh(&sshd, engine);
        let tunnels = format!("/connections/{id}/tunnels");
        let body = json!({"kind": "local", "host": "127.0.0.1", "port": port});
        let tunnel = manager.post(&tunnels, &body).ok();
        manager.execute(&id, "true").ok();
        let before = resident(&manager);
        let stalled: Vec<TcpStream> = (0..30).map(|_| connect(&tunnel)).collect();
        let (mut last, mut since, mut slowest) = (0, Instant::now(), Duration::ZERO);
        let mut most = 0;
        // Until nothing comes any more.
        while since.elapsed() < Duration::from_secs(1) {
            let begun = Instant::now();
            let output = manager.execute(&id, "echo beside").ok();
            assert_eq!(output["output"], "beside");
            slowest = slowest.max(begun.elapsed());
            most = most.max(resident(&manager).saturating_sub(before));
            let now = sent.load(Ordering::Relaxed);
            if now != last {
                (last, since) = (now, Instant::now());
            }
        }
        println!("{engine}: {most} KiB more, slowest command {slowest:?}");
        assert!(slowest < SOON / 2, "{engine}: {slowest:?}");
        // The room of the session, its sockets' buffers, and what the allocator keeps.
        assert!(most < 160 * 1024, "{engine}: {most} KiB more");
        drop(stalled);
        manager.close(&id).ok();
    }
}

#[test]
fn a_stop_of_the_server_ends_its_tunnels() {
    let sshd = Sshd::start();
    let (port, _runtime) = peers(greeter("127.0.0.1"));
    for engine in ENGINES {
        // The drain time is for work, and what is open is none.
        let manager = Manager::builder().flag("--drain-timeout", "600").start();
        let id = manager.connect_ssh(&Login::ssh(&sshd, engine)).ok();
        let id = id["session_id"].as_str().unwrap().to_owned();
        let tunnels = format!("/connections/{id}/tunnels");
        let body = json!({"kind": "remote", "host": "127.0.0.1", "port": port});
        let tunnel = manager.post(&tunnels, &body).ok();
        let mut said = String::new();
        connect(&tunnel).read_to_string(&mut said).unwrap();
        assert_eq!(said, "220 welcome\r\n");
        let idle = manager.post(&tunnels, &json!({"kind": "dynamic"})).ok();
        let _open = connect(&idle);
        manager.terminate();
        let ended = manager.ended(SOON);
        assert!(ended.is_some_and(|status| status.success()), "{engine}");
        eventually(SOON, "sshd is left alone", || sshd.connections() == 0);
    }
}

/// A megabyte through a tunnel through a tunnel.
#[test]
fn a_tunnel_leads_through_another() {
    let (manager, sshd) = (Manager::start(), Sshd::start());
    let (echo, _runtime) = peers(echo());
    let id = manager.ssh(&sshd, "russh");
    let other = manager.ssh(&sshd, "libssh2");
    let inner = json!({"kind": "local", "host": "127.0.0.1", "port": echo});
    let inner = manager
        .post(&format!("/connections/{id}/tunnels"), &inner)
        .ok();
    let outer = json!({"kind": "local", "host": "127.0.0.1", "port": inner["bind_port"]});
    let outer = manager
        .post(&format!("/connections/{other}/tunnels"), &outer)
        .ok();
    let data = pattern(1024 * 1024);
    let mut stream = connect(&outer);
    let mut sending = stream.try_clone().unwrap();
    let back = std::thread::scope(|scope| {
        scope.spawn(|| {
            sending.write_all(&data).unwrap();
            sending.shutdown(Shutdown::Write).unwrap();
        });
        let mut back = Vec::new();
        stream.read_to_end(&mut back).unwrap();
        back
    });
    assert!(back == data);
}
