//! Listings: words, order and what is made of an entry.

use super::*;
use std::time::SystemTime;

#[test]
fn sizes_in_words() {
    for (bytes, want) in [
        (0, "0 B"),
        (12, "12 B"),
        (1023, "1023 B"),
        (1024, "1.0 KB"),
        (1280, "1.2 KB"),
        (1_048_575, "1024.0 KB"),
        (1_048_576, "1.0 MB"),
        (1_073_741_823, "1024.0 MB"),
        (1_073_741_824, "1.00 GB"),
        (1_148_903_751, "1.07 GB"),
        (1 << 50, "1048576.00 GB"),
    ] {
        assert_eq!(size_formatted(bytes), want);
    }
}

fn entry(name: &str, file_type: FileType) -> Entry {
    Entry {
        name: RemoteName::new(name),
        metadata: Metadata::of_type(file_type),
        link_target: None,
    }
}

#[test]
fn directories_first_then_lower_case_code_points() {
    let mut files: Vec<_> = ["b", "A", "é", "a", "_", "Z", "ß"]
        .iter()
        .map(|name| file_object(&entry(name, FileType::File), None, "/"))
        .chain(
            ["y", "X"]
                .iter()
                .map(|name| file_object(&entry(name, FileType::Directory), None, "/")),
        )
        .collect();
    sort(&mut files);
    let names: Vec<_> = files.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(names, ["X", "y", "_", "A", "a", "b", "Z", "ß", "é"]);
}

#[test]
fn paths_begin_with_what_the_client_named() {
    for (shown, want) in [
        ("/", "/x"),
        ("//", "//x"),
        ("/a/..", "/a/../x"),
        ("/a/", "/a/x"),
        ("a", "a/x"),
    ] {
        let file = file_object(&entry("x", FileType::File), None, shown);
        assert_eq!(file.path, want);
    }
    let file = file_object(&entry("a\\b", FileType::File), None, "/");
    assert_eq!(file.path, "/a\\b", "a backslash is part of a name");
}

#[test]
fn a_link_shows_its_target_and_its_own_bits() {
    let mut link = entry("l", FileType::Symlink);
    link.metadata.permissions = Some(0o777);
    link.metadata.size = Some(7);
    link.metadata.modified = Some(SystemTime::UNIX_EPOCH);
    let mut target = Metadata::of_type(FileType::Directory);
    target.size = Some(4096);
    target.permissions = Some(0o755);
    let file = file_object(&link, Some(&target), "/");
    assert!(file.is_directory);
    assert_eq!((file.size, file.permissions.as_str()), (4096, "777"));
    let broken = file_object(&link, None, "/");
    assert!(!broken.is_directory);
    assert_eq!(broken.size, 7);
}

#[test]
fn permissions_are_the_last_three_digits_or_nothing() {
    for (bits, want) in [
        (Some(0o4755), "755"),
        (Some(0o1777), "777"),
        (Some(0o7), "007"),
        (None, ""),
    ] {
        let mut e = entry("x", FileType::File);
        e.metadata.permissions = bits;
        assert_eq!(file_object(&e, None, "/").permissions, want);
    }
}
