//! Competitive summaries. Replies of version 0 of the API belong to no stream.

use std::collections::BTreeSet;

use connector_amazon_spapi::api::{CONDITIONS, GetCompetitiveSummary};
use connector_amazon_spapi::map;
use connector_core::Change;
use connector_core::model::Model;

use crate::files::{folder, replies};

#[test]
fn every_recorded_summary_is_mapped_or_refused_by_amazon() {
    if folder().is_none() {
        return;
    }
    let call = GetCompetitiveSummary {
        requests: Vec::new(),
    };
    let conditions: BTreeSet<String> = CONDITIONS.map(str::to_owned).into();
    let (mut asks, mut without, mut refused) = (0, 0, 0);
    for recorded in replies("", "getCompetitiveSummary.200") {
        for entry in recorded.read(&call).responses {
            for mapped in map::snapshots(entry.value().unwrap(), &conditions) {
                match mapped {
                    Err(_) => refused += 1,
                    Ok(record) => match record.change {
                        Change::Upsert(Model::MarketSnapshot(snapshot)) => {
                            let count = match snapshot.lowest_ask {
                                Some(_) => &mut asks,
                                None => &mut without,
                            };
                            *count += 1;
                        }
                        other => panic!("{other:?}"),
                    },
                }
            }
        }
    }
    println!("{asks} snapshots with an offer, {without} without, {refused} products refused");
    assert_eq!((asks, without, refused), (2, 3, 1));
}
