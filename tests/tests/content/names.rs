//! Names that are no text, escaped as the bytes they are.

use crate::client::{get, put, target};
use connection_tests::manager::{FtpWorld, SshWorld};
use connection_tests::on_both_engines;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

on_both_engines![bytes_name_themselves];

const NAME: &[u8] = b"caf\xe9 + \xef\x9f\xa9%";

fn there_and_back(
    manager: &connection_tests::manager::Manager,
    id: &str,
    remote: &Path,
    local: &Path,
) {
    let name = OsStr::from_bytes(NAME);
    let target = target(id, &remote.join(name), "");
    put(manager, &target, b"espresso").ok();
    let names: Vec<_> = fs::read_dir(local)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, [name]);
    assert_eq!(get(manager, &target, &[]).body, b"espresso");
    let entries = get(manager, &target.replace("/content?", "/stat?"), &[]).ok();
    assert_eq!(entries["size"], 8);
    assert_eq!(entries["name_base64"], "Y2Fm6SArIO+fqSU=");
}

fn bytes_name_themselves(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let directory = world.directory();
    there_and_back(&world.manager, &id, &directory, &directory);
}

#[test]
fn bytes_name_themselves_over_ftp() {
    let world = FtpWorld::vsftpd();
    let id = world.manager.ftp(&*world.server);
    let (local, remote) = world.directory();
    there_and_back(&world.manager, &id, Path::new(&remote), &local);
}
