//! Inventory location → location.

use connector_core::model::Location;
use connector_core::{Model, Record};

use super::{Mapped, country, filled};
use crate::api;

/// A place where stock lies.
///
/// # Errors
/// None today; the type is that of the other mappings.
pub fn location(place: api::InventoryLocation) -> Mapped {
    let address = place
        .location
        .and_then(|location| location.address)
        .unwrap_or_default();
    let model = Location {
        name: filled(place.name.as_deref()).unwrap_or_else(|| place.merchant_location_key.clone()),
        active: place.merchant_location_status.as_deref() != Some("DISABLED"),
        fulfills_online_orders: None,
        address: filled(address.address_line1.as_deref()),
        city: filled(address.city.as_deref()),
        region: filled(address.state_or_province.as_deref()),
        postal_code: filled(address.postal_code.as_deref()),
        country_code: country(address.country.as_deref()),
        created_at: None,
        updated_at: None,
    };
    Ok(Record::upsert(
        place.merchant_location_key,
        None,
        Model::Location(Box::new(model)),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use connector_core::Change;
    use serde_json::json;

    #[test]
    fn a_place_without_a_name_has_its_key() {
        let json = json!({
            "merchantLocationKey": "north", "merchantLocationStatus": "DISABLED",
            "location": {"address": {"city": "Leeds", "country": "GB"}},
        });
        let record = location(serde_json::from_value(json).unwrap()).unwrap();
        assert_eq!(record.external_id, "north");
        let Change::Upsert(Model::Location(location)) = record.change else {
            panic!("no location")
        };
        assert_eq!((&*location.name, location.active), ("north", false));
        assert_eq!(location.country_code.as_deref(), Some("GB"));
    }
}
