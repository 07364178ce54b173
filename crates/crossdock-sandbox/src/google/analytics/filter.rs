//! Filters of reports: `dimensionFilter` before counting, `metricFilter` after it.
//! (Data API v1beta, `FilterExpression`.)

use serde_json::Value;

use crate::google::refusal::{Outcome, Refusal};

/// Whether an expression holds, where `value` tells what a field is: a text for dimensions, a
/// number's text for metrics.
pub(super) fn holds(expression: &Value, value: &dyn Fn(&str) -> Option<String>) -> Outcome<bool> {
    let parts = |name: &str| {
        let group = expression.pointer(&format!("/{name}/expressions"))?;
        group.as_array()
    };
    if let Some(parts) = parts("andGroup") {
        for part in parts {
            if !holds(part, value)? {
                return Ok(false);
            }
        }
        return Ok(true);
    }
    if let Some(parts) = parts("orGroup") {
        for part in parts {
            if holds(part, value)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    if let Some(part) = expression.get("notExpression") {
        return Ok(!holds(part, value)?);
    }
    let Some(filter) = expression.get("filter") else {
        return Err(Refusal::invalid("A filter expression has no filter."));
    };
    let name = filter
        .get("fieldName")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let held = value(name)
        .ok_or_else(|| Refusal::invalid(format!("Field {name} is not valid in this filter.")))?;
    one(filter, &held)
}

fn one(filter: &Value, held: &str) -> Outcome<bool> {
    if let Some(wanted) = filter.get("stringFilter") {
        let exact = wanted.get("caseSensitive").and_then(Value::as_bool) == Some(true);
        let fold = |text: &str| {
            if exact {
                text.to_owned()
            } else {
                text.to_lowercase()
            }
        };
        let text = |name: &str| wanted.get(name).and_then(Value::as_str).unwrap_or_default();
        let (held, value) = (fold(held), fold(text("value")));
        return match text("matchType") {
            "" | "MATCH_TYPE_UNSPECIFIED" | "EXACT" => Ok(held == value),
            "BEGINS_WITH" => Ok(held.starts_with(&value)),
            "ENDS_WITH" => Ok(held.ends_with(&value)),
            "CONTAINS" => Ok(held.contains(&value)),
            other => Err(Refusal::invalid(format!(
                "The sandbox doesn't match by {other}."
            ))),
        };
    }
    if let Some(values) = filter
        .pointer("/inListFilter/values")
        .and_then(Value::as_array)
    {
        let wanted = |value: &Value| {
            value
                .as_str()
                .is_some_and(|it| it.eq_ignore_ascii_case(held))
        };
        return Ok(values.iter().any(wanted));
    }
    if filter.get("emptyFilter").is_some() {
        return Ok(held.is_empty() || held == "(not set)");
    }
    let Some(wanted) = filter.get("numericFilter") else {
        return Err(Refusal::invalid("The filter has no condition."));
    };
    let number = wanted
        .pointer("/value/int64Value")
        .or_else(|| wanted.pointer("/value/doubleValue"));
    let number = match number {
        Some(Value::String(text)) => text.parse().unwrap_or(0.0),
        other => other.and_then(Value::as_f64).unwrap_or(0.0),
    };
    let held: f64 = held.parse().unwrap_or(0.0);
    Ok(match wanted.get("operation").and_then(Value::as_str) {
        Some("LESS_THAN") => held < number,
        Some("LESS_THAN_OR_EQUAL") => held <= number,
        Some("GREATER_THAN") => held > number,
        Some("GREATER_THAN_OR_EQUAL") => held >= number,
        _ => (held - number).abs() < f64::EPSILON,
    })
}
