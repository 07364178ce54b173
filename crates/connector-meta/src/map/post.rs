//! Posts of pages as contents.

use connector_core::model::{Content, ContentKind};
use connector_core::{Model, Record};

use super::{Mapped, lasting, text};
use crate::api::Post;

/// A post of a page.
pub fn post(page: &str, post: Post) -> Mapped {
    let attachments = post.attachments.map(|it| it.data).unwrap_or_default();
    let first = attachments.first();
    let media_type = first.and_then(|first| first.media_type.as_deref());
    let link_url = first
        .filter(|_| media_type == Some("link"))
        .and_then(|first| first.unshimmed_url.clone());
    let hidden = post.is_hidden.map(|hidden| !hidden);
    let public = match (hidden, post.is_published) {
        (Some(shown), Some(published)) => Some(shown && published),
        (one, other) => one.or(other),
    };
    let content = Content {
        kind: kind(media_type, post.status_type.as_deref()),
        platform_kind: text(post.status_type),
        title: None,
        text: text(post.message).or_else(|| text(post.story)),
        url: text(post.permalink_url),
        image_url: lasting(post.full_picture),
        link_url: text(link_url),
        parent_external_id: Some(page.to_owned()),
        public,
        tags: Vec::new(),
        published_at: post.created_time,
        created_at: post.created_time,
        updated_at: post.updated_time,
    };
    Ok(Record::upsert(
        post.id,
        content.updated_at,
        Model::Content(Box::new(content)),
    ))
}

/// What hangs on a post says best what it is.
fn kind(media_type: Option<&str>, status_type: Option<&str>) -> ContentKind {
    match (media_type, status_type) {
        (Some("album"), _) => ContentKind::Carousel,
        (Some("photo"), _) | (None, Some("added_photos")) => ContentKind::Image,
        (Some("video"), _) | (None, Some("added_video")) => ContentKind::Video,
        _ => ContentKind::Post,
    }
}

#[cfg(test)]
mod tests {
    use connector_core::Change;

    use super::*;

    fn content(json: &str) -> Content {
        let record = post("1", serde_json::from_str(json).unwrap()).unwrap();
        match record.change {
            Change::Upsert(Model::Content(content)) => *content,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_link_leads_where_it_leads_without_facebooks_detour() {
        let shared = content(
            r#"{"id":"1_2","message":"See","created_time":"2026-05-19T10:42:47+0000","status_type":"shared_story","full_picture":"https://scontent.example/p.jpg?oh=1&oe=2","is_hidden":false,"is_published":true,"attachments":{"data":[{"media_type":"link","unshimmed_url":"https://studio.example/?utm_source=facebook"}]}}"#,
        );
        assert_eq!(shared.kind, ContentKind::Post);
        assert_eq!(
            shared.link_url.as_deref(),
            Some("https://studio.example/?utm_source=facebook")
        );
        assert_eq!(
            shared.image_url.as_deref(),
            Some("https://scontent.example/p.jpg")
        );
        assert_eq!(shared.public, Some(true));
    }

    #[test]
    fn what_hangs_on_it_says_what_it_is() {
        for (json, kind) in [
            (r#"{"id":"1_2"}"#, ContentKind::Post),
            (
                r#"{"id":"1_2","status_type":"added_video"}"#,
                ContentKind::Video,
            ),
            (
                r#"{"id":"1_2","status_type":"added_photos","attachments":{"data":[{"media_type":"album"}]}}"#,
                ContentKind::Carousel,
            ),
            (
                r#"{"id":"1_2","status_type":"never_heard_of","attachments":{"data":[{"media_type":"hologram"}]}}"#,
                ContentKind::Post,
            ),
        ] {
            assert_eq!(content(json).kind, kind, "{json}");
        }
        // A picture's own address is not where a post leads.
        let photo = content(
            r#"{"id":"1_2","story":"x shared","is_hidden":true,"attachments":{"data":[{"media_type":"photo","unshimmed_url":"https://www.facebook.com/1"}]}}"#,
        );
        assert_eq!((photo.link_url, photo.public), (None, Some(false)));
        assert_eq!(photo.text.as_deref(), Some("x shared"));
    }
}
