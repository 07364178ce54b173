//! Made-up places, reviews, products and videos.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};

use crate::google::business::{Business, Location, Review};
use crate::google::merchant::Merchant;
use crate::google::params::put;
use crate::google::youtube::{Video, YouTube};
use crate::random::Random;

/// The one account of the Merchant Center.
pub(in crate::google) const MERCHANT: &str = "500100200";

static REVIEWERS: &[&str] = &[
    "Åse N.",
    "Jürgen G.",
    "山田花子",
    "Zoë B.",
    "Adjoua K.",
    "Søren Æ.",
    "Maria López",
];

static COMMENTS: &[&str] = &[
    "Fantastiske billeder, og en tålmodig fotograf! 📸",
    "Lang ventetid, men flotte kjoler.",
    "とても素敵な写真でした。",
    "Très bon accueil, robe un peu chère.",
    "Book i god tid.",
];

/// One account with two places.
pub(super) fn business(business: &mut Business, reviews: u32, seed: u64, as_of: DateTime<Utc>) {
    let account = "400100200";
    business
        .accounts
        .insert(account.to_owned(), "Sandkasse Studio".to_owned());
    for (id, title, city, code, phone, weight, count) in [
        (
            "410000001",
            "Sandkasse Studio",
            "København N",
            "2200",
            Some("+45 70 10 20 30"),
            90,
            reviews * 2,
        ),
        (
            "410000002",
            "Sandkasse Butik & Brud",
            "Aarhus C",
            "8000",
            None,
            40,
            reviews,
        ),
    ] {
        let mut fields: Map<String, Value> = Map::new();
        for (name, value) in [
            ("name", json!(format!("locations/{id}"))),
            ("title", json!(title)),
            ("storeCode", json!(format!("SK-{code}"))),
            ("languageCode", json!("da")),
            (
                "websiteUri",
                json!(
                    "https://sandbox.example/?utm_source=google&utm_medium=organic&utm_campaign=gbp"
                ),
            ),
            (
                "storefrontAddress",
                json!({
                    "regionCode": "DK", "languageCode": "da", "postalCode": code,
                    "locality": city, "addressLines": ["Nørrebrogade 1"],
                }),
            ),
            (
                "categories",
                json!({"primaryCategory": {
                    "name": "categories/gcid:photographer", "displayName": "Fotograf",
                }}),
            ),
            ("openInfo", json!({"status": "OPEN", "canReopen": true})),
            (
                "metadata",
                json!({
                    "placeId": format!("ChIJsandbox{id}"), "hasVoiceOfMerchant": true,
                    "mapsUri": format!("https://maps.google.com/maps?cid={id}"),
                    "newReviewUri": format!("https://search.google.com/local/writereview?placeid=ChIJsandbox{id}"),
                }),
            ),
        ] {
            fields.insert(name.to_owned(), value);
        }
        if let Some(phone) = phone {
            fields.insert("phoneNumbers".to_owned(), json!({"primaryPhone": phone}));
        }
        let reviews: BTreeMap<String, Review> = (0..count)
            .map(|number| one_review(id, number, seed, as_of))
            .collect();
        let location = Location {
            account: account.to_owned(),
            fields,
            reviews,
            weight,
        };
        business.locations.insert(id.to_owned(), location);
    }
}

/// One review and its id.
pub(in crate::google) fn one_review(
    location: &str,
    number: u32,
    seed: u64,
    as_of: DateTime<Utc>,
) -> (String, Review) {
    let mut random = Random::for_thing(seed, &["review", location, &number.to_string()]);
    let id = format!("AbFvOq{number:05}{:016x}", random.next());
    let minutes = i64::try_from(random.between(60, 900 * 1_440)).unwrap_or(60);
    let created = as_of - TimeDelta::minutes(minutes);
    let edited = random.chance(15);
    let updated = if edited {
        created + TimeDelta::minutes(minutes / 3)
    } else {
        created
    };
    let comment = random
        .chance(70)
        .then(|| random.pick(COMMENTS).copied())
        .flatten();
    let reviewer = random
        .chance(94)
        .then(|| random.pick(REVIEWERS).copied())
        .flatten();
    let reply = random.chance(40).then(|| {
        let at = (updated + TimeDelta::hours(20)).min(as_of);
        ("Tusind tak for dine ord!".to_owned(), at)
    });
    let stars = u8::try_from(random.between(1, 9).min(5)).unwrap_or(5);
    let review = Review {
        stars,
        comment: comment.map(str::to_owned),
        reviewer: reviewer.map(str::to_owned),
        created,
        updated,
        reply,
    };
    (id, review)
}

/// One account with enough products for two of the largest pages.
pub(super) fn merchant(merchant: &mut Merchant, products: u32, seed: u64, as_of: DateTime<Utc>) {
    merchant
        .accounts
        .insert(MERCHANT.to_owned(), "Sandkasse Butik".to_owned());
    for number in 0..products * 18 {
        let (name, product) = one_product(number, seed, as_of);
        merchant
            .products
            .insert((MERCHANT.to_owned(), name), product);
    }
}

/// One product and its name below its account.
pub(in crate::google) fn one_product(
    number: u32,
    seed: u64,
    as_of: DateTime<Utc>,
) -> (String, Value) {
    let mut random = Random::for_thing(seed, &["product", &number.to_string()]);
    let (language, label, currency, unit) = match number % 6 {
        0 => ("ja", "JP", "JPY", 100_u64),
        1 => ("de", "DE", "EUR", 1),
        _ => ("da", "DK", "DKK", 7),
    };
    let kinds = [
        "Brudekjole",
        "Selskabskjole",
        "Fotoramme",
        "Gavekort",
        "Slør",
        "着物ドレス",
    ];
    let kind = random.pick(&kinds).copied().unwrap_or("Kjole");
    let (group, size) = (
        number / 3,
        ["S", "M", "L"].get(usize::try_from(number % 3).unwrap_or(0)),
    );
    let size = size.copied().unwrap_or("M");
    // Some offers have ids that need encoding in an address.
    let offer = if number.is_multiple_of(25) {
        format!("kjole/{group} {size}")
    } else {
        format!("SK-{group:04}-{size}")
    };
    let local = number % 40 == 39;
    let prefix = if local { "local~" } else { "" };
    let name = format!("{prefix}{language}~{label}~{offer}");
    let micros =
        random.between(90, 4_000) * unit * 1_000_000 + if unit == 100 { 0 } else { 950_000 };
    let price = |micros: u64| json!({"amountMicros": micros.to_string(), "currencyCode": currency});
    let availability = match number % 9 {
        3 => "OUT_OF_STOCK",
        5 => "PREORDER",
        7 => "BACKORDER",
        _ => "IN_STOCK",
    };
    let link = format!("https://sandbox.example/shop/{group}?size={size}");
    let mut attributes = json!({
        "title": format!("{kind} nr. {group}, {size}"),
        "description": "Syet i København – leveres med æske.",
        "link": link,
        "imageLink": format!("https://cdn.sandbox.example/{group}.jpg"),
        "availability": availability,
        "price": price(micros),
        "condition": "NEW",
        "itemGroupId": format!("group-{group}"),
        "size": size,
    });
    let brand = random.chance(80).then_some("Sandkasse");
    put(&mut attributes, "brand", brand);
    let gtin = random
        .chance(60)
        .then(|| vec![format!("57{:011}", random.next() % 100_000_000_000)]);
    put(&mut attributes, "gtins", gtin);
    let sale = random.chance(20).then(|| price(micros * 8 / 10));
    put(&mut attributes, "salePrice", sale);
    let created = as_of - TimeDelta::days(i64::from(number % 300) + 30);
    let updated = as_of - TimeDelta::hours(i64::from(number % 200));
    let refused = number % 14 == 2;
    let product = json!({
        "offerId": offer, "contentLanguage": language, "feedLabel": label,
        "dataSource": format!("accounts/{MERCHANT}/dataSources/104628"),
        "versionNumber": "7",
        "productAttributes": attributes,
        "productStatus": status(label, refused, created, updated),
    });
    let mut product = product;
    put(&mut product, "legacyLocal", local.then_some(true));
    (name, product)
}

fn status(country: &str, refused: bool, created: DateTime<Utc>, updated: DateTime<Utc>) -> Value {
    let at = |at: DateTime<Utc>| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let countries = if refused {
        "disapprovedCountries"
    } else {
        "approvedCountries"
    };
    let mut status = json!({
        "destinationStatuses": [
            {"reportingContext": "SHOPPING_ADS", countries: [country]},
            {"reportingContext": "FREE_LISTINGS", "approvedCountries": [country]},
        ],
        "creationDate": at(created), "lastUpdateDate": at(updated),
        "googleExpirationDate": at(updated + TimeDelta::days(30)),
    });
    let issue = json!([{
        "code": "image_link_broken", "severity": "DISAPPROVED", "resolution": "merchant_action",
        "attribute": "image link", "reportingContext": "SHOPPING_ADS",
        "description": "The image can't be reached.", "applicableCountries": [country],
    }]);
    put(&mut status, "itemLevelIssues", refused.then_some(issue));
    status
}

/// One channel, with more videos than a page holds.
pub(super) fn youtube(youtube: &mut YouTube, videos: u32, seed: u64, as_of: DateTime<Utc>) {
    youtube.channel = Some("UCsandboxSandkasseStudio".to_owned());
    youtube.title = "Sandkasse Studio".to_owned();
    for number in 0..videos {
        let (id, video) = one_video(number, seed, as_of);
        youtube.videos.insert(id, video);
    }
}

/// One video and its id of eleven characters.
pub(in crate::google) fn one_video(
    number: u32,
    seed: u64,
    as_of: DateTime<Utc>,
) -> (String, Video) {
    let mut random = Random::for_thing(seed, &["video", &number.to_string()]);
    let id = format!("sbx{:08x}", random.next() >> 32);
    let titles = [
        "Bag kameraet",
        "Lys om vinteren ❄",
        "Prøvning af kjoler",
        "撮影の一日",
        "Bryllup på Møn",
    ];
    let title = random.pick(&titles).copied().unwrap_or("Bag kameraet");
    let minutes = i64::try_from(random.between(300, 400 * 1_440)).unwrap_or(300);
    let link = "https://sandbox.example/book?utm_source=youtube&utm_medium=video&utm_campaign=";
    let video = Video {
        title: format!("{title} #{number}"),
        description: format!("Book en tid: {link}video_{number}"),
        published: as_of - TimeDelta::minutes(minutes),
        duration: format!("PT{}M{}S", random.between(1, 12), random.between(1, 59)),
        privacy: match number % 10 {
            7 => "unlisted",
            9 => "private",
            _ => "public",
        },
        tags: if random.chance(60) {
            vec!["fotografi".to_owned(), "bryllup".to_owned()]
        } else {
            Vec::new()
        },
        rated: !random.chance(8),
        weight: random.between(3, 60),
    };
    (id, video)
}
