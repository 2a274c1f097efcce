//! Puts the built page into the program: every file of `frontend-contract/dist/page`, with the
//! gzip beside it, becomes an entry of a table that `src/page_files.rs` includes.
//!
//! Without the directory, as on a machine without Node or in a crate fetched from a registry,
//! the table is empty and the server says how to get the page. Nothing is run here: `make
//! page` builds it.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let dist = root.join("../frontend-contract/dist");
    let page = dist.join("page");
    let mut out = io::stdout().lock();
    writeln!(out, "cargo:rerun-if-changed=build.rs")?;
    // The directory above the page is always there, so that a page built later is noticed.
    if dist.is_dir() {
        writeln!(out, "cargo:rerun-if-changed={}", dist.display())?;
    }

    let mut files = Vec::new();
    if page.join("index.html").is_file() {
        collect(&page, &mut files)?;
    }
    files.sort();
    let target = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    let copies = target.join("page");
    fs::create_dir_all(&copies)?;
    let mut table = String::from("&[\n");
    for (number, file) in files.iter().filter(|f| !is_gzip(f)).enumerate() {
        let name = file.strip_prefix(&page).map_err(io::Error::other)?;
        // Copied, so that a page built anew meanwhile takes nothing from under the compiler.
        let plain = include(file, &copies.join(format!("{number}")))?;
        let mut packed = file.clone().into_os_string();
        packed.push(".gz");
        let gzip = match Path::new(&packed).is_file() {
            true => format!(
                "Some({})",
                include(packed.as_ref(), &copies.join(format!("{number}.gz")))?
            ),
            false => "None".to_owned(),
        };
        let path = format!("/{}", name.display());
        writeln!(
            table,
            "File {{ path: {path:?}, plain: {plain}, gzip: {gzip} }},"
        )
        .map_err(io::Error::other)?;
    }
    table.push(']');
    fs::write(target.join("page_files.rs"), table)
}

fn is_gzip(file: &Path) -> bool {
    file.extension() == Some("gz".as_ref())
}

/// Copies a file and names the copy as an expression.
fn include(file: &Path, copy: &Path) -> io::Result<String> {
    fs::copy(file, copy)?;
    Ok(format!("include_bytes!({copy:?})"))
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
