//! Locations.

use chrono::{DateTime, Utc};
use connector_core::Operation;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::admin::connection_cost;
use super::{Connection, Gid, Query};

/// The cost of a location with all that is selected of it.
const LOCATION_COST: f64 = 2.0;

/// All locations, inactive ones and those of old fulfilment services included.
#[derive(Clone, Debug, Serialize)]
pub struct LocationsQuery {
    /// How many, at most 250.
    pub first: u32,
    /// The end of the page before.
    pub after: Option<String>,
}

impl Query for LocationsQuery {
    const OPERATION: Operation = Operation::read("locations");
    const DOCUMENT: &'static str = concat!(
        include_str!("graphql/locations.graphql"),
        include_str!("graphql/location.graphql"),
    );
    type Data = Locations;

    fn cost(&self) -> f64 {
        connection_cost(self.first, LOCATION_COST)
    }
}

/// A page of locations.
#[derive(Debug, Deserialize)]
pub struct Locations {
    /// The locations, each to be read as a [`Location`].
    pub locations: Connection<Box<RawValue>>,
}

/// One location.
#[derive(Clone, Debug, Serialize)]
pub struct LocationQuery {
    /// The location.
    pub id: Gid,
}

impl Query for LocationQuery {
    const OPERATION: Operation = Operation::read("location");
    const DOCUMENT: &'static str = concat!(
        include_str!("graphql/location_by_id.graphql"),
        include_str!("graphql/location.graphql"),
    );
    type Data = LocationData;

    fn cost(&self) -> f64 {
        LOCATION_COST
    }
}

/// The answer to a [`LocationQuery`].
#[derive(Debug, Deserialize)]
pub struct LocationData {
    /// `None` when there is none.
    pub location: Option<Location>,
}

/// A place where stock lies.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Location {
    /// Its id.
    pub id: Gid,
    /// What the merchant calls it.
    pub name: String,
    /// Whether stock can be at it.
    pub is_active: bool,
    /// Whether online orders are shipped from it.
    #[serde(default)]
    pub fulfills_online_orders: Option<bool>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Where it is.
    pub address: LocationAddress,
}

/// Where a location is.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LocationAddress {
    /// Street and number.
    #[serde(default)]
    pub address1: Option<String>,
    /// What else the post needs.
    #[serde(default)]
    pub address2: Option<String>,
    /// Town.
    #[serde(default)]
    pub city: Option<String>,
    /// The short form of state, province or region.
    #[serde(default)]
    pub province_code: Option<String>,
    /// State, province or region.
    #[serde(default)]
    pub province: Option<String>,
    /// Postal code.
    #[serde(default)]
    pub zip: Option<String>,
    /// ISO 3166-1 alpha-2.
    #[serde(default)]
    pub country_code: Option<String>,
}
