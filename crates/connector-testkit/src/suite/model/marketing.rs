//! What content, campaigns, reviews, inquiries and bookings must be.

use chrono::{DateTime, Utc};
use connector_core::model::{AdCampaign, Booking, Content, Inquiry, Review};

use super::{Horizon, id, id_or_none, known, none_negative, ordered, time};
use crate::outcome::{Failure, ensure};

pub(super) fn content_is_valid(content: &Content, latest: DateTime<Utc>) -> Result<(), Failure> {
    id_or_none("parent", content.parent_external_id.as_deref())?;
    for (what, address) in [
        ("url", &content.url),
        ("image_url", &content.image_url),
        ("link_url", &content.link_url),
    ] {
        web_address(what, address.as_deref())?;
    }
    for tag in &content.tags {
        id("tag", tag)?;
    }
    ordered(content.created_at, content.updated_at)?;
    time("published_at", content.published_at, latest)?;
    time("created_at", content.created_at, latest)
}

pub(super) fn campaign_is_valid(campaign: &AdCampaign, horizon: Horizon) -> Result<(), Failure> {
    id("advertising account", &campaign.account_external_id)?;
    ensure!(
        !campaign.name.trim().is_empty(),
        "a campaign without a name"
    );
    none_negative("budget", [campaign.daily_budget, campaign.lifetime_budget])?;
    begins_first(campaign.starts_at, campaign.ends_at)?;
    ordered(campaign.created_at, campaign.updated_at)?;
    time("starts_at", campaign.starts_at, horizon.planned)?;
    time("ends_at", campaign.ends_at, horizon.planned)?;
    time("created_at", campaign.created_at, horizon.happened)
}

pub(super) fn review_is_valid(review: &Review, latest: DateTime<Utc>) -> Result<(), Failure> {
    id("subject", &review.subject_external_id)?;
    let rating = review.rating;
    ensure!(
        rating.is_none_or(|stars| (1..=5).contains(&stars)),
        "{rating:?} stars"
    );
    for (what, text) in [
        ("title", &review.title),
        ("text", &review.text),
        ("author's name", &review.author_name),
        ("reply", &review.reply),
    ] {
        written(what, text.as_deref())?;
    }
    web_address("url", review.url.as_deref())?;
    ordered(review.created_at, review.updated_at)?;
    time("replied_at", review.replied_at, latest)?;
    time("created_at", review.created_at, latest)
}

pub(super) fn inquiry_is_valid(inquiry: &Inquiry, latest: DateTime<Utc>) -> Result<(), Failure> {
    id_or_none("source", inquiry.source_external_id.as_deref())?;
    for (what, text) in [
        ("contact's name", &inquiry.contact_name),
        ("contact's mail", &inquiry.contact_email),
        ("contact's number", &inquiry.contact_phone),
        ("message", &inquiry.message),
    ] {
        written(what, text.as_deref())?;
    }
    for answer in &inquiry.answers {
        id("question", &answer.question)?;
    }
    let count = inquiry.message_count;
    ensure!(count.is_none_or(|count| count >= 0), "{count:?} messages");
    known(inquiry.origin.as_ref())?;
    ordered(inquiry.created_at, inquiry.updated_at)?;
    time("created_at", inquiry.created_at, latest)
}

pub(super) fn booking_is_valid(booking: &Booking, horizon: Horizon) -> Result<(), Failure> {
    id("calendar", &booking.calendar_external_id)?;
    id_or_none("series", booking.series_external_id.as_deref())?;
    let is_timed = booking.starts_at.is_some() || booking.ends_at.is_some();
    let is_of_days = booking.starts_on.is_some() || booking.ends_on.is_some();
    ensure!(
        is_timed != is_of_days,
        "a booking takes whole days, or begins and ends at a time: not both, and not neither"
    );
    begins_first(booking.starts_at, booking.ends_at)?;
    if let (Some(first), Some(after)) = (booking.starts_on, booking.ends_on) {
        ensure!(
            first < after,
            "its first day is {first}, the day after its last {after}"
        );
    }
    let midnight = |day: chrono::NaiveDate| day.and_time(chrono::NaiveTime::MIN).and_utc();
    for (what, at) in [
        ("starts_at", booking.starts_at),
        ("ends_at", booking.ends_at),
        ("starts_on", booking.starts_on.map(midnight)),
        ("ends_on", booking.ends_on.map(midnight)),
    ] {
        time(what, at, horizon.planned)?;
    }
    let guests = booking.guest_count;
    ensure!(guests.is_none_or(|count| count >= 0), "{guests:?} guests");
    written("guest's name", booking.customer_name.as_deref())?;
    web_address("url", booking.url.as_deref())?;
    known(booking.origin.as_ref())?;
    ordered(booking.created_at, booking.updated_at)?;
    time("created_at", booking.created_at, horizon.happened)
}

fn begins_first(begin: Option<DateTime<Utc>>, end: Option<DateTime<Utc>>) -> Result<(), Failure> {
    if let (Some(begin), Some(end)) = (begin, end) {
        ensure!(begin <= end, "it ends at {end} and begins at {begin}");
    }
    Ok(())
}

/// A text that holds nothing is none.
fn written(what: &str, text: Option<&str>) -> Result<(), Failure> {
    ensure!(
        text.is_none_or(|text| !text.trim().is_empty()),
        "the {what} is there and empty"
    );
    Ok(())
}

fn web_address(what: &str, address: Option<&str>) -> Result<(), Failure> {
    let is_one = |address: &str| address.starts_with("https://") || address.starts_with("http://");
    ensure!(
        address.is_none_or(is_one),
        "{what} is {address:?}, which no browser opens"
    );
    Ok(())
}
