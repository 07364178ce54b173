//! Locations.

use connector_core::model::Location;
use connector_core::{Model, Record};

use super::filled;
use crate::api;

/// A place where stock lies.
#[must_use]
pub fn location(location: api::Location) -> Record {
    let address = location.address;
    let street = [filled(address.address1), filled(address.address2)];
    let street: Vec<String> = street.into_iter().flatten().collect();
    let model = Location {
        name: location.name,
        active: location.is_active,
        fulfills_online_orders: location.fulfills_online_orders,
        address: filled(Some(street.join(", "))),
        city: filled(address.city),
        region: filled(address.province_code).or(filled(address.province)),
        postal_code: filled(address.zip),
        country_code: filled(address.country_code).map(|code| code.to_ascii_uppercase()),
        created_at: Some(location.created_at),
        updated_at: Some(location.updated_at),
    };
    Record::upsert(
        location.id.tail(),
        Some(location.updated_at),
        Model::Location(Box::new(model)),
    )
}
