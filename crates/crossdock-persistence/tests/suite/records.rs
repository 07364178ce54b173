//! What is committed comes back as it was, and is judged by what it means.

use std::collections::BTreeSet;

use connector_core::{Model, ModelKind, Record};
use crossdock_persistence::{PageCounts, RecordQuery, RecordSet};
use serde_json::json;

use crate::fixture::{at, begin, commit, connect, listing, new_run, product};
use crate::on_both;

fn model_of(record: &Record) -> serde_json::Value {
    let connector_core::Change::Upsert(model) = &record.change else {
        panic!("it is gone");
    };
    let mut tagged = serde_json::to_value(model).unwrap();
    tagged["value"].take()
}

/// One of each model, with every field set, as its JSON.
fn full_models() -> Vec<serde_json::Value> {
    let money = |minor: i64| json!({"minor": minor, "currency": "JPY"});
    let time = "2026-11-21T10:00:00.250Z";
    let measurement = json!({"date": "2026-11-20", "time_zone": "America/Los_Angeles", "name": "SPEND", "common": "spend", "value": 0.1, "unit": "money", "currency": "JPY", "dimensions": {"device": "phone", "a": "\u{e9}"}, "attribution_window": "7d_click", "provisional": true, "caveats": ["sampled", "estimated"]});
    let origin = json!({"utm_source": "s", "click_id_kind": "gclid", "click_id": "made-up", "organic": false});
    let native = json!({"id": 18_446_744_073_709_551_615_u64, "f": 0.5, "nested": [{"a": null}]});
    vec![
        json!({"model": "listing", "value": {"product_external_id": "c", "title": "T", "sku": "S", "size": "10.5", "size_unit": "US", "condition": "new", "packaging_condition": "good", "price": money(1), "quantity": 2, "status": "sold", "platform_status": "SOLD", "consigned": true, "url": "u", "created_at": time, "updated_at": time, "activated_at": time}}),
        json!({"model": "inventory_level", "value": {"inventory_item_id": "i", "location_id": "l", "variant_external_id": "v", "sku": "S", "available": -1, "on_hand": 2, "committed": 3, "reserved": 4, "incoming": 5, "updated_at": time}}),
        json!({"model": "location", "value": {"name": "N", "active": false, "fulfills_online_orders": true, "address": "A", "city": "C", "region": "R", "postal_code": "P", "country_code": "JP", "created_at": time, "updated_at": time}}),
        json!({"model": "order", "value": {"number": "#1", "status": "open", "payment_status": "partially_refunded", "fulfillment_status": "delivered", "platform_status": "P", "currency": "JPY", "subtotal": money(1), "discount_total": money(2), "tax_total": money(3), "shipping_total": money(4), "total": money(5), "refunded_total": money(6), "fee_total": money(7), "net_total": money(8), "presentment_total": money(9), "channel": "web", "origin": origin, "customer_id": "c", "buyer_country": "JP", "ship_to": {"city": "C", "region": null, "postal_code": "1", "country_code": "JP"}, "test": true, "tags": ["a"], "placed_at": time, "created_at": time, "updated_at": time, "cancelled_at": time, "cancel_reason": "r", "act_by": time, "tracking_number": "t", "tracking_carrier": "c",
            "lines": [
                {"external_id": "2", "title": "T", "variant_title": "V", "sku": "S", "product_external_id": "p", "variant_external_id": "v", "listing_external_id": "l", "quantity": -2, "current_quantity": 0, "unit_price": money(1), "discount": money(2), "tax": money(3), "total": money(-4)},
                {"external_id": "1", "title": "the same id twice", "variant_title": null, "sku": null, "product_external_id": null, "variant_external_id": null, "listing_external_id": null, "quantity": 1, "current_quantity": null, "unit_price": null, "discount": null, "tax": null, "total": null},
                {"external_id": "1", "title": "fails no page", "variant_title": null, "sku": null, "product_external_id": null, "variant_external_id": null, "listing_external_id": null, "quantity": 1, "current_quantity": null, "unit_price": null, "discount": null, "tax": null, "total": null},
            ],
            "refunds": [{"external_id": "r", "amount": money(1), "note": "n", "created_at": time}],
            "transactions": [{"external_id": "t", "kind": "sale", "status": "success", "gateway": "g", "amount": money(1), "processed_at": time}],
            "fees": [{"kind": "commission", "amount": money(1)}]}}),
        json!({"model": "payout", "value": {"status": "in_transit", "platform_status": "P", "net": money(-1), "gross": money(2), "fees": money(3), "issued_on": "2026-11-20", "issued_at": time, "derived": true, "transactions": [{"external_id": "t", "kind": "charge", "order_external_id": "o", "amount": money(1), "fee": money(2), "net": null, "processed_at": time}]}}),
        json!({"model": "market_snapshot", "value": {"product_external_id": "c", "size": "9", "size_unit": "US", "condition": "new", "packaging_condition": "good", "region": "US", "consigned": false, "lowest_ask": money(1), "highest_bid": money(2), "last_sale": money(3), "reference_price": money(4), "last_sale_at": time}}),
        json!({"model": "metric", "value": {"subject_external_id": "p", "measurement": measurement}}),
        json!({"model": "content", "value": {"kind": "reel", "platform_kind": "P", "title": "T", "text": "X", "url": "u", "image_url": "i", "link_url": "l", "parent_external_id": "b", "public": false, "tags": ["a"], "published_at": time, "created_at": time, "updated_at": time}}),
        json!({"model": "content_metric", "value": {"content_external_id": "c", "measurement": measurement}}),
        json!({"model": "ad_campaign", "value": {"account_external_id": "a", "name": "N", "status": "paused", "platform_status": "P", "objective": "O", "channel": "C", "daily_budget": money(1), "lifetime_budget": money(2), "starts_at": time, "ends_at": time, "created_at": time, "updated_at": time}}),
        json!({"model": "ad_metric", "value": {"account_external_id": "a", "campaign_external_id": "c", "ad_group_external_id": "g", "ad_external_id": "d", "measurement": measurement}}),
        json!({"model": "review", "value": {"subject_external_id": "l", "rating": 5, "recommended": true, "title": "T", "text": "X", "author_name": "N", "reply": "R", "replied_at": time, "url": "u", "created_at": time, "updated_at": time}}),
        json!({"model": "inquiry", "value": {"kind": "form", "channel": "c", "source_external_id": "f", "contact_name": "N", "contact_email": "n@studio.example", "contact_phone": "+0", "message": "M", "answers": [{"question": "q", "answers": ["a", "b"]}], "message_count": 2, "origin": origin, "created_at": time, "updated_at": time}}),
        json!({"model": "booking", "value": {"calendar_external_id": "c", "title": "T", "description": "D", "status": "tentative", "starts_at": time, "ends_at": time, "starts_on": "2026-11-20", "ends_on": "2026-11-21", "time_zone": "Europe/Berlin", "location": "L", "customer_name": "N", "customer_email": "n@studio.example", "guest_count": 3, "series_external_id": "s", "url": "u", "origin": origin, "created_at": time, "updated_at": time}}),
        json!({"model": "native", "value": {"kind": "batch_operation", "title": "T", "status": "done", "body": native}}),
    ]
}

on_both! {
    async fn a_page_comes_back_as_it_was(database: Database) {
        let project = &database.project;
        let connection = connect(project, "shopify", "a.example").await;
        let run = begin(project, new_run(connection.id, "products", ModelKind::Product), at(1)).await;
        let records: Vec<Record> = (0..150).map(|id| product(id, "Tee", id % 4)).collect();
        let given: Vec<serde_json::Value> = records.iter().map(model_of).collect();
        let counts = commit(project, &run, records, at(2)).await;
        assert_eq!(counts, PageCounts { inserted: 150, last_sequence: 150, ..PageCounts::default() });

        let set = RecordSet::Stream("products".to_owned());
        let mut query = RecordQuery { limit: 40, ..RecordQuery::default() };
        let mut read = Vec::new();
        loop {
            let page = project.records(&set, &query).await.unwrap();
            read.extend(page.items);
            query.after = page.next;
            if query.after.is_none() {
                break;
            }
        }
        let values: Vec<serde_json::Value> = read.iter().map(|row| row.value.clone()).collect();
        assert_eq!(values, given);
        for row in &read {
            let tagged = serde_json::json!({"model": "product", "value": row.value});
            let model: Model = serde_json::from_value(tagged).unwrap();
            assert_eq!(model.kind(), ModelKind::Product);
            assert_eq!((row.first_seen_at, row.synced_at, row.gone_at), (at(2), at(2), None));
        }
    }

    async fn every_field_of_every_model_comes_back(database: Database) {
        let project = &database.project;
        let connection = connect(project, "alias", "seller").await.id;
        // Products are written as parts of a page, in the test above.
        let mut kinds: BTreeSet<ModelKind> = ModelKind::ALL.into_iter().collect();
        kinds.remove(&ModelKind::Product);
        for (given, number) in full_models().into_iter().zip(1..) {
            let model: Model = serde_json::from_value(given.clone()).unwrap();
            let kind = model.kind();
            kinds.remove(&kind);
            let stream = format!("stream_{number}");
            let run = begin(project, new_run(connection, &stream, kind), at(1)).await;
            let raw = serde_json::value::RawValue::from_string(r#"{"b": 1, "a": "\u0000"}"#.to_owned()).unwrap();
            let record = Record::upsert("a/b 'c' \"d\" \\ é", Some(at(9)), model).with_raw(Some(raw));
            commit(project, &run, vec![record.clone()], at(2)).await;
            assert_eq!(commit(project, &run, vec![record], at(3)).await.unchanged, 1, "{kind:?}");
            let query = RecordQuery { include_raw: true, ..RecordQuery::default() };
            let page = project.records(&RecordSet::Model(kind), &query).await.unwrap();
            assert_eq!((page.items.len(), page.next), (1, None));
            let row = &page.items[0];
            let read: Model = serde_json::from_value(json!({"model": kind, "value": row.value})).unwrap();
            assert_eq!(read, serde_json::from_value(given).unwrap());
            assert_eq!(row.external_id, "a/b 'c' \"d\" \\ é");
            assert_eq!((row.updated_at, row.stream.as_str()), (Some(at(9)), stream.as_str()));
            assert_eq!(row.raw, Some(json!({"b": 1, "a": "\0"})));
        }
        assert_eq!(kinds, BTreeSet::new(), "no record of these was tried");
    }

    async fn pages_go_over_connections_and_streams(database: Database) {
        let project = &database.project;
        let mut given = Vec::new();
        for account in ["a", "b"] {
            let connection = connect(project, "alias", account).await.id;
            for stream in ["x", "y"] {
                let run = begin(project, new_run(connection, stream, ModelKind::Listing), at(1)).await;
                let ids = ["1", "10", "2", "Z", "a", "é"];
                let records = ids.iter().rev().map(|id| listing(id, 1)).collect();
                commit(project, &run, records, at(2)).await;
                commit(project, &run, vec![Record::gone("2")], at(3)).await;
                given.extend(ids.iter().filter(|id| **id != "2").map(|id| (connection, stream.to_owned(), (*id).to_owned())));
            }
        }
        let mut query = RecordQuery { limit: 3, ..RecordQuery::default() };
        let mut read = Vec::new();
        loop {
            let page = project.records(&RecordSet::Model(ModelKind::Listing), &query).await.unwrap();
            assert!(page.items.len() <= 3);
            read.extend(page.items.into_iter().map(|row| (row.connection, row.stream, row.external_id)));
            query.after = page.next;
            if query.after.is_none() {
                break;
            }
        }
        assert_eq!(read, given);
        let with_gone = RecordQuery { include_gone: true, ..RecordQuery::default() };
        let set = RecordSet::Stream("x".to_owned());
        let page = project.records(&set, &with_gone).await.unwrap();
        assert_eq!((page.items.len(), page.items.iter().filter(|row| row.gone_at.is_some()).count()), (12, 2));
        let since = RecordQuery { updated_since: Some(at(3)), ..RecordQuery::default() };
        assert!(project.records(&set, &since).await.unwrap().items.is_empty());
        let foreign = RecordQuery { after: Some("nonsense".to_owned()), ..RecordQuery::default() };
        assert!(project.records(&set, &foreign).await.is_err());
    }
}
