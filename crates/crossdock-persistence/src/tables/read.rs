//! From a row's columns back to a model's JSON.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use sea_orm::QueryResult;
use serde_json::{Map, Value};

use super::{Children, Field, Kind, field_columns};
use crate::db::get;
use crate::error::Result;

/// The columns of fields, for a select.
pub(crate) fn select_columns(fields: &[Field]) -> String {
    let names: Vec<String> = field_columns(fields)
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    names.join(",")
}

/// The fields of a row, as the model serialises.
pub(crate) fn content(row: &QueryResult, fields: &[Field]) -> Result<Map<String, Value>> {
    let mut object = Map::new();
    for (name, kind) in fields {
        let value = match kind {
            Kind::Text => get::<Option<String>>(row, name)?.map(Value::from),
            Kind::Int => get::<Option<i64>>(row, name)?.map(Value::from),
            Kind::Real => get::<Option<f64>>(row, name)?.map(Value::from),
            Kind::Bool => get::<Option<bool>>(row, name)?.map(Value::from),
            Kind::Time => get::<Option<DateTime<Utc>>>(row, name)?
                .map(|time| Value::from(time.to_rfc3339_opts(SecondsFormat::AutoSi, true))),
            Kind::Date => {
                get::<Option<NaiveDate>>(row, name)?.map(|date| Value::from(date.to_string()))
            }
            Kind::Json | Kind::Raw => get::<Option<Value>>(row, name)?,
            Kind::Money => money(row, name)?,
            Kind::Group(fields) => Some(Value::Object(content(row, fields)?)),
        };
        object.insert((*name).to_owned(), value.unwrap_or(Value::Null));
    }
    Ok(object)
}

fn money(row: &QueryResult, name: &str) -> Result<Option<Value>> {
    let minor: Option<i64> = get(row, &format!("{name}_minor"))?;
    let currency: Option<String> = get(row, &format!("{name}_currency"))?;
    Ok(minor
        .zip(currency)
        .map(|(minor, currency)| serde_json::json!({"minor": minor, "currency": currency})))
}

/// Puts the parts that were read, in their order, into their parents, which are by their ids.
pub(crate) fn children_into<'a>(
    children: &Children,
    rows: &[QueryResult],
    parents: impl Iterator<Item = (&'a str, &'a mut Map<String, Value>)>,
) -> Result<()> {
    let mut lists: HashMap<String, Vec<Value>> = HashMap::new();
    for row in rows {
        let part = Value::Object(content(row, children.fields)?);
        lists
            .entry(get(row, children.parent)?)
            .or_default()
            .push(part);
    }
    for (id, parent) in parents {
        let list = lists.remove(id).unwrap_or_default();
        parent.insert(children.field.to_owned(), Value::Array(list));
    }
    Ok(())
}
