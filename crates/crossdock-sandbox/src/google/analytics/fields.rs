//! The dimensions and metrics that reports of the sandbox know: the commonest of the documented
//! ones. (Data API v1beta, `properties.getMetadata`.)

use serde_json::{Value, json};

use crate::google::series::ratio;

/// The dimensions: name, and category.
pub(super) static DIMENSIONS: &[(&str, &str)] = &[
    ("browser", "Platform / Device"),
    ("campaignName", "Attribution"),
    ("country", "Geography"),
    ("countryId", "Geography"),
    ("date", "Time"),
    ("dayOfWeek", "Time"),
    ("defaultChannelGroup", "Attribution"),
    ("deviceCategory", "Platform / Device"),
    ("firstUserDefaultChannelGroup", "Traffic Source"),
    ("hostName", "Page / Screen"),
    ("landingPage", "Page / Screen"),
    ("month", "Time"),
    ("pagePath", "Page / Screen"),
    ("sessionCampaignId", "Traffic Source"),
    ("sessionCampaignName", "Traffic Source"),
    ("sessionDefaultChannelGroup", "Traffic Source"),
    ("sessionGoogleAdsCampaignId", "Traffic Source"),
    ("sessionGoogleAdsCampaignName", "Traffic Source"),
    ("sessionMedium", "Traffic Source"),
    ("sessionSource", "Traffic Source"),
    ("sessionSourceMedium", "Traffic Source"),
    ("userAgeBracket", "Demographics"),
    ("userGender", "Demographics"),
    ("year", "Time"),
];

/// How a metric is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Integer,
    Float,
    Seconds,
    Currency,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Integer => "TYPE_INTEGER",
            Self::Float => "TYPE_FLOAT",
            Self::Seconds => "TYPE_SECONDS",
            Self::Currency => "TYPE_CURRENCY",
        }
    }
}

/// What is counted of visits. Money is in hundredths of the currency's unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) sessions: u64,
    pub(super) engaged: u64,
    pub(super) users: u64,
    pub(super) new_users: u64,
    pub(super) views: u64,
    pub(super) events: u64,
    pub(super) key_events: u64,
    pub(super) carts: u64,
    pub(super) transactions: u64,
    pub(super) revenue: u64,
    pub(super) seconds: u64,
    pub(super) ad_clicks: u64,
    pub(super) ad_impressions: u64,
    pub(super) ad_cost: u64,
}

impl Counts {
    pub(super) fn add(&mut self, other: Self) {
        self.sessions += other.sessions;
        self.engaged += other.engaged;
        self.users += other.users;
        self.new_users += other.new_users;
        self.views += other.views;
        self.events += other.events;
        self.key_events += other.key_events;
        self.carts += other.carts;
        self.transactions += other.transactions;
        self.revenue += other.revenue;
        self.seconds += other.seconds;
        self.ad_clicks += other.ad_clicks;
        self.ad_impressions += other.ad_impressions;
        self.ad_cost += other.ad_cost;
    }
}

type Read = fn(&Counts) -> f64;

/// The metrics: name, how it is written, and how it follows from the counts.
pub(super) static METRICS: &[(&str, Kind, Read)] = &[
    ("activeUsers", Kind::Integer, |it| whole(it.users)),
    ("addToCarts", Kind::Integer, |it| whole(it.carts)),
    ("advertiserAdClicks", Kind::Integer, |it| {
        whole(it.ad_clicks)
    }),
    ("advertiserAdCost", Kind::Currency, |it| {
        ratio(it.ad_cost, 100)
    }),
    ("advertiserAdImpressions", Kind::Integer, |it| {
        whole(it.ad_impressions)
    }),
    ("averageSessionDuration", Kind::Seconds, |it| {
        ratio(it.seconds, it.sessions)
    }),
    ("bounceRate", Kind::Float, |it| {
        ratio(it.sessions.saturating_sub(it.engaged), it.sessions)
    }),
    ("conversions", Kind::Float, |it| whole(it.key_events)),
    ("ecommercePurchases", Kind::Integer, |it| {
        whole(it.transactions)
    }),
    ("engagedSessions", Kind::Integer, |it| whole(it.engaged)),
    ("engagementRate", Kind::Float, |it| {
        ratio(it.engaged, it.sessions)
    }),
    ("eventCount", Kind::Integer, |it| whole(it.events)),
    ("keyEvents", Kind::Float, |it| whole(it.key_events)),
    ("newUsers", Kind::Integer, |it| whole(it.new_users)),
    ("purchaseRevenue", Kind::Currency, |it| {
        ratio(it.revenue, 100)
    }),
    ("screenPageViews", Kind::Integer, |it| whole(it.views)),
    ("screenPageViewsPerSession", Kind::Float, |it| {
        ratio(it.views, it.sessions)
    }),
    ("sessionKeyEventRate", Kind::Float, |it| {
        ratio(it.key_events.min(it.sessions), it.sessions)
    }),
    ("sessions", Kind::Integer, |it| whole(it.sessions)),
    ("sessionsPerUser", Kind::Float, |it| {
        ratio(it.sessions, it.users)
    }),
    ("totalRevenue", Kind::Currency, |it| ratio(it.revenue, 100)),
    ("totalUsers", Kind::Integer, |it| whole(it.users)),
    ("transactions", Kind::Integer, |it| whole(it.transactions)),
    ("userEngagementDuration", Kind::Seconds, |it| {
        whole(it.seconds)
    }),
];

fn whole(count: u64) -> f64 {
    ratio(count, 1)
}

/// A metric of the list.
pub(super) fn metric(name: &str) -> Option<(Kind, Read)> {
    METRICS
        .iter()
        .find(|(known, _, _)| *known == name)
        .map(|(_, kind, read)| (*kind, *read))
}

/// Whether a dimension is of the list.
pub(super) fn is_dimension(name: &str) -> bool {
    DIMENSIONS.iter().any(|(known, _)| *known == name)
}

/// `properties.getMetadata`.
pub(super) fn metadata(property: &str) -> Value {
    let dimensions: Vec<Value> = DIMENSIONS
        .iter()
        .map(|(name, category)| {
            json!({"apiName": name, "uiName": title(name), "category": category,
                   "description": format!("{} of the visit.", title(name))})
        })
        .collect();
    let metrics: Vec<Value> = METRICS
        .iter()
        .map(|(name, kind, _)| {
            json!({"apiName": name, "uiName": title(name), "category": "Session",
                   "type": kind.name(), "description": format!("{} counted.", title(name))})
        })
        .collect();
    json!({
        "name": format!("properties/{property}/metadata"),
        "dimensions": dimensions, "metrics": metrics,
    })
}

/// `newUsers` as `New users`.
fn title(name: &str) -> String {
    let mut title = String::new();
    for (index, letter) in name.chars().enumerate() {
        if index == 0 {
            title.extend(letter.to_uppercase());
        } else if letter.is_uppercase() {
            title.push(' ');
            title.extend(letter.to_lowercase());
        } else {
            title.push(letter);
        }
    }
    title
}
