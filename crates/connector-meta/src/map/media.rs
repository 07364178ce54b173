//! What is on Instagram as contents.

use connector_core::model::{Content, ContentKind};
use connector_core::{Model, Record};

use super::{Mapped, lasting, text};
use crate::api::Medium;

/// Something that an account of Instagram published.
pub fn medium(account: &str, it: Medium) -> Mapped {
    // An album has no picture of its own where Instagram leaves it out: that of its first part then.
    let first = it
        .children
        .as_ref()
        .and_then(|children| children.data.first());
    let image = picture(&it).or_else(|| first.and_then(picture));
    let shown_as = it.media_product_type.filter(|shown| shown != "FEED");
    let content = Content {
        kind: kind(it.media_type.as_deref(), shown_as.as_deref()),
        platform_kind: text(shown_as).or_else(|| text(it.media_type)),
        title: None,
        text: text(it.caption),
        url: text(it.permalink),
        image_url: lasting(image),
        link_url: None,
        parent_external_id: Some(account.to_owned()),
        public: None,
        tags: Vec::new(),
        published_at: it.timestamp,
        created_at: it.timestamp,
        updated_at: None,
    };
    Ok(Record::upsert(
        it.id,
        None,
        Model::Content(Box::new(content)),
    ))
}

/// A film's picture, or the picture itself.
fn picture(it: &Medium) -> Option<String> {
    let is_film = it.media_type.as_deref() == Some("VIDEO");
    let own = it.media_url.clone().filter(|_| !is_film);
    it.thumbnail_url.clone().or(own)
}

/// Where it is shown says more than what it is: a reel is a film too.
fn kind(media_type: Option<&str>, shown_as: Option<&str>) -> ContentKind {
    match (shown_as, media_type) {
        (Some("REELS"), _) => ContentKind::Reel,
        (Some("STORY"), _) => ContentKind::Story,
        (_, Some("CAROUSEL_ALBUM")) => ContentKind::Carousel,
        (_, Some("IMAGE")) => ContentKind::Image,
        (_, Some("VIDEO")) => ContentKind::Video,
        _ => ContentKind::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use connector_core::Change;

    use super::*;

    fn content(json: &str) -> Content {
        let record = medium("9", serde_json::from_str(json).unwrap()).unwrap();
        match record.change {
            Change::Upsert(Model::Content(content)) => *content,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn where_it_is_shown_says_what_it_is() {
        for (json, kind, word) in [
            (
                r#"{"id":"1","media_type":"VIDEO","media_product_type":"REELS"}"#,
                ContentKind::Reel,
                "REELS",
            ),
            (
                r#"{"id":"1","media_type":"VIDEO","media_product_type":"FEED"}"#,
                ContentKind::Video,
                "VIDEO",
            ),
            (
                r#"{"id":"1","media_type":"IMAGE"}"#,
                ContentKind::Image,
                "IMAGE",
            ),
            (
                r#"{"id":"1","media_type":"HOLOGRAM"}"#,
                ContentKind::Unknown,
                "HOLOGRAM",
            ),
        ] {
            let content = content(json);
            assert_eq!(content.kind, kind, "{json}");
            assert_eq!(content.platform_kind.as_deref(), Some(word));
        }
    }

    #[test]
    fn a_film_and_an_album_have_a_picture_that_does_not_change_with_each_read() {
        let film = content(
            r#"{"id":"1","media_type":"VIDEO","media_url":"https://c.example/1.mp4?oe=1","thumbnail_url":"https://c.example/1.jpg?oe=2","timestamp":"2026-05-19T10:42:47+0000"}"#,
        );
        assert_eq!(film.image_url.as_deref(), Some("https://c.example/1.jpg"));
        assert!(film.published_at.is_some());
        let bare =
            content(r#"{"id":"1","media_type":"VIDEO","media_url":"https://c.example/1.mp4"}"#);
        assert_eq!(bare.image_url, None);
        let album = content(
            r#"{"id":"1","media_type":"CAROUSEL_ALBUM","children":{"data":[{"id":"2","media_type":"IMAGE","media_url":"https://c.example/2.jpg?oe=1"},{"id":"3"}]}}"#,
        );
        assert_eq!(album.kind, ContentKind::Carousel);
        assert_eq!(album.image_url.as_deref(), Some("https://c.example/2.jpg"));
    }
}
