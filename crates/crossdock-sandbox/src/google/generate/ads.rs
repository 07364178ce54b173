//! Made-up advertising: a manager, two accounts in two currencies, and one that is closed.

use std::collections::BTreeSet;

use chrono_tz::Tz;
use serde_json::{Value, json};

use crate::google::ads::{Account, Ads, Fields};
use crate::random::Random;

/// The account that manages the others.
const MANAGER: &str = "9000000001";

/// An account that the user once had.
const CLOSED: &str = "9000000199";

static CAMPAIGNS: &[(&str, &str, &str)] = &[
    ("Bryllup København", "SEARCH", "MAXIMIZE_CONVERSIONS"),
    ("Brand – Sandkasse", "SEARCH", "TARGET_SPEND"),
    ("Portræt efterår", "SEARCH", "MANUAL_CPC"),
    (
        "Performance Max: kjoler",
        "PERFORMANCE_MAX",
        "MAXIMIZE_CONVERSION_VALUE",
    ),
    ("Lookbook video", "VIDEO", "TARGET_CPM"),
    ("Display remarketing", "DISPLAY", "TARGET_CPA"),
    ("Mariage à l’ivoirienne", "SEARCH", "MAXIMIZE_CONVERSIONS"),
    ("Konfirmation 2026", "SEARCH", "MAXIMIZE_CONVERSIONS"),
    ("Shopping 冬コレクション", "SHOPPING", "TARGET_ROAS"),
    ("Gavekort jul", "DEMAND_GEN", "MAXIMIZE_CONVERSIONS"),
    ("Gammel test", "SEARCH", "MANUAL_CPC"),
    ("Søndagsåbent", "SEARCH", "TARGET_SPEND"),
];

/// Fills in the accounts.
pub(super) fn fill(ads: &mut Ads, seed: u64) {
    let mut manager = account(
        MANAGER,
        "Sandkasse Marketing",
        "EUR",
        Tz::Europe__Copenhagen,
    );
    manager.manager = true;
    manager
        .fields
        .insert("customer.manager".to_owned(), json!(true));
    let mut closed = account(CLOSED, "Gamle Sandkasse", "DKK", Tz::Europe__Copenhagen);
    closed.closed = true;
    let clients = [
        (
            "9000000101",
            "Sandkasse Studio",
            "EUR",
            Tz::Europe__Copenhagen,
            450_000,
            20_100_000_000_u64,
            12,
        ),
        (
            "9000000102",
            "サンドボックス東京",
            "JPY",
            Tz::Asia__Tokyo,
            70_000_000,
            20_200_000_000,
            7,
        ),
    ];
    for (id, name, currency, zone, click_cost, first, count) in clients {
        manager.clients.insert(id.to_owned());
        let mut client = account(id, name, currency, zone);
        client.click_cost = click_cost;
        campaigns(&mut client, id, first, count, seed);
        ads.accounts.insert(id.to_owned(), client);
    }
    ads.accessible = BTreeSet::from([MANAGER.to_owned(), CLOSED.to_owned()]);
    ads.accounts.insert(MANAGER.to_owned(), manager);
    ads.accounts.insert(CLOSED.to_owned(), closed);
}

/// An account without campaigns.
pub(in crate::google) fn account(id: &str, name: &str, currency: &str, zone: Tz) -> Account {
    let fields = [
        ("resource_name", json!(format!("customers/{id}"))),
        ("id", json!(id)),
        ("descriptive_name", json!(name)),
        ("currency_code", json!(currency)),
        ("time_zone", json!(zone.name())),
        ("manager", json!(false)),
        ("test_account", json!(false)),
        ("auto_tagging_enabled", json!(true)),
        ("has_partners_badge", json!(false)),
        ("status", json!("ENABLED")),
    ];
    Account {
        fields: named("customer", fields),
        zone,
        manager: false,
        closed: false,
        clients: BTreeSet::new(),
        campaigns: Vec::new(),
        groups: Vec::new(),
        click_cost: 400_000,
        recorded: None,
    }
}

fn named<const N: usize>(resource: &str, fields: [(&str, Value); N]) -> Fields {
    let named = |(name, value): (&str, Value)| (format!("{resource}.{name}"), value);
    fields.into_iter().map(named).collect()
}

fn campaigns(account: &mut Account, customer: &str, first: u64, count: u64, seed: u64) {
    for (number, (name, channel, bidding)) in (1..=count).zip(CAMPAIGNS.iter().cycle()) {
        let id = (first + number).to_string();
        let mut random = Random::for_thing(seed, &["campaign", &id]);
        let status = match number {
            5 | 12 => "PAUSED",
            11 => "REMOVED",
            _ => "ENABLED",
        };
        let budget = format!(
            "customers/{customer}/campaignBudgets/{}",
            first + 500 + number
        );
        let resource = format!("customers/{customer}/campaigns/{id}");
        let day = random.between(1, 28);
        let start = format!("2025-{:02}-{day:02} 00:00:00", random.between(1, 12));
        let mut fields = named(
            "campaign",
            [
                ("resource_name", json!(resource)),
                ("id", json!(id)),
                ("name", json!(name)),
                ("status", json!(status)),
                ("serving_status", json!("SERVING")),
                ("advertising_channel_type", json!(channel)),
                ("bidding_strategy_type", json!(bidding)),
                ("campaign_budget", json!(budget)),
                ("start_date_time", json!(start)),
                ("experiment_type", json!("BASE")),
                ("payment_mode", json!("CLICKS")),
            ],
        );
        // Not every campaign has an end.
        if random.chance(40) {
            let end = json!("2037-12-30 23:59:59");
            fields.insert("campaign.end_date_time".to_owned(), end);
        }
        let amount = account.click_cost * random.between(20, 90);
        fields.extend(named(
            "campaign_budget",
            [
                ("resource_name", json!(budget)),
                ("id", json!((first + 500 + number).to_string())),
                ("name", json!(format!("Budget {name}"))),
                ("amount_micros", json!(amount.to_string())),
                ("status", json!("ENABLED")),
                ("delivery_method", json!("STANDARD")),
                ("period", json!("DAILY")),
                ("explicitly_shared", json!(false)),
                ("reference_count", json!("1")),
            ],
        ));
        account.campaigns.push(fields);
        // Performance Max campaigns have asset groups in place of ad groups.
        if *channel == "PERFORMANCE_MAX" {
            continue;
        }
        for part in 1..=2 {
            let id = (first + 1_000 + number * 10 + part).to_string();
            let kind = if *channel == "DISPLAY" {
                "DISPLAY_STANDARD"
            } else {
                "SEARCH_STANDARD"
            };
            account.groups.push(named(
                "ad_group",
                [
                    (
                        "resource_name",
                        json!(format!("customers/{customer}/adGroups/{id}")),
                    ),
                    ("id", json!(id)),
                    ("name", json!(format!("{name} {part}"))),
                    ("campaign", json!(resource)),
                    ("status", json!(status)),
                    ("type", json!(kind)),
                    ("cpc_bid_micros", json!(account.click_cost.to_string())),
                ],
            ));
        }
    }
}
