//! Pictures of listings.

use connector_core::{Endpoint, Operation, Request, Result};
use serde::Deserialize;

use super::call::Call;
use super::{Deleted, PictureType, wire};

/// Adds a picture, PNG or JPEG, to a listing.
#[derive(Clone, Debug)]
pub struct CreatePicture {
    /// The listing.
    pub listing_id: String,
    /// What it shows.
    pub kind: PictureType,
    /// Its place among those of its kind, from 1. Needed for `PICTURE_TYPE_EXTRA`; 1 for all others.
    pub order: Option<u32>,
    /// Where it comes from.
    pub source: PictureSource,
}

/// Where a picture comes from.
#[derive(Clone, Debug)]
pub enum PictureSource {
    /// Alias fetches it from there.
    Url(String),
    /// The picture itself in Base64. It travels in the query, as all fields do, so a picture of more
    /// than some kilobytes needs [`PictureSource::Url`].
    Base64(String),
}

/// The answer of [`CreatePicture`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PictureAnswer {
    /// The picture.
    pub picture: Picture,
}

/// A picture of a listing.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Picture {
    /// Its id.
    pub id: String,
    /// The listing.
    pub listing_id: Option<String>,
    /// What it shows.
    #[serde(rename = "type")]
    pub kind: Option<PictureType>,
    /// Its place among those of its kind.
    #[serde(default, deserialize_with = "wire::int64")]
    pub order: Option<i64>,
    /// Where it can be seen.
    pub url: Option<String>,
}

/// Deletes a picture.
#[derive(Clone, Debug)]
pub struct DeletePicture {
    /// The picture.
    pub id: String,
}

impl Endpoint for CreatePicture {
    const OPERATION: Operation = Operation::write("CreatePicture");
    type Response = PictureAnswer;

    fn request(&self) -> Result<Request> {
        let call = Call::post(&["pictures"])
            .with("listing_id", &self.listing_id)
            .with("type", &self.kind)
            .maybe("order", self.order);
        match &self.source {
            PictureSource::Url(url) => call.with("url", url),
            PictureSource::Base64(data) => call.with("base64_data", data),
        }
        .request()
    }
}

impl Endpoint for DeletePicture {
    const OPERATION: Operation = Operation::write("DeletePicture");
    type Response = Deleted;

    fn request(&self) -> Result<Request> {
        Call::delete(&["pictures", &self.id]).request()
    }
}
