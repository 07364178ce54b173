//! Flaws planted in records, one at a time: each is found, and a record without one is valid.

use connector_core::Model;
use serde_json::{Value, json};

use super::*;

const NOW: &str = "2026-11-21T10:00:00Z";

fn verdict(model: &str, value: &Value) -> Result<(), String> {
    let tagged = json!({"model": model, "value": value});
    let model: Model = serde_json::from_value(tagged).unwrap();
    let horizon = Horizon::of(NOW.parse().unwrap());
    record_is_valid(&Record::upsert("id", None, model), horizon).map_err(|why| why.to_string())
}

/// The record is valid, and each of these changes makes it one that is refused for this reason.
fn holds(model: &str, valid: &Value, flaws: &[(&str, Value, &str)]) {
    assert_eq!(verdict(model, valid), Ok(()), "{model}");
    for (field, value, reason) in flaws {
        let mut flawed = valid.clone();
        *flawed.pointer_mut(field).unwrap() = value.clone();
        let why = verdict(model, &flawed).expect_err(field);
        assert!(why.contains(reason), "{model}{field}: {why}");
    }
}

fn measurement() -> Value {
    json!({
        "date": "2026-11-20", "time_zone": "Europe/Berlin", "name": "SPEND", "common": "spend",
        "value": 1.5, "unit": "money", "currency": "EUR", "dimensions": {"device": "phone"},
        "attribution_window": null, "provisional": true, "caveats": [],
    })
}

#[test]
fn a_measurement_is_a_number_of_a_day_in_its_unit() {
    let metric = json!({"subject_external_id": "p", "measurement": measurement()});
    holds(
        "metric",
        &metric,
        &[
            ("/subject_external_id", json!(""), "the subject is empty"),
            ("/measurement/name", json!(" SPEND"), "padded"),
            (
                "/measurement/date",
                json!("2026-11-23"),
                "the day is 2026-11-23",
            ),
            (
                "/measurement/date",
                json!("1970-01-01"),
                "the day is 1970-01-01",
            ),
            ("/measurement/time_zone", json!("+01:00"), "no zone's name"),
            ("/measurement/currency", json!(null), "the unit is Money"),
            ("/measurement/unit", json!("count"), "the unit is Count"),
            ("/measurement/common", json!("clicks"), "Clicks in Money"),
            (
                "/measurement/dimensions",
                json!({"": "x"}),
                "the dimension's name is empty",
            ),
            (
                "/measurement/attribution_window",
                json!(""),
                "the attribution window is empty",
            ),
        ],
    );
    let mut position = metric;
    position["measurement"]["common"] = json!("average_position");
    position["measurement"]["unit"] = json!("position");
    position["measurement"]["currency"] = json!(null);
    holds(
        "metric",
        &position,
        &[("/measurement/value", json!(0.0), "places count from 1")],
    );
}

#[test]
fn a_value_that_is_no_number_is_refused() {
    let date = "2026-11-20".parse().unwrap();
    let horizon = Horizon::of(NOW.parse().unwrap());
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let metric = connector_core::model::Metric {
            subject_external_id: None,
            measurement: connector_core::model::Measurement::count(date, "clicks", value),
        };
        let record = Record::upsert("id", None, Model::Metric(Box::new(metric)));
        let why = record_is_valid(&record, horizon).unwrap_err().to_string();
        assert!(why.contains("the value is"), "{why}");
    }
}

#[test]
fn a_number_of_content_or_an_advertisement_names_it() {
    holds(
        "content_metric",
        &json!({"content_external_id": "c", "measurement": measurement()}),
        &[
            ("/content_external_id", json!(""), "the content is empty"),
            ("/measurement/currency", json!(null), "the unit is Money"),
        ],
    );
    holds(
        "ad_metric",
        &json!({
            "account_external_id": "a", "campaign_external_id": "c", "ad_group_external_id": null,
            "ad_external_id": null, "measurement": measurement(),
        }),
        &[
            (
                "/account_external_id",
                json!(" a"),
                "the advertising account",
            ),
            ("/campaign_external_id", json!(""), "the campaign is empty"),
            ("/ad_group_external_id", json!(""), "the ad group is empty"),
            ("/ad_external_id", json!(""), "the advertisement is empty"),
            ("/measurement/unit", json!("ratio"), "the unit is Ratio"),
        ],
    );
}

#[test]
fn content_leads_somewhere_and_was_made_before_it_changed() {
    holds(
        "content",
        &json!({
            "kind": "pin", "platform_kind": null, "title": null, "text": null,
            "url": "https://pins.example/1", "image_url": null, "link_url": null,
            "parent_external_id": "b", "public": true, "tags": ["spring"],
            "published_at": "2026-11-01T00:00:00Z", "created_at": "2026-11-01T00:00:00Z",
            "updated_at": "2026-11-02T00:00:00Z",
        }),
        &[
            ("/url", json!("pins/1"), "no browser opens"),
            ("/image_url", json!("javascript:1"), "no browser opens"),
            ("/link_url", json!(""), "no browser opens"),
            ("/parent_external_id", json!(""), "the parent is empty"),
            ("/tags/0", json!(""), "the tag is empty"),
            (
                "/published_at",
                json!("2126-11-01T00:00:00Z"),
                "published_at",
            ),
            (
                "/updated_at",
                json!("2026-10-01T00:00:00Z"),
                "before it was made",
            ),
        ],
    );
}

#[test]
fn a_campaign_has_a_name_and_ends_after_it_begins() {
    holds(
        "ad_campaign",
        &json!({
            "account_external_id": "a", "name": "Spring", "status": "active",
            "platform_status": null, "objective": null, "channel": null,
            "daily_budget": {"minor": 500, "currency": "EUR"}, "lifetime_budget": null,
            "starts_at": "2026-11-01T00:00:00Z", "ends_at": "2037-12-30T00:00:00Z",
            "created_at": "2026-11-01T00:00:00Z", "updated_at": null,
        }),
        &[
            ("/account_external_id", json!(""), "the advertising account"),
            ("/name", json!(" "), "without a name"),
            ("/daily_budget/minor", json!(-1), "the budget is"),
            ("/ends_at", json!("2026-10-01T00:00:00Z"), "it ends at"),
            ("/ends_at", json!("9999-10-01T00:00:00Z"), "ends_at"),
            ("/created_at", json!("1970-01-20T00:00:00Z"), "created_at"),
        ],
    );
}

#[test]
fn a_review_has_one_to_five_stars() {
    holds(
        "review",
        &json!({
            "subject_external_id": "l", "rating": 5, "recommended": null, "title": null,
            "text": "Fine", "author_name": "A. N. Other", "reply": null, "replied_at": null,
            "url": null, "created_at": "2026-11-01T00:00:00Z", "updated_at": null,
        }),
        &[
            ("/subject_external_id", json!(""), "the subject is empty"),
            ("/rating", json!(0), "stars"),
            ("/rating", json!(6), "stars"),
            ("/text", json!(""), "the text is there and empty"),
            ("/author_name", json!(" "), "the author's name"),
            ("/created_at", json!("2126-11-01T00:00:00Z"), "created_at"),
        ],
    );
}

#[test]
fn an_inquiry_says_what_it_knows() {
    holds(
        "inquiry",
        &json!({
            "kind": "form", "channel": null, "source_external_id": "f", "contact_name": null,
            "contact_email": "a@studio.example", "contact_phone": null, "message": null,
            "answers": [{"question": "when", "answers": ["soon"]}], "message_count": 1,
            "origin": {"utm_source": "pins"}, "created_at": "2026-11-01T00:00:00Z",
            "updated_at": null,
        }),
        &[
            ("/source_external_id", json!(""), "the source is empty"),
            ("/contact_email", json!(""), "the contact's mail"),
            ("/answers/0/question", json!(""), "the question is empty"),
            ("/message_count", json!(-1), "messages"),
            ("/origin", json!({}), "the origin says nothing"),
            (
                "/updated_at",
                json!("2026-10-01T00:00:00Z"),
                "before it was made",
            ),
        ],
    );
}

#[test]
fn a_booking_takes_whole_days_or_has_a_time() {
    let timed = json!({
        "calendar_external_id": "c", "title": null, "description": null, "status": "confirmed",
        "starts_at": "2026-11-23T09:00:00Z", "ends_at": "2026-11-23T10:00:00Z", "starts_on": null,
        "ends_on": null, "time_zone": "Europe/Berlin", "location": null, "customer_name": null,
        "customer_email": null, "guest_count": 1, "series_external_id": null, "url": null,
        "origin": null, "created_at": "2026-11-01T00:00:00Z", "updated_at": null,
    });
    holds(
        "booking",
        &timed,
        &[
            ("/calendar_external_id", json!(""), "the calendar is empty"),
            ("/series_external_id", json!(""), "the series is empty"),
            ("/starts_on", json!("2026-11-23"), "not both"),
            ("/ends_at", json!("2026-11-23T08:00:00Z"), "it ends at"),
            ("/ends_at", json!("2126-11-23T08:00:00Z"), "ends_at"),
            ("/guest_count", json!(-1), "guests"),
            ("/customer_name", json!(""), "the guest's name"),
            ("/origin", json!({}), "the origin says nothing"),
        ],
    );
    let mut days = timed;
    days["starts_at"] = json!(null);
    days["ends_at"] = json!(null);
    assert!(
        verdict("booking", &days)
            .unwrap_err()
            .contains("not neither")
    );
    days["starts_on"] = json!("2026-11-23");
    days["ends_on"] = json!("2026-11-24");
    holds(
        "booking",
        &days,
        &[
            ("/ends_on", json!("2026-11-23"), "its first day"),
            ("/starts_on", json!("1926-11-23"), "starts_on"),
        ],
    );
}
