//! Names and trees of a server that means harm: whatever it says, unpacking stays where it
//! is done, and the archive has an end.

use crate::memory::{FORMATS, Memory, Thing, open, write};
use crate::unpack::{Node, tree, unpackers};
use connection_core::fs::{FileReader, FileType};
use std::fs;

const HOSTILE: [&[u8]; 18] = [
    b"..",
    b".",
    b"",
    b"/abs",
    b"../up",
    b"a/../../up",
    b"a\\..\\..\\up",
    b"..\\up",
    b"\\abs",
    b"C:",
    b"C:\\up",
    b"a\0b",
    b"...",
    b".. ",
    b"line\nbreak",
    b"\xff\xfe",
    b"-rf",
    b"plain.txt",
];

#[tokio::test]
async fn no_name_leads_out_of_the_folder() {
    for (format, ending) in FORMATS {
        for kind in [FileType::File, FileType::Directory, FileType::Symlink] {
            let shown = HOSTILE.iter().map(|name| (name.to_vec(), kind));
            let mut things = vec![("/top", Thing::Directory(shown.collect()))];
            things.push(("/top/plain.txt", Thing::Text("plain")));
            let mut server = Memory::of(things);
            // Whatever is opened is there.
            server.many = 1;
            let away = tempfile::tempdir().unwrap();
            let archive = away.path().join("archive");
            let made = open(server, &["/top"], format).await.unwrap();
            write(made, &archive).await.unwrap();
            for unpacker in unpackers(ending) {
                let cage = away.path().join("cage");
                let into = cage.join("deep/deeper/in");
                let output = unpacker.run(&archive, &into);
                let said = String::from_utf8_lossy(&output.stderr);
                let found = tree(&cage);
                for path in found.keys() {
                    let inside = b"deep/deeper/in";
                    let is_way = inside.starts_with(path);
                    assert!(
                        is_way
                            || path.starts_with(b"deep/deeper/in/top")
                            || path.starts_with(b"deep/deeper/in/NOT-INCLUDED.txt"),
                        "{} made {:?}",
                        unpacker.name,
                        String::from_utf8_lossy(path)
                    );
                    // Nor where backslashes are slashes.
                    let text = String::from_utf8_lossy(path);
                    assert!(!text.split(['/', '\\']).any(|c| c == ".."), "{text}");
                }
                let list = into.join("NOT-INCLUDED.txt");
                let list = fs::read_to_string(list).unwrap_or_else(|_| panic!("{said}"));
                assert!(list.contains("\"..\" is not the name"), "{list}");
                assert!(list.contains("\"/abs\" is not the name"), "{list}");
                fs::remove_dir_all(&cage).unwrap();
            }
        }
    }
}

#[tokio::test]
async fn nothing_is_written_through_a_link() {
    let name = |name: &str, kind| (name.as_bytes().to_vec(), kind);
    for (format, ending) in FORMATS {
        let away = tempfile::tempdir().unwrap();
        let outside = away.path().join("outside");
        fs::create_dir(&outside).unwrap();
        let target: &'static [u8] = outside.to_str().unwrap().as_bytes().to_vec().leak();
        let server = Memory::of([
            (
                "/top",
                Thing::Directory(vec![
                    name("x", FileType::Symlink),
                    name("x", FileType::Directory),
                    name("x", FileType::File),
                    name("y", FileType::Symlink),
                    name("z", FileType::Directory),
                ]),
            ),
            ("/top/x", Thing::Link(target)),
            ("/top/y", Thing::Link(b"z")),
            (
                "/top/z",
                Thing::Directory(vec![name("a.txt", FileType::File)]),
            ),
            ("/top/z/a.txt", Thing::Text("a")),
        ]);
        let archive = away.path().join("archive");
        let made = open(server, &["/top"], format).await.unwrap();
        write(made, &archive).await.unwrap();
        for unpacker in unpackers(ending).iter().filter(|u| u.exact) {
            let found = unpacker.unpacked(&archive);
            assert_eq!(found[&b"top/x"[..]], Node::Link(target.to_vec()));
            assert_eq!(found[&b"top/y"[..]], Node::Link(b"z".to_vec()));
            assert!(found.contains_key(&b"top/z/a.txt"[..]));
            assert_eq!(
                fs::read_dir(&outside).unwrap().count(),
                0,
                "{}",
                unpacker.name
            );
            let Node::File { content, .. } = &found[&b"NOT-INCLUDED.txt"[..]] else {
                panic!("{found:?}")
            };
            let list = String::from_utf8_lossy(content);
            assert_eq!(
                list.matches("/top/x: the server lists more than one")
                    .count(),
                2
            );
        }
        // The links are behind everything that could be written through them.
        let bytes = fs::read(&archive).unwrap();
        let first = |what: &[u8]| bytes.windows(what.len()).position(|w| w == what).unwrap();
        assert!(first(b"top/z/a.txt") < first(b"top/x"));
    }
}

#[tokio::test]
async fn a_folder_that_leads_back_is_not_walked_for_ever() {
    for (format, ending) in FORMATS {
        let shown = vec![
            (b"a.txt".to_vec(), FileType::File),
            (b"again".to_vec(), FileType::Directory),
            (b"more".to_vec(), FileType::Directory),
        ];
        let mut server = Memory::of([
            ("/loop", Thing::Directory(shown)),
            ("/loop/a.txt", Thing::Text("once")),
            ("/loop/again", Thing::Same("/loop")),
            ("/loop/more", Thing::Same("/loop")),
        ]);
        // As an FTP server that shows links as what they lead to.
        server.links = false;
        let away = tempfile::tempdir().unwrap();
        let archive = away.path().join("archive");
        let mut made = open(server, &["/loop"], format).await.unwrap();
        let mut bytes = Vec::new();
        while let Some(chunk) = made.next_chunk().await.unwrap() {
            bytes.extend_from_slice(&chunk);
            assert!(bytes.len() < 100_000, "it goes on and on");
        }
        fs::write(&archive, &bytes).unwrap();
        let found = unpackers(ending)[0].unpacked(&archive);
        let names: Vec<_> = found.keys().map(|k| String::from_utf8_lossy(k)).collect();
        let want = [
            "NOT-INCLUDED.txt",
            "loop",
            "loop/a.txt",
            "loop/again",
            "loop/more",
        ];
        assert_eq!(names, want);
    }
}
