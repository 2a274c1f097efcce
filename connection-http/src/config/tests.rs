//! Tests of the configuration that need no process of their own.

use super::super::layer::Layer;
use super::*;
use clap::Parser;
use connection_core::recording::RecordPolicy;

fn toml(text: &str) -> Layer {
    Layer::parse(text).unwrap()
}

#[test]
fn defaults_are_those_of_the_contract() {
    let s = Settings::defaults().unwrap();
    assert_eq!((s.host.as_str(), s.port), ("127.0.0.1", 8000));
    assert_eq!(s.session_timeout, Duration::from_secs(1800));
    assert_eq!(s.max_sessions, 20);
    assert_eq!(s.default_timeout, Duration::from_secs(30));
    assert_eq!(s.max_file_size, None);
    assert_eq!(s.exec_timeout, None);
    assert_eq!(s.exec_output_limit, 64 << 20);
    assert!(s.tokens.is_empty() && s.cors_origins.is_empty());
}

#[test]
fn a_flag_outweighs_the_file_which_outweighs_the_default() {
    let flags = Cli::parse_from(["connection-manager", "--port", "1", "--exec-timeout", "0.5"]);
    let file = toml("port = 2\nmax_sessions = 3\nexec_timeout = 9");
    let s = Settings::from_layer(flags.settings.over(file)).unwrap();
    assert_eq!((s.port, s.max_sessions), (1, 3));
    assert_eq!(s.exec_timeout, Some(Duration::from_millis(500)));
    assert_eq!(s.max_connections, 512);
}

#[test]
fn an_unknown_key_is_named_and_nothing_else_is_quoted() {
    let error = Layer::parse("token = \"s3cret\"\nprot = 1").err().unwrap();
    assert!(error.to_string().contains("prot"), "{error}");
    assert!(error.to_string().starts_with("line 2"), "{error}");
    assert!(!error.to_string().contains("s3cret"), "{error}");
}

#[test]
fn values_that_cannot_be_used_name_their_setting() {
    for (text, setting) in [
        ("session_timeout = 0", "session_timeout"),
        ("max_sessions = 0", "max_sessions"),
        ("max_websockets = 0", "max_websockets"),
        ("max_terminals = 0", "max_terminals"),
        ("terminal_replay = 131071", "terminal_replay"),
        ("terminal_replay = 16777217", "terminal_replay"),
        ("terminal_timeout = 0", "terminal_timeout"),
        ("engine = \"putty\"", "engine"),
        ("tunnels = \"yes\"", "tunnels"),
        ("tunnel_hosts = \"all\"", "tunnel_hosts"),
        ("trust = \"never\"", "trust"),
        ("log_format = \"xml\"", "log_format"),
        ("log_level = \"a=b=c\"", "log_level"),
        ("cors_origins = [\"https://x/\"]", "cors_origins"),
        ("local_roots = [\"here\"]", "local_roots"),
        ("record = \"always\"", "record"),
        ("record = \"sometimes\"", "record"),
        ("recording_dir = \"here\"", "recording_dir"),
        (
            "recording_dir = \"/r\"\nrecording_max_size = 65535",
            "recording_max_size",
        ),
        (
            "recording_dir = \"/r\"\nrecording_total_size = 65535",
            "recording_total_size",
        ),
        ("token = \"\"", "token"),
        ("token_file = \"/nonexistent/t\"", "token_file"),
        ("[tokens]\nann = \"a b\"", "tokens.ann"),
    ] {
        let error = Settings::from_layer(toml(text)).err().unwrap();
        assert!(error.to_string().starts_with(setting), "{text}: {error}");
    }
}

#[test]
fn another_address_than_loopback_needs_a_token() {
    for host in ["0.0.0.0", "::", "192.0.2.1", "example.com"] {
        let text = format!("host = {host:?}");
        let error = Settings::from_layer(toml(&text)).err().unwrap();
        assert!(error.to_string().contains("without an access token"));
        let with = format!("{text}\ntoken = \"abc\"");
        assert!(Settings::from_layer(toml(&with)).is_ok(), "{host}");
    }
    for host in ["127.0.0.1", "127.9.9.9", "::1", "localhost"] {
        assert!(Settings::from_layer(toml(&format!("host = {host:?}"))).is_ok());
    }
}

#[test]
fn a_stronger_source_replaces_every_token_of_the_weaker() {
    let top = Layer {
        token: Some("top".to_owned()),
        ..Layer::default()
    };
    let s = Settings::from_layer(top.over(toml("[tokens]\nann = \"a\"\nbob = \"b\""))).unwrap();
    assert_eq!(s.tokens.len(), 1);
    assert_eq!(s.tokens[0].secret.expose(), b"top");
}

#[test]
fn recordings_need_a_directory_and_nothing_more() {
    for text in ["", "record = \"never\"", "record_input = true"] {
        let settings = Settings::from_layer(toml(text)).unwrap();
        assert!(settings.recordings.is_none(), "{text}");
    }
    let of = |text: &str| Settings::from_layer(toml(text)).unwrap();
    let plain = of("recording_dir = \"/r\"").recordings.unwrap();
    assert_eq!(plain, RecordingSettings::new("/r"));
    assert_eq!(
        (plain.policy, plain.input),
        (RecordPolicy::OnRequest, false)
    );
    let all = of(
        "recording_dir = \"/r\"\nrecord = \"always\"\nrecord_input = true\n\
         recording_max_size = 65536\nrecording_total_size = 65537",
    );
    let recordings = all.recordings.clone().unwrap();
    assert_eq!(recordings.policy, RecordPolicy::Always);
    assert!(recordings.input);
    assert_eq!((recordings.max_size, recordings.total_size), (65536, 65537));
    let again = of(&all.to_toml().unwrap());
    assert_eq!(again.recordings, all.recordings);
}

#[test]
fn printing_hides_every_token_and_can_be_read_again() {
    let s = Settings::from_layer(toml(
        "port = 0\ntoken = \"canary-1\"\nexec_timeout = 1.5\n[tokens]\nann = \"canary-2\"",
    ))
    .unwrap();
    let printed = s.to_toml().unwrap();
    assert!(!printed.contains("canary"), "{printed}");
    assert_eq!(printed.matches("***").count(), 2);
    let again = Settings::from_layer(toml(&printed)).unwrap();
    assert_eq!(again.exec_timeout, s.exec_timeout);
    assert_eq!(again.port, 0);
}
