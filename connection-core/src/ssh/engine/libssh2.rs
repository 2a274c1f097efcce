//! The engine on `libssh2`, through the crate `ssh2`.
