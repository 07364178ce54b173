//! Which unified model is in which table, and which of its fields is in which column.
//!
//! A field is in the column of its name; money is in two, `price_minor` and `price_currency`, and a
//! measurement's fields are in columns of their own names. This one list writes records and reads them back; tests hold it against the models and against what
//! the migrations made.

mod cells;
mod list;
mod read;
mod text;

use connector_core::ModelKind;

use crate::error::{Result, StoreError};
use crate::rows::Type;

pub(crate) use cells::Cells;
pub(crate) use read::{children_into, content, select_columns};
pub(crate) use text::{instant, storable};

/// What a model's field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text, or an enum's word.
    Text,
    /// A whole number.
    Int,
    /// A number that need not be whole.
    Real,
    /// Yes or no.
    Bool,
    /// An instant.
    Time,
    /// A day.
    Date,
    /// Minor units and a currency.
    Money,
    /// A list or an object.
    Json,
    /// JSON in the platform's words.
    Raw,
    /// An object that is always there, with its fields in columns of their own names.
    Group(&'static [Field]),
}

/// A field and its column.
pub(crate) type Field = (&'static str, Kind);

/// A table of a unified model.
#[derive(Debug)]
pub(crate) struct Table {
    /// Its name.
    pub(crate) name: &'static str,
    /// The model.
    pub(crate) model: ModelKind,
    /// The model's fields, in the order of their declaration.
    pub(crate) fields: &'static [Field],
    /// The field that is a table of its own.
    pub(crate) children: Option<&'static Children>,
}

/// A table of a model's parts.
#[derive(Debug)]
pub(crate) struct Children {
    /// The model's field.
    pub(crate) field: &'static str,
    /// The table's name.
    pub(crate) name: &'static str,
    /// The column that holds the parent's id.
    pub(crate) parent: &'static str,
    /// The part's fields, in the order of their declaration.
    pub(crate) fields: &'static [Field],
}

/// The columns that each table of a model begins with.
pub(crate) const RECORD_COLUMNS: [(&str, Type); 12] = [
    ("id", Type::Text),
    ("project_id", Type::Text),
    ("connection_id", Type::Text),
    ("stream", Type::Text),
    ("external_id", Type::Text),
    ("hash", Type::Bytes),
    ("sequence", Type::Int),
    ("source_updated_at", Type::Time),
    ("first_seen_at", Type::Time),
    ("synced_at", Type::Time),
    ("gone_at", Type::Time),
    ("raw", Type::RawJson),
];

/// How many of them an update leaves as they are: what names the record.
const IDENTITY: [&str; 6] = [
    "id",
    "project_id",
    "connection_id",
    "stream",
    "external_id",
    "first_seen_at",
];

impl Table {
    /// The table of a model.
    pub(crate) fn of(model: ModelKind) -> Result<&'static Self> {
        list::ALL
            .iter()
            .find(|table| table.model == model)
            .ok_or(StoreError::PageInvalid(
                "its model is newer than this version of the store",
            ))
    }

    /// All tables.
    pub(crate) const fn all() -> &'static [Self] {
        list::ALL
    }

    /// All columns, in the order in which rows are written.
    pub(crate) fn columns(&self) -> Vec<(String, Type)> {
        RECORD_COLUMNS
            .iter()
            .map(|(name, kind)| ((*name).to_owned(), *kind))
            .chain(field_columns(self.fields))
            .collect()
    }

    /// What to do with a record that is there already: everything but its identity is replaced.
    pub(crate) fn upsert(&self) -> String {
        let set: Vec<String> = self
            .columns()
            .into_iter()
            .filter(|(name, _)| !IDENTITY.contains(&name.as_str()))
            .map(|(name, _)| format!("{name}=excluded.{name}"))
            .collect();
        format!(
            " ON CONFLICT (connection_id, stream, external_id) DO UPDATE SET {}",
            set.join(",")
        )
    }
}

impl Children {
    /// How many cells a part's fields have.
    pub(crate) fn width(&self) -> usize {
        field_columns(self.fields).len()
    }

    /// All columns, in the order in which rows are written.
    pub(crate) fn columns(&self) -> Vec<(String, Type)> {
        [
            (self.parent.to_owned(), Type::Text),
            ("ordinal".to_owned(), Type::Int),
        ]
        .into_iter()
        .chain(field_columns(self.fields))
        .collect()
    }
}

/// The columns of fields, in the order in which a row is written.
fn field_columns(fields: &[Field]) -> Vec<(String, Type)> {
    let mut columns = Vec::with_capacity(2 * fields.len());
    for (name, kind) in fields {
        let kind = match kind {
            Kind::Text => Type::Text,
            Kind::Int => Type::Int,
            Kind::Real => Type::Real,
            Kind::Bool => Type::Bool,
            Kind::Time => Type::Time,
            Kind::Date => Type::Date,
            Kind::Json => Type::Json,
            Kind::Raw => Type::RawJson,
            Kind::Money => {
                columns.push((format!("{name}_minor"), Type::Int));
                columns.push((format!("{name}_currency"), Type::Text));
                continue;
            }
            Kind::Group(fields) => {
                columns.extend(field_columns(fields));
                continue;
            }
        };
        columns.push(((*name).to_owned(), kind));
    }
    columns
}

/// A model's word, as the store and JSON have it.
pub(crate) const fn word(model: ModelKind) -> &'static str {
    match model {
        ModelKind::Product => "product",
        ModelKind::Listing => "listing",
        ModelKind::InventoryLevel => "inventory_level",
        ModelKind::Location => "location",
        ModelKind::Order => "order",
        ModelKind::Payout => "payout",
        ModelKind::MarketSnapshot => "market_snapshot",
        ModelKind::Metric => "metric",
        ModelKind::Content => "content",
        ModelKind::ContentMetric => "content_metric",
        ModelKind::AdCampaign => "ad_campaign",
        ModelKind::AdMetric => "ad_metric",
        ModelKind::Review => "review",
        ModelKind::Inquiry => "inquiry",
        ModelKind::Booking => "booking",
        ModelKind::Native => "native",
        _ => "unknown",
    }
}

/// The model with this word.
pub(crate) fn model_named(name: &str) -> Option<ModelKind> {
    ModelKind::ALL
        .into_iter()
        .find(|model| word(*model) == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::db::{Ask as _, Db, get};

    async fn columns(db: &Db, table: &str) -> BTreeSet<String> {
        let sql = format!("SELECT name FROM pragma_table_info('{table}')");
        let rows = db.all(&sql, Vec::new()).await.unwrap();
        rows.iter().map(|row| get(row, "name").unwrap()).collect()
    }

    fn listed(columns: Vec<(String, Type)>) -> BTreeSet<String> {
        columns.into_iter().map(|(name, _)| name).collect()
    }

    /// Drift: what the migrations made is what the list says, no more and no less.
    #[tokio::test]
    async fn the_list_is_what_the_migrations_made() {
        let options = crate::StoreOptions::new("sqlite::memory:");
        let store = crate::Store::open(options).await.unwrap();
        store.migrate().await.unwrap();
        for table in Table::all() {
            assert_eq!(
                columns(store.db(), table.name).await,
                listed(table.columns()),
                "{}",
                table.name
            );
            if let Some(children) = table.children {
                assert_eq!(
                    columns(store.db(), children.name).await,
                    listed(children.columns()),
                    "{}",
                    children.name
                );
            }
        }
    }

    #[test]
    fn every_model_has_a_table_and_a_word() {
        for model in ModelKind::ALL {
            assert!(Table::of(model).is_ok(), "{model:?}");
            assert_eq!(serde_json::json!(model), word(model));
            assert_eq!(model_named(word(model)), Some(model));
        }
        assert_eq!(model_named("unknown"), None);
    }
}
