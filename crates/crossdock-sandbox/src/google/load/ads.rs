//! Recorded campaigns: in answers as they came, and in lines by field (`campaign.name`).

use chrono_tz::Tz;
use serde_json::{Value, json};

use crate::google::ads::{Account, Ads, Counts, Fields, Recorded, field_exists};
use crate::google::generate::ads_account;
use crate::google::params::date;

/// The account with an id; where no recording says more, in dollars and UTC.
fn account<'a>(ads: &'a mut Ads, id: &str) -> &'a mut Account {
    ads.accounts
        .entry(id.to_owned())
        .or_insert_with(|| Account {
            recorded: Some(Vec::new()),
            ..ads_account(id, &format!("Recorded {id}"), "USD", Tz::UTC)
        })
}

/// A text or a number as text.
fn text(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

fn float(value: Option<&Value>) -> f64 {
    text(value).parse().unwrap_or(0.0)
}

fn whole(value: Option<&Value>) -> u64 {
    text(value).parse().unwrap_or(0)
}

/// Keeps a field in the form of v26: whole numbers as texts, defaults left out, dates with a time.
fn keep(fields: &mut Fields, name: &str, value: &Value) {
    let (name, value) = match (name, value) {
        ("campaign.start_date", Value::String(day)) => {
            ("campaign.start_date_time", json!(format!("{day} 00:00:00")))
        }
        ("campaign.end_date", Value::String(day)) => {
            ("campaign.end_date_time", json!(format!("{day} 23:59:59")))
        }
        (name, Value::Number(number)) if name.ends_with("id") || name.ends_with("_micros") => {
            (name, json!(number.to_string()))
        }
        (name, value) => (name, value.clone()),
    };
    let is_default = match &value {
        Value::Null | Value::Object(_) => true,
        Value::String(text) => text.is_empty() || text == "UNSPECIFIED",
        Value::Array(list) => list.is_empty() || name != "campaign.labels",
        _ => false,
    };
    if !is_default && field_exists(name) {
        fields.insert(name.to_owned(), value);
    }
}

/// Adds a campaign to the account in its name; what is known of it already stays.
fn add(ads: &mut Ads, campaign: Fields) -> bool {
    let name = text(campaign.get("campaign.resource_name"));
    let Some(customer) = name.split('/').nth(1).map(str::to_owned) else {
        return false;
    };
    let campaigns = &mut account(ads, &customer).campaigns;
    let id = campaign.get("campaign.id");
    let known = campaigns
        .iter_mut()
        .find(|known| known.get("campaign.id") == id);
    if let Some(known) = known {
        for (name, value) in campaign {
            known.entry(name).or_insert(value);
        }
    } else {
        campaigns.push(campaign);
    }
    true
}

/// Lines by field: how many tell of a campaign, and how many count something on a day.
pub(super) fn campaign_records(ads: &mut Ads, records: &[Value]) -> (usize, usize) {
    let (mut campaigns, mut numbers) = (0, 0);
    for record in records.iter().filter_map(Value::as_object) {
        let mut fields = Fields::new();
        for (name, value) in record {
            keep(&mut fields, name, value);
        }
        // The budget came along as an amount alone.
        let budget = fields.get("campaign.campaign_budget").cloned();
        if let Some(budget) = budget {
            fields.insert("campaign_budget.resource_name".to_owned(), budget);
        }
        let name = text(fields.get("campaign.resource_name"));
        let customer = name.split('/').nth(1).unwrap_or_default().to_owned();
        let entity = text(fields.get("campaign.id"));
        campaigns += usize::from(add(ads, fields));
        let Some(day) = date(&text(record.get("segments.date"))) else {
            continue;
        };
        let row = Recorded {
            resource: "campaign",
            entity,
            day,
            device: "UNKNOWN".to_owned(),
            network: text(record.get("segments.ad_network_type")),
            counts: Counts {
                impressions: whole(record.get("metrics.impressions")),
                clicks: whole(record.get("metrics.clicks")),
                cost_micros: whole(record.get("metrics.cost_micros")),
                conversions: float(record.get("metrics.conversions")),
                value: float(record.get("metrics.conversions_value")),
                by_date: float(record.get("metrics.conversions")),
            },
        };
        let recorded = &mut account(ads, &customer).recorded;
        recorded.get_or_insert_default().push(row);
        numbers += 1;
    }
    (campaigns, numbers)
}

/// Lines by field about accounts.
pub(super) fn customer_records(ads: &mut Ads, records: &[Value]) {
    for record in records.iter().filter_map(Value::as_object) {
        let id = text(record.get("customer.id"));
        if id.is_empty() {
            continue;
        }
        let account = account(ads, &id);
        for (name, value) in record {
            keep(&mut account.fields, name, value);
        }
        let zone = text(record.get("customer.time_zone"));
        account.zone = zone.parse().unwrap_or(account.zone);
    }
}

/// Rows as they came; how many have a campaign with a name that says where it belongs.
pub(super) fn rows(ads: &mut Ads, body: &Value, asked: &str) -> usize {
    let pages = body
        .as_array()
        .cloned()
        .unwrap_or_else(|| vec![body.clone()]);
    let rows = pages
        .iter()
        .filter_map(|page| page.get("results")?.as_array());
    let mut count = 0;
    for row in rows.flatten() {
        let mut fields = Fields::new();
        for (resource, key) in [
            ("campaign", "campaign"),
            ("campaign_budget", "campaignBudget"),
        ] {
            let known = row.get(key).and_then(Value::as_object);
            for (name, value) in known.into_iter().flatten() {
                keep(&mut fields, &format!("{resource}.{}", snake(name)), value);
            }
        }
        let listed = row.get("adGroup").is_none() && asked.contains("/customers/");
        if listed && fields.contains_key("campaign.id") {
            count += usize::from(add(ads, fields));
        }
    }
    count
}

/// `advertisingChannelType` as `advertising_channel_type`.
fn snake(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() {
            words.push('_');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

/// Notes which manager an account was reached through.
pub(super) fn relation(ads: &mut Ads, exchange: &Value) {
    let given = |name: &str| {
        let given = exchange.pointer(&format!("/request/input_given_to_connector/{name}"))?;
        given.as_str().map(str::to_owned)
    };
    if let (Some(manager), Some(client)) = (given("loginCustomerId"), given("customerId")) {
        account(ads, &client);
        let manager = account(ads, &manager);
        manager.manager = true;
        manager
            .fields
            .insert("customer.manager".to_owned(), json!(true));
        manager.clients.insert(client);
    }
}

/// `listAccessibleCustomers` as it came.
pub(super) fn accessible(ads: &mut Ads, body: &Value) {
    let names = body.get("resourceNames").and_then(Value::as_array);
    for name in names.into_iter().flatten().filter_map(Value::as_str) {
        let id = name.trim_start_matches("customers/");
        account(ads, id);
        ads.accessible.insert(id.to_owned());
    }
}

/// Joins what files said apart: accounts without a manager are the user's own, and those of which
/// nothing was recorded can't be asked, as is so of some accessible accounts.
pub(in crate::google) fn settle(data: &mut crate::google::Data) {
    let ads = &mut data.ads;
    let managed: Vec<String> = ads
        .accounts
        .values()
        .flat_map(|account| account.clients.iter().cloned())
        .collect();
    for (id, account) in &mut ads.accounts {
        if !managed.contains(id) {
            ads.accessible.insert(id.clone());
        }
        account.closed = !account.manager && account.campaigns.is_empty();
    }
}
