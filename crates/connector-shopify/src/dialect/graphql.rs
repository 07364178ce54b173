//! Failures inside an answer of GraphQL, whatever its status says.

use std::time::Duration;

use connector_core::{Error, ErrorKind, Operation};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// Where Shopify explains that an app must be approved for a part of customer data, which is no
/// matter of scopes.
const PROTECTED_DATA: &str = "protected-customer-data";

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
    #[serde(default)]
    errors: Value,
}

#[derive(Debug, Deserialize)]
struct GraphqlError {
    #[serde(default)]
    message: String,
    #[serde(default)]
    path: Vec<Value>,
    #[serde(default)]
    extensions: Extensions,
}

#[derive(Debug, Default, Deserialize)]
struct Extensions {
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    documentation: Option<String>,
    #[serde(default)]
    cost: Option<f64>,
}

/// The failure within an answer of GraphQL, if there is one.
///
/// Most answers have none, so the body is searched for the keys before it is read. In a text the
/// quotes would be escaped.
pub(super) fn judge(operation: Operation, body: &[u8]) -> Option<Error> {
    let Ok(text) = std::str::from_utf8(body) else {
        return Some(Error::contract("the answer is not UTF-8"));
    };
    if text.contains("\"errors\"") {
        let envelope: Envelope<'_> = serde_json::from_str(text).ok()?;
        let has_data = envelope.data.is_some_and(|data| data.get() != "null");
        if let Some(error) = errors(operation, envelope.errors, has_data, body) {
            return Some(error);
        }
    }
    if text.contains("\"userErrors\"") {
        return user_error(text);
    }
    None
}

fn errors(operation: Operation, errors: Value, has_data: bool, body: &[u8]) -> Option<Error> {
    let errors: Vec<GraphqlError> = match errors {
        Value::Null => return None,
        // REST's forms, which also come when a request doesn't get as far as GraphQL.
        Value::String(_) | Value::Object(_) => {
            return Some(Error::new(
                ErrorKind::Rejected,
                "Shopify refused the request",
            ));
        }
        list => match serde_json::from_value(list) {
            Ok(errors) => errors,
            Err(_) => {
                return Some(Error::contract(
                    "the answer's errors have an unexpected shape",
                ));
            }
        },
    };
    let is_partial =
        |error: &GraphqlError| has_data && error.is("ACCESS_DENIED") && error.path.len() > 1;
    let worst = errors.iter().find(|error| !is_partial(error))?;
    let code = worst.extensions.code.as_deref().unwrap_or("none");
    let error = match code {
        "THROTTLED" => {
            let error = Error::new(ErrorKind::RateLimited, "the shop's points are spent");
            match value_of::<CostReport>("cost", body).and_then(|cost| cost.wait()) {
                Some(wait) => error.retry_in(wait),
                None => error,
            }
        }
        "ACCESS_DENIED" => denied(operation, worst),
        "SHOP_INACTIVE" => Error::new(ErrorKind::PermissionDenied, "the shop is not active"),
        "MAX_COST_EXCEEDED" => Error::new(ErrorKind::Rejected, "the query costs too many points")
            .with("cost", worst.extensions.cost.unwrap_or_default()),
        "INTERNAL_SERVER_ERROR" | "TIMEOUT" => {
            Error::new(ErrorKind::Unavailable, "Shopify failed").maybe_arrived()
        }
        // Without a code: an internal error, too ("Internal error. Looks like something went wrong
        // on our end").
        "none" if worst.message.starts_with("Internal error") => {
            Error::new(ErrorKind::Unavailable, "Shopify failed").maybe_arrived()
        }
        _ => Error::new(ErrorKind::Rejected, "Shopify refused the query"),
    };
    Some(error.with("code", code))
}

fn denied(operation: Operation, error: &GraphqlError) -> Error {
    let about_customers = error
        .extensions
        .documentation
        .as_deref()
        .is_some_and(|page| page.contains(PROTECTED_DATA));
    let field = error
        .path
        .iter()
        .filter_map(Value::as_str)
        .collect::<Vec<_>>()
        .join(".");
    let denied = if about_customers {
        Error::new(
            ErrorKind::PermissionDenied,
            "Shopify has not approved the app for protected customer data",
        )
    } else {
        Error::new(
            ErrorKind::PermissionDenied,
            "the app lacks an access scope: add it and connect again",
        )
    };
    let denied = denied.with("field", field);
    match scopes(operation) {
        Some(scopes) if !about_customers => denied.with("scope", scopes),
        _ => denied,
    }
}

/// The scopes of which an operation needs one (Shopify's own `requiredAccess`, 2026-10).
fn scopes(operation: Operation) -> Option<&'static str> {
    Some(match operation.name {
        "products" | "product" => "read_products",
        "orders" | "order" => "read_orders",
        "locations" | "location" => "read_locations or read_inventory",
        "inventoryItems" | "inventoryItem" => "read_inventory",
        "shopifyPaymentsAccount" => {
            "read_shopify_payments_accounts and read_shopify_payments_payouts"
        }
        // What a bulk operation needs depends on its query; its stream knows.
        _ => return None,
    })
}

/// The first user error of a mutation. Its message may quote what was sent, so only its code and
/// its field are kept.
fn user_error(text: &str) -> Option<Error> {
    #[derive(Deserialize)]
    struct Mutations<'a> {
        #[serde(borrow)]
        data: Option<std::collections::HashMap<&'a str, Value>>,
    }
    let mutations: Mutations<'_> = serde_json::from_str(text).ok()?;
    let error = mutations
        .data?
        .into_values()
        .find_map(|payload| payload.get("userErrors")?.as_array()?.first().cloned())?;
    let code = error.get("code").and_then(Value::as_str).unwrap_or("none");
    let field = error
        .get("field")
        .and_then(Value::as_array)
        .map(|path| {
            path.iter()
                .filter_map(Value::as_str)
                .collect::<Vec<_>>()
                .join(".")
        })
        .unwrap_or_default();
    let refused = match code {
        "OPERATION_IN_PROGRESS" | "LIMIT_REACHED" => Error::new(
            ErrorKind::RateLimited,
            "as many bulk operations of this app are running as may run at once",
        )
        .final_(),
        _ => Error::new(ErrorKind::Rejected, "Shopify refused the change"),
    };
    Some(refused.with("code", code).with("field", field))
}

impl GraphqlError {
    fn is(&self, code: &str) -> bool {
        self.extensions.code.as_deref() == Some(code)
    }
}

impl CostReport {
    /// How long until there are enough points, and at least a moment.
    fn wait(&self) -> Option<Duration> {
        let missing = self.requested_query_cost - self.throttle_status.currently_available;
        let seconds = missing.max(1.0) / self.throttle_status.restore_rate;
        Duration::try_from_secs_f64(seconds).ok()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CostReport {
    requested_query_cost: f64,
    throttle_status: ThrottleStatus,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
/// What Shopify says of the bucket of points.
pub(super) struct ThrottleStatus {
    pub(super) maximum_available: f64,
    pub(super) currently_available: f64,
    pub(super) restore_rate: f64,
}

/// The value of the last key of this name, found from the end, where Shopify writes `extensions`:
/// the data before it is not read. Within a text a quote is escaped, so this can't be one.
pub(super) fn value_of<'a, T: Deserialize<'a>>(key: &str, body: &'a [u8]) -> Option<T> {
    let text = std::str::from_utf8(body).ok()?;
    let (_, after) = text.rsplit_once(&format!("\"{key}\""))?;
    let value = after.trim_start().strip_prefix(':')?;
    let mut values = serde_json::Deserializer::from_str(value).into_iter::<T>();
    values.next()?.ok()
}
