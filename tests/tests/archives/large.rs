//! More than the old forms can say: files from 4 GiB on, and more than 65,535 entries in
//! a zip.

use crate::memory::{FORMATS, Memory, Thing, open, write};
use crate::unpack::unpackers;
use connection_core::archive::ArchiveFormat;
use connection_core::fs::FileType;
use std::path::Path;
use std::process::Command;

const LARGE: u64 = (4 << 30) + 12_345;

/// Names and sizes, as Python reads them.
const LIST: &str = "import sys, tarfile, zipfile
if sys.argv[2] == 'zip':
    with zipfile.ZipFile(sys.argv[1]) as z:
        for i in z.infolist(): print(i.filename, i.file_size)
else:
    with tarfile.open(sys.argv[1], 'r:') as t:
        for i in t: print(i.name, i.size)";

fn listed(archive: &Path, ending: &str) -> Vec<String> {
    let output = Command::new("python3")
        .args(["-c", LIST])
        .arg(archive)
        .arg(ending)
        .output();
    let output = output.unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// A second program that reads all of it, with checksums where there are any.
fn is_taken(archive: &Path, ending: &str) {
    let mut command = match ending {
        "zip" => Command::new("unzip"),
        _ => Command::new("tar"),
    };
    let words: &[&str] = if ending == "zip" { &["-tqq"] } else { &["-tf"] };
    let output = command.args(words).arg(archive).output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[tokio::test]
async fn files_from_4_gib_on_are_right_in_a_tar() {
    large_files_are_right(ArchiveFormat::Tar, "tar").await;
}

#[tokio::test]
async fn files_from_4_gib_on_are_right_in_a_zip() {
    large_files_are_right(ArchiveFormat::Zip, "zip").await;
}

async fn large_files_are_right(format: ArchiveFormat, ending: &str) {
    let shown = ["large", "unknown"].map(|name| (name.as_bytes().to_vec(), FileType::File));
    let server = Memory::of([
        ("/top", Thing::Directory(shown.to_vec())),
        (
            "/top/large",
            Thing::Zeros {
                said: Some(LARGE),
                has: LARGE,
            },
        ),
        (
            "/top/unknown",
            Thing::Zeros {
                said: None,
                has: 500_000,
            },
        ),
        ("/behind.txt", Thing::Text("behind")),
    ]);
    let away = tempfile::tempdir().unwrap();
    let archive = away.path().join("archive");
    let made = open(server, &["/top", "/behind.txt"], format)
        .await
        .unwrap();
    let length = write(made, &archive).await.unwrap();
    assert!(length > LARGE && length < LARGE + 1_000_000, "{length}");
    let names = listed(&archive, ending);
    assert!(names.contains(&format!("top/large {LARGE}")), "{names:?}");
    assert!(names.contains(&"behind.txt 6".to_owned()), "{names:?}");
    let unknown = names.contains(&"top/unknown 500000".to_owned());
    let told = names
        .iter()
        .any(|name| name.starts_with("NOT-INCLUDED.txt"));
    // A tar begins with the size.
    assert_eq!(
        (unknown, told),
        (format == ArchiveFormat::Zip, format == ArchiveFormat::Tar)
    );
    is_taken(&archive, ending);
}

#[tokio::test]
async fn more_entries_than_an_old_zip_can_count_are_right() {
    const MANY: u32 = 66_000;
    let mut server = Memory::of([("/top", Thing::Directory(Vec::new()))]);
    server.many = MANY;
    let away = tempfile::tempdir().unwrap();
    let archive = away.path().join("archive");
    let made = open(server, &["/top"], ArchiveFormat::Zip).await.unwrap();
    write(made, &archive).await.unwrap();
    let names = listed(&archive, "zip");
    assert_eq!(names.len(), MANY as usize + 1, "{:?}", names.last());
    assert_eq!(names.last().unwrap(), &format!("top/entry-{} 1", MANY - 1));
    is_taken(&archive, "zip");
}

#[tokio::test]
async fn long_names_and_odd_ones_come_out_exactly() {
    let deep: Vec<u8> = [b'd'; 200].to_vec();
    let odd: Vec<u8> = [&[b'x'; 90][..], "ü\u{F7FF}".as_bytes(), b"\xe9\xff"].concat();
    let shown = vec![
        (deep.clone(), FileType::File),
        (odd.clone(), FileType::File),
        (b"a:b ".to_vec(), FileType::File),
    ];
    for (format, ending) in FORMATS {
        let mut server = Memory::of([("/top", Thing::Directory(shown.clone()))]);
        server.many = 1;
        let away = tempfile::tempdir().unwrap();
        let archive = away.path().join("archive");
        let made = open(server, &["/top"], format).await.unwrap();
        write(made, &archive).await.unwrap();
        for unpacker in unpackers(ending) {
            // Knows no long names in its own form alone.
            if unpacker.name == "busybox" {
                continue;
            }
            let found = unpacker.unpacked(&archive);
            let has = |name: &[u8]| found.contains_key(&[b"top/", name].concat());
            assert!(has(&deep), "{}: {:?}", unpacker.name, found.keys());
            let odd = match format {
                ArchiveFormat::Tar => odd.clone(),
                // Every byte of what is no text, or could be taken for it, is a character.
                ArchiveFormat::Zip => [
                    &[b'x'; 90][..],
                    "ü\u{F7EF}\u{F79F}\u{F7BF}\u{F7E9}\u{F7FF}".as_bytes(),
                ]
                .concat(),
            };
            assert!(has(&odd), "{}: {:?}", unpacker.name, found.keys());
        }
    }
}
