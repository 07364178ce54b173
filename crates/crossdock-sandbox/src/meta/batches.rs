//! Changes to a catalogue in batches: `items_batch`, and what became of them.
//!
//! A batch is taken at once and worked on later; its errors are per item. (Catalog Batch API, read
//! 2026-11: five thousand items at most; prices are a number, a space and a currency.)

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};

use super::error::{GraphError, Outcome};
use super::graph::{Graph, Kind, Node};
use super::request::Request;
use crate::world::World;

/// How many items a batch may have.
const MOST: usize = 5_000;

/// How long a batch takes.
const WORK: TimeDelta = TimeDelta::seconds(4);

/// How long a batch can be asked about.
const KEPT: TimeDelta = TimeDelta::days(30);

/// What an item's fields are called in a batch, and on the node.
const FIELDS: &[(&str, &str)] = &[
    ("availability", "availability"),
    ("brand", "brand"),
    ("condition", "condition"),
    ("description", "description"),
    ("image_link", "image_url"),
    ("link", "url"),
    ("title", "name"),
];

/// A batch.
#[derive(Clone, Debug)]
struct Batch {
    catalog: String,
    created_at: DateTime<Utc>,
    requests: Vec<Value>,
    /// Whether an update of an item that isn't there makes it.
    upsert: bool,
    /// The items that were refused; nothing while it is being worked on.
    refused: Option<Vec<Refused>>,
}

/// An item that was refused: its line, counted from one, its id, and why.
type Refused = (usize, String, &'static str);

/// All batches, by handle.
#[derive(Debug, Default)]
pub(super) struct Batches(BTreeMap<String, Batch>);

impl Batches {
    /// `POST /{catalog}/items_batch`.
    pub(super) fn take(
        &mut self,
        catalog: &str,
        request: &Request,
        world: &mut World,
    ) -> Outcome<Value> {
        if request.get("item_type") != Some("PRODUCT_ITEM") {
            return Err(GraphError::parameter("The parameter item_type is required"));
        }
        let requests: Vec<Value> = request
            .get("requests")
            .and_then(|text| serde_json::from_str(text).ok())
            .ok_or_else(|| GraphError::parameter("Param requests must be an array."))?;
        if requests.len() > MOST {
            return Err(GraphError::parameter(
                "Param requests can have 5000 items at most.",
            ));
        }
        let handle = format!("Acz{:020}", world.serial());
        let batch = Batch {
            catalog: catalog.to_owned(),
            created_at: world.now,
            requests,
            upsert: request.get("allow_upsert") != Some("false"),
            refused: None,
        };
        self.0.insert(handle.clone(), batch);
        Ok(json!({ "handles": [handle] }))
    }

    /// Does what is due.
    pub(super) fn work(&mut self, graph: &mut Graph, now: DateTime<Utc>) {
        for batch in self.0.values_mut() {
            if batch.refused.is_none() && now - batch.created_at >= WORK {
                let lines = batch.requests.iter().zip(1..);
                let refused = lines.filter_map(|(request, line)| {
                    let (id, why) = apply(graph, &batch.catalog, request, batch.upsert)?;
                    Some((line, id, why))
                });
                batch.refused = Some(refused.collect());
            }
        }
    }

    /// `GET /{catalog}/check_batch_request_status`.
    pub(super) fn status(
        &self,
        catalog: &str,
        handle: Option<&str>,
        now: DateTime<Utc>,
    ) -> Outcome<Value> {
        let handle =
            handle.ok_or_else(|| GraphError::parameter("The parameter handle is required"))?;
        let batch = self
            .0
            .get(handle)
            .filter(|batch| batch.catalog == catalog && now - batch.created_at < KEPT)
            .ok_or_else(|| GraphError::parameter("Invalid handle"))?;
        let status = match &batch.refused {
            Some(_) => "finished",
            None if now - batch.created_at < TimeDelta::seconds(1) => "started",
            None => "in_progress",
        };
        let refused = batch.refused.as_deref().unwrap_or_default();
        let errors: Vec<Value> = refused
            .iter()
            .map(|(line, id, message)| json!({ "line": line, "id": id, "message": message }))
            .collect();
        let ids: Vec<&String> = refused.iter().map(|(_, id, _)| id).collect();
        Ok(json!({ "data": [{
            "handle": handle,
            "status": status,
            "errors": errors,
            "errors_total_count": errors.len(),
            "warnings": [],
            "warnings_total_count": 0,
            "ids_of_invalid_requests": ids,
        }] }))
    }
}

/// One item: why it is refused, or nothing.
fn apply(
    graph: &mut Graph,
    catalog: &str,
    request: &Value,
    upsert: bool,
) -> Option<(String, &'static str)> {
    let data = request.get("data").and_then(Value::as_object);
    let text = |name: &str| data.and_then(|data| data.get(name)).and_then(Value::as_str);
    let Some(sku) = text("id").filter(|sku| !sku.is_empty()) else {
        return Some((String::new(), "A required field is missing: id"));
    };
    let refuse = |why| Some((sku.to_owned(), why));
    let found = graph.list(catalog, "products");
    let known = found
        .iter()
        .find(|node| node.text("retailer_id") == sku)
        .map(|node| node.id.clone());
    let mut fields = Map::new();
    for (from, to) in FIELDS {
        if let Some(value) = text(from) {
            fields.insert((*to).to_owned(), value.into());
        }
    }
    if let Some(price) = text("price") {
        let Some((amount, currency)) = price
            .split_once(' ')
            .filter(|(amount, currency)| amount.parse::<f64>().is_ok() && currency.len() == 3)
        else {
            return refuse("Invalid format for price");
        };
        let price = match currency {
            "EUR" => format!("€{amount}"),
            "GBP" => format!("£{amount}"),
            "JPY" => format!("¥{amount}"),
            "USD" => format!("${amount}"),
            other => format!("{other} {amount}"),
        };
        fields.insert("price".to_owned(), price.into());
        fields.insert("currency".to_owned(), currency.into());
    }
    let method = request.get("method").and_then(Value::as_str);
    match (method, known) {
        (Some("DELETE"), Some(id)) => {
            graph.remove(&id);
            None
        }
        (Some("CREATE" | "UPDATE"), Some(id)) => {
            if let Some(node) = graph.get_mut(&id) {
                node.fields.append(&mut fields);
            }
            None
        }
        (Some("UPDATE"), None) if !upsert => refuse("Product item doesn't exist"),
        (Some("CREATE" | "UPDATE"), None) => {
            let owner = graph.get(catalog).map(|node| node.owner.clone())?;
            fields.insert("retailer_id".to_owned(), sku.into());
            fields.insert("review_status".to_owned(), "pending".into());
            let digits: String = sku.bytes().map(|byte| format!("{byte:03}")).collect();
            let id = format!("77{digits}");
            let node = Node::new(Kind::Product, &id, &owner, Value::Object(fields));
            let node = node.link("product_catalog", catalog);
            graph.append(node, &[(catalog, "products")]);
            None
        }
        (Some("DELETE"), None) => refuse("Product item doesn't exist"),
        _ => refuse("Invalid method"),
    }
}
