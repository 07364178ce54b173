//! Time that somebody reserved.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::Origin;

/// An appointment in a merchant's calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    /// The platform's id of the calendar.
    pub calendar_external_id: String,
    /// What the calendar shows.
    pub title: Option<String>,
    /// What is written about it.
    pub description: Option<String>,
    /// Where it stands.
    pub status: BookingStatus,
    /// When it begins; `None` for whole days.
    pub starts_at: Option<DateTime<Utc>>,
    /// When it ends, exclusive; `None` for whole days.
    pub ends_at: Option<DateTime<Utc>>,
    /// The first day of one that takes whole days.
    pub starts_on: Option<NaiveDate>,
    /// The day after the last one of one that takes whole days.
    pub ends_on: Option<NaiveDate>,
    /// The zone in which it was written down, an IANA name.
    pub time_zone: Option<String>,
    /// Where it takes place.
    pub location: Option<String>,
    /// The name of the guest who was named first.
    pub customer_name: Option<String>,
    /// That guest's address for mail.
    pub customer_email: Option<String>,
    /// How many guests there are, without the calendar's owner.
    pub guest_count: Option<i64>,
    /// The platform's id of the series that it belongs to.
    pub series_external_id: Option<String>,
    /// Where it can be seen.
    pub url: Option<String>,
    /// What led to it, as far as the platform says.
    pub origin: Option<Origin>,
    /// When it was made.
    pub created_at: Option<DateTime<Utc>>,
    /// When it last changed.
    pub updated_at: Option<DateTime<Utc>>,
}

/// Where a booking stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum BookingStatus {
    /// It will take place.
    Confirmed,
    /// It may take place.
    Tentative,
    /// It will not.
    Cancelled,
    /// The platform says something else.
    Unknown,
}
