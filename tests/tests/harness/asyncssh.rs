//! The scripted SSH server, seen by paramiko.

use std::process::Output;
use std::time::{Duration, Instant};

use connection_tests::servers::asyncssh::{AsyncSsh, Entry, Fault, Prompt, Reply, Round};
use connection_tests::{TcpServer, eventually};

use crate::{printed, python};

const SOON: Duration = Duration::from_secs(60);

/// Connects and logs in as `login` says (Python, `t` is the transport), then runs `script`.
fn paramiko(server: &AsyncSsh, login: &str, script: &str) -> Output {
    let prelude = r#"
import sys, time, threading, paramiko
port, user, password, key, login, script = sys.argv[1:]
t = paramiko.Transport(("127.0.0.1", int(port)))
t.start_client(timeout=60)
def run(command):
    channel = t.open_session()
    channel.exec_command(command)
    out, err = channel.makefile("rb").read(), channel.makefile_stderr("rb").read()
    return out, err, channel.recv_exit_status()
def attempt(action):
    try:
        action()
    except Exception as error:
        print(type(error).__name__, error)
exec(login)
exec(script)
t.close()
"#;
    let port = server.port().to_string();
    let key = server.key().path().to_str().unwrap();
    python(
        prelude,
        &[&port, server.user(), server.password(), key, login, script],
    )
}

const PASSWORD: &str = "t.auth_password(user, password, fallback=False)";

#[test]
fn passwords_and_keys_log_in_and_files_belong_to_the_throw_away_user() {
    let server = AsyncSsh::start();
    server.write_file("a.txt", "hello");
    let script = r#"
sftp = paramiko.SFTPClient.from_transport(t)
print(sftp.normalize("."), sorted(sftp.listdir(".")), sftp.open("a.txt").read())
print(run("cat a.txt; echo oops >&2; exit 3"))
sftp.open("b.txt", "w").write("x")
print(sftp.stat("b.txt").st_uid)
sftp.remove("b.txt")
"#;
    let expected = format!(
        "{} ['a.txt'] b'hello'\n(b'hello', b'oops\\n', 3)\n{}",
        server.home().display(),
        server.uid()
    );
    assert_eq!(printed(&paramiko(&server, PASSWORD, script)), expected);
    let by_key = "t.auth_publickey(user, paramiko.Ed25519Key.from_private_key_file(key))";
    assert_eq!(printed(&paramiko(&server, by_key, script)), expected);
    assert!(
        !paramiko(&server, "t.auth_password(user, 'wrong')", "")
            .status
            .success()
    );
}

#[test]
fn keyboard_interactive_asks_odd_questions() {
    let rounds = [
        Round::default().titled("Hello", "Nothing to answer"),
        Round::of(&[
            Prompt::password(""),
            Prompt::question("Favourite colour? ", "blue"),
        ]),
    ];
    let server = AsyncSsh::builder().keyboard_interactive(&rounds).start();
    let login = r#"
def answer(title, instructions, prompts):
    print(repr(title), repr(instructions), prompts)
    return [password, "blue"][:len(prompts)]
t.auth_interactive(user, answer)
"#;
    let answer = printed(&paramiko(&server, login, ""));
    assert_eq!(
        answer,
        "'Hello' 'Nothing to answer' []\n'' '' [('', False), ('Favourite colour? ', True)]"
    );
    assert!(!paramiko(&server, PASSWORD, "").status.success());
}

#[test]
fn sftp_requests_fail_wait_and_cut_as_told() {
    let server = AsyncSsh::builder()
        .fault(Fault::status("rename", 4, "Disk is on fire").times(1))
        .fault(Fault::status("mkdir", 31_337, "what"))
        .fault(Fault::delay("stat", Duration::from_millis(300)).path("slow"))
        .fault(Fault::disconnect("read").path("cut.bin"))
        .without_extensions(&["posix-rename@openssh.com"])
        .start();
    for name in ["slow", "cut.bin", "a"] {
        server.write_file(name, "x");
    }
    let start = Instant::now();
    let script = r#"
sftp = paramiko.SFTPClient.from_transport(t)
attempt(lambda: sftp.rename("a", "b"))
attempt(lambda: sftp.rename("a", "b"))
attempt(lambda: sftp.mkdir("d"))
attempt(lambda: sftp.posix_rename("b", "c"))
attempt(lambda: sftp.listdir("missing"))
sftp.stat("slow")
attempt(lambda: sftp.open("cut.bin").read())
"#;
    let answer = printed(&paramiko(&server, PASSWORD, script));
    let lines: Vec<&str> = answer.lines().collect();
    assert_eq!(lines[0], "OSError Disk is on fire");
    assert_eq!(lines[1], "OSError what");
    assert!(
        lines[2].starts_with("OSError Unsupported request"),
        "{answer}"
    );
    assert!(lines[3].starts_with("FileNotFoundError"), "{answer}");
    assert_eq!(lines[4].trim(), "SSHException Server connection dropped:");
    assert!(start.elapsed() >= Duration::from_millis(300));
}

#[test]
fn a_request_hangs_until_the_client_leaves() {
    let server = AsyncSsh::builder().fault(Fault::hang("stat")).start();
    let script = r#"
sftp = paramiko.SFTPClient.from_transport(t)
sftp.get_channel().settimeout(0.5)
attempt(lambda: sftp.stat("."))
print(run("echo other channels work"))
"#;
    let answer = printed(&paramiko(&server, PASSWORD, script));
    assert_eq!(answer, "TimeoutError \n(b'other channels work\\n', b'', 0)");
    eventually(SOON, "no connection", || server.open_sockets() == 0);
}

#[test]
fn listings_hold_odd_names_and_many() {
    let entries = [
        Entry::file("bad\u{ff}name"),
        Entry::new("l\nf", "link", 0o777, 3, 0),
    ];
    let server = AsyncSsh::builder()
        .listing(&entries)
        .listing_count(0)
        .start();
    let raw = AsyncSsh::builder().listing(&entries).start();
    assert!(server.running());
    let script = r#"
sftp = paramiko.SFTPClient.from_transport(t)
kind, handle = sftp._request(paramiko.sftp.CMD_OPENDIR, b".")
kind, message = sftp._request(paramiko.sftp.CMD_READDIR, handle.get_binary())
for _ in range(message.get_int()):
    print(message.get_binary(), len(message.get_binary()) > 0)
    paramiko.SFTPAttributes._from_msg(message)
"#;
    assert_eq!(
        printed(&paramiko(&raw, PASSWORD, script)),
        "b'bad\\xffname' True\nb'l\\nf' True"
    );
    let many = AsyncSsh::builder().listing_count(5_000).start();
    let script = "print(len(paramiko.SFTPClient.from_transport(t).listdir('/')))";
    assert_eq!(printed(&paramiko(&many, PASSWORD, script)), "5000");
}

#[test]
fn commands_answer_as_told() {
    let server = AsyncSsh::builder()
        .command("odd", Reply::of("o\u{ff}").stderr("e").exit(Some(7)))
        .command("no status", Reply::of("x").exit(None))
        .command("killed", Reply::of("").signal("KILL"))
        .command("stuck", Reply::of("started").hang())
        .start();
    let script = r#"
print(run("odd"), run("no status"), run("killed")[2])
channel = t.open_session()
channel.exec_command("stuck")
print(channel.recv(100))
channel.shutdown_write()
channel.settimeout(0.3)
attempt(lambda: channel.recv(100))
"#;
    let answer = printed(&paramiko(&server, PASSWORD, script));
    assert_eq!(
        answer,
        "(b'o\\xff', b'e', 7) (b'x', b'', -1) -1\nb'started'\nTimeoutError"
    );
}

#[test]
fn connections_are_cut_without_ending_the_server() {
    let server = AsyncSsh::start();
    let before = server.open_sockets();
    std::thread::scope(|scope| {
        let client = scope.spawn(|| {
            paramiko(
                &server,
                PASSWORD,
                "attempt(lambda: run('sleep 600'))\nt.join(60)\nprint(t.is_active())",
            )
        });
        eventually(SOON, "a command", || {
            server.log().contains("command 'sleep 600'")
        });
        server.kill_connections();
        assert!(printed(&client.join().unwrap()).ends_with("False"));
    });
    eventually(SOON, "no connection", || server.open_sockets() == before);
    printed(&paramiko(&server, PASSWORD, ""));
}

#[test]
fn a_banner_is_no_ssh_server() {
    let server = TcpServer::http();
    let script = r#"
import sys, logging, paramiko
logging.getLogger("paramiko").addHandler(logging.NullHandler())
t = paramiko.Transport(("127.0.0.1", int(sys.argv[1])))
try:
    t.start_client(timeout=60)
except paramiko.SSHException as error:
    print(error)
"#;
    let answer = printed(&python(script, &[&server.port().to_string()]));
    assert!(
        answer.starts_with("Error reading SSH protocol banner"),
        "{answer}"
    );
}
