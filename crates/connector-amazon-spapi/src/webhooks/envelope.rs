//! What notifications are wrapped in on their way: each carrier has its own envelope, and one may lie
//! in another.

use connector_core::{Error, Result, endpoint};
use serde_json::Value;

/// As deep as envelopes lie in each other: a topic's in a queue's in a function's has seven layers of
/// objects, lists and texts.
const DEEPEST: u8 = 8;

/// The notifications in a body: one that is bare, or those in the envelopes of `EventBridge`, SQS (as a
/// function gets it, as a queue's reader gets it, or one by one) and SNS.
pub(super) fn unwrap(body: Value) -> Result<Vec<Value>> {
    let mut notifications = Vec::new();
    open(body, DEEPEST, &mut notifications)?;
    Ok(notifications)
}

fn open(value: Value, deeper: u8, into: &mut Vec<Value>) -> Result<()> {
    let Some(deeper) = deeper.checked_sub(1) else {
        return Err(Error::contract("a notification is wrapped too often"));
    };
    match value {
        Value::Array(values) => values
            .into_iter()
            .try_for_each(|value| open(value, deeper, into)),
        // A carrier of texts has the JSON in one.
        Value::String(text) => open(endpoint::json(text.as_bytes())?, deeper, into),
        Value::Object(mut fields) => {
            let inside = [
                "detail", "Records", "Messages", "Sns", "Message", "body", "Body",
            ];
            for name in inside {
                if let Some(value) = fields.remove(name) {
                    return open(value, deeper, into);
                }
            }
            into.push(Value::Object(fields));
            Ok(())
        }
        _ => Err(Error::contract("this is no notification of Amazon's")),
    }
}
