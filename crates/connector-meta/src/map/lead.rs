//! Forms that were filled in as inquiries.

use connector_core::model::{Inquiry, InquiryAnswer, InquiryKind, Origin};
use connector_core::{Model, Record};

use super::{Mapped, text};
use crate::api::{Lead, LeadField};

/// The keys of Meta's own questions for each of these, the better one first (developers.facebook.com,
/// "Lead ads": field types).
const EMAILS: [&str; 2] = ["email", "work_email"];
const PHONES: [&str; 2] = ["phone_number", "work_phone_number"];

/// A form that somebody filled in.
pub fn lead(it: Lead) -> Mapped {
    let fields = it.field_data;
    let origin = Origin {
        campaign_external_id: text(it.campaign_id),
        ad_group_external_id: text(it.adset_id),
        ad_external_id: text(it.ad_id),
        organic: it.is_organic,
        ..Origin::default()
    };
    let inquiry = Inquiry {
        kind: InquiryKind::Form,
        channel: text(it.platform),
        source_external_id: text(it.form_id),
        contact_name: name(&fields),
        contact_email: first(&fields, &EMAILS),
        contact_phone: first(&fields, &PHONES),
        message: None,
        answers: fields.into_iter().filter_map(answer).collect(),
        message_count: None,
        origin: origin.known(),
        created_at: it.created_time,
        updated_at: None,
    };
    Ok(Record::upsert(
        it.id,
        it.created_time,
        Model::Inquiry(Box::new(inquiry)),
    ))
}

/// What was answered to the first of these questions that has an answer.
fn first(fields: &[LeadField], keys: &[&str]) -> Option<String> {
    keys.iter().find_map(|key| {
        let of_key = fields
            .iter()
            .filter(|field| field.name.as_deref() == Some(key));
        of_key
            .flat_map(|field| &field.values)
            .find_map(|value| text(Some(value.clone())))
    })
}

/// The full name, or first and last name where the form asks for those.
fn name(fields: &[LeadField]) -> Option<String> {
    first(fields, &["full_name"]).or_else(|| {
        let parts = ["first_name", "last_name"].map(|key| first(fields, &[key]));
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        text(Some(parts.join(" ")))
    })
}

/// An answer; a question without a key, or left open, has none.
fn answer(field: LeadField) -> Option<InquiryAnswer> {
    let values = field.values.into_iter();
    let answers: Vec<String> = values.filter_map(|value| text(Some(value))).collect();
    (!answers.is_empty()).then_some(())?;
    Some(InquiryAnswer {
        question: text(field.name)?,
        answers,
    })
}

#[cfg(test)]
mod tests {
    use connector_core::Change;

    use super::*;

    fn inquiry(json: &str) -> Inquiry {
        match lead(serde_json::from_str(json).unwrap()).unwrap().change {
            Change::Upsert(Model::Inquiry(inquiry)) => *inquiry,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn who_it_is_and_what_led_to_it_are_told_apart_from_what_was_answered() {
        let inquiry = inquiry(
            r#"{"id":"1","created_time":"2026-05-19T10:42:47+0000","ad_id":"4","adset_id":"3","campaign_id":"2","form_id":"7","is_organic":false,"platform":"ig","field_data":[{"name":"full_name","values":["Somebody Else"]},{"name":"email","values":["somebody@studio.example"]},{"name":"phone_number","values":["+354 555 0100"]},{"name":"which_day?","values":["Saturday","Sunday"]},{"name":"anything_else?","values":[""]}]}"#,
        );
        assert_eq!(inquiry.kind, InquiryKind::Form);
        assert_eq!(inquiry.contact_name.as_deref(), Some("Somebody Else"));
        assert_eq!(
            inquiry.contact_email.as_deref(),
            Some("somebody@studio.example")
        );
        assert_eq!(inquiry.contact_phone.as_deref(), Some("+354 555 0100"));
        let questions: Vec<&str> = inquiry.answers.iter().map(|it| &*it.question).collect();
        assert_eq!(
            questions,
            ["full_name", "email", "phone_number", "which_day?"]
        );
        assert_eq!(inquiry.answers[3].answers, ["Saturday", "Sunday"]);
        let origin = inquiry.origin.unwrap();
        assert_eq!(origin.campaign_external_id.as_deref(), Some("2"));
        assert_eq!(origin.ad_group_external_id.as_deref(), Some("3"));
        assert_eq!(origin.ad_external_id.as_deref(), Some("4"));
        assert_eq!(origin.organic, Some(false));
    }

    #[test]
    fn a_name_in_two_parts_is_one_and_work_counts_where_nothing_else_was_asked() {
        let inquiry = inquiry(
            r#"{"id":"1","field_data":[{"name":"last_name","values":["Else"]},{"name":"first_name","values":["Somebody"]},{"name":"work_email","values":["at@work.example"]},{"values":["x"]}]}"#,
        );
        assert_eq!(inquiry.contact_name.as_deref(), Some("Somebody Else"));
        assert_eq!(inquiry.contact_email.as_deref(), Some("at@work.example"));
        assert_eq!(inquiry.answers.len(), 3);
        assert_eq!(inquiry.origin, None);
    }
}
