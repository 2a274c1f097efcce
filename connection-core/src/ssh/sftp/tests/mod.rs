//! The client against a real `sftp-server`, and against servers that misbehave.

mod clock;
mod codec;
mod copy;
mod files;
mod hostile;
mod names;
pub(crate) mod pretend;
mod rules;
mod stripes;
pub(in crate::ssh) mod support;
mod throughput;
mod transfer;
