//! What is refused before a byte is sent, with its status and code.

use crate::fetching::{archive_of, fetch};
use crate::ground::{Ground, everywhere};

everywhere![refusals_have_their_status];

fn refusals_have_their_status(ground: &Ground<'_>) {
    let get = |paths: &[&[u8]], more: &str| {
        fetch(ground.manager, &archive_of(&ground.id, paths, more), &[])
    };
    ground.write("here.txt", b"here");
    let (here, gone) = (ground.at("here.txt"), ground.at("gone"));
    get(&[gone.as_bytes()], "").refused(404, "not_found");
    get(&[here.as_bytes(), gone.as_bytes()], "").refused(404, "not_found");
    get(&[], "").refused(400, "invalid_input");
    get(&[here.as_bytes()], "format=rar").refused(400, "invalid_input");
    get(&[b"/a\0b"], "").refused(400, "invalid_input");
    let nobody = archive_of("7b2c5a4e-0d5e-4f0e-9a52-0a52b5a1c0de", &[b"/"], "");
    fetch(ground.manager, &nobody, &[]).refused(401, "session_not_found");
    let foreign = ["-H", "Host: evil.example"];
    let target = archive_of(&ground.id, &[here.as_bytes()], "");
    assert_eq!(fetch(ground.manager, &target, &foreign).status, 403);
}
