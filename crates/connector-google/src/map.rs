//! From Google's words to the unified models. Pure: no request, no clock.

mod account;
mod advertising;
mod booking;
mod micros;
mod performance;
mod product;
mod review;
mod search;
mod traffic;
mod video;
mod video_metrics;

use connector_core::Skipped;

pub(crate) use account::account;
pub use advertising::{CAMPAIGN_FIELDS, DAY_FIELDS, METRICS as AD_METRICS, campaign, campaign_day};
pub use booking::booking;
pub(crate) use booking::{booking_id, booking_parts};
pub use connector_core::Mapped;
pub use performance::{METRICS as PERFORMANCE_METRICS, performance};
pub use product::product;
pub use review::review;
pub use search::{Split, search_row};
pub use traffic::{METRICS as TRAFFIC_METRICS, Traffic, traffic_row};
pub use video::video;
pub use video_metrics::{METRICS as VIDEO_METRICS, video_row};

/// What names an entry that can't be read.
pub(crate) const IDS: &[&str] = &["name", "id"];

/// A text that says something.
pub(crate) fn text(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}
