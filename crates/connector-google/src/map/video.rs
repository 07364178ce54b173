//! Videos as content.

use connector_core::Record;
use connector_core::model::{Content, ContentKind, Model};

use super::{Mapped, Skipped, text};
use crate::api::{Video, VideoSnippet};

/// A video. Whether it is a short one, upright, `YouTube` doesn't say.
///
/// # Errors
/// A video without an id can't be told from another.
pub fn video(video: Video) -> Mapped {
    if video.id.trim().is_empty() {
        return Err(Skipped::new("", "a video without an id"));
    }
    let privacy = video.status.privacy_status.as_deref();
    let image_url = image(&video.snippet);
    let snippet = video.snippet;
    Ok(Record::upsert(
        video.id.clone(),
        None,
        Model::Content(Box::new(Content {
            kind: ContentKind::Video,
            platform_kind: text(video.kind),
            title: text(snippet.title),
            text: text(snippet.description),
            url: Some(format!("https://www.youtube.com/watch?v={}", video.id)),
            image_url,
            link_url: None,
            parent_external_id: text(snippet.channel_id),
            public: privacy.map(|privacy| privacy == "public"),
            tags: snippet
                .tags
                .into_iter()
                .filter(|tag| !tag.trim().is_empty())
                .collect(),
            // Of a private one it is when it was uploaded.
            published_at: snippet.published_at.filter(|_| privacy != Some("private")),
            created_at: None,
            updated_at: None,
        })),
    ))
}

/// The largest picture.
fn image(snippet: &VideoSnippet) -> Option<String> {
    let all = &snippet.thumbnails;
    [
        &all.maxres,
        &all.standard,
        &all.high,
        &all.medium,
        &all.default,
    ]
    .into_iter()
    .find_map(|picture| text(picture.as_ref()?.url.clone()))
}

#[cfg(test)]
mod tests {
    use connector_core::Change;
    use serde_json::json;

    use super::*;

    fn mapped(value: serde_json::Value) -> Content {
        match video(serde_json::from_value(value).unwrap())
            .unwrap()
            .change
        {
            Change::Upsert(Model::Content(content)) => *content,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_video_is_public_or_not_and_shows_its_largest_picture() {
        let public = mapped(json!({"id": "v", "kind": "youtube#video",
            "snippet": {"title": "T", "description": "", "channelId": "UC1", "tags": ["a", " "],
                "publishedAt": "2026-10-01T10:00:00Z",
                "thumbnails": {"default": {"url": "https://x.example/s"},
                    "high": {"url": "https://x.example/l"}}},
            "status": {"privacyStatus": "public"}}));
        assert_eq!(public.image_url.as_deref(), Some("https://x.example/l"));
        assert_eq!((public.public, public.text), (Some(true), None));
        assert_eq!(
            (public.tags, public.published_at.is_some()),
            (vec!["a".to_owned()], true)
        );
        let private = mapped(
            json!({"id": "v", "snippet": {"publishedAt": "2026-10-01T10:00:00Z"},
            "status": {"privacyStatus": "private"}}),
        );
        assert_eq!((private.public, private.published_at), (Some(false), None));
        assert_eq!(mapped(json!({"id": "v"})).public, None);
    }
}
