//! Event groups and transactions.
//!
//! Of the events, balances and summaries that were recorded no stream reads any.

use chrono::DateTime;
use connector_amazon_spapi::api::{
    FinancialEventGroup, ListFinancialEventGroups, ListTransactions,
};
use connector_amazon_spapi::map;

use crate::files::{folder, replies};

#[test]
fn every_recorded_group_is_a_payout() {
    let Some(folder) = folder() else {
        return;
    };
    let list = ListFinancialEventGroups {
        started_after: DateTime::UNIX_EPOCH,
        started_before: DateTime::UNIX_EPOCH,
        next_token: None,
    };
    let mut groups: Vec<FinancialEventGroup> = Vec::new();
    for recorded in replies("sandbox-static", "listFinancialEventGroups.200") {
        let page = recorded.read(&list).payload;
        groups.extend(
            page.groups
                .iter()
                .map(|group| group.value().unwrap().clone()),
        );
    }
    let records = folder.join("records/orders-finances/ListFinancialEventGroups.jsonl");
    let records = std::fs::read_to_string(records).unwrap();
    groups.extend(
        records
            .lines()
            .map(|line| serde_json::from_str(line).unwrap()),
    );
    for group in &groups {
        map::payout(group, &[]).unwrap_or_else(|odd| panic!("{group:?}: {odd:?}"));
    }
    println!("{} groups", groups.len());
    assert_eq!(groups.len(), 2);
}

#[test]
fn every_recorded_transaction_is_a_part_of_one() {
    if folder().is_none() {
        return;
    }
    let list = ListTransactions {
        group_id: "any".to_owned(),
        next_token: None,
    };
    let group: FinancialEventGroup = serde_json::from_value(serde_json::json!({
        "FinancialEventGroupId": "any",
        "OriginalTotal": {"CurrencyCode": "USD", "CurrencyAmount": 10},
    }))
    .unwrap();
    let mut transactions = Vec::new();
    for recorded in replies("", "listTransactions.200") {
        let page = recorded.read(&list).payload;
        transactions.extend(
            page.transactions
                .iter()
                .map(|it| it.value().unwrap().clone()),
        );
    }
    map::payout(&group, &transactions).unwrap();
    println!("{} transactions", transactions.len());
    assert_eq!(transactions.len(), 1);
}
