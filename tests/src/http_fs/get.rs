//! Reading: `GET` of a file's content, from an offset with a `Range`.

use super::answer::{failed, refusal, send, unlike};
use async_trait::async_trait;
use bytes::Bytes;
use connection_core::fs::FileReader;
use connection_core::{Error, Result};
use reqwest::header::{CONTENT_RANGE, RANGE};
use reqwest::{Client, Response, StatusCode, Url};

const OPERATION: &str = "download";

/// Opens a file for reading.
pub(super) async fn open(client: &Client, url: Url, offset: u64) -> Result<Box<dyn FileReader>> {
    let request = client.get(url);
    if offset == 0 {
        let response = send(OPERATION, request).await?;
        return Ok(Box::new(Reader {
            response: Some(response),
            skip: 0,
        }));
    }
    let request = request.header(RANGE, format!("bytes={offset}-"));
    let response = request.send().await.map_err(|e| failed(OPERATION, &e))?;
    let (response, skip) = match response.status() {
        StatusCode::PARTIAL_CONTENT => {
            begins_at(&response, offset)?;
            (Some(response), 0)
        }
        // No part of a file whose size is unknown.
        StatusCode::OK => (Some(response), offset),
        StatusCode::RANGE_NOT_SATISFIABLE => (None, 0),
        status => {
            let body = response.text().await.map_err(|e| failed(OPERATION, &e))?;
            return Err(refusal(OPERATION, status.as_u16(), &body));
        }
    };
    Ok(Box::new(Reader { response, skip }))
}

fn begins_at(response: &Response, offset: u64) -> Result<(), Error> {
    let header = response.headers().get(CONTENT_RANGE);
    let range = header.and_then(|value| value.to_str().ok()).unwrap_or("");
    if range.starts_with(&format!("bytes {offset}-")) {
        return Ok(());
    }
    Err(unlike(OPERATION, format!("Content-Range is {range:?}")))
}

/// A body on its way; none past the end of the file.
struct Reader {
    response: Option<Response>,
    skip: u64,
}

#[async_trait]
impl FileReader for Reader {
    async fn next_chunk(&mut self) -> Result<Option<Bytes>> {
        let Some(response) = &mut self.response else {
            return Ok(None);
        };
        // A body that ends before its length is an error of the client.
        while let Some(mut chunk) = response.chunk().await.map_err(|e| failed(OPERATION, &e))? {
            let skipped = self.skip.min(chunk.len() as u64);
            self.skip -= skipped;
            let rest = chunk.split_off(usize::try_from(skipped).unwrap_or(usize::MAX));
            if !rest.is_empty() {
                return Ok(Some(rest));
            }
        }
        self.response = None;
        Ok(None)
    }
}
