//! Names of directories, and files that end in the middle of a line.

use super::*;
use crate::recording::header::Subject;
use crate::recording::tests::subject;
use proptest::prelude::*;
use std::io::Write as _;

fn never(_: RecordingId) -> bool {
    false
}

#[test]
fn an_owner_s_name_stays_one_directory() {
    for (owner, want) in [
        ("ann", "ann"),
        ("ann-1_b", "ann-1_b"),
        ("Ann", "%41nn"),
        ("", "%"),
        ("%", "%25"),
        (".", "%2E"),
        ("..", "%2E%2E"),
        ("../bob", "%2E%2E%2Fbob"),
        ("a\0b", "a%00b"),
        ("ü", "%C3%BC"),
    ] {
        assert_eq!(directory_name(owner), want);
    }
}

proptest! {
    #[test]
    fn two_owners_never_share_a_directory(a in any::<String>(), b in any::<String>()) {
        let (x, y) = (directory_name(&a), directory_name(&b));
        prop_assert_eq!(a == b, x.to_lowercase() == y.to_lowercase());
        prop_assert!(!x.contains('/') && !x.starts_with('.') && !x.is_empty());
    }
}

#[test]
fn only_the_written_form_of_an_id_is_one() {
    let id = RecordingId::random();
    let text = id.to_string();
    assert_eq!(RecordingId::parse(&text), Some(id));
    let upper = "AAAAAAAA-0000-4000-8000-000000000000";
    for no in [
        "",
        ".",
        "..",
        "../ann/x",
        upper,
        &text.replace('-', ""),
        &format!("{{{text}}}"),
        &format!("urn:uuid:{text}"),
        &format!("{text}.cast"),
        &format!("{text}\0"),
        &format!("./{text}"),
    ] {
        assert_eq!(RecordingId::parse(no), None, "{no}");
    }
}

#[test]
fn a_torn_last_line_is_cut_off_wherever_it_was_torn() {
    let dir = tempfile::tempdir().unwrap();
    let files = OwnerFiles::new(dir.path(), &Owner::new("ann"));
    let id = RecordingId::random();
    let mut whole = Header::new(&subject(), false, 0).line().unwrap();
    let head = whole.len();
    let mut ends = vec![0, head];
    for line in [
        "[0.1,\"o\",\"a\"]\n",
        "[0.2,\"o\",\"\\n\"]\n",
        "[0.3,\"o\",\"c\"]\n",
    ] {
        whole.extend_from_slice(line.as_bytes());
        ends.push(whole.len());
    }
    let path = files.path(id);
    drop(files.create(id).unwrap());
    for cut in 0..=whole.len() {
        std::fs::write(&path, &whole[..cut]).unwrap();
        let opened = files.open(id, never);
        if cut < head {
            // Before the header is there nothing can be told of it.
            assert_eq!(opened.unwrap_err().kind(), ErrorKind::NotFound, "{cut}");
            continue;
        }
        let opened = opened.unwrap();
        let end = ends.iter().rfind(|end| **end <= cut).unwrap();
        assert_eq!(opened.length, *end as u64, "{cut}");
        assert_eq!(opened.info.size, cut as u64);
        assert_eq!(opened.info.end, None);
        assert!(!opened.info.is_running && !opened.info.is_complete());
        assert_eq!(std::fs::read(&path).unwrap().len(), cut, "untouched");
    }
}

#[test]
fn the_last_whole_line_may_lie_far_back() {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(b"one\n").unwrap();
    for length in [BLOCK - 5, BLOCK - 4, BLOCK - 3, BLOCK, 3 * BLOCK + 1] {
        file.set_len(4).unwrap();
        file.write_all_at(&vec![b'x'; length], 4).unwrap();
        assert_eq!(
            whole_lines(&file, 4 + length as u64).unwrap(),
            4,
            "{length}"
        );
    }
    assert_eq!(whole_lines(&file, 3).unwrap(), 0);
    assert_eq!(whole_lines(&file, 0).unwrap(), 0);
}

#[test]
fn what_is_no_file_of_ours_is_not_there() {
    let dir = tempfile::tempdir().unwrap();
    let files = OwnerFiles::new(dir.path(), &Owner::new("ann"));
    let [pipe, link, folder] = [(); 3].map(|()| RecordingId::random());
    let good = RecordingId::random();
    let mut file = files.create(good).unwrap();
    file.write_all(&Header::new(&subject(), false, 0).line().unwrap())
        .unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(files.path(pipe))
        .status();
    assert!(made.unwrap().success());
    std::os::unix::fs::symlink(files.path(good), files.path(link)).unwrap();
    std::fs::create_dir(files.path(folder)).unwrap();
    std::fs::write(files.directory.join("notes.txt"), "x").unwrap();
    assert!(files.open(good, never).is_ok());
    for id in [pipe, link, folder] {
        let opened = files.open(id, never).unwrap_err();
        let told = files.info(id, never).unwrap_err();
        for error in [opened, told] {
            assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
        }
    }
    assert_eq!(files.ids().unwrap().len(), 4, "the text is none of them");
}

#[test]
fn a_header_fits_whatever_is_in_it() {
    let long = "\"\\\u{1b}ü".repeat(1000);
    let subject = Subject {
        host: long.clone(),
        user: long.clone(),
        label: Some(long.clone()),
        name: Some(long.clone()),
        term: long.clone(),
        command: Some(long.clone()),
        shell: Some(long.clone()),
        ..subject()
    };
    let mut header = Header::new(&subject, true, 1_700_000_000);
    let line = header.line().unwrap();
    assert!(line.len() < MAX_HEADER / 2, "{}", line.len());
    let text = String::from_utf8(line.clone()).unwrap();
    assert!(!text.trim_end_matches('\n').contains(char::is_control));
    assert_eq!(Header::read(&line), Some(header.clone()));
    let end = crate::recording::RecordingEnd::Failed(long);
    header.end(std::time::Duration::from_micros(u64::MAX), end);
    let ended = header.line_of(line.len()).unwrap();
    assert_eq!(ended.len(), line.len());
    assert_eq!(Header::read(&ended), Some(header));
}

#[test]
fn what_is_no_header_of_ours_is_none() {
    for text in [
        "",
        "\n",
        "{}\n",
        "[0.1,\"o\",\"x\"]\n",
        "{\"version\":2,\"width\":80,\"height\":24,\"timestamp\":1}\n",
        "not json\n",
        "\u{0}\n",
    ] {
        assert_eq!(Header::read(text.as_bytes()), None, "{text}");
    }
    let line = Header::new(&subject(), false, 0).line().unwrap();
    assert!(Header::read(&line).is_some());
    assert_eq!(Header::read(&line[..line.len() - 1]), None, "not whole");
    let other = String::from_utf8(line).unwrap();
    let other = other.replace("\"version\":2", "\"version\":3");
    assert_eq!(Header::read(other.as_bytes()), None);
}
