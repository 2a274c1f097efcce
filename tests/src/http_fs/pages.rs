//! A listing: one request a page, each with the cursor of the one before.

use super::{HttpFs, facts};
use crate::http_fs::answer::unlike;
use async_trait::async_trait;
use connection_core::Result;
use connection_core::fs::{DirPages, Entry};
use connection_core::path::RemotePath;
use serde_json::Value;

const OPERATION: &str = "list directory";

/// Entries of one page: few, so that even a small directory has several pages.
const LIMIT: &str = "300";

/// An open listing.
pub(super) struct Pages {
    fs: HttpFs,
    path: RemotePath,
    next: Option<Vec<Entry>>,
    cursor: Option<String>,
}

impl Pages {
    /// Fetches the first page, which is where a listing is refused.
    pub(super) async fn open(fs: &HttpFs, path: &RemotePath) -> Result<Self> {
        let mut pages = Self {
            fs: fs.clone(),
            path: path.clone(),
            next: None,
            cursor: None,
        };
        pages.next = pages.fetch().await?;
        Ok(pages)
    }

    async fn fetch(&mut self) -> Result<Option<Vec<Entry>>> {
        let path = self.path.to_text();
        let mut query = vec![("path", path.as_str()), ("limit", LIMIT)];
        if let Some(cursor) = &self.cursor {
            query.push(("cursor", cursor));
        }
        let page = self.fs.get(OPERATION, "entries", &query).await?;
        let Some(Value::Array(entries)) = page.get("entries") else {
            return Err(unlike(OPERATION, format!("no entries in {page:?}")));
        };
        let entries: Result<Vec<Entry>> = entries
            .iter()
            .map(|entry| facts::entry(OPERATION, entry))
            .collect();
        let entries = entries?;
        self.cursor = match page.get("next_cursor") {
            Some(Value::String(cursor)) if !entries.is_empty() => Some(cursor.clone()),
            None => None,
            Some(other) => return Err(unlike(OPERATION, format!("next_cursor is {other}"))),
        };
        Ok((!entries.is_empty()).then_some(entries))
    }
}

#[async_trait]
impl DirPages for Pages {
    async fn next_page(&mut self) -> Result<Option<Vec<Entry>>> {
        if let Some(page) = self.next.take() {
            return Ok(Some(page));
        }
        match self.cursor {
            Some(_) => self.fetch().await,
            None => Ok(None),
        }
    }
}
