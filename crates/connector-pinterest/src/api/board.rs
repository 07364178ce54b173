//! Boards.

use chrono::{DateTime, Utc};
use connector_core::{Endpoint, Entry, Operation, Request, Result};
use serde::Deserialize;

use super::list::{List, Paged};
use super::route::Route;
use super::time;

/// `GET /boards`: the account's own, and group boards that it works on. Secret ones come where
/// `boards:read_secret` was granted.
#[derive(Clone, Debug)]
pub struct ListBoards {
    /// Which page.
    pub paged: Paged,
}

/// `GET /boards/{board_id}`.
#[derive(Clone, Debug)]
pub struct GetBoard {
    /// The board's id.
    pub id: String,
}

/// A board.
#[derive(Clone, Debug, Deserialize)]
pub struct Board {
    /// Its id, digits.
    pub id: String,
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// What it is about.
    #[serde(default)]
    pub description: Option<String>,
    /// Whose it is.
    #[serde(default)]
    pub owner: Option<Owner>,
    /// `PUBLIC`, `PROTECTED` or `SECRET`.
    #[serde(default)]
    pub privacy: Option<String>,
    /// When it was made.
    #[serde(default, deserialize_with = "time::maybe")]
    pub created_at: Option<DateTime<Utc>>,
    /// When a pin of it last changed.
    #[serde(default, deserialize_with = "time::maybe")]
    pub board_pins_modified_at: Option<DateTime<Utc>>,
    /// Its pictures.
    #[serde(default)]
    pub media: Option<BoardMedia>,
}

/// Whose something is.
#[derive(Clone, Debug, Deserialize)]
pub struct Owner {
    /// The account's name in addresses.
    #[serde(default)]
    pub username: Option<String>,
}

/// A board's pictures.
#[derive(Clone, Debug, Deserialize)]
pub struct BoardMedia {
    /// The address of its cover.
    #[serde(default)]
    pub image_cover_url: Option<String>,
}

impl Endpoint for ListBoards {
    const OPERATION: Operation = Operation::read("boards/list");
    type Response = List<Board>;

    fn request(&self) -> Result<Request> {
        Route::to(&["boards"]).page(&self.paged).get()
    }
}

impl Endpoint for GetBoard {
    const OPERATION: Operation = Operation::read("boards/get");
    type Response = Entry<Board>;

    fn request(&self) -> Result<Request> {
        Route::to(&["boards", &self.id]).get()
    }
}
