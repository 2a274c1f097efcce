//! [`HttpFs`]: the files of a session of our server, reached over its HTTP routes as any
//! client reaches them, as a [`RemoteFs`]. It puts the conformance suite in front of the
//! API.
//!
//! Where the API is more than the trait (an upload is whole or not there at all), the
//! adapter does not pretend otherwise. Knows nothing of the server's inside.

mod answer;
mod facts;
mod get;
mod pages;
mod put;

use answer::{failed, json, object};
use async_trait::async_trait;
use connection_core::fs::{
    Capabilities, DirPages, FileReader, FileType, FileWriter, Metadata, Overwrite, RemoteFs,
    SetAttributes, SpaceInfo, WriteMode, WriteOptions,
};
use connection_core::path::{RemotePath, bytes_to_text, text_to_bytes};
use connection_core::{Error, ErrorKind, Result};
use reqwest::{Client, Method, Url};
use serde_json::{Map, Value, json};

/// A session's files behind `/connections/{id}/…`.
#[derive(Clone)]
pub struct HttpFs {
    client: Client,
    base: String,
    can: Capabilities,
}

impl HttpFs {
    /// The files of a session of the server at `base`, such as `http://127.0.0.1:8000`.
    ///
    /// # Errors
    /// Those of asking for the session's capabilities.
    pub async fn open(base: &str, session: &str) -> Result<Self> {
        let client = Client::builder().no_proxy().build();
        let mut fs = Self {
            client: client.map_err(|e| failed("open session", &e))?,
            base: format!("{base}/connections/{session}"),
            can: Capabilities::default(),
        };
        let told = fs.get("capabilities", "capabilities", &[]).await?;
        fs.can = facts::capabilities(&told)?;
        Ok(fs)
    }

    /// The address of a route with a query.
    fn url(&self, route: &str, query: &[(&str, &str)]) -> Result<Url> {
        let base = format!("{}/{route}", self.base);
        let bare = Url::parse(&base).map_err(|e| Error::invalid("base", e.to_string()))?;
        if query.is_empty() {
            return Ok(bare);
        }
        Url::parse_with_params(&base, query).map_err(|e| Error::invalid("base", e.to_string()))
    }

    async fn get(
        &self,
        operation: &'static str,
        route: &str,
        query: &[(&str, &str)],
    ) -> Result<Map<String, Value>> {
        let request = self.client.get(self.url(route, query)?);
        object(operation, json(operation, request).await?)
    }

    async fn post(&self, operation: &'static str, route: &str, body: Value) -> Result<()> {
        let request = self
            .client
            .request(Method::POST, self.url(route, &[])?)
            .json(&body);
        json(operation, request).await.map(drop)
    }

    async fn look(
        &self,
        operation: &'static str,
        path: &RemotePath,
        follow: bool,
    ) -> Result<Map<String, Value>> {
        let follow = if follow { "true" } else { "false" };
        let query = [("path", path.to_text()), ("follow", follow.to_owned())];
        let query = query
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        self.get(operation, "stat", &query).await
    }

    async fn remove(&self, operation: &'static str, path: &RemotePath, kind: &str) -> Result<()> {
        let body = json!({ "path": path.to_text(), "type": kind });
        self.post(operation, "delete", body).await
    }
}

fn unsupported(operation: &'static str, what: &str) -> Error {
    Error::new(ErrorKind::Unsupported, operation, what)
}

#[async_trait]
impl RemoteFs for HttpFs {
    fn capabilities(&self) -> Capabilities {
        self.can
    }

    async fn home(&self) -> Result<RemotePath> {
        const OPERATION: &str = "find home";
        let entry = self.get(OPERATION, "stat", &[]).await?;
        RemotePath::from_text(facts::text(OPERATION, &entry, "path")?)
    }

    async fn stat(&self, path: &RemotePath) -> Result<Metadata> {
        facts::metadata("stat", &self.look("stat", path, true).await?)
    }

    async fn lstat(&self, path: &RemotePath) -> Result<Metadata> {
        facts::metadata("lstat", &self.look("lstat", path, false).await?)
    }

    async fn list(&self, path: &RemotePath) -> Result<Box<dyn DirPages>> {
        Ok(Box::new(pages::Pages::open(self, path).await?))
    }

    async fn open_read(&self, path: &RemotePath, offset: u64) -> Result<Box<dyn FileReader>> {
        let url = self.url("content", &[("path", &path.to_text())])?;
        get::open(&self.client, url, offset).await
    }

    async fn open_write(
        &self,
        path: &RemotePath,
        options: WriteOptions,
    ) -> Result<Box<dyn FileWriter>> {
        let overwrite = match options.mode {
            WriteMode::CreateNew => "false",
            WriteMode::Truncate => "true",
            WriteMode::At(_) => {
                return Err(unsupported(
                    "upload",
                    "HTTP writes no part of a file in place",
                ));
            }
        };
        let (path, mode) = (
            path.to_text(),
            options.permissions.map(|m| format!("{m:o}")),
        );
        let mut query = vec![("path", path.as_str()), ("overwrite", overwrite)];
        if let Some(mode) = &mode {
            query.push(("mode", mode));
        }
        put::open(&self.url("content", &query)?).await
    }

    async fn create_dir(&self, path: &RemotePath) -> Result<()> {
        let body = json!({ "path": path.to_text() });
        self.post("create directory", "directories", body).await
    }

    async fn remove_file(&self, path: &RemotePath) -> Result<()> {
        self.remove("remove file", path, "file").await
    }

    async fn remove_dir(&self, path: &RemotePath) -> Result<()> {
        self.remove("remove directory", path, "directory").await
    }

    async fn rename(&self, from: &RemotePath, to: &RemotePath, overwrite: Overwrite) -> Result<()> {
        let body = json!({
            "from": from.to_text(),
            "to": to.to_text(),
            "overwrite": overwrite == Overwrite::Replace,
        });
        self.post("rename", "rename", body).await
    }

    async fn set_attributes(&self, path: &RemotePath, changes: &SetAttributes) -> Result<()> {
        let mut body = facts::changes(changes)?;
        if body.is_empty() {
            return Ok(());
        }
        body.insert("path".to_owned(), path.to_text().into());
        self.post("set attributes", "attributes", body.into()).await
    }

    async fn symlink(&self, target: &[u8], link: &RemotePath) -> Result<()> {
        let body = json!({ "target": bytes_to_text(target), "link": link.to_text() });
        self.post("create link", "symlink", body).await
    }

    async fn read_link(&self, path: &RemotePath) -> Result<Vec<u8>> {
        const OPERATION: &str = "read link";
        let entry = self.look(OPERATION, path, false).await?;
        if facts::metadata(OPERATION, &entry)?.file_type != FileType::Symlink {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                OPERATION,
                "the path is no link",
            ));
        }
        facts::text(OPERATION, &entry, "link_target").map(text_to_bytes)
    }

    async fn space(&self, path: &RemotePath) -> Result<SpaceInfo> {
        let space = self
            .get("space", "space", &[("path", &path.to_text())])
            .await?;
        facts::space(&space)
    }
}
