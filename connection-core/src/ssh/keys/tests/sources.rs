//! Where a key comes from.

use super::*;

#[tokio::test]
async fn files_that_cannot_be_read() {
    let w = Workshop::new();
    std::fs::write(w.path("file"), "x").unwrap();
    w.run("mkfifo", &["fifo"]);
    let large = std::fs::File::create(w.path("large")).unwrap();
    large.set_len(MAX_SIZE + 1).unwrap();
    for (name, os_error) in [
        ("missing", Some(libc::ENOENT)),
        (".", Some(libc::EISDIR)),
        ("file/below", Some(libc::ENOTDIR)),
        ("fifo", None),
        ("large", None),
    ] {
        let path = w.path(name);
        let source = PrivateKeySource::File(path.clone());
        let error = load_private_key(&source, &[]).await.err().unwrap();
        assert_eq!(error.kind(), ErrorKind::KeyUnreadable, "{name}");
        assert_eq!(error.side(), Side::Local);
        assert_eq!(error.os_error(), os_error, "{name}");
        assert_eq!(error.context("local_path"), path.to_str());
    }
}

#[tokio::test]
async fn from_a_file_and_from_memory() {
    let w = Workshop::new();
    let options = ["-t", "ed25519", "-a", "1"];
    let text = w.keygen("k", PASSPHRASE, &options);
    let right = Secret::from(PASSPHRASE);
    let empty = Secret::from("");
    let file = PrivateKeySource::File(w.path("k"));
    let memory = PrivateKeySource::Memory(Secret::from(text));
    for source in [&file, &memory] {
        let converted = load_private_key(source, &[&empty, &right]).await.unwrap();
        assert_eq!(w.public(converted.expose()), w.public_beside("k"));
        let error = load_private_key(source, &[&empty]).await.err().unwrap();
        assert_eq!(error.kind(), ErrorKind::PassphraseRequired);
    }
    let large = PrivateKeySource::Memory(Secret::from(vec![b'x'; 1024 * 1024 + 1]));
    let error = load_private_key(&large, &[]).await.err().unwrap();
    assert_eq!(error.kind(), ErrorKind::KeyInvalid);
}

#[test]
fn a_tilde_is_the_home_directory() {
    let home = || Some(PathBuf::from("/home/me"));
    for (path, expected) in [
        ("~/.ssh/id_rsa", "/home/me/.ssh/id_rsa"),
        ("~", "/home/me"),
        ("~other/key", "~other/key"),
        ("/a/~/b", "/a/~/b"),
        ("key", "key"),
    ] {
        assert_eq!(expand_home(Path::new(path), home), Path::new(expected));
    }
    assert_eq!(expand_home(Path::new("~/k"), || None), Path::new("~/k"));
}
