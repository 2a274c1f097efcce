//! Through the library: the directory, the variables and the terminal of a command.

use crate::ground::{World, with_both_engines};
use connection_core::ErrorKind;
use connection_core::exec::{ExecOutput, ExecRequest, ExitStatus};
use connection_core::path::RemotePath;
use connection_core::target::SshEngine;
use connection_tests::Sshd;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

with_both_engines![
    a_directory_may_have_any_name,
    a_directory_that_cannot_be_entered_runs_nothing,
    every_variable_arrives_whatever_the_server_takes,
    what_cannot_be_right_is_sent_nowhere,
    a_terminal_has_its_size_and_type,
];

async fn run(world: &World, request: ExecRequest) -> ExecOutput {
    world.session.exec(request).await.unwrap()
}

async fn a_directory_may_have_any_name(engine: SshEngine) {
    let world = World::new(engine).await;
    let home = world.sshd.home().to_owned();
    for name in [
        &b"plain"[..],
        b"a b",
        b"-rf",
        b"-",
        b"~",
        b"it's",
        b"\"$HOME`id`$(id)\"",
        b"!!",
        b"back\\slash\\",
        b"new\nline",
        b"ends\n",
        b"\xff\xfe",
        "caf\u{e9} \u{65e5}".as_bytes(),
        b"*",
        b"; exit 9 #",
        b"\t\x01\x7f",
    ] {
        let path = home.join(OsStr::from_bytes(name));
        std::fs::create_dir(&path).unwrap();
        world.sshd.own(&path);
        let mut wanted = path.as_os_str().as_bytes().to_vec();
        wanted.push(b'\n');
        let shown = name.escape_ascii().to_string();
        // From the login directory, from the root, and as a path of the files.
        let base = RemotePath::parse(home.as_os_str().as_bytes(), &RemotePath::root()).unwrap();
        let file = RemotePath::parse(name, &base).unwrap();
        let requests = [
            ExecRequest::new("/bin/pwd").directory(name),
            ExecRequest::new("/bin/pwd").directory(path.as_os_str().as_bytes()),
            ExecRequest::new("/bin/pwd").directory_path(&file),
        ];
        for request in requests {
            let output = run(&world, request).await;
            assert!(output.stdout == wanted, "{shown}: {output:?}");
            assert_eq!(
                (&*output.stderr, output.status),
                (&b""[..], ExitStatus::Code(0))
            );
        }
    }
    // The command itself is what it was, byte for byte, with its shell and its input.
    let request = ExecRequest::new(&b"printf '%s' '\xff!\n$x'; cat; exit 7"[..])
        .directory("plain")
        .stdin("in");
    let output = run(&world, request).await;
    assert_eq!(output.stdout, b"\xff!\n$xin");
    assert_eq!(output.status, ExitStatus::Code(7));
    world.end().await;
}

async fn a_directory_that_cannot_be_entered_runs_nothing(engine: SshEngine) {
    let world = World::new(engine).await;
    world.sshd.write_file("file", "");
    for name in ["gone", "file", "gone/!/'", "-"] {
        let request = ExecRequest::new("echo ran").directory(name);
        let output = run(&world, request).await;
        assert_eq!(output.status, ExitStatus::Code(125), "{name}");
        assert_eq!(output.stdout, b"", "{name}");
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(words.contains(name), "{words}");
    }
    world.end().await;
}

async fn every_variable_arrives_whatever_the_server_takes(engine: SshEngine) {
    let nasty = "it's \"$HOME\"\n`id` !! \\ %s caf\u{e9}\n";
    let sshd = || Sshd::builder();
    for (server, words) in [
        (sshd(), "the server takes none"),
        (sshd().line("AcceptEnv TAKEN"), "it takes one"),
        (sshd().line("AcceptEnv *"), "it takes all"),
    ] {
        let world = World::on(engine, server).await;
        let request = ExecRequest::new("printf '%s|%s|%s' \"$TAKEN\" \"$NASTY\" \"$EMPTY-\"")
            .env("TAKEN", "taken")
            .env("NASTY", nasty)
            .env("EMPTY", "");
        let output = run(&world, request).await;
        let wanted = format!("taken|{nasty}|-");
        assert_eq!(String::from_utf8_lossy(&output.stdout), wanted, "{words}");
        // They are the command's alone.
        let output = run(&world, ExecRequest::new("echo \"$TAKEN$NASTY\"")).await;
        assert_eq!(output.stdout, b"\n", "{words}");
        world.end().await;
    }
}

async fn what_cannot_be_right_is_sent_nowhere(engine: SshEngine) {
    let world = World::new(engine).await;
    let request = || ExecRequest::new("echo sent > sent");
    for (request, field) in [
        (request().directory("a\0b"), "directory"),
        (request().directory(""), "directory"),
        (request().env("A", "\0"), "env"),
        (request().env("A=B", ""), "env"),
        (request().pty(Some((0, 1))), "columns"),
        (ExecRequest::new(vec![b'x'; 1 << 20]), "command"),
        // Too long with what is added.
        (
            ExecRequest::new(vec![b'\''; 40_000]).directory("/"),
            "command",
        ),
    ] {
        let error = world.session.exec(request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        assert_eq!(error.context("field"), Some(field));
    }
    assert!(!world.sshd.home().join("sent").exists());
    // As long as it may be, it runs.
    let (most, too_long) = match engine {
        SshEngine::Libssh2 => (34_700, 34_701),
        _ => (131_071, 131_072),
    };
    let request = ExecRequest::new(vec![b'x'; too_long]);
    let error = world.session.exec(request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    let word = "x".repeat(most - 5);
    let output = run(&world, ExecRequest::new(format!("echo {word}"))).await;
    assert_eq!(output.stdout.len(), word.len() + 1);
    world.end().await;
}

async fn a_terminal_has_its_size_and_type(engine: SshEngine) {
    let world = World::new(engine).await;
    let output = run(&world, ExecRequest::new("tty; test -t 1 || echo none")).await;
    assert_eq!(output.stdout, b"not a tty\nnone\n");

    let request =
        ExecRequest::new("tty; stty size; echo $TERM; pwd; echo $V; echo err >&2; exit 4")
            .pty(Some((133, 44)))
            .term("vt100")
            .directory("/")
            .env("V", "value");
    let output = run(&world, request).await;
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert!(lines[0].starts_with("/dev/pts/"), "{text}");
    assert_eq!(lines[1..], ["44 133", "vt100", "/", "value", "err", ""]);
    assert_eq!(output.stderr, b"", "a terminal has one output");
    assert_eq!(output.status, ExitStatus::Code(4));

    // What is typed is read; its end is typed as well.
    let request = ExecRequest::new("stty -echo; echo ready; cat; echo over")
        .pty(Some((80, 24)))
        .stdin("typed\n\x04");
    let output = run(&world, request).await;
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("typed\r\n") && text.ends_with("over\r\n"),
        "{text:?}"
    );
    world.end().await;
}
