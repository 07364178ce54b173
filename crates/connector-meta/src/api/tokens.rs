//! What must never be kept of Meta's answers: tokens, and addresses that carry one.

use serde_json::Value;
use serde_json::value::RawValue;

/// The same JSON without what must never be kept: addresses of further pages, which carry the token,
/// and tokens.
pub(crate) fn without_tokens(raw: Box<RawValue>) -> Box<RawValue> {
    if !raw.get().contains("access_token") {
        return raw;
    }
    let cleaned = serde_json::from_str(raw.get()).map(|mut value: Value| {
        clean(&mut value);
        value
    });
    // What was read as JSON can be written as JSON.
    cleaned
        .and_then(|value| serde_json::value::to_raw_value(&value))
        .unwrap_or_else(|_impossible| RawValue::NULL.to_owned())
}

fn clean(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, value| {
                name != "access_token"
                    && !value
                        .as_str()
                        .is_some_and(|text| text.contains("access_token="))
            });
            fields.values_mut().for_each(clean);
        }
        Value::Array(items) => items.iter_mut().for_each(clean),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_has_no_token_in_it() {
        let json = r#"{"id":"t","access_token":"made-up","messages":{"data":[{"id":"m"}],"paging":{"cursors":{"after":"MQ"},"next":"https://graph.facebook.com/v26.0/t/messages?access_token=made-up&after=MQ"}}}"#;
        let raw = RawValue::from_string(json.to_owned()).unwrap();
        assert_eq!(
            without_tokens(raw).get(),
            r#"{"id":"t","messages":{"data":[{"id":"m"}],"paging":{"cursors":{"after":"MQ"}}}}"#
        );
    }
}
