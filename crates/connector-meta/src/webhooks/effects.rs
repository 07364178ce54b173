//! What follows from a change, by what changed and its field.

use connector_core::WebhookEffect;
use serde_json::Value;

use crate::descriptor::{
    CONVERSATIONS, INSTAGRAM_MEDIA, INSTAGRAM_MEDIA_METRICS, LEADS, PAGE_POSTS, REVIEWS,
};

/// Messages come in a list of their own, without a field; this is the one that is subscribed to.
pub(super) const MESSAGES: &str = "messages";

/// The fields of a page that are understood here.
pub(crate) const FIELDS: [&str; 5] = ["feed", "ratings", "leadgen", "conversations", MESSAGES];

/// What follows from these changes of a field, each thing once.
pub(super) fn of(object: &str, field: &str, values: &[Value]) -> Vec<WebhookEffect> {
    let mut effects = Vec::new();
    for value in values {
        let effect = match (object, field) {
            ("page", "feed") => feed(value),
            ("page", "ratings") => sync(REVIEWS),
            // It holds no personal data: the lead itself is read by the stream.
            ("page", "leadgen") => sync(LEADS),
            ("page" | "instagram", "conversations" | MESSAGES) => sync(CONVERSATIONS),
            // The final numbers of a story, which can't be read any more after its day.
            ("instagram", "story_insights") => sync(INSTAGRAM_MEDIA_METRICS),
            ("instagram", "media") => sync(INSTAGRAM_MEDIA),
            _ => WebhookEffect::Nothing,
        };
        if !effects.contains(&effect) {
            effects.push(effect);
        }
    }
    if effects.len() > 1 {
        effects.retain(|effect| *effect != WebhookEffect::Nothing);
    }
    effects
}

fn sync(stream: &str) -> WebhookEffect {
    WebhookEffect::Sync {
        stream: stream.to_owned(),
    }
}

/// A change of a page's feed: what the page or a visitor published, or what people did about it.
fn feed(value: &Value) -> WebhookEffect {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    match (text("item"), text("verb")) {
        // Numbers of posts are read by time, not for each reaction.
        (Some("reaction" | "like" | "comment"), _) => WebhookEffect::Nothing,
        (_, Some("remove" | "delete")) => match text("post_id") {
            Some(post) => WebhookEffect::Gone {
                stream: PAGE_POSTS.to_owned(),
                external_id: post.to_owned(),
            },
            None => WebhookEffect::Nothing,
        },
        _ => sync(PAGE_POSTS),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_field_brings_its_stream_and_reactions_bring_none() {
        let post = json!({"item": "status", "verb": "add", "post_id": "1_2"});
        assert_eq!(
            of("page", "feed", std::slice::from_ref(&post)),
            [sync(PAGE_POSTS)]
        );
        let like = json!({"item": "reaction", "verb": "add", "post_id": "1_2"});
        assert_eq!(
            of("page", "feed", std::slice::from_ref(&like)),
            [WebhookEffect::Nothing]
        );
        assert_eq!(
            of("page", "feed", &[like, post.clone(), post]),
            [sync(PAGE_POSTS)]
        );
        for (field, stream) in [
            ("ratings", REVIEWS),
            ("leadgen", LEADS),
            (MESSAGES, CONVERSATIONS),
        ] {
            assert_eq!(of("page", field, &[json!({})]), [sync(stream)], "{field}");
        }
        assert_eq!(of("user", "email", &[json!({})]), [WebhookEffect::Nothing]);
    }

    #[test]
    fn a_post_that_was_removed_is_gone() {
        let removed = json!({"item": "post", "verb": "remove", "post_id": "1_2"});
        let gone = WebhookEffect::Gone {
            stream: PAGE_POSTS.to_owned(),
            external_id: "1_2".to_owned(),
        };
        assert_eq!(of("page", "feed", &[removed]), [gone]);
        // A comment that was removed takes no post with it.
        let comment = json!({"item": "comment", "verb": "remove", "post_id": "1_2"});
        assert_eq!(of("page", "feed", &[comment]), [WebhookEffect::Nothing]);
    }
}
