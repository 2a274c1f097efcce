//! The built page, as `build.rs` found it when this program was compiled.

/// A file of the page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct File {
    /// Its path below the page, such as `/assets/index-4f3a.js`.
    pub path: &'static str,
    /// Its bytes.
    pub plain: &'static [u8],
    /// The same compressed, where that is shorter.
    pub gzip: Option<&'static [u8]>,
}

/// All files; none when the page was not built.
pub(crate) const FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/page_files.rs"));
