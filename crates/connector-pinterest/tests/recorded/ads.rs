//! Recorded campaigns, ad accounts, rows of reports, and catalogues.
use connector_core::model::{AdCampaignStatus, Currency, Model};
use connector_core::{Change, Dialect as _, ErrorKind, Operation, Record, Verdict};
use connector_pinterest::api::{
    AdAccount, Campaign, Catalog, Entry, Feed, List, ProductGroup, ReportRow,
};
use connector_pinterest::{PinterestDialect, map};
use connector_testkit::recorded::{bodies, shared};
use serde::Deserialize;

/// Files of these folders that belong to no stream: what all ad accounts did together, which was
/// nothing, and trends of a category.
const ELSEWHERE: [&str; 2] = [
    "ad-accounts/get-ad-account-analytics.json",
    "catalogs/get-product-category-trend-details.json",
];

/// What a change of campaigns is answered with.
#[derive(Deserialize)]
struct Changed {
    data: Entry<Campaign>,
}

fn campaign(entry: Entry<Campaign>) -> Record {
    let campaign = entry.into_parts().0.unwrap();
    let account = campaign.ad_account_id.clone().unwrap();
    let record = map::campaign(&account, Some(Currency::USD), campaign).unwrap();
    let Change::Upsert(Model::AdCampaign(known)) = &record.change else {
        unreachable!("a campaign becomes one")
    };
    assert!(known.status != AdCampaignStatus::Unknown && known.updated_at.is_some());
    assert!(known.daily_budget.is_some() && known.lifetime_budget.is_none());
    record
}

fn accounts(entries: Vec<Entry<AdAccount>>) -> usize {
    let currencies = entries.into_iter().map(|entry| {
        let account = entry.into_parts().0.unwrap();
        account.currency.unwrap().parse::<Currency>().unwrap()
    });
    currencies.count()
}

#[test]
fn every_recorded_campaign_and_catalogue_is_read_and_mapped() {
    let Some(folder) = shared("fixtures/pinterest/v5") else {
        return;
    };
    let (mut of_accounts, mut campaigns, mut groups, mut empty, mut refused) = (0, 0, 0, 0, 0);
    for (file, text) in bodies(&folder).unwrap() {
        let own = ["ad-accounts/", "campaigns/", "catalogs/"];
        if !own.iter().any(|own| file.starts_with(own)) || ELSEWHERE.contains(&file.as_str()) {
            continue;
        }
        match file.as_str() {
            "ad-accounts/ad-accounts.json" | "ad-accounts/list-ad-accounts.json" => {
                let list: List<AdAccount> = serde_json::from_str(&text).unwrap();
                of_accounts += accounts(list.items);
            }
            "campaigns/list-campaigns.json" => {
                let list: List<Campaign> = serde_json::from_str(&text).unwrap();
                campaigns += list.items.into_iter().map(campaign).count();
            }
            "campaigns/create-campaign.json" | "campaigns/update-campaigns.json" => {
                let list: List<Changed> = serde_json::from_str(&text).unwrap();
                let changed = list.items.into_iter();
                let changed = changed.map(|it| campaign(it.into_parts().0.unwrap().data));
                campaigns += changed.count();
            }
            "catalogs/list-catalogs.json" => {
                let list: List<Catalog> = serde_json::from_str(&text).unwrap();
                empty += usize::from(list.items.is_empty() && list.next().is_none());
            }
            "catalogs/catalog-feeds.json" | "catalogs/list-catalog-feeds.json" => {
                let list: List<Feed> = serde_json::from_str(&text).unwrap();
                empty += usize::from(list.items.is_empty() && list.next().is_none());
            }
            "catalogs/catalog-product-groups.json" => refused += no_catalogue(&text),
            "catalogs/pypin-catalogs-get_product_groups_list_resp.json" => {
                let list: List<ProductGroup> = serde_json::from_str(&text).unwrap();
                let read = list.items.iter().filter_map(|entry| entry.value().ok());
                groups += read.filter(|it| it.kind.is_some()).count();
            }
            other => unreachable!("{other} belongs to nothing"),
        }
    }
    println!(
        "{of_accounts} ad accounts, {campaigns} campaigns, {groups} groups, {empty} empty lists"
    );
    assert_eq!((of_accounts, campaigns), (14, 9));
    assert_eq!((groups, empty, refused), (1, 3, 1));
}

/// The refusal of an account without a catalogue, which is no failure of everything.
fn no_catalogue(text: &str) -> usize {
    let response = http::Response::builder()
        .status(409)
        .body(text.to_owned().into())
        .unwrap();
    let operation = Operation::read("catalogs_product_groups/list");
    match PinterestDialect.judge(operation, &response, chrono::DateTime::UNIX_EPOCH) {
        Verdict::Failure(error) => {
            assert_eq!(error.kind(), ErrorKind::Rejected);
            assert_eq!(error.context("code"), Some("4182"));
            1
        }
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn every_recorded_campaign_and_row_of_another_connector_is_read_and_mapped() {
    let Some(folder) = shared("fixtures/pinterest/v5-records") else {
        return;
    };
    let files = bodies(&folder).unwrap();
    let lines = |file: &str| files.get(file).unwrap().lines();
    let read = |line: &str| serde_json::from_str(line).unwrap();
    let of_accounts = accounts(lines("ad_accounts.jsonl").map(read_account).collect());
    let campaigns = lines("campaigns.jsonl").map(|line| campaign(read(line)));
    let campaigns = campaigns.count();
    let mut numbers = 0;
    for line in lines("campaign_analytics_report.jsonl") {
        let row: Entry<ReportRow> = serde_json::from_str(line).unwrap();
        let of = map::RowOf {
            account: "549761668032",
            currency: Some(Currency::USD),
            subject: "",
            today: "2023-07-20".parse().unwrap(),
        };
        for mapped in map::ad_entry(&row, true, of) {
            let record = mapped.unwrap();
            assert!(record.external_id.starts_with("626744128982/2023-07-14/"));
            assert!(record.raw.is_some());
            numbers += 1;
        }
    }
    println!("{of_accounts} ad accounts, {campaigns} campaigns, {numbers} numbers");
    assert_eq!((of_accounts, campaigns, numbers), (1, 1, 1));
}

fn read_account(line: &str) -> Entry<AdAccount> {
    serde_json::from_str(line).unwrap()
}
