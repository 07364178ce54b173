//! Reviews of locations.

use connector_core::Record;
use connector_core::model::{Model, Review};

use super::{Mapped, Skipped, text};
use crate::api;

/// A review of a location, whose name is as in v1: `locations/2`.
///
/// # Errors
/// A review without a name can't be told from another.
pub fn review(review: api::Review, location: &str) -> Mapped {
    if review.name.trim().is_empty() {
        return Err(Skipped::new("", "a review without a name"));
    }
    let reply = review.review_reply.unwrap_or_default();
    let reply_text = text(reply.comment);
    let author = Some(review.reviewer).filter(|reviewer| !reviewer.is_anonymous);
    Ok(Record::upsert(
        review.name,
        review.update_time,
        Model::Review(Box::new(Review {
            subject_external_id: location.to_owned(),
            rating: review.star_rating.as_deref().and_then(stars),
            recommended: None,
            title: None,
            text: text(review.comment),
            author_name: author.and_then(|reviewer| text(reviewer.display_name)),
            replied_at: reply.update_time.filter(|_| reply_text.is_some()),
            reply: reply_text,
            url: None,
            created_at: review.create_time,
            updated_at: review.update_time,
        })),
    ))
}

/// The stars, which Google writes in words.
fn stars(word: &str) -> Option<i64> {
    Some(match word {
        "ONE" => 1,
        "TWO" => 2,
        "THREE" => 3,
        "FOUR" => 4,
        "FIVE" => 5,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use connector_core::Change;
    use serde_json::json;

    use super::*;

    fn mapped(value: serde_json::Value) -> Review {
        let read = serde_json::from_value(value).unwrap();
        match review(read, "locations/2").unwrap().change {
            Change::Upsert(Model::Review(review)) => *review,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_rating_without_words_and_an_author_without_a_name_are_read() {
        let bare = mapped(
            json!({"name": "accounts/1/locations/2/reviews/3", "starRating": "FOUR",
            "reviewer": {"isAnonymous": true, "displayName": "A Google user"},
            "createTime": "2026-10-01T10:00:00.5Z", "updateTime": "2026-10-02T10:00:00Z"}),
        );
        assert_eq!(
            (bare.rating, bare.text, bare.author_name),
            (Some(4), None, None)
        );
        let odd = mapped(
            json!({"name": "accounts/1/locations/2/reviews/3", "starRating": "SIX",
            "comment": "Fint", "reviewReply": {"comment": "Tak", "updateTime": "2026-10-03T10:00:00Z"}}),
        );
        assert_eq!((odd.rating, odd.text.as_deref()), (None, Some("Fint")));
        assert_eq!(odd.reply.as_deref(), Some("Tak"));
        assert!(odd.replied_at.is_some());
    }
}
