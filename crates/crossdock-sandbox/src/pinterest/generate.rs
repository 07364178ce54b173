//! Made-up data: what a studio for ceramics and prints has at Pinterest.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::platform::Size;
use crate::random::Random;
use crate::world::World;

use super::oauth::ACCOUNT;
use super::{Data, naive, set};

/// The numbers from which ids count up.
const BOARD: u64 = 880_100_000_000_000_000;
const PIN: u64 = 880_200_000_000_000_000;
const CAMPAIGN: u64 = 620_000_000_001;
const FEED: u64 = 520_000_000_001;
const GROUP: u64 = 530_000_000_001;
const RESULT: u64 = 540_000_000_001;

/// The catalogue.
const CATALOG: u64 = 510_000_000_001;

/// Two ad accounts: the second one's currency has no cents.
const DOLLARS: u64 = 549_000_000_001;
const YEN: u64 = 549_000_000_002;

const THINGS: &[&str] = &[
    "Stoneware vase",
    "Skål i ler",
    "Linocut moon",
    "Tasse à café",
    "青い皿",
    "Salt cellar",
    "Plantefarvet tørklæde",
    "Kitchen still life",
    "Ćmielów blue",
    "Paper lantern 🏮",
];

/// Fills in everything.
pub(super) fn fill(data: &mut Data, size: &Size, world: &World) {
    let (seed, as_of) = (world.seed, world.now);
    (data.seed, data.made_up) = (seed, true);
    data.since = Some((as_of - TimeDelta::days(400)).date_naive());
    data.account = account("880000000000000001", ACCOUNT);
    let many = u64::from(size.products);
    for number in 0..many / 2 {
        board(data, number, as_of);
    }
    for number in 0..many * 5 {
        let pin = pin(number, many / 2, seed, as_of);
        data.pins.insert(PIN + number, pin);
    }
    ads(data, many, as_of);
    catalogue(data, many, seed, as_of);
}

/// A business account.
pub(super) fn account(id: &str, username: &str) -> Value {
    json!({
        "account_type": "BUSINESS", "username": username, "id": id,
        "profile_image": "https://i.pinimg.example/profile.png",
        "website_url": "https://studio.example", "business_name": "Sandkasse Studio",
        "board_count": 0, "pin_count": 0, "follower_count": 412, "following_count": 37,
        "monthly_views": -1, "about": "",
    })
}

fn thing(number: u64) -> &'static str {
    let length = u64::try_from(THINGS.len()).unwrap_or(1);
    let index = usize::try_from(number % length).unwrap_or(0);
    THINGS.get(index).copied().unwrap_or("Thing")
}

/// One board more.
pub(super) fn board(data: &mut Data, number: u64, as_of: DateTime<Utc>) -> u64 {
    let id = BOARD + number;
    let made =
        as_of - TimeDelta::days(380) + TimeDelta::hours(i64::try_from(number * 6).unwrap_or(0));
    let privacy = match number % 11 {
        7 => "SECRET",
        9 => "PROTECTED",
        _ => "PUBLIC",
    };
    // Both forms are recorded: with a fraction, and without.
    let changed = if number.is_multiple_of(2) {
        naive(made)
    } else {
        format!("{}.456000", naive(made))
    };
    let board = json!({
        "id": id.to_string(), "name": format!("{} ideas {number}", thing(number)),
        "description": if number.is_multiple_of(3) { "" } else { "What we collect for the kiln" },
        "owner": {"username": ACCOUNT}, "privacy": privacy, "is_ads_only": false,
        "created_at": naive(made), "board_pins_modified_at": changed,
        "pin_count": 10, "follower_count": number * 3, "collaborator_count": number % 2,
        "media": {"pin_thumbnail_urls": [], "image_cover_url": null},
    });
    data.boards.insert(id, board);
    id
}

/// A pin.
fn pin(number: u64, boards: u64, seed: u64, as_of: DateTime<Utc>) -> Value {
    let id = (PIN + number).to_string();
    let mut random = Random::for_thing(seed, &["pinterest pin", &id]);
    let made =
        as_of - TimeDelta::days(350) + TimeDelta::hours(i64::try_from(number * 20).unwrap_or(0));
    // There are more hours in the pins than in the year: what would lie ahead lies close behind.
    let made = made.min(as_of - TimeDelta::hours(30));
    let creative = match random.between(0, 19) {
        0..2 => "VIDEO",
        2 => "IDEA",
        3..6 => "SHOPPING",
        _ => "REGULAR",
    };
    let image = |width: u64, height: u64| json!({"width": width, "height": height, "url": format!("https://i.pinimg.example/{width}x/{id}.jpg")});
    let images = json!({"150x150": image(150, 150), "400x300": image(400, 300), "600x": image(600, 900), "1200x": image(1200, 1800)});
    let media = if creative == "VIDEO" {
        json!({"media_type": "video", "images": images, "duration": 12_000.0, "height": 1280,
               "width": 720, "video_url": null, "cover_image_url": "https://i.pinimg.example/cover.jpg"})
    } else {
        json!({"media_type": "image", "images": images})
    };
    let counts = json!({"pin_click": random.between(0, 90), "impression": random.between(90, 9_000), "save": random.between(0, 40)});
    json!({
        "id": id, "title": if number.is_multiple_of(13) { Value::Null } else { json!(format!("{} no. {number}", thing(number))) },
        "description": if number.is_multiple_of(4) { " " } else { "Fired twice, glazed by hand" },
        "link": if number.is_multiple_of(5) { Value::Null } else { json!(format!("https://studio.example/things/{number}")) },
        "alt_text": null, "dominant_color": "#604f41",
        "board_id": (BOARD + number % boards.max(1)).to_string(), "board_section_id": null,
        "board_owner": {"username": ACCOUNT}, "created_at": naive(made),
        "creative_type": creative, "media": media,
        "parent_pin_id": if number % 17 == 3 { json!((PIN + number - 1).to_string()) } else { Value::Null },
        "is_owner": true, "is_standard": creative != "IDEA", "is_product": creative == "SHOPPING",
        "has_been_promoted": random.chance(10),
        "pin_metrics": {"90d": counts, "lifetime_metrics": counts},
    })
}

/// One pin more, now.
pub(super) fn one_pin(data: &mut Data, now: DateTime<Utc>) -> u64 {
    let id = data.pins.keys().next_back().map_or(PIN, |last| last + 1);
    let board = data.boards.keys().next().copied().unwrap_or(BOARD);
    let mut pin = pin(0, 1, data.seed, now);
    set(&mut pin, "id", json!(id.to_string()));
    set(&mut pin, "board_id", json!(board.to_string()));
    set(&mut pin, "created_at", json!(naive(now)));
    data.pins.insert(id, pin);
    id
}

fn ads(data: &mut Data, many: u64, as_of: DateTime<Utc>) {
    let made = (as_of - TimeDelta::days(300)).timestamp();
    for (id, name, country, currency, zone) in [
        (DOLLARS, "Studio ads", "US", "USD", "America/New_York"),
        (YEN, "スタジオ広告", "JP", "JPY", "Asia/Tokyo"),
    ] {
        let account = json!({
            "id": id.to_string(), "name": name, "country": country, "currency": currency,
            "owner": {"username": ACCOUNT, "id": "880000000000000001"}, "time_zone": zone,
            "permissions": ["OWNER"], "created_time": made, "updated_time": made + 86_400,
        });
        data.ad_accounts.insert(id, account);
    }
    for number in 0..many / 2 {
        let id = CAMPAIGN + number;
        let account = if number % 3 == 2 { YEN } else { DOLLARS };
        let (status, summary) = match number % 10 {
            3 => ("PAUSED", "PAUSED"),
            5 => ("PAUSED", "ADVERTISER_DISABLED"),
            6 => ("ARCHIVED", "ARCHIVED"),
            8 => ("DRAFT", "DRAFT"),
            9 => ("DELETED_DRAFT", "DELETED_DRAFT"),
            _ => ("ACTIVE", "RUNNING"),
        };
        let began = made + i64::try_from(number).unwrap_or(0) * 86_400;
        let daily = match (account == YEN, number % 4) {
            (_, 0) => Value::Null,
            (true, _) => json!(5_000_000_000_u64),
            (false, _) => json!(25_500_000 + number * 1_000_000),
        };
        let campaign = json!({
            "id": id.to_string(), "ad_account_id": account.to_string(),
            "name": format!("{} {number}", thing(number)), "status": status,
            "summary_status": summary, "type": "campaign", "order_line_id": null,
            "objective_type": if number % 2 == 0 { "AWARENESS" } else { "WEB_CONVERSION" },
            "daily_spend_cap": daily, "lifetime_spend_cap": 0, "tracking_urls": null,
            "created_time": began, "updated_time": began + 3_600, "start_time": began,
            "end_time": if number % 3 == 0 { json!(began + 90 * 86_400) } else { Value::Null },
            "is_campaign_budget_optimization": true, "is_flexible_daily_budgets": false,
            "is_performance_plus": false, "is_top_of_search": false, "bid_options": null,
            "intended_promotion_type": "STANDARD_AD",
        });
        data.campaigns.insert(id, campaign);
    }
}

fn catalogue(data: &mut Data, many: u64, seed: u64, as_of: DateTime<Utc>) {
    let at = |days: i64| {
        (as_of - TimeDelta::days(days))
            .format("%Y-%m-%dT%H:%M:%SZ")
            .to_string()
    };
    let catalog = json!({
        "id": CATALOG.to_string(), "name": "Studio", "catalog_type": "RETAIL",
        "created_at": at(200), "updated_at": at(3),
    });
    data.catalogs.insert(CATALOG, catalog);
    for (number, (name, country, currency, status)) in [
        ("Shop US", "US", json!("USD"), "ACTIVE"),
        ("ショップ", "JP", json!("JPY"), "ACTIVE"),
        ("Old shop", "DK", Value::Null, "INACTIVE"),
    ]
    .into_iter()
    .enumerate()
    {
        let number = u64::try_from(number).unwrap_or(0);
        let id = FEED + number;
        let feed = json!({
            "id": id.to_string(), "name": name, "catalog_type": "RETAIL",
            "created_at": at(190), "updated_at": at(2),
            "format": "CSV", "status": status, "default_country": country,
            "default_currency": currency, "default_locale": "en-US", "default_availability": null,
            "location": format!("https://studio.example/feeds/{number}.csv"),
            "credentials": null, "preferred_processing_schedule": null,
        });
        data.feeds.insert(id, feed);
        let failed = status == "INACTIVE";
        let results = (0..30).map(|run| {
            let serial = RESULT + number * 100 + run;
            let ago = 30 - i64::try_from(run).unwrap_or(0);
            let errors = if failed { json!({"FETCH_ERROR": 1}) } else { json!({}) };
            let result = json!({
                "id": serial.to_string(), "created_at": at(ago), "updated_at": at(ago),
                "status": if failed { "FAILED" } else { "COMPLETED" },
                "ingestion_details": {"errors": {}, "info": {"IN_STOCK": 40}, "warnings": {}},
                "validation_details": {"errors": errors, "warnings": {"AD_LINK_SAME_AS_LINK": 2}},
                "product_counts": if failed { Value::Null } else { json!({"original": 44, "ingested": 42}) },
            });
            (serial, result)
        });
        data.results.insert(id, results.collect());
        for (offset, kind, title) in [
            (0, "ALL_PRODUCTS", "All Products"),
            (1, "TOP_SELLERS", "Most Popular"),
        ] {
            let group = GROUP + number * 10 + offset;
            let body = json!({
                "id": group.to_string(), "catalog_id": CATALOG.to_string(), "catalog_type": "RETAIL",
                "feed_id": id.to_string(), "name": title, "description": null, "type": kind,
                "status": status, "filters": {"any_of": []}, "country": country, "locale": "en-US",
                "created_at": (as_of - TimeDelta::days(190)).timestamp_millis(),
                "updated_at": (as_of - TimeDelta::days(2)).timestamp_millis(),
            });
            data.groups.insert(group, body);
        }
    }
    for number in 0..many * 5 {
        product(data, number, seed, as_of);
    }
}

/// One product more.
pub(super) fn product(data: &mut Data, number: u64, seed: u64, as_of: DateTime<Utc>) -> u64 {
    let id = PIN + 1_000_000 + number;
    let mut random = Random::for_thing(seed, &["pinterest product", &number.to_string()]);
    let feed = if number % 8 == 7 { 1 } else { 0 };
    let mut groups = vec![GROUP + feed * 10];
    if number.is_multiple_of(6) {
        groups.push(GROUP + feed * 10 + 1);
    }
    let availability = match random.between(0, 9) {
        0 => "PREORDER",
        1..3 => "OUT_OF_STOCK",
        _ => "IN_STOCK",
    };
    let cents = random.between(500, 19_999);
    let (currency, price) = if feed == 1 {
        ("JPY", json!(cents))
    } else {
        ("USD", decimal(cents))
    };
    let mut shown = pin(number, 1, seed, as_of);
    set(&mut shown, "id", json!(id.to_string()));
    set(
        &mut shown,
        "title",
        json!(format!("{} no. {number}", thing(number))),
    );
    set(&mut shown, "is_product", json!(true));
    set(&mut shown, "pin_metrics", Value::Null);
    let product = json!({
        "catalog_type": "RETAIL",
        "metadata": {
            "item_id": format!("SKU-{number:05}"),
            "item_group_id": if number.is_multiple_of(4) { json!(format!("G-{}", number / 4)) } else { Value::Null },
            "availability": availability,
            "currency": currency, "price": price,
            "sale_price": if number.is_multiple_of(9) && feed == 0 { decimal(cents / 2) } else { Value::Null },
        },
        "pin": shown,
    });
    data.products.insert(id, (groups, product));
    id
}

/// Cents as a number with a point.
fn decimal(cents: u64) -> Value {
    format!("{}.{:02}", cents / 100, cents % 100)
        .parse::<f64>()
        .map_or(Value::Null, Value::from)
}
