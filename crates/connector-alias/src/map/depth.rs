//! Offers and sales of one size and condition → native record: no other platform tells them.

use connector_core::Model;
use connector_core::model::Native;
use serde_json::value::to_raw_value;
use serde_json::{Value, json};

use super::{Kind, Mapped, size, upsert};
use crate::api::{Entry, OfferHistogramAnswer, RecentSales};

/// The two answers about one kind.
#[derive(Debug)]
pub(crate) struct Depth {
    /// Offers by price.
    pub(crate) histogram: Entry<OfferHistogramAnswer>,
    /// The last sales.
    pub(crate) sales: Entry<RecentSales>,
}

/// One record, with alias's own objects in it, under the id that the market snapshot of the same kind
/// has.
pub(crate) fn depth(kind: &Kind, depth: &Depth, keep_raw: bool) -> Mapped {
    let mut body = json!({
        "catalog_id": kind.catalog_id,
        "size": kind.size,
        "product_condition": kind.product_condition(),
        "packaging_condition": kind.packaging_condition(),
    });
    if let Value::Object(fields) = &mut body {
        for raw in [depth.histogram.raw(), depth.sales.raw()] {
            if let Ok(Value::Object(answer)) = serde_json::from_str(raw.get()) {
                fields.extend(answer);
            }
        }
    }
    let bids: i64 = depth.histogram.value().map_or(0, |answer| {
        answer
            .offer_histogram
            .bins
            .iter()
            .filter_map(|bin| bin.count)
            .sum()
    });
    let sales = depth
        .sales
        .value()
        .map_or(0, |answer| answer.recent_sales.len());
    let raw = keep_raw.then(|| to_raw_value(&body).ok()).flatten();
    let (id, in_size) = (&kind.catalog_id, size(kind.size));
    let native = Native {
        kind: "market_depth".to_owned(),
        title: Some(format!(
            "{id} in {in_size}: {bids} offers, {sales} recent sales"
        )),
        status: None,
        body,
    };
    upsert(kind.to_string(), None, Model::Native(Box::new(native)))
        .map(|record| record.with_raw(raw))
}
