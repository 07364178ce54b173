//! Insights of ads: rows of strings, by level and by day, read at once or by a report in the
//! background.
//!
//! Days are those of the ad account. Rows without delivery are absent; archived and deleted objects
//! count for what they belong to, and have rows of their own only when they are asked for. Actions
//! arrive for up to 28 days after the click, so recent days keep growing. (Insights API, its best
//! practices, and the changes of 2026-01 to attribution windows.)

mod delivery;
mod query;

use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use self::delivery::Delivery;
use self::query::{Level, Query};
use super::super::error::{GraphError, Outcome};
use super::super::graph::{Graph, Kind, Node};
use super::super::paging::{self, Place};
use super::super::read::Reader;

/// What there is to sum up: its row's names, and the ads that count for it.
struct Subject<'g> {
    node: &'g Node,
    ads: Vec<&'g Node>,
}

/// `GET /{object}/insights`: refused when there is too much of it.
pub(super) fn read(reader: &Reader<'_>, node: &Node, place: Place<'_>) -> Outcome<Value> {
    let account = account(reader, node)?;
    let query = Query::read(node.kind, account, place.parameters, reader.now())?;
    if cells(reader, node, &query) > reader.state.settings.sync_cells {
        return Err(GraphError::too_much());
    }
    page(reader, node, account, &query, place)
}

/// `GET /{report}/insights`: the rows of a report that is complete.
pub(super) fn of_report(reader: &Reader<'_>, run: &Node, place: Place<'_>) -> Outcome<Value> {
    let report = reader.state.reports.complete(&run.id, reader.now())?;
    let node = reader.find(&report.node, "GET")?;
    let account = account(reader, node)?;
    let query = Query::read(node.kind, account, &report.parameters, report.created_at)?;
    page(reader, node, account, &query, place)
}

/// How much a report has to work out: objects times days.
pub(in super::super) fn weigh(
    reader: &Reader<'_>,
    node: &Node,
    parameters: &[(String, String)],
) -> Outcome<u64> {
    let account = account(reader, node)?;
    let query = Query::read(node.kind, account, parameters, reader.now())?;
    Ok(cells(reader, node, &query))
}

/// The ad account of an object.
fn account<'g>(reader: &Reader<'g>, node: &Node) -> Outcome<&'g Node> {
    reader.find(&node.owner, "GET")
}

fn cells(reader: &Reader<'_>, node: &Node, query: &Query) -> u64 {
    let objects = subjects(&reader.state.graph, node, query).len();
    let days: i64 = query
        .ranges
        .iter()
        .map(|(since, until)| (*until - *since).num_days() + 1)
        .sum();
    u64::try_from(objects)
        .unwrap_or(u64::MAX)
        .saturating_mul(u64::try_from(days).unwrap_or(0))
}

/// The objects that have rows.
fn subjects<'g>(graph: &'g Graph, node: &'g Node, query: &Query) -> Vec<Subject<'g>> {
    let below = |node: &Node, edge: &'static str| graph.list(&node.id, edge);
    let all = match node.kind {
        Kind::Ad => vec![node],
        _ => below(node, "ads"),
    };
    let own = |object: &'g Node| -> Subject<'g> {
        let ads = match object.kind {
            Kind::Ad => vec![object],
            Kind::AdAccount => all.clone(),
            _ => below(object, "ads"),
        };
        Subject { node: object, ads }
    };
    let objects = match (query.level, node.kind) {
        (Level::Account, _) => vec![node],
        (Level::Ad, _) => all.clone(),
        (Level::AdSet, Kind::AdAccount | Kind::Campaign) => below(node, "adsets"),
        (Level::Campaign, Kind::AdAccount) => below(node, "campaigns"),
        (Level::AdSet | Level::Campaign, _) => vec![node],
    };
    objects
        .into_iter()
        .filter(|object| object.id == node.id || query.shows(object))
        .map(own)
        .collect()
}

/// A page of rows.
fn page(
    reader: &Reader<'_>,
    node: &Node,
    account: &Node,
    query: &Query,
    place: Place<'_>,
) -> Outcome<Value> {
    let subjects = subjects(&reader.state.graph, node, query);
    let mut rows = Vec::new();
    for (since, until) in query.spans() {
        for subject in &subjects {
            let whole = delivery(reader, subject, account, since, until);
            for share in &query.shares {
                let delivery = whole.part(share.percent);
                if delivery.impressions > 0 {
                    rows.push((subject, (since, until), share, delivery));
                }
            }
        }
    }
    let key = |(subject, (since, until), share, _): &(&Subject<'_>, _, &query::Share, _)| {
        format!("{}{since}{until}{:?}", subject.node.id, share.values)
    };
    let page = paging::cut(&rows, key, 1000, place)?;
    // Only what is on the page is written out: a report may have many rows.
    let row = |(subject, (since, until), share, delivery): &(&Subject<'_>, _, &query::Share, _)| {
        let mut row = Map::new();
        for name in &query.fields {
            if let Some(value) = value(reader, name, subject, account, delivery, query) {
                row.insert(name.clone(), value);
            }
        }
        for (name, value) in &share.values {
            row.insert((*name).to_owned(), (*value).into());
        }
        let (since, until): (&NaiveDate, &NaiveDate) = (since, until);
        row.insert("date_start".to_owned(), since.to_string().into());
        row.insert("date_stop".to_owned(), until.to_string().into());
        Value::Object(row)
    };
    let data: Vec<Value> = page.items.iter().map(row).collect();
    Ok(paging::body(&data, page.paging))
}

/// What an object's ads delivered in a span of days.
fn delivery(
    reader: &Reader<'_>,
    subject: &Subject<'_>,
    account: &Node,
    since: NaiveDate,
    until: NaiveDate,
) -> Delivery {
    let today = query::today(account, reader.now());
    let mut sum = Delivery::default();
    for day in since.iter_days().take_while(|day| *day <= until.min(today)) {
        for ad in &subject.ads {
            sum.add(&Delivery::of(ad, day, today, reader.world.seed));
        }
    }
    sum
}

/// A row's field; `None` where this row has none.
fn value(
    reader: &Reader<'_>,
    name: &str,
    subject: &Subject<'_>,
    account: &Node,
    delivery: &Delivery,
    query: &Query,
) -> Option<Value> {
    let graph = &reader.state.graph;
    let node = subject.node;
    let text = |text: String| Some(Value::String(text));
    // An object of another level, where the row's own belongs to one.
    let of = |kind: Kind, link: &str, field: &str| {
        let id = match node.kind == kind {
            true => node.id.as_str(),
            false => node.text(link),
        };
        let found = graph.get(id)?;
        match field {
            "id" => text(found.id.clone()),
            field => found.fields.get(field).cloned(),
        }
    };
    let minor = account.text("currency") != "JPY";
    let money = |amount: u64| delivery::money(amount, minor);
    match name {
        "account_id" => account.fields.get("account_id").cloned(),
        "account_name" => account.fields.get("name").cloned(),
        "account_currency" => account.fields.get("currency").cloned(),
        "campaign_id" => of(Kind::Campaign, "campaign_id", "id"),
        "campaign_name" => of(Kind::Campaign, "campaign_id", "name"),
        "objective" => of(Kind::Campaign, "campaign_id", "objective"),
        "buying_type" => of(Kind::Campaign, "campaign_id", "buying_type"),
        "adset_id" => of(Kind::AdSet, "adset_id", "id"),
        "adset_name" => of(Kind::AdSet, "adset_id", "name"),
        "ad_id" => of(Kind::Ad, "", "id"),
        "ad_name" => of(Kind::Ad, "", "name"),
        "impressions" => text(delivery.impressions.to_string()),
        "reach" => text(delivery.reach.to_string()),
        "frequency" => text(delivery::ratio(delivery.impressions, delivery.reach, 1)),
        "clicks" => text(delivery.clicks.to_string()),
        "unique_clicks" => text((delivery.clicks - delivery.clicks / 10).to_string()),
        "inline_link_clicks" => text(delivery.link_clicks.to_string()),
        "spend" => text(money(delivery.spend)),
        "social_spend" => text(money(0)),
        "ctr" => text(delivery::ratio(delivery.clicks, delivery.impressions, 100)),
        "cpm" => text(delivery::price(
            delivery.spend,
            delivery.impressions,
            1000,
            minor,
        )),
        "cpc" if delivery.clicks > 0 => {
            text(delivery::price(delivery.spend, delivery.clicks, 1, minor))
        }
        "actions" => delivery.actions(&query.windows),
        "action_values" => delivery.action_values(&query.windows, minor),
        "cost_per_action_type" if delivery.link_clicks > 0 => Some(json!([{
            "action_type": "link_click",
            "value": delivery::price(delivery.spend, delivery.link_clicks, 1, minor),
        }])),
        _ => None,
    }
}
