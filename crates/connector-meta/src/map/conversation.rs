//! Conversations as inquiries.

use connector_core::model::{Inquiry, InquiryKind};
use connector_core::{Model, Record};

use super::{Mapped, text};
use crate::api::{Conversation, Participant};

/// A conversation of a page. `ours` are the ids of the page and its account on Instagram: whoever else
/// takes part is who wants something.
///
/// Which ad led to it isn't told here, but in webhooks alone.
pub fn conversation(page: &str, channel: &str, ours: &[&str], it: Conversation) -> Mapped {
    let is_ours = |one: &Participant| one.id.as_deref().is_some_and(|id| ours.contains(&id));
    let messages = it
        .messages
        .map(|messages| messages.data)
        .unwrap_or_default();
    let participants = it.participants.map(|it| it.data).unwrap_or_default();
    let writers = messages.iter().filter_map(|message| message.from.as_ref());
    let person = participants
        .iter()
        .chain(writers)
        .find(|one| !is_ours(one))
        .cloned();
    // The beginning is known where all that was written is there.
    let all = it
        .message_count
        .and_then(|count| usize::try_from(count).ok());
    let created_at = match messages.last() {
        Some(first) if all == Some(messages.len()) => first.created_time,
        _ => None,
    };
    let inquiry = Inquiry {
        kind: InquiryKind::Conversation,
        channel: Some(channel.to_owned()),
        source_external_id: Some(page.to_owned()),
        contact_name: person.and_then(|one| text(one.name).or_else(|| text(one.username))),
        contact_email: None,
        contact_phone: None,
        message: messages
            .into_iter()
            .find_map(|message| text(message.message)),
        answers: Vec::new(),
        message_count: it.message_count,
        origin: None,
        created_at,
        updated_at: it.updated_time,
    };
    Ok(Record::upsert(
        it.id,
        it.updated_time,
        Model::Inquiry(Box::new(inquiry)),
    ))
}

#[cfg(test)]
mod tests {
    use connector_core::Change;

    use super::*;

    fn inquiry(json: &str) -> Inquiry {
        let it = serde_json::from_str(json).unwrap();
        match conversation("1", "messenger", &["1", "9"], it)
            .unwrap()
            .change
        {
            Change::Upsert(Model::Inquiry(inquiry)) => *inquiry,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn who_wants_something_is_whoever_is_not_the_page() {
        let both = r#"{"id":"t_1","updated_time":"2026-05-19T10:42:47+0000","message_count":2,"participants":{"data":[{"name":"Studio","id":"1","email":"1@facebook.com"},{"name":"Somebody","email":"5@facebook.com","id":"5"}]},"messages":{"data":[{"created_time":"2026-05-19T10:42:47+0000","from":{"id":"1","name":"Studio"},"message":"  "},{"created_time":"2026-05-18T09:00:00+0000","from":{"id":"5"},"message":"Are you free?"}]}}"#;
        let inquiry = inquiry(both);
        assert_eq!(inquiry.contact_name.as_deref(), Some("Somebody"));
        assert_eq!(inquiry.contact_email, None);
        assert_eq!(inquiry.message.as_deref(), Some("Are you free?"));
        let began = inquiry.created_at.unwrap().to_rfc3339();
        assert_eq!(began, "2026-05-18T09:00:00+00:00");
    }

    #[test]
    fn a_beginning_that_was_not_read_is_not_made_up() {
        let longer = r#"{"id":"t_1","message_count":30,"messages":{"data":[{"created_time":"2026-05-19T10:42:47+0000","from":{"id":"5","username":"some.body"},"message":"x"}]}}"#;
        let inquiry = inquiry(longer);
        assert_eq!(inquiry.created_at, None);
        assert_eq!(inquiry.contact_name.as_deref(), Some("some.body"));
    }
}
