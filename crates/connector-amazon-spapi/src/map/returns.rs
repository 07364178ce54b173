//! Rows of the two reports on returns: in Amazon's words, as there is no model of a return.

use std::collections::BTreeMap;

use connector_core::model::{Model, Native};
use connector_core::{Record, Skipped};
use serde_json::Value;
use serde_json::value::RawValue;

use super::Mapped;

/// What came back to one of Amazon's warehouses: `amazon/ORDER/LPN`. Amazon sticks such a number on each
/// piece; where one has none, its SKU and the time take its place.
pub fn return_to_amazon(row: &BTreeMap<String, String>, keep_raw: bool) -> Mapped {
    let order = order(row)?;
    let piece = match cell(row, &["licenseplatenumber"]) {
        Some(number) => number.to_owned(),
        None => {
            let sku = cell(row, &["sku"]).unwrap_or_default();
            let date = cell(row, &["returndate"]).unwrap_or_default();
            format!("{sku}/{date}")
        }
    };
    let status = cell(row, &["status"]);
    record(format!("amazon/{order}/{piece}"), row, status, keep_raw)
}

/// What comes back to the seller: `seller/ORDER/RMA/SKU`, by Amazon's number of the return or else the
/// seller's.
pub fn return_to_seller(row: &BTreeMap<String, String>, keep_raw: bool) -> Mapped {
    let order = order(row)?;
    let number = cell(row, &["amazonrmaid", "merchantrmaid"]).unwrap_or_default();
    let sku = cell(row, &["merchantsku", "sku"]).unwrap_or_default();
    let status = cell(row, &["returnrequeststatus"]);
    let id = format!("seller/{order}/{number}/{sku}");
    record(id, row, status, keep_raw)
}

fn order(row: &BTreeMap<String, String>) -> Result<&str, Skipped> {
    cell(row, &["orderid"]).ok_or_else(|| Skipped::new("", "the row names no order"))
}

/// The cell in the first of these columns that has one. Columns are written in several ways: `Order ID`,
/// `order-id`.
fn cell<'a>(row: &'a BTreeMap<String, String>, columns: &[&str]) -> Option<&'a str> {
    let plain = |name: &str| -> String {
        let letters = name.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|letter| letter.to_ascii_lowercase()).collect()
    };
    columns.iter().find_map(|column| {
        let found = row.iter().find(|(name, _)| plain(name) == *column);
        found.map(|(_, cell)| cell.as_str())
    })
}

fn record(
    id: String,
    row: &BTreeMap<String, String>,
    status: Option<&str>,
    keep_raw: bool,
) -> Mapped {
    let body: Value = row
        .iter()
        .map(|(name, cell)| (name.clone(), cell.as_str()))
        .collect();
    let raw = keep_raw
        .then(|| RawValue::from_string(body.to_string()))
        .transpose()
        .map_err(|cause| Skipped::new(&id, cause))?;
    let native = Native {
        kind: "return".to_owned(),
        title: cell(row, &["productname", "itemname"]).map(str::to_owned),
        status: status.map(str::to_lowercase),
        body,
    };
    let model = Model::Native(Box::new(native));
    Ok(Record::upsert(id, None, model).with_raw(raw))
}

#[cfg(test)]
mod tests {
    use connector_core::Change;

    use super::*;

    fn row(cells: &[(&str, &str)]) -> BTreeMap<String, String> {
        let cells = cells.iter();
        cells
            .map(|(name, cell)| ((*name).to_owned(), (*cell).to_owned()))
            .collect()
    }

    #[test]
    fn each_piece_in_a_warehouse_is_known_by_its_number() {
        let mut cells = row(&[
            ("order-id", "1-2-3"),
            ("sku", "a/b"),
            ("return-date", "2026-05-01T00:00:00+00:00"),
            ("license-plate-number", "LPN7"),
            ("product-name", "Made up"),
            ("status", "Unit returned to inventory"),
        ]);
        let record = return_to_amazon(&cells, true).unwrap();
        assert_eq!(record.external_id, "amazon/1-2-3/LPN7");
        assert!(record.raw.is_some());
        let Change::Upsert(Model::Native(native)) = record.change else {
            panic!("no native record")
        };
        assert_eq!(native.kind, "return");
        assert_eq!(native.title.as_deref(), Some("Made up"));
        assert_eq!(native.status.as_deref(), Some("unit returned to inventory"));
        assert_eq!(native.body["order-id"], "1-2-3");
        cells.remove("license-plate-number");
        let record = return_to_amazon(&cells, false).unwrap();
        assert_eq!(
            record.external_id,
            "amazon/1-2-3/a/b/2026-05-01T00:00:00+00:00"
        );
        assert!(record.raw.is_none());
    }

    #[test]
    fn a_sellers_return_is_known_by_its_number_and_sku() {
        let cells = row(&[
            ("Order ID", "1-2-3"),
            ("Merchant RMA ID", "own"),
            ("Amazon RMA ID", "D7RRMA"),
            ("Merchant SKU", "sku"),
        ]);
        let record = return_to_seller(&cells, false).unwrap();
        assert_eq!(record.external_id, "seller/1-2-3/D7RRMA/sku");
        assert!(return_to_seller(&row(&[("Merchant SKU", "sku")]), false).is_err());
    }
}
