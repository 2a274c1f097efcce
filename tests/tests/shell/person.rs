//! The client at a terminal: one of `script`, with a shell around the client that says
//! what it left behind.

use super::{SOON, text};
use connection_tests::manager::{SshWorld, program};
use connection_tests::{ChaosProxy, eventually, on_both_engines};
use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};

on_both_engines!(
    a_terminal_has_its_size_and_is_given_back,
    leaving_leaves_it_running,
    a_signal_gives_the_terminal_back,
    what_is_typed_during_a_cut_arrives_after_it,
);

/// A person at a terminal of 100 columns and 30 rows.
struct Person {
    child: Child,
    keys: ChildStdin,
    shown: Arc<Mutex<Vec<u8>>>,
}

impl Person {
    /// Starts the client, and says `code`, its exit code and the state of the terminal when
    /// it has ended.
    fn start(world: &SshWorld, args: &str) -> Self {
        Self::start_at(world.manager.base(), args)
    }

    /// The same with the server at this address.
    fn start_at(url: &str, args: &str) -> Self {
        let line = format!(
            "stty cols 100 rows 30; '{}' shell --url {url} {args}; echo \"code $?\"; stty -a",
            program().display(),
        );
        let mut child = Command::new("script")
            .args(["-qfec", &line, "/dev/null"])
            .env("TERM", "xterm")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("start script");
        let shown = Arc::new(Mutex::new(Vec::new()));
        let mut stdout = child.stdout.take().unwrap();
        let seen = Arc::clone(&shown);
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = stdout.read(&mut buffer) {
                seen.lock().unwrap().extend_from_slice(&buffer[..count]);
            }
        });
        Self {
            keys: child.stdin.take().unwrap(),
            child,
            shown,
        }
    }

    fn shown(&self) -> String {
        text(&self.shown.lock().unwrap())
    }

    fn types(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    #[track_caller]
    fn sees(&self, wanted: &str) {
        let what = format!("{wanted:?} on the screen");
        let found =
            connection_tests::wait::poll(SOON, || self.shown().contains(wanted).then_some(()));
        assert!(found.is_some(), "not {what}: {:?}", self.shown());
    }

    /// The client's process: the one below `script` that runs our program.
    fn client(&self) -> String {
        let pattern = format!("{} shell", program().display());
        let mut below = vec![self.child.id().to_string()];
        while let Some(parent) = below.pop() {
            let children = Command::new("pgrep")
                .args(["-P", &parent])
                .output()
                .unwrap();
            for pid in text(&children.stdout).lines() {
                let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
                if text(&line).replace('\0', " ").starts_with(&pattern) {
                    return pid.to_owned();
                }
                below.push(pid.to_owned());
            }
        }
        panic!("no client: {}", self.shown());
    }

    /// Gives the terminal another size, as a window does.
    fn resizes(&self, columns: &str, rows: &str) {
        let tty = std::fs::read_link(format!("/proc/{}/fd/0", self.client())).unwrap();
        let changed = Command::new("stty")
            .arg("-F")
            .arg(tty)
            .args(["cols", columns, "rows", rows])
            .status();
        assert!(changed.unwrap().success());
    }

    /// The exit code of the client, which left the terminal as it was.
    #[track_caller]
    fn ended_with(&self, code: i32) {
        self.sees(&format!("code {code}\r\n"));
        self.sees("echoctl");
        let shown = self.shown();
        let state = &shown[shown.rfind("code ").unwrap()..];
        for flag in ["icanon", "echo", "isig", "opost"] {
            assert!(
                state.split_whitespace().any(|f| f == flag),
                "{flag}: {state}"
            );
        }
    }
}

impl Drop for Person {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn a_terminal_has_its_size_and_is_given_back(world: &SshWorld, engine: &str) {
    let session = world.manager.ssh(&world.sshd, engine);
    let mut person = Person::start(world, &format!("{session} --name mine --command 'exec sh'"));
    person.types("echo re''ady; stty size\r");
    person.sees("ready\r\n30 100\r\n");
    person.resizes("120", "40");
    person.types("while [ \"$(stty size)\" != '40 120' ]; do sleep 0.05; done; echo si''zed\r");
    person.sees("sized");
    // Keys go there as they are, those that stop programs too.
    person.types("echo sl''eeping; sleep 600\r");
    person.sees("sleeping\r\n");
    person.types("\x03");
    person.sees("^C");
    person.types("echo af''ter\r");
    person.sees("after");
    person.types("exit 7\r");
    person.ended_with(7);
}

fn leaving_leaves_it_running(world: &SshWorld, engine: &str) {
    let session = world.manager.ssh(&world.sshd, engine);
    for keys in ["\x1dd", "~."] {
        let mut person = Person::start(world, &format!("{session} --command 'exec sh'"));
        person.types("kept=41; echo re''ady\r");
        person.sees("ready");
        person.types(keys);
        person.ended_with(0);
        person.sees("which goes on");
        let shown = person.shown();
        let rest = &shown[shown.find("left terminal ").unwrap() + "left terminal ".len()..];
        let id = rest.split(',').next().unwrap();
        let mut again = Person::start(world, &format!("{session} --terminal {id}"));
        again.sees("ready");
        again.types("echo $((kept + 1))-still; stty size\r");
        again.sees("42-still\r\n30 100");
        // Another watches, and cannot type.
        let mut watcher = Person::start(world, &format!("{session} --terminal {id} --read-only"));
        watcher.sees("42-still");
        watcher.types("echo in''trusion\r");
        again.types("echo fi''nal\r");
        watcher.sees("final");
        assert!(!again.shown().contains("intrusion"));
        watcher.types("\x03");
        watcher.ended_with(0);
        again.types("exit 3\r");
        again.ended_with(3);
    }
}

fn a_signal_gives_the_terminal_back(world: &SshWorld, engine: &str) {
    let session = world.manager.ssh(&world.sshd, engine);
    for (signal, code) in [("TERM", 143), ("HUP", 129), ("QUIT", 131), ("INT", 130)] {
        let mut person = Person::start(world, &format!("{session} --command 'exec sh'"));
        person.types("echo re''ady\r");
        person.sees("ready");
        let sent = Command::new("kill")
            .args([&format!("-{signal}"), &person.client()])
            .status();
        assert!(sent.unwrap().success());
        person.ended_with(code);
    }
    eventually(SOON, "nobody is attached", || {
        let list = world
            .manager
            .get(&format!("/connections/{session}/terminals"))
            .ok();
        let mut all = list["terminals"].as_array().unwrap().iter();
        all.all(|terminal| terminal["viewers"].as_array().unwrap().is_empty())
    });
}

fn what_is_typed_during_a_cut_arrives_after_it(world: &SshWorld, engine: &str) {
    let proxy = ChaosProxy::start(world.manager.addr());
    let session = world.manager.ssh(&world.sshd, engine);
    let url = format!("http://{}", proxy.addr());
    let mut person = Person::start_at(&url, &format!("{session} --command 'exec sh'"));
    // And no way back until the proxy resumes.
    let cut = || {
        proxy.refuse();
        proxy.cut();
    };
    let cuts = |person: &Person| person.shown().matches("attaching again").count();
    person.types("echo re''ady\r");
    person.sees("ready");
    cut();
    person.sees("attaching again");
    person.types("echo bl''ind-$((40 + 2))");
    person.types("; echo tw''ice\r");
    proxy.resume();
    person.sees("blind-42\r\ntwice\r\n");
    person.types("echo on''ward\r");
    person.sees("onward");
    assert_eq!(person.shown().matches("twice\r\n").count(), 1);

    // Nobody sees what is typed, so there is a bound, and nothing is kept from behind a gap.
    cut();
    eventually(SOON, "the second cut is told", || cuts(&person) == 2);
    for _ in 0..40 {
        person.types(&format!(": {}\r", "x".repeat(200)));
    }
    person.sees("too much was typed meanwhile");
    person.types("echo be''hind\r");
    proxy.resume();
    person.sees(": xxx");
    // Ctrl-U: the line that lost its end is given up.
    person.types("\x15echo af''ter\r");
    person.sees("after\r\n");
    assert!(!person.shown().contains("behind"), "{}", person.shown());
    // The keys that leave are not kept: they are for this program.
    cut();
    eventually(SOON, "the third cut is told", || cuts(&person) == 3);
    person.types("\x1dd");
    person.ended_with(0);
}
