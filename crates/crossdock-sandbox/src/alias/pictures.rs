//! Pictures of listings. Only that they exist matters here; their bytes are not looked at.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::world::World;

use super::State;
use super::listing::Listing;
use super::params::{Params, need};
use super::status::{Outcome, Refusal};
use super::words::PICTURE_TYPES;

/// One picture.
#[derive(Debug)]
pub(super) struct Picture {
    pub(super) listing_id: String,
    pub(super) kind: &'static str,
}

impl State {
    /// Whether a listing has every picture that its item requires.
    pub(super) fn has_pictures(&self, listing: &Listing) -> bool {
        let Ok(item) = self.catalog.get(&listing.offer.catalog_id) else {
            return true;
        };
        item.mandatory_pictures().all(|kind| {
            self.pictures
                .values()
                .any(|picture| picture.listing_id == listing.id && picture.kind == kind)
        })
    }
}

/// `POST /pictures`
pub(super) fn create(state: &mut State, params: Params<'_>, world: &mut World) -> Outcome<Value> {
    let listing_id = params.required("listing_id")?;
    let kind = need(params.member("type", PICTURE_TYPES)?, "type")?;
    let extra = kind == "PICTURE_TYPE_EXTRA";
    let order = match params.int64("order")? {
        None if extra => return Err(Refusal::missing("order")),
        Some(order) if order < 1 || (!extra && order != 1) => {
            let why = "1, and above that for extra pictures only";
            return Err(Refusal::invalid("order", why));
        }
        order => order.unwrap_or(1),
    };
    let id = world.uuid();
    let url = match (params.text("base64_data"), params.text("url")) {
        (Some(data), None) => {
            STANDARD
                .decode(data)
                .ok()
                .ok_or_else(|| Refusal::invalid("base64_data", "not standard base64"))?;
            format!("https://image.goat.com/sandbox/{id}.png")
        }
        (None, Some(url)) => {
            let url = url::Url::parse(url)
                .ok()
                .ok_or_else(|| Refusal::invalid("url", "not a URL"))?;
            url.to_string()
        }
        (None, None) => return Err(Refusal::missing("base64_data")),
        (Some(_), Some(_)) => {
            return Err(Refusal::invalid("base64_data", "exclusive with url"));
        }
    };
    let listing = state
        .listings
        .get(listing_id)
        .ok_or_else(|| Refusal::not_found("listing"))?;
    listing.need_alive()?;
    state.pictures.insert(
        id.clone(),
        Picture {
            listing_id: listing_id.to_owned(),
            kind,
        },
    );
    Ok(json!({"picture": {
        "id": id,
        "listing_id": listing_id,
        "type": kind,
        "order": order.to_string(),
        "url": url,
    }}))
}

/// `DELETE /pictures/{id}`
pub(super) fn delete(state: &mut State, id: &str) -> Outcome<Value> {
    state
        .pictures
        .remove(id)
        .ok_or_else(|| Refusal::not_found("picture"))?;
    Ok(json!({"id": id}))
}
