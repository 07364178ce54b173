//! Recorded campaigns and insights of ads, read and mapped.
use std::collections::BTreeSet;
use std::fs;

use connector_core::Endpoint as _;
use connector_core::model::Currency;
use connector_meta::api::{AdInsight, Campaign, Campaigns};
use connector_meta::map;
use connector_testkit::recorded::shared;

use crate::shelf::response;

#[test]
fn recorded_campaigns_are_mapped() {
    let Some(folder) = shared("fixtures/meta") else {
        return;
    };
    let page = fs::read_to_string(folder.join("marketing-api/campaigns.json")).unwrap();
    let first = Campaigns {
        account: "act_1".to_owned(),
        updated_after: None,
        limit: 1,
        from: None,
    };
    let list = first.parse(&response(200, &page)).unwrap();
    let listed = list.data.into_iter().map(|it| it.into_parts().0.unwrap());
    let lines = fs::read_to_string(folder.join("marketing-records/campaigns.jsonl")).unwrap();
    let recorded = lines.lines().map(|it| serde_json::from_str(it).unwrap());
    let all: Vec<Campaign> = listed.chain(recorded).collect();
    println!("{} campaigns", all.len());
    assert_eq!(all.len(), 2);
    for campaign in all {
        let record = map::campaign("act_1", Some(Currency::USD), campaign).unwrap();
        assert!(record.updated_at.is_some());
    }
}

#[test]
fn recorded_insights_of_ads_are_mapped() {
    let Some(folder) = shared("fixtures/meta/marketing-records") else {
        return;
    };
    let today = "2021-09-20".parse().unwrap();
    let mut unknown = BTreeSet::new();
    let mut counts = Vec::new();
    for file in ["ads_insights.jsonl", "ads_insights_action_reaction.jsonl"] {
        let lines = fs::read_to_string(folder.join(file)).unwrap();
        for line in lines.lines() {
            let row: AdInsight = serde_json::from_str(line).unwrap();
            let mapped = map::ad_metrics("act_1", None, row, today, &mut unknown);
            let good = mapped.iter().filter(|it| it.is_ok());
            assert_eq!(good.count(), mapped.len(), "{file}: {mapped:?}");
            counts.push(mapped.len());
        }
    }
    println!("{counts:?} numbers of ads");
    // Four kinds of actions in three windows each, beside the row's own numbers.
    assert_eq!(counts, [4, 17, 4, 17]);
    assert_eq!(unknown, BTreeSet::new());
}
