//! What is committed comes back as it was, and is judged by what it means.

use connector_core::{Model, ModelKind, Record};
use crossdock_persistence::{PageCounts, RecordQuery, RecordSet};

use crate::fixture::{at, begin, commit, connect, listing, new_run, product};
use crate::on_both;

fn model_of(record: &Record) -> serde_json::Value {
    let connector_core::Change::Upsert(model) = &record.change else {
        panic!("it is gone");
    };
    let mut tagged = serde_json::to_value(model).unwrap();
    tagged["value"].take()
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
        let _ = listing("l", 1);
    }
}
