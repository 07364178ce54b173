//! Recommendations as reviews.

use connector_core::model::Review;
use connector_core::{Model, Record, Skipped};

use super::{Mapped, text};
use crate::api::Rating;

/// A recommendation of a page. It is known by its story, or by when and by whom it was written where
/// Meta shows no story.
pub fn rating(page: &str, rating: Rating) -> Mapped {
    let story = text(rating.open_graph_story.and_then(|story| story.id));
    let (reviewer, author_name) = match rating.reviewer {
        Some(reviewer) => (text(reviewer.id), text(reviewer.name)),
        None => (None, None),
    };
    let written = rating.created_time.map(|at| {
        let by = reviewer.as_deref().unwrap_or("unknown");
        format!("{page}/{}/{by}", at.timestamp())
    });
    let id = story.or(written).ok_or_else(|| Skipped {
        external_id: None,
        reason: "the recommendation has neither a story nor a time to know it by".to_owned(),
    })?;
    let review = Review {
        subject_external_id: page.to_owned(),
        rating: rating.rating.filter(|stars| (1..=5).contains(stars)),
        recommended: match rating.recommendation_type.as_deref() {
            Some("positive") => Some(true),
            Some("negative") => Some(false),
            _ => None,
        },
        title: None,
        text: text(rating.review_text),
        author_name,
        reply: None,
        replied_at: None,
        url: None,
        created_at: rating.created_time,
        updated_at: None,
    };
    Ok(Record::upsert(id, None, Model::Review(Box::new(review))))
}

#[cfg(test)]
mod tests {
    use connector_core::Change;

    use super::*;

    fn map(json: &str) -> Mapped {
        rating("1", serde_json::from_str(json).unwrap())
    }

    #[test]
    fn a_recommendation_is_known_by_its_story() {
        let record = map(r#"{"created_time":"2026-05-19T10:42:47+0000","recommendation_type":"negative","rating":0,"open_graph_story":{"id":"55"}}"#).unwrap();
        assert_eq!(record.external_id, "55");
        let Change::Upsert(Model::Review(review)) = record.change else {
            panic!("no review");
        };
        assert_eq!((review.recommended, review.rating), (Some(false), None));
    }

    #[test]
    fn without_a_story_it_is_known_by_when_and_by_whom() {
        let written = r#"{"created_time":"1970-01-02T00:00:00+0000","reviewer":{"id":"5","name":"Somebody"},"recommendation_type":"maybe"}"#;
        assert_eq!(map(written).unwrap().external_id, "1/86400/5");
        assert!(map("{}").is_err());
    }
}
