//! Pins.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use connector_core::{Endpoint, Entry, Operation, Request, Result};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::list::{List, Paged};
use super::route::Route;
use super::time;

/// `GET /pins`: all pins of the account, whoever's board they are on, the newest first.
#[derive(Clone, Debug)]
pub struct ListPins {
    /// Which page.
    pub paged: Paged,
}

/// `GET /pins/{pin_id}`.
#[derive(Clone, Debug)]
pub struct GetPin {
    /// The pin's id.
    pub id: String,
}

/// A pin.
#[derive(Clone, Debug, Deserialize)]
pub struct Pin {
    /// Its id, digits.
    pub id: String,
    /// Its title.
    #[serde(default)]
    pub title: Option<String>,
    /// Its text; a space where there is none.
    #[serde(default)]
    pub description: Option<String>,
    /// Where it leads to.
    #[serde(default)]
    pub link: Option<String>,
    /// The board that it is on.
    #[serde(default)]
    pub board_id: Option<String>,
    /// When it was made.
    #[serde(default, deserialize_with = "time::maybe")]
    pub created_at: Option<DateTime<Utc>>,
    /// `REGULAR`, `VIDEO`, `CAROUSEL`, `IDEA` and others.
    #[serde(default)]
    pub creative_type: Option<String>,
    /// Its pictures.
    #[serde(default)]
    pub media: Option<Media>,
}

/// A pin's pictures.
#[derive(Clone, Debug, Deserialize)]
pub struct Media {
    /// By size: `150x150`, `400x300`, `600x`, `1200x`. What is no picture is read as one that has no
    /// address.
    #[serde(default, deserialize_with = "pictures")]
    pub images: BTreeMap<String, Image>,
}

/// A picture.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Image {
    /// Its address.
    #[serde(default)]
    pub url: Option<String>,
    /// Its width in pixels.
    #[serde(default)]
    pub width: Option<u32>,
}

fn pictures<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, Image>, D::Error> {
    let found = Option::<BTreeMap<String, Value>>::deserialize(deserializer)?;
    let picture = |value| serde_json::from_value(value).unwrap_or_default();
    let found = found.unwrap_or_default().into_iter();
    Ok(found.map(|(size, value)| (size, picture(value))).collect())
}

impl Endpoint for ListPins {
    const OPERATION: Operation = Operation::read("pins/list");
    type Response = List<Pin>;

    fn request(&self) -> Result<Request> {
        Route::to(&["pins"]).page(&self.paged).get()
    }
}

impl Endpoint for GetPin {
    const OPERATION: Operation = Operation::read("pins/get");
    type Response = Entry<Pin>;

    fn request(&self) -> Result<Request> {
        Route::to(&["pins", &self.id]).get()
    }
}
