//! Recorded replies: boards, pins, campaigns, and numbers of the account and of campaigns.
//!
//! Some were recorded as they came, others as a connector wrote them down, a row to a line. The
//! account and ad accounts are in no stream, and kept: without them nothing could be asked for.

use serde_json::{Value, json};

use crate::platform::{SeedFile, SeedOutcome};
use crate::world::World;

use super::generate;
use super::oauth::ACCOUNT;
use super::{Data, Shelf};

/// What a file came to.
type Taken = Result<(&'static str, usize), &'static str>;

/// Takes what a file holds.
pub(super) fn load(data: &mut Data, file: &SeedFile<'_>) -> SeedOutcome {
    let Some(path) = file.path.strip_prefix("pinterest/") else {
        return SeedOutcome::NotMine;
    };
    let taken = if path.ends_with(".expected.json") {
        Err("It is what another program made of a reply, and no reply.")
    } else if let Some(name) = path.strip_prefix("v5-records/") {
        lines(data, name, &records(file.bytes))
    } else {
        let body: Value = serde_json::from_slice(file.bytes).unwrap_or_default();
        let exchange = file.exchange.unwrap_or_default();
        let exchange: Value = serde_json::from_slice(exchange).unwrap_or_default();
        reply(data, path, &body, &exchange)
    };
    match taken {
        Ok((stream, count)) => SeedOutcome::Taken {
            streams: vec![(stream.to_owned(), u64::try_from(count).unwrap_or(0))],
        },
        Err(reason) => SeedOutcome::Passed {
            reason: reason.to_owned(),
        },
    }
}

/// The objects of a file with one to a line.
fn records(bytes: &[u8]) -> Vec<Value> {
    let lines = bytes.split(|byte| *byte == b'\n');
    let lines = lines.filter(|line| !line.is_empty());
    lines
        .filter_map(|line| serde_json::from_slice(line).ok())
        .collect()
}

/// Puts objects on a shelf by their ids; those of a recording that came later stay.
fn keep<'a>(shelf: &mut Shelf, objects: impl IntoIterator<Item = &'a Value>) -> usize {
    let mut count = 0;
    for object in objects {
        let id = object["id"].as_str().and_then(|id| id.parse().ok());
        if let Some(id) = id {
            let newer = |name: &str| object[name].as_i64() >= shelf_time(shelf, id, name);
            if newer("updated_time") {
                shelf.insert(id, object.clone());
            }
            count += 1;
        }
    }
    count
}

fn shelf_time(shelf: &Shelf, id: u64, name: &str) -> Option<i64> {
    shelf.get(&id)?[name].as_i64()
}

fn lines(data: &mut Data, name: &str, records: &[Value]) -> Taken {
    match name {
        "boards.jsonl" => Ok(("boards", keep(&mut data.boards, records))),
        "board_pins.jsonl" => {
            // A column that Pinterest had then, and has no more.
            let mut pins = records.to_vec();
            for pin in &mut pins {
                if let Value::Object(fields) = pin {
                    fields.remove("note");
                }
            }
            Ok(("pins", keep(&mut data.pins, &pins)))
        }
        "campaigns.jsonl" => Ok(("ad_campaigns", keep(&mut data.campaigns, records))),
        "ad_accounts.jsonl" => {
            keep(&mut data.ad_accounts, records);
            Err("An ad account is in no stream; it is kept to be asked for.")
        }
        "user_account_analytics.jsonl" => {
            for day in records {
                let date = day["date"].as_str().unwrap_or_default().to_owned();
                data.account_days.insert(date, day.clone());
            }
            Ok(("account_metrics", records.len()))
        }
        "campaign_analytics_report.jsonl" => {
            for row in records {
                campaign_row(data, row);
            }
            Ok(("ad_metrics", records.len()))
        }
        _ => Err("Nothing of this kind is in a stream."),
    }
}

/// A row of a campaign's report, with a campaign to ask for if none was recorded.
fn campaign_row(data: &mut Data, row: &Value) {
    // Ids were numbers once, and these went through a program that made fractions of them.
    let id = row["CAMPAIGN_ID"].as_f64().map(|id| format!("{id:.0}"));
    let number = id.as_deref().and_then(|id| id.parse::<u64>().ok());
    let (Some(id), Some(number), Some(date)) = (id, number, row["DATE"].as_str()) else {
        return;
    };
    data.campaign_rows
        .insert((number, date.to_owned()), row.clone());
    data.campaigns.entry(number).or_insert_with(|| {
        json!({
            "id": id, "ad_account_id": row["AD_ACCOUNT_ID"], "name": row["CAMPAIGN_NAME"],
            "status": row["CAMPAIGN_ENTITY_STATUS"], "objective_type": "AWARENESS",
            "type": "campaign",
        })
    });
}

fn reply(data: &mut Data, path: &str, body: &Value, exchange: &Value) -> Taken {
    let at = |name: &str| exchange.pointer(name).and_then(Value::as_str);
    let asked = at("/request/path").unwrap_or_default();
    let asked = asked.strip_prefix("/v5/").unwrap_or(asked);
    let asked: Vec<&str> = asked.split('/').collect();
    let items = || body["items"].as_array().into_iter().flatten();
    match (at("/request/method").unwrap_or_default(), asked.as_slice()) {
        ("GET", ["user_account"]) => {
            data.account = body.clone();
            Err("The account is in no stream; it is kept.")
        }
        ("GET", ["boards"]) => Ok(("boards", keep(&mut data.boards, items()))),
        ("GET" | "PATCH", ["boards", _]) | ("POST", ["boards"]) => {
            Ok(("boards", keep(&mut data.boards, [body])))
        }
        ("GET", ["boards", _, "pins"]) => Ok(("pins", keep(&mut data.pins, items()))),
        ("POST", ["pins", _, "save"]) => Ok(("pins", keep(&mut data.pins, [body]))),
        ("GET", ["ad_accounts"]) => {
            keep(&mut data.ad_accounts, items());
            Err("Ad accounts are in no stream; they are kept to be asked for.")
        }
        ("GET", ["ad_accounts", _, "campaigns"]) => {
            Ok(("ad_campaigns", keep(&mut data.campaigns, items())))
        }
        ("POST" | "PATCH", ["ad_accounts", _, "campaigns"]) => {
            let changed = items().map(|item| &item["data"]);
            Ok(("ad_campaigns", keep(&mut data.campaigns, changed)))
        }
        ("GET", ["catalogs", "feeds"]) => Ok(("catalog_feeds", keep(&mut data.feeds, items()))),
        ("GET", ["ad_accounts", _, "analytics"]) => {
            Err("It counts a whole ad account; the stream of ad metrics is by campaign.")
        }
        ("GET", ["catalogs", "product_groups"]) => Err(
            "It is the refusal of an account without a catalogue, and every such is refused so.",
        ),
        _ => match path {
            "v5/pins/pypin-pins-pin_data.json" | "v5/pins/pypin-pins-pin_save.json" => {
                Ok(("pins", keep(&mut data.pins, [body])))
            }
            "v5/pins/pypin-pins-pin_analytics.json" => {
                Err("It does not say whose pin's numbers these are.")
            }
            _ => Err("Nothing of this kind is in a stream."),
        },
    }
}

/// Joins what files said apart: pins of the oldest recording name an image size that is no more,
/// and an account stands in where none was recorded.
pub(super) fn settle(data: &mut Data, world: &World) {
    data.seed = world.seed;
    for pin in data.pins.values_mut() {
        if let Some(images) = pin
            .pointer_mut("/media/images")
            .and_then(Value::as_object_mut)
        {
            images.remove("originals");
        }
    }
    if data.account.is_null() {
        data.account = generate::account("880000000000000001", ACCOUNT);
    }
}
