//! The program `connection-manager`; see [`connection_http::run`].

fn main() -> std::process::ExitCode {
    connection_http::run::main()
}
