//! What apps can change.

mod bulk;
mod inventory;
mod product;
mod subscription;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

pub(crate) use product::apply as product_input;

use super::Settings;
use super::graphql::{Documents, Field, GraphqlError};
use super::oauth::Grant;
use super::shop::Shop;
use crate::world::World;

/// What a mutation may look at and change.
#[derive(Debug)]
pub(crate) struct Mutation<'m> {
    pub(crate) shop: &'m mut Shop,
    pub(crate) grant: &'m Grant,
    pub(crate) version: &'m str,
    pub(crate) documents: &'m mut Documents,
    pub(crate) settings: &'m mut Settings,
    pub(crate) world: &'m mut World,
}

/// Carries out one mutation; its payload, in which a gid stands for the object.
///
/// # Errors
/// Where the platform answers with an error instead of a payload.
pub(crate) fn carry_out(
    field: &Field,
    mutation: &mut Mutation<'_>,
    now: DateTime<Utc>,
) -> Result<Value, GraphqlError> {
    match field.name {
        "bulkOperationRunQuery" => Ok(bulk::run_query(field, mutation, now)),
        "bulkOperationCancel" => Ok(bulk::cancel(field, mutation, now)),
        "webhookSubscriptionCreate" => Ok(subscription::create(field, mutation, now)),
        "webhookSubscriptionUpdate" => Ok(subscription::update(field, mutation, now)),
        "webhookSubscriptionDelete" => Ok(subscription::delete(field, mutation)),
        "productUpdate" => Ok(product::update(field, mutation, now)),
        "productSet" => Ok(product::set(field, mutation, now)),
        _ => inventory::set_quantities(field, mutation, now),
    }
}

/// The number at the end of a gid.
fn number(gid: &str) -> Option<u64> {
    gid.rsplit('/').next()?.split('?').next()?.parse().ok()
}

/// One entry of `userErrors`.
fn user_error(field: &[&str], code: Option<&str>, message: &str) -> Value {
    json!({ "field": field, "message": message, "code": code })
}

/// A number for a new object. It follows the clock, so that a sandbox that is started anew does
/// not give a number away again that a client may still remember.
fn new_id(world: &mut World) -> u64 {
    let milliseconds = u64::try_from(world.now.timestamp_millis()).unwrap_or(0);
    milliseconds * 1_000 + world.serial() % 1_000
}
