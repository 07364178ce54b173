//! Boards as contents.

use connector_core::model::{Content, ContentKind};
use connector_core::{Model, Record};

use super::{Mapped, text};
use crate::api::Board;

/// A board. When a pin of it last changed is taken for when it did itself: Pinterest says no more.
pub fn board(board: Board) -> Mapped {
    let content = Content {
        kind: ContentKind::Board,
        platform_kind: None,
        title: text(board.name),
        text: text(board.description),
        url: None,
        image_url: text(board.media.and_then(|media| media.image_cover_url)),
        link_url: None,
        parent_external_id: None,
        public: board.privacy.map(|privacy| privacy == "PUBLIC"),
        tags: Vec::new(),
        published_at: board.created_at,
        created_at: board.created_at,
        updated_at: board.board_pins_modified_at,
    };
    Ok(Record::upsert(
        board.id,
        content.updated_at,
        Model::Content(Box::new(content)),
    ))
}

#[cfg(test)]
mod tests {
    use connector_core::Change;

    use super::*;

    fn content(json: &str) -> Content {
        let record = board(serde_json::from_str(json).unwrap()).unwrap();
        match record.change {
            Change::Upsert(Model::Content(content)) => *content,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_secret_board_is_not_public_and_an_empty_text_is_none() {
        let secret = content(
            r#"{"id":"8","name":"Vases","description":"","privacy":"SECRET","created_at":"2026-07-09T08:39:16","board_pins_modified_at":"2026-07-10T08:39:16.801000","media":{"image_cover_url":null}}"#,
        );
        assert_eq!((secret.public, secret.text), (Some(false), None));
        assert_eq!(secret.title.as_deref(), Some("Vases"));
        assert!(secret.updated_at > secret.created_at);
        assert_eq!(content(r#"{"id":"8"}"#).public, None);
    }
}
