//! Recorded replies: what of them becomes state, and what doesn't and why.
//!
//! A file's path says what sort of reply it holds. Objects keep their recorded ids and hang on the
//! page or account that the file names, or on a made-up one where it names none, so that a sync
//! comes upon them.

mod objects;

use serde_json::Value;

use super::generate;
use super::graph::{Graph, Kind};
use super::session::{SYSTEM_USER, USER};
use super::state::State;
use crate::platform::{SeedFile, SeedOutcome};

/// What a file holds.
#[derive(Clone, Copy, Debug)]
enum Holds {
    Accounts,
    AdSets,
    Ads,
    Campaigns,
    Media,
    MediaInsights,
    Messages,
    Pages,
    Posts,
    Ratings,
    /// Nothing for a stream, and why.
    Nothing(&'static str),
}

/// What the files hold, by a part of their path. The first that fits counts.
const FILES: &[(&str, Holds)] = &[
    (
        ".expected.json",
        Holds::Nothing("what somebody made of replies, and not one of them"),
    ),
    (
        "webhooks-whatsapp/",
        Holds::Nothing("WhatsApp isn't emulated"),
    ),
    ("whatsapp/", Holds::Nothing("WhatsApp isn't emulated")),
    ("threads/", Holds::Nothing("Threads isn't emulated")),
    (
        "webhooks/",
        Holds::Nothing("a webhook: told by the platform, and not read from it"),
    ),
    (
        "instagram-wh-",
        Holds::Nothing("a webhook: told by the platform, and not read from it"),
    ),
    (
        "instagram-messaging-seen",
        Holds::Nothing("a webhook: told by the platform, and not read from it"),
    ),
    ("errors/", Holds::Nothing("a refusal")),
    ("ig_login_exception", Holds::Nothing("a refusal")),
    (
        "catalog/check_batch",
        Holds::Nothing("what became of a batch of changes to products, which it doesn't hold"),
    ),
    (
        "instagram_basic",
        Holds::Nothing("the Basic Display API has ended"),
    ),
    (
        "hashtag",
        Holds::Nothing("media of others, found by a hashtag"),
    ),
    (
        "configured_schema",
        Holds::Nothing("a schema, and not a reply"),
    ),
    (
        "ads_insights",
        Holds::Nothing("days of 2021: insights of ads are kept for 37 months"),
    ),
    (
        "custom_conversions",
        Holds::Nothing("custom conversions are in no stream"),
    ),
    ("media_insights_for", Holds::MediaInsights),
    ("medias-insights", Holds::MediaInsights),
    (
        "user_insights",
        Holds::Nothing("a total over a range of days that isn't recorded"),
    ),
    ("insight", Holds::Nothing("metrics that have ended since")),
    ("issue1082", Holds::Nothing("metrics that have ended since")),
    ("stories", Holds::Nothing("stories are shown for a day")),
    (
        "message-story",
        Holds::Nothing("a message of which neither conversation nor page is known"),
    ),
    (
        "media_children",
        Holds::Nothing("a part of an album, without a number of its own"),
    ),
    (
        "live_medias",
        Holds::Nothing("a live video without the time at which it was posted"),
    ),
    (
        "instagram-api/users.json",
        Holds::Nothing("an account without a number"),
    ),
    ("instagram-api/api.json", Holds::Pages),
    ("instagram-api/media", Holds::Media),
    ("users-medias_p1", Holds::Media),
    ("medias-media_default", Holds::Media),
    ("medias-medias_fields", Holds::Media),
    ("restfb-instagram-media-image", Holds::Media),
    ("instagram-records/users", Holds::Accounts),
    ("posts/list-page-posts.p2", Holds::Posts),
    (
        "scheduled-posts.p3",
        Holds::Nothing("scheduled posts aren't published"),
    ),
    ("pyfb-base-full_connecions", Holds::Posts),
    ("posts-feeds_default", Holds::Posts),
    ("posts-multi_posts", Holds::Posts),
    ("posts-single_post", Holds::Posts),
    (
        "posts-feed_fields",
        Holds::Nothing("posts of a person's profile, which is no page"),
    ),
    ("groups-", Holds::Nothing("the API of groups has ended")),
    ("opengraphrating", Holds::Ratings),
    ("messages-message", Holds::Messages),
    (
        "restfb-v7_0-message-eu",
        Holds::Nothing("a message without the time at which it was written"),
    ),
    (
        "message-with-generic",
        Holds::Nothing("a message without the time at which it was written"),
    ),
    ("user_accounts", Holds::Pages),
    ("pyfb-base-objects", Holds::Pages),
    ("apidata-pages-", Holds::Pages),
    ("graph-pages/pages/get-page", Holds::Pages),
    ("graph-pages/pages/list-user-pages", Holds::Pages),
    (
        "create-page-photo.p2",
        Holds::Nothing("the answer to a write"),
    ),
    ("graph-pages/posts/", Holds::Pages),
    ("graph-pages/comments/", Holds::Pages),
    ("graph-pages/videos/", Holds::Pages),
    ("graph-pages/webhook-subscriptions/", Holds::Pages),
    ("/campaigns.json", Holds::Campaigns),
    ("/ad_sets.json", Holds::AdSets),
    ("/ads.json", Holds::Ads),
    (
        "restfb-ads-v2_6-lead",
        Holds::Nothing("a lead whose numbers were taken out"),
    ),
    (
        "post-with-comment",
        Holds::Nothing("a post without the time at which it was posted"),
    ),
    ("comment", Holds::Nothing("comments are in no stream")),
    ("albums", Holds::Nothing("albums are in no stream")),
    (
        "photos-photo",
        Holds::Nothing("photos are in no stream but as posts"),
    ),
    (
        "video",
        Holds::Nothing("videos are in no stream but as posts"),
    ),
    ("searchplace", Holds::Nothing("places are in no stream")),
    (
        "oembed",
        Holds::Nothing("code for embedding is in no stream"),
    ),
    (
        "geographic",
        Holds::Nothing("what ads can be aimed at is in no stream"),
    ),
    (
        "demographic",
        Holds::Nothing("what ads can be aimed at is in no stream"),
    ),
    (
        "targetingsentence",
        Holds::Nothing("what ads are aimed at is in no stream"),
    ),
    (
        "rule_example",
        Holds::Nothing("rules of ads are in no stream"),
    ),
];

/// What the files said.
#[derive(Debug, Default)]
pub(super) struct Loader {
    graph: Graph,
}

impl Loader {
    /// Takes what a file holds.
    pub(super) fn load(&mut self, file: &SeedFile<'_>) -> SeedOutcome {
        let Some(path) = file.path.strip_prefix("meta/") else {
            return SeedOutcome::NotMine;
        };
        let holds = FILES.iter().find(|(part, _)| path.contains(part)).map_or(
            Holds::Nothing("nothing in it belongs to a stream"),
            |(_, holds)| *holds,
        );
        if let Holds::Nothing(reason) = holds {
            return passed(reason);
        }
        let items = items(file.bytes);
        if items.is_empty() {
            return passed("an empty page, the end of a list");
        }
        let graph = &mut self.graph;
        let count = |take: &mut dyn FnMut(&Value) -> bool| {
            let taken = items.iter().filter(|item| take(item)).count();
            u64::try_from(taken).unwrap_or(u64::MAX)
        };
        match holds {
            Holds::Posts => taken("page_posts", count(&mut |it| objects::post(graph, it))),
            Holds::Media => taken(
                "instagram_media",
                count(&mut |it| objects::media(graph, it)),
            ),
            Holds::MediaInsights => taken(
                "instagram_media_metrics",
                count(&mut |it| objects::media_insight(graph, it)),
            ),
            Holds::Campaigns => taken(
                "ad_campaigns",
                count(&mut |it| objects::campaign(graph, it)),
            ),
            Holds::Ratings => taken("reviews", count(&mut |it| objects::rating(graph, it))),
            Holds::Messages => {
                let before = graph.all(Kind::Thread).count();
                let messages = count(&mut |it| objects::message(graph, it));
                let made = graph.all(Kind::Thread).count() - before;
                // Messages count as the conversations that they are in.
                let made = u64::try_from(made).unwrap_or(u64::MAX);
                taken("conversations", messages.min(made.max(1)))
            }
            Holds::Pages => {
                count(&mut |it| objects::page(graph, it));
                passed("pages are in no stream: they are kept for what is on them")
            }
            Holds::Accounts => {
                count(&mut |it| objects::account(graph, it));
                passed("Instagram accounts are in no stream: they are kept for what is on them")
            }
            Holds::AdSets => {
                count(&mut |it| objects::ad_set(graph, it));
                passed("ad sets are in no stream: they are kept to be read")
            }
            Holds::Ads => {
                count(&mut |it| objects::ad(graph, it));
                passed("ads are in no stream: they are kept to be read")
            }
            Holds::Nothing(reason) => passed(reason),
        }
    }

    /// Puts what the files said in place, with the people whose tokens read it.
    pub(super) fn settle(&mut self, state: &mut State) {
        let mut graph = std::mem::take(&mut self.graph);
        generate::people(&mut graph);
        let ids = |graph: &Graph, kind: Kind| -> Vec<String> {
            graph.all(kind).map(|node| node.id.clone()).collect()
        };
        for page in ids(&graph, Kind::Page) {
            for user in [USER, SYSTEM_USER] {
                graph.connect(user, "accounts", &page);
            }
            graph.sort_newest_first(&page, "published_posts", "created_time");
            graph.sort_newest_first(&page, "feed", "created_time");
            graph.sort_newest_first(&page, "conversations", "updated_time");
        }
        for thread in ids(&graph, Kind::Thread) {
            graph.sort_newest_first(&thread, "messages", "created_time");
        }
        for account in ids(&graph, Kind::InstagramUser) {
            graph.sort_newest_first(&account, "media", "timestamp");
        }
        for account in ids(&graph, Kind::AdAccount) {
            for user in [USER, SYSTEM_USER] {
                graph.connect(user, "adaccounts", &account);
            }
        }
        state.graph = graph;
    }
}

fn passed(reason: &str) -> SeedOutcome {
    SeedOutcome::Passed {
        reason: reason.to_owned(),
    }
}

fn taken(stream: &str, count: u64) -> SeedOutcome {
    if count == 0 {
        return passed("nothing in it says enough to be found again");
    }
    SeedOutcome::Taken {
        streams: vec![(stream.to_owned(), count)],
    }
}

/// The objects of a reply: of a page of a list, of several nodes by id, of one node, of lines.
fn items(bytes: &[u8]) -> Vec<Value> {
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else {
        let lines = String::from_utf8_lossy(bytes);
        return lines
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect();
    };
    match value {
        Value::Array(items) => items,
        Value::Object(mut object) => match object.remove("data") {
            Some(Value::Array(items)) => items,
            _ if !object.is_empty() && object.values().all(|it| it.get("id").is_some()) => {
                object.into_iter().map(|(_, value)| value).collect()
            }
            _ => vec![Value::Object(object)],
        },
        _ => Vec::new(),
    }
}
