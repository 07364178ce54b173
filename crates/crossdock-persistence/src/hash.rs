//! The canonical hash that a change is judged by.
//!
//! Two records hash alike when they mean the same: the order of an object's fields doesn't count,
//! nor does the form of a number (`1`, `1.0`, `1e0`), nor a field that is null as against one that
//! is absent, so that a version which knows one more field announces no change where there is none.

mod canonical;

use connector_core::{Model, ModelKind};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::error::{Result, StoreError};
use canonical::Canonical;

/// SHA-256 of the canonical form.
pub(crate) type Hash = [u8; 32];

/// Counts up when the canonical form changes: all records are changes once, then.
const VERSION: u8 = 1;

/// Makes hashes, keeping its buffers between them.
#[derive(Debug, Default)]
pub(crate) struct Hasher {
    canonical: Canonical,
}

impl Hasher {
    /// The hash of a record: its model's content, and its raw JSON where that is kept.
    pub(crate) fn record(&mut self, model: &Model, raw: Option<&Value>) -> Result<Hash> {
        let kind = model.kind();
        match model {
            Model::Product(product) => self.content(kind, product, raw),
            Model::Listing(listing) => self.content(kind, listing, raw),
            Model::InventoryLevel(level) => self.content(kind, level, raw),
            Model::Location(location) => self.content(kind, location, raw),
            Model::Order(order) => self.content(kind, order, raw),
            Model::Payout(payout) => self.content(kind, payout, raw),
            Model::MarketSnapshot(snapshot) => self.content(kind, snapshot, raw),
            Model::Metric(metric) => self.content(kind, metric, raw),
            Model::Content(content) => self.content(kind, content, raw),
            Model::ContentMetric(metric) => self.content(kind, metric, raw),
            Model::AdCampaign(campaign) => self.content(kind, campaign, raw),
            Model::AdMetric(metric) => self.content(kind, metric, raw),
            Model::Review(review) => self.content(kind, review, raw),
            Model::Inquiry(inquiry) => self.content(kind, inquiry, raw),
            Model::Booking(booking) => self.content(kind, booking, raw),
            Model::Native(native) => self.content(kind, native, raw),
            _ => Err(StoreError::PageInvalid(
                "its model is newer than this version of the store",
            )),
        }
    }

    fn content(
        &mut self,
        kind: ModelKind,
        content: &impl Serialize,
        raw: Option<&Value>,
    ) -> Result<Hash> {
        self.canonical.begin(VERSION);
        self.write(crate::tables::word(kind))?;
        self.write(content)?;
        if let Some(raw) = raw {
            self.write(raw)?;
        }
        Ok(Sha256::digest(self.canonical.bytes()).into())
    }

    fn write(&mut self, value: &(impl Serialize + ?Sized)) -> Result<()> {
        value
            .serialize(&mut self.canonical)
            .map_err(|_cause| StoreError::PageInvalid("a record can't be written as JSON"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, json};

    use super::canonical::whole;
    use super::*;

    fn hash(value: &Value) -> Hash {
        Hasher::default()
            .content(ModelKind::Native, value, None)
            .unwrap()
    }

    fn parsed(json: &str) -> Hash {
        hash(&serde_json::from_str(json).unwrap())
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<i32>().prop_map(|number| Value::from(f64::from(number) / 64.0)),
            "[a-c\"{}\\[\\]]{0,4}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::btree_map("[a-d]{1,2}", inner, 0..5)
                    .prop_map(|map| Value::from(Map::from_iter(map))),
            ]
        })
    }

    /// JSON text of the same meaning: fields backwards, whole numbers as floats.
    fn otherwise(value: &Value) -> String {
        match value {
            Value::Object(fields) => {
                let mut fields: Vec<String> = fields
                    .iter()
                    .rev()
                    .map(|(name, value)| {
                        format!("{} : {}", Value::from(name.as_str()), otherwise(value))
                    })
                    .collect();
                fields.push("\"absent\": null".to_owned());
                format!("{{{}}}", fields.join(","))
            }
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(otherwise).collect();
                format!("[{}]", items.join(" , "))
            }
            Value::Number(number) => match number.as_i64() {
                Some(small) if small.unsigned_abs() < 1 << 53 => format!("{small}.0e0"),
                _ => number.to_string(),
            },
            other => other.to_string(),
        }
    }

    /// What is left of a value when only its meaning counts.
    fn meaning(value: &Value) -> Value {
        match value {
            Value::Object(fields) => fields
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(name, value)| (name.clone(), meaning(value)))
                .collect(),
            Value::Array(items) => items.iter().map(meaning).collect(),
            Value::Number(number) => match number.as_f64().and_then(whole) {
                Some(whole) if number.is_f64() => json!(whole.to_string()),
                _ => json!(number.to_string()),
            },
            other => other.clone(),
        }
    }

    proptest! {
        #[test]
        fn the_same_meaning_hashes_alike(value in any_json()) {
            prop_assert_eq!(hash(&value), parsed(&otherwise(&value)));
        }

        #[test]
        fn another_meaning_hashes_otherwise(a in any_json(), b in any_json()) {
            prop_assert_eq!(meaning(&a) == meaning(&b), hash(&a) == hash(&b));
        }
    }

    #[test]
    fn the_forms_of_a_number_are_one() {
        for forms in [
            ["1", "1.0", "1e0"],
            ["-20", "-2e1", "-20.000"],
            ["0", "-0.0", "0e9"],
        ] {
            let [a, b, c] = forms.map(parsed);
            assert!(a == b && b == c, "{forms:?}");
        }
        assert_ne!(parsed("1"), parsed("\"1\""));
        assert_ne!(parsed("9007199254740993"), parsed("9007199254740992"));
        assert_ne!(parsed("0.1"), parsed("0.2"));
    }

    #[test]
    fn raw_json_counts_where_it_is_kept() {
        let mut hasher = Hasher::default();
        let (value, raw, other) = (json!({"a": 1}), json!({"x": 1}), json!({"x": 2}));
        let mut of = |raw| hasher.content(ModelKind::Native, &value, raw).unwrap();
        let [none, one, two] = [of(None), of(Some(&raw)), of(Some(&other))];
        assert!(none != one && one != two);
        assert_ne!(
            none,
            Hasher::default()
                .content(ModelKind::Order, &value, None)
                .unwrap()
        );
    }

    #[test]
    fn a_model_hashes_as_its_json_does() {
        let json = json!({
            "model": "listing",
            "value": {
                "title": "Dunk Low", "price": {"minor": 12_990, "currency": "USD"},
                "status": "active", "platform_status": "LISTED", "size": "10.5",
                "created_at": "2026-11-21T10:00:00.250Z", "quantity": -1, "consigned": true,
            },
        });
        let model: Model = serde_json::from_value(json.clone()).unwrap();
        let mut hasher = Hasher::default();
        let of_model = hasher.record(&model, None).unwrap();
        let of_json = hasher
            .content(ModelKind::Listing, &json["value"], None)
            .unwrap();
        assert_eq!(of_model, of_json);
    }
}
