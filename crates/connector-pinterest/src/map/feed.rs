//! Feeds of catalogues, with what became of their last run.

use connector_core::model::Native;
use connector_core::{Model, Record, Skipped};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use url::Url;

use super::{Mapped, text};
use crate::api::{Feed, FeedResult};

/// A feed and its last run, both in Pinterest's own words; `raw` is what [`clean_feed`] leaves.
///
/// It stands where its last run left it; `inactive` where it isn't run any more.
///
/// # Errors
/// What can't be read as JSON.
pub fn feed(feed: Feed, raw: &RawValue, last: Option<(FeedResult, &RawValue)>) -> Mapped {
    let read = |raw: &RawValue| {
        serde_json::from_str::<Value>(raw.get())
            .map_err(|_cause| Skipped::new(&feed.id, "its JSON can't be read"))
    };
    let told = read(raw)?;
    let mut updated = feed.updated_at;
    let mut status = text(feed.status);
    let mut run = Value::Null;
    if let Some((result, raw)) = last {
        run = read(raw)?;
        updated = updated.max(result.updated_at.or(result.created_at));
        if status.as_deref() != Some("INACTIVE") {
            status = text(result.status).or(status);
        }
    }
    let native = Native {
        kind: "catalog_feed".to_owned(),
        title: text(feed.name),
        status: status.map(|status| status.to_lowercase()),
        body: json!({"feed": told, "last_processing_result": run}),
    };
    Ok(Record::upsert(
        feed.id,
        updated,
        Model::Native(Box::new(native)),
    ))
}

/// A feed's JSON without what opens its file: the name and password that Pinterest was given apart,
/// those in the file's address, and the address' query, which may be signed.
#[must_use]
pub fn clean_feed(raw: &RawValue) -> Box<RawValue> {
    let mut feed: Value = serde_json::from_str(raw.get()).unwrap_or_default();
    if let Value::Object(fields) = &mut feed {
        fields.remove("credentials");
        if let Some(Value::String(location)) = fields.get_mut("location") {
            *location = without_secrets(location);
        }
    }
    serde_json::value::to_raw_value(&feed).unwrap_or_else(|_cannot_be| RawValue::NULL.to_owned())
}

/// An address without name, password and query; nothing of what is none.
fn without_secrets(address: &str) -> String {
    let Ok(mut url) = Url::parse(address) else {
        return String::new();
    };
    // One that can have neither has neither.
    let _cannot_have_one = url.set_username("");
    let _cannot_have_one = url.set_password(None);
    url.set_query(None);
    url.to_string()
}

#[cfg(test)]
mod tests {
    use connector_core::Change;

    use super::*;

    fn read(feed: &str, last: Option<&str>) -> Native {
        let raw = |json: &str| RawValue::from_string(json.to_owned()).unwrap();
        let result = last.map(|json| (serde_json::from_str(json).unwrap(), raw(json)));
        let last = result.as_ref();
        let last = last.map(|(result, raw): &(FeedResult, _)| (result.clone(), &**raw));
        let clean = clean_feed(&raw(feed));
        let record = super::feed(serde_json::from_str(feed).unwrap(), &clean, last).unwrap();
        match record.change {
            Change::Upsert(Model::Native(native)) => *native,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_feed_stands_where_its_last_run_left_it() {
        let feed = r#"{"id":"5","name":"Shop","status":"ACTIVE"}"#;
        let last =
            r#"{"id":"6","status":"FAILED","validation_details":{"errors":{"FETCH_ERROR":1}}}"#;
        let native = read(feed, Some(last));
        assert_eq!(native.status.as_deref(), Some("failed"));
        assert_eq!(native.title.as_deref(), Some("Shop"));
        let errors = &native.body["last_processing_result"]["validation_details"]["errors"];
        assert_eq!(errors["FETCH_ERROR"], 1);
        assert_eq!(read(feed, None).status.as_deref(), Some("active"));
        let ended = read(r#"{"id":"5","status":"INACTIVE"}"#, Some(last));
        assert_eq!(ended.status.as_deref(), Some("inactive"));
    }

    #[test]
    fn what_opens_the_feeds_file_is_not_kept() {
        let native = read(
            r#"{"id":"5","credentials":{"username":"studio","password":"s3cret"},"location":"sftp://studio:s3cret@files.example/feed.csv?sig=s3cret"}"#,
            None,
        );
        assert!(!native.body.to_string().contains("s3cret"));
        assert_eq!(
            native.body["feed"]["location"],
            "sftp://files.example/feed.csv"
        );
    }
}
