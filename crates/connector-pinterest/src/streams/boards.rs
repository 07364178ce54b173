//! Boards: all of them, each time.

use connector_core::{Checkpoint, PageStream, Result};

use super::walk::{self, Cursor};
use crate::api::{GetBoard, ListBoards};
use crate::map::{self, Mapped};
use crate::reader::Reader;

/// The form of the cursor.
const VERSION: u16 = 1;

pub(super) fn pages(reader: Reader, resume: Option<Checkpoint>) -> Result<PageStream> {
    connector_core::pages(VERSION, resume, move |cursor: Option<Cursor>| {
        let reader = reader.clone();
        async move {
            let cursor = cursor.unwrap_or_default();
            walk::page(&reader, cursor, |paged| ListBoards { paged }, map::board).await
        }
    })
}

pub(super) async fn one(reader: &Reader, id: &str) -> Result<Mapped> {
    let board = reader.call(&GetBoard { id: id.to_owned() }).await?;
    Ok(map::entry(board, false, map::board))
}
