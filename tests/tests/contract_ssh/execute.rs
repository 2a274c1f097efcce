//! Commands.

use connection_tests::manager::SshWorld;
use connection_tests::on_both_engines;
use serde_json::json;

on_both_engines![
    the_output_is_both_streams_stripped,
    the_exit_code_is_not_told,
    every_command_begins_at_home_without_a_terminal,
    bytes_are_kept_or_replaced,
    standard_input_is_at_its_end,
    a_long_command_line_runs,
    a_command_is_required,
    the_clients_timeout_is_ignored,
];

fn the_output_is_both_streams_stripped(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    for (command, output) in [
        ("echo hello", "hello"),
        ("printf ''", ""),
        ("printf '\\n\\n  a b \\t\\n'", "a b"),
        ("echo out; echo err >&2", "out\n\nerr"),
        ("printf out; printf err >&2", "out\nerr"),
        ("echo err >&2", "err"),
        // NBSP, the separators 0x1c to 0x1f, and U+0085, as Python's strip.
        (
            "printf '\\302\\240\\034\\035\\036\\037\\302\\205x\\302\\205\\037\\302\\240'",
            "x",
        ),
    ] {
        assert_eq!(
            world.manager.execute(&id, command).ok(),
            json!({"output": output}),
            "{command}"
        );
    }
}

fn the_exit_code_is_not_told(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    for command in ["echo x; exit 3", "echo x; kill -9 $$"] {
        assert_eq!(
            world.manager.execute(&id, command).ok(),
            json!({"output": "x"}),
            "{command}"
        );
    }
}

fn every_command_begins_at_home_without_a_terminal(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let home = world.sshd.home().to_str().unwrap();
    for command in ["cd /; pwd; cd ~; pwd", "pwd; pwd"] {
        let output = world.manager.execute(&id, command).ok();
        assert!(
            output["output"].as_str().unwrap().ends_with(home),
            "{output}"
        );
    }
    let output = world
        .manager
        .execute(&id, "test -t 0 || test -t 1 || echo no terminal")
        .ok();
    assert_eq!(output["output"], "no terminal");
}

fn bytes_are_kept_or_replaced(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let output = world
        .manager
        .execute(&id, "printf 'a\\377b\\r\\n\\033[1mc\\000d\\303\\251'")
        .ok();
    assert_eq!(output["output"], "a\u{fffd}b\r\n\u{1b}[1mc\0dé");
}

fn standard_input_is_at_its_end(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    assert_eq!(
        world.manager.execute(&id, "cat; echo after").ok()["output"],
        "after"
    );
}

fn a_long_command_line_runs(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let word = "x".repeat(12_000);
    let output = world.manager.execute(&id, &format!("echo {word}")).ok();
    assert_eq!(output["output"], word);
}

fn a_command_is_required(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    for body in [json!({}), json!(null), json!({"timeout": 30})] {
        let answer = world
            .manager
            .post(&format!("/connections/{id}/execute"), &body);
        answer.fails(400, "command is required");
    }
}

fn the_clients_timeout_is_ignored(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let body = json!({"command": "sleep 1.2; echo done", "timeout": 1});
    let answer = world
        .manager
        .post(&format!("/connections/{id}/execute"), &body);
    assert_eq!(answer.ok()["output"], "done");
}
