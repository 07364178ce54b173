//! The nine batch operations.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::world::World;

use super::State;
use super::batch::{Batch, Change, Expected, Operation};
use super::listing::{Changes, NewListing};
use super::paging;
use super::params::{Params, need};
use super::size::Size;
use super::status::{Code, Outcome, Refusal};
use super::words::{
    self, BATCH_OPERATION_STATUSES, BATCH_STATUSES, CONDITIONS, PACKAGING_CONDITIONS, SIZE_UNITS,
};

/// How many listings one call may name.
const MOST_LISTINGS: usize = 1000;

/// How many operations may wait at a time. The number is not documented.
const QUOTA: usize = 5000;

/// How many batches a page has. Neither a parameter nor a number is documented.
const BATCHES_PER_PAGE: usize = 25;

/// The default and the largest page of operations.
const PAGE_SIZE: usize = 25;
const MOST: usize = 500;

/// `GET /listings/batch`: newest first.
pub(super) fn list(state: &State, params: Params<'_>) -> Outcome<Value> {
    let status = params.member("status", BATCH_STATUSES)?;
    let now = params.0.now;
    let found = state
        .batches
        .all
        .values()
        .filter(|batch| status.is_none_or(|status| batch.status(now) == status));
    let entries = found.map(|batch| {
        (
            (-batch.created_at.timestamp_micros(), batch.id.clone()),
            batch,
        )
    });
    let token = params.text("pagination_token");
    let page = paging::page("batches", entries, token, BATCHES_PER_PAGE)?;
    Ok(json!({
        "batches": page.items.iter().map(|batch| batch.summary(now)).collect::<Vec<_>>(),
        "next_pagination_token": page.next,
        "has_more": page.has_more(),
    }))
}

/// `GET /listings/batch/{id}`: the fields without a wrapper.
pub(super) fn get(state: &State, id: &str, now: DateTime<Utc>) -> Outcome<Value> {
    existing(state, id).map(|batch| batch.json(now))
}

/// `GET /listings/batch_operations/{id}`: plural, unlike the quota.
pub(super) fn operations(state: &State, id: &str, params: Params<'_>) -> Outcome<Value> {
    let status = params.member("status", BATCH_OPERATION_STATUSES)?;
    let limit = params.limit("limit", PAGE_SIZE, MOST)?;
    let batch = existing(state, id)?;
    let entries = batch
        .operations
        .iter()
        .enumerate()
        .filter(|(_, operation)| status.is_none_or(|status| operation.status() == status));
    let list = format!("operations {id}");
    let page = paging::page(&list, entries, params.text("pagination_token"), limit)?;
    let operations: Vec<Value> = page
        .items
        .iter()
        .map(|operation| operation.json(batch.created_at))
        .collect();
    Ok(json!({"id": id, "operations": operations, "pagination_token": page.next}))
}

/// `GET /listings/batch_operation/quota`: singular, unlike the operations.
pub(super) fn quota(state: &State) -> Value {
    json!({
        "used_operation_quota": state.batches.open().count().to_string(),
        "max_operation_quota": QUOTA.to_string(),
    })
}

/// `POST /listings/batch_activate`, `POST /listings/batch_deactivate` and
/// `DELETE /listings/batch_delete`: the ids are in the query.
pub(super) fn by_ids(
    state: &mut State,
    params: Params<'_>,
    world: &mut World,
    change: impl Fn(String) -> Change,
) -> Outcome<Value> {
    let ids = params.list("ids");
    if ids.is_empty() {
        return Err(Refusal::missing("ids"));
    }
    let operation = |id: &str| Operation::new(change(id.to_owned()), json!({"id": id}));
    accept(
        state,
        ids.into_iter().map(operation).collect(),
        "ids",
        world,
    )
}

/// `POST /listings/batch_create`: one operation for each listing, so `quantity` for each item.
pub(super) fn create(state: &mut State, params: Params<'_>, world: &mut World) -> Outcome<Value> {
    let mut operations = Vec::new();
    for item in items(params)? {
        let quantity = match item.get("quantity") {
            None => 1,
            Some(quantity) => int64(quantity)
                .and_then(|quantity| usize::try_from(quantity).ok())
                .filter(|quantity| (1..=MOST_LISTINGS).contains(quantity))
                .ok_or_else(|| Refusal::invalid("items", "quantity must be from 1 to 1000"))?,
        };
        for index in 0..quantity {
            let offer = Box::new(offer(&item, index)?);
            let change = Change::Create {
                id: world.uuid(),
                offer,
            };
            operations.push(Operation::new(change, item.clone()));
        }
        if operations.len() > MOST_LISTINGS {
            break;
        }
    }
    accept(state, operations, "items", world)
}

/// `POST /listings/batch_update`
pub(super) fn update(state: &mut State, params: Params<'_>, world: &mut World) -> Outcome<Value> {
    let operations = items(params)?
        .into_iter()
        .map(|item| {
            let id = text(&item, "id")
                .ok_or_else(|| Refusal::missing("id"))?
                .to_owned();
            let (price, if_price) = value_change(&item, "price_cents_change", int64)?;
            let (size, if_size) = value_change(&item, "size_change", Size::from_json)?;
            let (catalog, if_catalog) = value_change(&item, "catalog_id_change", |value| {
                value.as_str().map(str::to_owned)
            })?;
            let expected = Expected {
                catalog_id: if_catalog,
                price_cents: if_price,
                size: if_size,
            };
            let changes = Changes {
                catalog_id: catalog,
                price_cents: price,
                size,
                size_unit: None,
            };
            Ok(Operation::new(
                Change::Update {
                    id,
                    expected,
                    changes,
                },
                item,
            ))
        })
        .collect::<Outcome<_>>()?;
    accept(state, operations, "items", world)
}

/// Accepts a batch, to be worked on later.
fn accept(
    state: &mut State,
    operations: Vec<Operation>,
    name: &str,
    world: &mut World,
) -> Outcome<Value> {
    if operations.len() > MOST_LISTINGS {
        return Err(Refusal::invalid(name, "at most 1000 listings"));
    }
    if state.batches.open().count() + operations.len() > QUOTA {
        return Err(Refusal::new(
            Code::ResourceExhausted,
            "the operation quota is used up",
        ));
    }
    let batch = Batch {
        id: world.uuid(),
        created_at: world.now,
        operations,
    };
    let answer = json!({"batch_id": batch.id, "status": batch.status(world.now)});
    state.batches.all.insert(batch.id.clone(), batch);
    Ok(answer)
}

fn existing<'s>(state: &'s State, id: &str) -> Outcome<&'s Batch> {
    state
        .batches
        .all
        .get(id)
        .ok_or_else(|| Refusal::not_found("batch"))
}

/// The `items` of a JSON body.
fn items(params: Params<'_>) -> Outcome<Vec<Value>> {
    let wrong = |why: &str| Refusal::new(Code::InvalidArgument, why);
    let body: Value = serde_json::from_slice(params.0.body)
        .ok()
        .ok_or_else(|| wrong("the body is not JSON"))?;
    match body.get("items") {
        Some(Value::Array(items)) if !items.is_empty() => Ok(items.clone()),
        Some(Value::Array(_)) | None => Err(Refusal::missing("items")),
        Some(_) => Err(Refusal::invalid("items", "not a list")),
    }
}

/// One listing of an item to create; `metadata_list` has an entry for each.
fn offer(item: &Value, index: usize) -> Outcome<NewListing> {
    let member = |name: &str, among| {
        let word = need(text(item, name), name)?;
        words::member(among, word)
            .ok_or_else(|| Refusal::invalid(name, "not a value of this enumeration"))
    };
    let metadata = item.get("metadata_list").and_then(|list| list.get(index));
    let pairs = metadata.and_then(Value::as_object).into_iter().flatten();
    Ok(NewListing {
        catalog_id: need(text(item, "catalog_id"), "catalog_id")?.to_owned(),
        price_cents: need(item.get("price_cents").and_then(int64), "price_cents")?,
        condition: member("condition", CONDITIONS)?,
        packaging: member("packaging_condition", PACKAGING_CONDITIONS)?,
        size: need(item.get("size").and_then(Size::from_json), "size")?,
        size_unit: member("size_unit", SIZE_UNITS)?,
        activate: item
            .get("activate")
            .and_then(Value::as_bool)
            .unwrap_or(false),
        metadata: pairs
            .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
            .collect(),
        defects: Vec::new(),
        additional_defects: String::new(),
    })
}

/// The new value of a field, and the one that it must have before.
fn value_change<T>(
    item: &Value,
    name: &str,
    read: impl Fn(&Value) -> Option<T>,
) -> Outcome<(Option<T>, Option<T>)> {
    let Some(change) = item.get(name).filter(|change| !change.is_null()) else {
        return Ok((None, None));
    };
    let value = |field: &str| {
        change
            .get(field)
            .filter(|value| !value.is_null())
            .map(|value| read(value).ok_or_else(|| Refusal::invalid(name, "has a wrong value")))
            .transpose()
    };
    Ok((
        Some(need(value("new_value")?, name)?),
        value("conditional_value")?,
    ))
}

fn text<'a>(item: &'a Value, name: &str) -> Option<&'a str> {
    item.get(name)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
}

/// An int64, as a text or as a number.
fn int64(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}
