//! What is on recordings.

use connector_core::Response;
use serde_json::Value;

/// An answer of Meta's.
pub(crate) fn response(status: u16, body: &str) -> Response {
    http::Response::builder()
        .status(status)
        .body(body.to_owned().into())
        .unwrap()
}

/// The objects of a reply: of a page of a list, of several by id, of one.
pub(crate) fn items(text: &str) -> Vec<Value> {
    let value: Value = serde_json::from_str(text).unwrap();
    match value {
        Value::Object(mut object) => match object.remove("data") {
            Some(Value::Array(items)) => items,
            _ if object.values().all(|it| it.get("id").is_some()) => {
                object.into_iter().map(|(_, value)| value).collect()
            }
            _ => vec![Value::Object(object)],
        },
        other => panic!("{other}"),
    }
}
