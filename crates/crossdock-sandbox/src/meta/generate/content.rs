//! Posts of the pages, and media of the Instagram account.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::super::graph::{Kind, Node};
use super::super::insights::media::{FEW_VIEWERS, OLD};
use super::{INSTAGRAM, Maker, STUDIO, WEDDINGS};

/// What posts are about: a text, and where its link leads.
const SUBJECTS: &[(&str, &str)] = &[
    (
        "Haustljósið er komið 🍂 Fáein laus tímabil í október.",
        "bokun",
    ),
    (
        "Behind the scenes from a foggy morning at the harbour.",
        "blogg/hofnin",
    ),
    (
        "Ný fermingarsería komin á vefinn – takk fyrir daginn!",
        "fermingar",
    ),
    ("冬の撮影会、予約受付中です。", "bokun/vetur"),
    ("Prentin eru komin úr rammagerðinni.", "prent"),
    ("Søndagsportrætter: få pladser tilbage.", "bokun/portret"),
];

/// The share of posts in the middle that apps don't see, as many in a row.
const WITHHELD: std::ops::Range<u64> = 40..70;

pub(super) fn fill(maker: &mut Maker<'_>) {
    let many = u64::from(maker.size.orders) * 3 / 2;
    posts(maker, STUDIO, many, TimeDelta::hours(31));
    posts(maker, WEDDINGS, 12.min(many), TimeDelta::days(19));
    account(maker);
    let media = u64::from(maker.size.orders) + u64::from(maker.size.products);
    media_of(maker, media);
    stories(maker);
}

/// A page's posts, the newest first, one in every `pace`.
fn posts(maker: &mut Maker<'_>, page: &str, count: u64, pace: TimeDelta) {
    let mut age = TimeDelta::hours(5);
    for number in 0..count {
        let id = format!("{page}_{}", 122_100_000_000_000_u64 + (count - number) * 37);
        let created = maker.ago(age);
        let edited = if maker.random.chance(15) {
            maker.ago(age - TimeDelta::hours(3))
        } else {
            created.clone()
        };
        let index = usize::try_from(maker.random.between(0, 5)).unwrap_or(0);
        let (text, path) = SUBJECTS.get(index).copied().unwrap_or(("", ""));
        let kind = maker
            .random
            .pick(&[
                "added_photos",
                "added_video",
                "mobile_status_update",
                "shared_story",
            ])
            .copied()
            .unwrap_or("added_photos");
        let mut fields = json!({
            "created_time": created,
            "updated_time": edited,
            "permalink_url": format!("https://www.facebook.com/{}", id.replace('_', "/posts/")),
            "status_type": kind,
            "is_hidden": false,
            "is_published": true,
            "from": { "name": if page == STUDIO { "Ljósbrot Studio" } else { "Ljósbrot Brúðkaup" }, "id": page },
        });
        let link = format!(
            "https://ljosbrot.example/{path}?utm_source=facebook&utm_medium=social&utm_campaign=haust&utm_content=post-{number}"
        );
        let linked = kind == "shared_story";
        if let Value::Object(fields) = &mut fields {
            // Some posts have pictures and no words.
            if !maker.random.chance(10) {
                let text = if linked {
                    format!("{text} {link}")
                } else {
                    text.to_owned()
                };
                fields.insert("message".to_owned(), text.into());
            }
            if maker.random.chance(60) {
                let shares = maker.random.between(1, 25);
                fields.insert("shares".to_owned(), json!({ "count": shares }));
            }
            if kind != "mobile_status_update" {
                let picture = format!("https://scontent.example/{id}.jpg");
                fields.insert("full_picture".to_owned(), picture.as_str().into());
                let attachment = json!({
                    "media_type": match kind { "added_video" => "video", "shared_story" => "link", _ => "photo" },
                    "type": match kind { "added_video" => "video_inline", "shared_story" => "share", _ => "photo" },
                    "title": "Ljósbrot",
                    "media": { "image": { "src": picture, "width": 1080, "height": 720 } },
                    "url": if linked { format!("https://l.facebook.com/l.php?u={path}") } else { format!("https://www.facebook.com/{id}") },
                    "unshimmed_url": if linked { link } else { format!("https://www.facebook.com/{id}") },
                });
                fields.insert("attachments".to_owned(), json!({ "data": [attachment] }));
            }
        }
        let mut post = Node::new(Kind::Post, &id, page, fields);
        post.withheld = page == STUDIO && WITHHELD.contains(&number);
        maker
            .graph
            .append(post, &[(page, "published_posts"), (page, "feed")]);
        age += pace + TimeDelta::minutes(i64::try_from(maker.random.between(0, 200)).unwrap_or(0));
    }
}

fn account(maker: &mut Maker<'_>) {
    let count = u64::from(maker.size.orders) + u64::from(maker.size.products);
    let fields = json!({
        "username": "ljosbrot.studio",
        "name": "Ljósbrot Studio",
        "biography": "Ljósmyndir úr Reykjavík 📷",
        "website": "https://ljosbrot.example/?utm_source=instagram&utm_medium=profile",
        "followers_count": 5_120,
        "follows_count": 312,
        "media_count": count,
        "ig_id": 8_070_000_001_u64,
        "profile_picture_url": "https://scontent.cdn.example/profile.jpg",
    });
    maker
        .graph
        .insert(Node::new(Kind::InstagramUser, INSTAGRAM, STUDIO, fields));
}

/// The account's media, the newest first: pictures, albums, videos and reels.
fn media_of(maker: &mut Maker<'_>, count: u64) {
    let mut age = TimeDelta::hours(9);
    for number in 0..count {
        let id = format!("{}", 18_000_000_000_000_000_u64 + (count - number) * 991);
        let (media_type, product) = maker
            .random
            .pick(&[
                ("IMAGE", "FEED"),
                ("IMAGE", "FEED"),
                ("CAROUSEL_ALBUM", "FEED"),
                ("VIDEO", "FEED"),
                ("VIDEO", "REELS"),
                ("VIDEO", "REELS"),
            ])
            .copied()
            .unwrap_or(("IMAGE", "FEED"));
        let mut fields = medium(&id, media_type, product, &maker.ago(age));
        if let Value::Object(fields) = &mut fields {
            if !maker.random.chance(12) {
                let index = usize::try_from(maker.random.between(0, 5)).unwrap_or(0);
                let text = SUBJECTS.get(index).map_or("", |(text, _)| text);
                fields.insert("caption".to_owned(), format!("{text} #ljósbrot").into());
            }
            fields.insert("like_count".to_owned(), maker.random.between(4, 600).into());
            fields.insert(
                "comments_count".to_owned(),
                maker.random.between(0, 40).into(),
            );
            if media_type == "CAROUSEL_ALBUM" {
                let children: Vec<Value> = (1..=3)
                    .map(|child| json!({ "id": format!("{id}{child}") }))
                    .collect();
                fields.insert("children".to_owned(), json!({ "data": children }));
            }
            // The oldest were posted by a person, before the account became a studio's.
            if number + 6 >= count {
                fields.insert(OLD.to_owned(), true.into());
            } else if number % 23 == 7 {
                fields.insert(FEW_VIEWERS.to_owned(), true.into());
            }
        }
        let node = Node::new(Kind::Media, &id, STUDIO, fields).link("owner", INSTAGRAM);
        maker.graph.append(node, &[(INSTAGRAM, "media")]);
        age += TimeDelta::hours(40)
            + TimeDelta::minutes(i64::try_from(maker.random.between(0, 600)).unwrap_or(0));
    }
}

/// Stories of the last day before the end of the made-up time. The verb `story/add` makes others.
fn stories(maker: &mut Maker<'_>) {
    for number in 0..3_u32 {
        let id = format!("1790000000000010{number}");
        let created = maker.ago(TimeDelta::hours(i64::from(number) * 6 + 1));
        let fields = medium(
            &id,
            if number == 1 { "VIDEO" } else { "IMAGE" },
            "STORY",
            &created,
        );
        let node = Node::new(Kind::Media, &id, STUDIO, fields).link("owner", INSTAGRAM);
        maker.graph.append(node, &[(INSTAGRAM, "stories")]);
    }
}

/// What every medium has.
pub(in super::super) fn medium(id: &str, media_type: &str, product: &str, at: &str) -> Value {
    let short = format!("C{}", id.chars().rev().take(9).collect::<String>());
    let place = match product {
        "REELS" => "reel",
        "STORY" => "stories/ljosbrot.studio",
        _ => "p",
    };
    let mut fields = json!({
        "media_type": media_type,
        "media_product_type": product,
        "permalink": format!("https://www.instagram.com/{place}/{short}/"),
        "shortcode": short,
        "timestamp": at,
        "username": "ljosbrot.studio",
        "ig_id": format!("3{id}"),
        "like_count": 0,
        "comments_count": 0,
        "is_comment_enabled": true,
        "media_url": format!("https://scontent.cdn.example/{id}.{}", if media_type == "VIDEO" { "mp4" } else { "jpg" }),
    });
    if let (Value::Object(fields), "VIDEO") = (&mut fields, media_type) {
        fields.insert(
            "thumbnail_url".to_owned(),
            format!("https://scontent.cdn.example/{id}.jpg").into(),
        );
    }
    fields
}
