//! Pins as contents.

use connector_core::model::{Content, ContentKind};
use connector_core::{Model, Record};

use super::{Mapped, text};
use crate::api::{Media, Pin};

/// A pin.
pub fn pin(pin: Pin) -> Mapped {
    let content = Content {
        kind: ContentKind::Pin,
        platform_kind: text(pin.creative_type),
        title: text(pin.title),
        text: text(pin.description),
        url: Some(format!("https://www.pinterest.com/pin/{}/", pin.id)),
        image_url: pin.media.and_then(widest),
        link_url: text(pin.link),
        parent_external_id: text(pin.board_id),
        // Whether its board is public is the board's to say.
        public: None,
        tags: Vec::new(),
        published_at: pin.created_at,
        created_at: pin.created_at,
        updated_at: None,
    };
    Ok(Record::upsert(
        pin.id,
        None,
        Model::Content(Box::new(content)),
    ))
}

/// The address of the widest picture. The names of sizes say less than the widths: `1200x` may be
/// narrower than `600x`.
pub(super) fn widest(media: Media) -> Option<String> {
    let images = media.images.into_values();
    let shown = images.filter_map(|image| Some((image.width, text(image.url)?)));
    shown.max_by_key(|(width, _)| *width).map(|(_, url)| url)
}

#[cfg(test)]
mod tests {
    use connector_core::Change;

    use super::*;

    fn content(json: &str) -> Content {
        let record = pin(serde_json::from_str(json).unwrap()).unwrap();
        match record.change {
            Change::Upsert(Model::Content(content)) => *content,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_space_is_no_text_and_the_widest_picture_is_taken() {
        let pin = content(
            r#"{"id":"9","title":null,"description":" ","link":null,"board_id":"8","created_at":"2026-07-09T09:37:09","creative_type":"NEW_KIND","media":{"images":{"600x":{"width":564,"url":"https://i.example/a"},"1200x":{"width":600,"url":"https://i.example/b"}}}}"#,
        );
        assert_eq!((pin.title, pin.text, pin.link_url), (None, None, None));
        assert_eq!(pin.image_url.as_deref(), Some("https://i.example/b"));
        assert_eq!(pin.platform_kind.as_deref(), Some("NEW_KIND"));
        assert_eq!(pin.parent_external_id.as_deref(), Some("8"));
        assert_eq!(pin.url.as_deref(), Some("https://www.pinterest.com/pin/9/"));
    }
}
