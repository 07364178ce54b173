//! Ad accounts in two currencies, what is advertised, and the leads that came of it.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::super::graph::{Kind, Node};
use super::super::session::{SYSTEM_USER, USER};
use super::{BUSINESS, Maker, STUDIO, WEDDINGS};

/// The account in euros. Its time zone is Greenwich time all year.
pub(in super::super) const EURO: &str = "act_400000000000001";

/// The account in yen, nine hours ahead all year.
const YEN: &str = "act_400000000000002";

/// A campaign: name, goal, state, days since its beginning, days since its end.
type Campaign = (&'static str, &'static str, &'static str, i64, Option<i64>);

const CAMPAIGNS: &[Campaign] = &[
    (
        "Brúðkaup sumar – fyrirspurnir",
        "OUTCOME_LEADS",
        "ACTIVE",
        200,
        None,
    ),
    ("Autumn portraits", "OUTCOME_SALES", "ACTIVE", 70, None),
    ("Jólakort", "OUTCOME_TRAFFIC", "ACTIVE", 20, None),
    (
        "Messenger: laus tímabil",
        "OUTCOME_ENGAGEMENT",
        "PAUSED",
        150,
        Some(40),
    ),
    ("Fermingar", "OUTCOME_LEADS", "ARCHIVED", 260, Some(170)),
    ("Prófun", "OUTCOME_AWARENESS", "DELETED", 100, Some(96)),
];

const JAPAN: &[Campaign] = &[
    ("冬の撮影会", "OUTCOME_TRAFFIC", "ACTIVE", 60, None),
    (
        "旅行者向けポートレート",
        "OUTCOME_LEADS",
        "PAUSED",
        120,
        Some(65),
    ),
];

pub(super) fn fill(maker: &mut Maker<'_>) {
    account(
        maker,
        EURO,
        "Ljósbrot auglýsingar",
        "EUR",
        "Atlantic/Reykjavik",
        0,
    );
    account(maker, YEN, "Ljósbrot Tokyo", "JPY", "Asia/Tokyo", 9);
    let mut number = 0;
    for (account, campaigns, sets) in [(EURO, CAMPAIGNS, 2), (YEN, JAPAN, 1)] {
        for campaign in campaigns {
            number += 1;
            self::campaign(maker, account, campaign, number, sets);
        }
    }
    leads(maker);
}

fn account(maker: &mut Maker<'_>, id: &str, name: &str, currency: &str, zone: &str, offset: i64) {
    let fields = json!({
        "account_id": id.trim_start_matches("act_"),
        "name": name,
        "currency": currency,
        "timezone_name": zone,
        "timezone_offset_hours_utc": offset,
        "account_status": 1,
        "disable_reason": 0,
        "amount_spent": "0",
        "balance": "0",
        "business_name": "Ljósbrot ehf.",
        "created_time": "2022-01-10T09:00:00+0000",
    });
    let node = Node::new(Kind::AdAccount, id, id, fields).link("business", BUSINESS);
    let edges = [
        (USER, "adaccounts"),
        (SYSTEM_USER, "adaccounts"),
        (BUSINESS, "owned_ad_accounts"),
    ];
    maker.graph.append(node, &edges);
}

/// A campaign with its ad sets and ads.
fn campaign(maker: &mut Maker<'_>, account: &str, campaign: &Campaign, number: u64, sets: u64) {
    let (name, objective, status, began, ended) = *campaign;
    let id = format!("12021{number:012}");
    let created = maker.ago(TimeDelta::days(began));
    let updated = maker.ago(ended.map_or(TimeDelta::days(began.min(9)), TimeDelta::days));
    let zero = json!(null);
    let mut base = json!({
        "account_id": account.trim_start_matches("act_"),
        "status": status,
        "configured_status": status,
        "effective_status": status,
        "created_time": created,
        "updated_time": updated,
        "start_time": created,
    });
    if let (Value::Object(base), Some(ended)) = (&mut base, ended) {
        base.insert(
            "_ended".to_owned(),
            maker.ago(TimeDelta::days(ended)).into(),
        );
    }
    let with = |more: Value| {
        let mut fields = base.clone();
        if let (Value::Object(fields), Value::Object(more)) = (&mut fields, more) {
            fields.extend(more.into_iter().filter(|(_, value)| *value != zero));
        }
        fields
    };
    let fields = with(json!({
        "name": name,
        "objective": objective,
        "buying_type": "AUCTION",
        "special_ad_categories": [],
        "special_ad_category": "NONE",
        // Budgets are texts in the smallest unit of the currency.
        "daily_budget": if account == YEN { "3000" } else { "2500" },
        "budget_remaining": "0",
        "stop_time": ended.map(|ended| maker.ago(TimeDelta::days(ended))),
    }));
    maker.graph.append(
        Node::new(Kind::Campaign, &id, account, fields),
        &[(account, "campaigns")],
    );
    for set in 1..=sets {
        let set_id = format!("{id}{set}0");
        let fields = with(json!({
            "name": format!("{name} – {}", if set == 1 { "Reykjavík 25–44" } else { "Lookalike 1 %" }),
            "campaign_id": id,
            "billing_event": "IMPRESSIONS",
            "optimization_goal": if objective == "OUTCOME_LEADS" { "LEAD_GENERATION" } else { "LINK_CLICKS" },
            "targeting": { "age_min": 25, "age_max": 44, "geo_locations": { "countries": ["IS"] } },
            "attribution_spec": [{ "event_type": "CLICK_THROUGH", "window_days": 7 }, { "event_type": "VIEW_THROUGH", "window_days": 1 }],
        }));
        let node = Node::new(Kind::AdSet, &set_id, account, fields).link("campaign", &id);
        maker
            .graph
            .append(node, &[(account, "adsets"), (&id, "adsets")]);
        for ad in 1..=2 {
            let ad_id = format!("{set_id}{ad}");
            let creative = format!("{ad_id}9");
            let fields = with(json!({
                "name": format!("{name} {set}.{ad}"),
                "campaign_id": id,
                "adset_id": set_id,
                "bid_type": "ABSOLUTE_OCPM",
            }));
            let node = Node::new(Kind::Ad, &ad_id, account, fields)
                .link("campaign", &id)
                .link("adset", &set_id)
                .link("creative", &creative);
            let edges = [(account, "ads"), (&id, "ads"), (&set_id, "ads")];
            maker.graph.append(node, &edges);
            let link = "https://ljosbrot.example/bokun";
            let fields = json!({
                "account_id": account.trim_start_matches("act_"),
                "name": format!("{name} {set}.{ad}"),
                "object_type": "SHARE",
                "status": "ACTIVE",
                "object_story_spec": {
                    "page_id": STUDIO,
                    "link_data": { "link": link, "message": "Bókaðu tíma", "call_to_action": { "type": "LEARN_MORE", "value": { "link": link } } },
                },
                "url_tags": "utm_source=facebook&utm_medium=paid&utm_campaign={{campaign.name}}&utm_content={{ad.id}}",
                "thumbnail_url": format!("https://scontent.example/{creative}.jpg"),
            });
            maker
                .graph
                .insert(Node::new(Kind::Creative, &creative, account, fields));
        }
    }
}

/// Forms and the leads that they took, the newest first; some older than leads are kept.
fn leads(maker: &mut Maker<'_>) {
    let count = u64::from(maker.size.orders);
    for (form, page, name, status, leads) in [
        (
            "700000000000001",
            STUDIO,
            "Fyrirspurn um brúðkaup",
            "ACTIVE",
            count,
        ),
        (
            "700000000000002",
            STUDIO,
            "Fermingar 2025",
            "ARCHIVED",
            count / 8,
        ),
        (
            "700000000000003",
            WEDDINGS,
            "Wedding enquiry",
            "ACTIVE",
            3.min(count),
        ),
    ] {
        let fields = json!({
            "name": name,
            "status": status,
            "locale": "is_IS",
            "leads_count": leads,
            "page_id": page,
            "created_time": maker.ago(TimeDelta::days(300)),
            "questions": [
                { "key": "full_name", "label": "Nafn", "type": "FULL_NAME" },
                { "key": "email", "label": "Netfang", "type": "EMAIL" },
                { "key": "wedding_date", "label": "Dagsetning", "type": "CUSTOM" },
            ],
        });
        maker.graph.append(
            Node::new(Kind::Form, form, page, fields),
            &[(page, "leadgen_forms")],
        );
        let mut age = TimeDelta::hours(3);
        for number in 0..leads {
            let id = format!("{form}{:05}", leads - number);
            let fields = lead(maker, form, &id, &maker.ago(age));
            let ad = fields
                .get("ad_id")
                .and_then(Value::as_str)
                .map(str::to_owned);
            let node = Node::new(Kind::Lead, &id, page, fields);
            let mut edges = vec![(form, "leads")];
            edges.extend(ad.as_deref().map(|ad| (ad, "leads")));
            maker.graph.append(node, &edges);
            age += TimeDelta::minutes(i64::try_from(maker.random.between(300, 3_200)).unwrap_or(0));
        }
    }
}

/// A lead: from an ad, or organic, with no ad then.
fn lead(maker: &mut Maker<'_>, form: &str, id: &str, created: &str) -> Value {
    let (_, name) = maker.person();
    let mut answers = vec![
        json!({ "name": "full_name", "values": [name] }),
        json!({ "name": "email", "values": [format!("lead-{id}@kunde.example")] }),
    ];
    // The last question may be left open.
    if maker.random.chance(75) {
        answers.push(json!({ "name": "wedding_date", "values": ["2027-06-12"] }));
    }
    let organic = maker.random.chance(20);
    let mut fields = json!({
        "created_time": created,
        "form_id": form,
        "field_data": answers,
        "is_organic": organic,
        "platform": if maker.random.chance(40) { "ig" } else { "fb" },
    });
    if let (Value::Object(fields), false) = (&mut fields, organic) {
        let campaign = format!("12021{:012}", 1);
        let set = format!("{campaign}{}0", maker.random.between(1, 2));
        let ad = format!("{set}{}", maker.random.between(1, 2));
        for (name, value) in [("campaign_id", campaign), ("adset_id", set), ("ad_id", ad)] {
            fields.insert(name.to_owned(), value.into());
        }
    }
    fields
}
