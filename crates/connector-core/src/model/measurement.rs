//! One number of one day, and the three models that are made of it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::Currency;

/// The longest id that is written out. What is longer ends in a digest of the whole.
const LONGEST_ID: usize = 200;

/// One number of one day: what a platform counted, in its own words, and what that means elsewhere.
///
/// A number that the platform does not give is no measurement: it is left out, and never zero.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// The day, as the platform cuts days.
    pub date: NaiveDate,
    /// Where the day begins at midnight: an IANA name such as `America/Los_Angeles`, or `UTC`.
    /// `None` where the platform doesn't say.
    pub time_zone: Option<String>,
    /// The platform's own name of the number, unchanged: `sessions`, `SPEND_IN_MICRO_DOLLAR`.
    pub name: String,
    /// What it is called across platforms, where it means the same and doesn't only sound the same.
    pub common: Option<CommonMetric>,
    /// The number, finite, in its unit. Money is in the currency's main unit, as platforms charge
    /// fractions of the minor one for a click.
    pub value: f64,
    /// What it is a number of.
    pub unit: MetricUnit,
    /// The currency, where the unit is money.
    pub currency: Option<Currency>,
    /// What it was split by, in the platform's words: channel, query, device, country.
    pub dimensions: BTreeMap<String, String>,
    /// Which actions count towards it, in the platform's words: `7d_click`. `None` where nothing is
    /// attributed.
    pub attribution_window: Option<String>,
    /// Whether the platform will still change it. A later read says it anew, under the same id.
    pub provisional: bool,
    /// What limits its trust, as the platform says itself.
    pub caveats: Vec<Caveat>,
}

impl Measurement {
    /// A count of a day, final, without dimensions.
    #[must_use]
    pub fn count(date: NaiveDate, name: impl Into<String>, value: f64) -> Self {
        Self {
            date,
            time_zone: None,
            name: name.into(),
            common: None,
            value,
            unit: MetricUnit::Count,
            currency: None,
            dimensions: BTreeMap::new(),
            attribution_window: None,
            provisional: false,
            caveats: Vec::new(),
        }
    }

    /// The record's id: what was measured, the day, the name and what it was split by. The same for
    /// the same number of the same day, so that a restated value replaces the one before it.
    ///
    /// `subject` is what was measured: a property, a post, a campaign, or a path of such ids.
    #[must_use]
    pub fn external_id(&self, subject: &str) -> String {
        use std::fmt::Write as _;

        let mut id = format!("{subject}/{}/{}", self.date, self.name);
        for (name, value) in &self.dimensions {
            // A String takes all that is written to it.
            let _infallible = write!(id, "/{name}={value}");
        }
        if let Some(window) = &self.attribution_window {
            let _infallible = write!(id, "/{window}");
        }
        if id.len() <= LONGEST_ID {
            return id;
        }
        let digest = Sha256::digest(id.as_bytes());
        let mut cut = LONGEST_ID - 2 * 16 - 1;
        while !id.is_char_boundary(cut) {
            cut -= 1;
        }
        id.truncate(cut);
        id.push('~');
        for byte in digest.iter().take(16) {
            let _infallible = write!(id, "{byte:02x}");
        }
        id
    }
}

/// What a number is a number of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MetricUnit {
    /// Things: clicks, people, orders.
    Count,
    /// Money in the main unit of the measurement's currency.
    Money,
    /// A part of a whole, from 0 to 1 where it can't exceed the whole.
    Ratio,
    /// Time in seconds.
    Seconds,
    /// A place in a list, from 1.
    Position,
    /// The platform says something else.
    Other,
}

/// What a number is called across platforms: a closed set, each with one meaning.
///
/// A platform's number has a common name only if its documentation says the same thing. Two numbers
/// with one common name may be compared; whether they may be added is another question, as people
/// are counted anew by each platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CommonMetric {
    /// How often something was shown, by whatever means, the same person counted each time.
    Impressions,
    /// How many people, or accounts, saw something at least once.
    Reach,
    /// How often a video was played, or content was opened, by the platform's own threshold.
    Views,
    /// How often a page of a site was loaded, or a product's page of a shop was opened.
    PageViews,
    /// Clicks of any kind on what was shown.
    Clicks,
    /// Clicks that lead away from the platform, or to the site that was advertised.
    LinkClicks,
    /// Clicks by shown, as the platform divides them.
    ClickThroughRate,
    /// Where in a list of results it was shown, on average.
    AveragePosition,
    /// Visits: what one visitor does in one go.
    Sessions,
    /// Visits in which something happened, by the platform's threshold.
    EngagedSessions,
    /// Different visitors of a site.
    Users,
    /// Visitors of a site that weren't seen before.
    NewUsers,
    /// Actions that the merchant calls a goal.
    Conversions,
    /// What those actions are worth.
    ConversionValue,
    /// What was paid for advertising.
    Spend,
    /// Orders that were placed.
    Orders,
    /// Pieces that were ordered.
    UnitsOrdered,
    /// What was ordered, before refunds, without tax and shipping unless the platform can't part
    /// them.
    Revenue,
    /// Orders, or pieces, by visits.
    ConversionRate,
    /// Likes, and reactions that take their place.
    Likes,
    /// Comments.
    Comments,
    /// Passed on to others.
    Shares,
    /// Kept for later.
    Saves,
    /// Those who follow, at the end of the day.
    Followers,
    /// Those who began to follow, on the day.
    NewFollowers,
    /// Time that was watched.
    WatchTime,
    /// Calls that were begun from a profile.
    CallClicks,
    /// Times that the way was asked for.
    DirectionRequests,
    /// Bookings that were made on the platform.
    Bookings,
    /// Conversations that were begun with the merchant.
    Conversations,
}

/// What limits a number's trust.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Caveat {
    /// The platform read a sample, and scaled it up.
    Sampled,
    /// The platform withholds small numbers, so that nobody can be recognised in them.
    Thresholded,
    /// The platform put rare values together, so that a split doesn't show all of them.
    OtherRow,
    /// The platform calls it an estimate.
    Estimated,
}

/// A number of an account's: a site's visits, a shop's sales, a profile's views.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Metric {
    /// The platform's id of what was measured: a property, a site, a location, a page; `None` for
    /// the account as a whole.
    pub subject_external_id: Option<String>,
    /// The number.
    pub measurement: Measurement,
}

/// A number of a piece of content's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContentMetric {
    /// The content's id in its stream.
    pub content_external_id: String,
    /// The number.
    pub measurement: Measurement,
}

/// A number of an advertisement's, at the deepest level that was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AdMetric {
    /// The platform's id of the advertising account.
    pub account_external_id: String,
    /// The campaign's id in its stream.
    pub campaign_external_id: Option<String>,
    /// The platform's id of the ad group or ad set.
    pub ad_group_external_id: Option<String>,
    /// The platform's id of the advertisement.
    pub ad_external_id: Option<String>,
    /// The number.
    pub measurement: Measurement,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(page: &str) -> Measurement {
        let date = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
        let mut measurement = Measurement::count(date, "clicks", 3.0);
        measurement
            .dimensions
            .insert("page".to_owned(), page.to_owned());
        measurement
    }

    #[test]
    fn an_id_names_the_number_and_not_its_value() {
        let mut restated = measured("/a");
        restated.value = 4.0;
        restated.provisional = true;
        let id = measured("/a").external_id("site");
        assert_eq!(id, "site/2026-11-01/clicks/page=/a");
        assert_eq!(restated.external_id("site"), id);
        restated.attribution_window = Some("7d_click".to_owned());
        assert_ne!(restated.external_id("site"), id);
    }

    #[test]
    fn a_long_id_is_short_and_still_its_own() {
        let long = "ä".repeat(3000);
        let one = measured(&format!("{long}1")).external_id("site");
        let two = measured(&format!("{long}2")).external_id("site");
        assert!(one.len() <= LONGEST_ID, "{}", one.len());
        assert_ne!(one, two);
    }
}
