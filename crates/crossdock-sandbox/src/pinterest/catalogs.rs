//! Catalogues: feeds and what became of their runs, product groups and their products.
//! (`catalogs/list`, `feeds/*`, `feed_processing_results/list`, `catalogs_product_groups/list` and
//! `catalogs_product_group_pins/list` of the description.)

use http::StatusCode;
use serde_json::Value;

use crate::platform::Call;

use super::Data;
use super::paging::{Order, PLAIN, page};
use super::params;
use super::refusal::{Outcome, Refusal};

/// Answers one operation below `/catalogs`.
pub(super) fn answer(data: &Data, call: &Call<'_>, path: &[&str]) -> Outcome<Value> {
    match path {
        [] => page(data.catalogs.iter().map(|(id, it)| (*id, it)), PLAIN, call),
        ["feeds"] => page(data.feeds.iter().map(|(id, it)| (*id, it)), PLAIN, call),
        ["feeds", text] => {
            let feed = data.feeds.get(&params::id(text, "feed_id")?);
            feed.cloned().ok_or_else(no_feed)
        }
        ["feeds", text, "processing_results"] => {
            let id = params::id(text, "feed_id")?;
            if !data.feeds.contains_key(&id) {
                return Err(no_feed());
            }
            let order = Order {
                newest_first: true,
                ..PLAIN
            };
            let results = data.results.get(&id).into_iter().flatten();
            page(results.map(|(id, it)| (*id, it)), order, call)
        }
        ["product_groups"] => {
            // An account without a catalogue is refused here, and here alone (recorded).
            if data.catalogs.is_empty() {
                return Err(Refusal::new(
                    StatusCode::CONFLICT,
                    4182,
                    "Can't access this feature without an existing catalog",
                ));
            }
            let wanted = |group: &Value, name: &str| {
                let asked = call.query(name);
                asked.is_none_or(|asked| group[name] == asked)
            };
            let groups = data
                .groups
                .iter()
                .filter(|(_, group)| wanted(group, "feed_id") && wanted(group, "catalog_id"));
            page(groups.map(|(id, it)| (*id, it)), PLAIN, call)
        }
        ["product_groups", text, "products"] => {
            let id = params::id(text, "product_group_id")?;
            if !data.groups.contains_key(&id) {
                return Err(Refusal::gone(
                    4180,
                    "Sorry! We could not find your catalogs product group.",
                ));
            }
            let products = data.products.iter();
            let products = products.filter(|(_, (groups, _))| groups.contains(&id));
            page(products.map(|(pin, (_, it))| (*pin, it)), PLAIN, call)
        }
        _ => Err(Refusal::no_such(call)),
    }
}

fn no_feed() -> Refusal {
    Refusal::gone(4161, "Sorry! We could not find your catalogs feed.")
}
