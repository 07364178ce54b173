//! What Google is, as data.

use connector_core::{
    AuthMethod, Descriptor, Field, FieldKind, ModelKind, Reading, StreamDescriptor,
};

use crate::service::Service;

/// The id of the one way to connect.
pub(crate) const OAUTH: &str = "oauth";

/// The streams' ids.
pub(crate) const ANALYTICS_DAILY: &str = "analytics_daily";
pub(crate) const SEARCH_PERFORMANCE: &str = "search_performance";
pub(crate) const BUSINESS_PROFILE_PERFORMANCE: &str = "business_profile_performance";
pub(crate) const REVIEWS: &str = "reviews";
pub(crate) const BOOKINGS: &str = "bookings";
pub(crate) const VIDEOS: &str = "videos";
pub(crate) const VIDEO_METRICS: &str = "video_metrics";

/// The field that names the services to ask for.
pub(crate) const SERVICES: &str = "services";
/// The field, the setting and the question that name what to read.
pub(crate) const SOURCES: &str = "sources";
/// The setting that says how far back a first run reads.
pub(crate) const HISTORY_DAYS: &str = "history_days";

/// Google, described.
pub const DESCRIPTOR: Descriptor = Descriptor {
    id: "google",
    name: "Google",
    summary: "Analytics, Search Console and Business Profile of a Google account, by one consent.",
    docs: "https://developers.google.com/identity/protocols/oauth2/web-server",
    auth_methods: &[AuthMethod {
        id: OAUTH,
        label: "Sign in with Google",
        fields: &[
            Field {
                name: SERVICES,
                label: "Services",
                help: "One per line: analytics, search_console, business_profile, merchant, ads, calendar, youtube. Empty: all of them.",
                kind: FieldKind::Lines,
                example: "analytics\nsearch_console",
                required: false,
            },
            Field {
                name: SOURCES,
                label: "What to read",
                help: "all for everything, or one source per line as in the settings. Empty: you are asked after you consent.",
                kind: FieldKind::Lines,
                example: "all",
                required: false,
            },
        ],
        redirects: true,
        needs: &["client_id", "client_secret"],
        docs: "https://developers.google.com/identity/protocols/oauth2/web-server#creatingcred",
    }],
    streams: &[
        StreamDescriptor {
            id: ANALYTICS_DAILY,
            label: "Analytics by day",
            model: ModelKind::Metric,
            reading: Reading::Incremental,
            scopes: Service::Analytics.scopes(),
            about: "Visits, visitors, views, key events and sales of each GA4 property by day and channel. The last days are read again on each run, and thirty days once a week.",
        },
        StreamDescriptor {
            id: SEARCH_PERFORMANCE,
            label: "Search performance",
            model: ModelKind::Metric,
            reading: Reading::Incremental,
            scopes: Service::SearchConsole.scopes(),
            about: "Clicks, impressions, click-through rate and position of each site by day: in all, by query, by page. Google names 50,000 rows a day at the most, and hides rare queries.",
        },
        StreamDescriptor {
            id: BUSINESS_PROFILE_PERFORMANCE,
            label: "Business Profile performance",
            model: ModelKind::Metric,
            reading: Reading::Incremental,
            scopes: Service::BusinessProfile.scopes(),
            about: "How often each location was seen, called, asked the way to and booked, by day. Google publishes a day some days later, so the last ten are read again.",
        },
        StreamDescriptor {
            id: REVIEWS,
            label: "Reviews",
            model: ModelKind::Review,
            reading: Reading::Incremental,
            scopes: Service::BusinessProfile.scopes(),
            about: "Reviews of each verified location, with the answer. A review that is deleted at Google stays here; a note says how many are.",
        },
        StreamDescriptor {
            id: BOOKINGS,
            label: "Bookings",
            model: ModelKind::Booking,
            reading: Reading::Incremental,
            scopes: Service::Calendar.scopes(),
            about: "Events of each calendar, a series as its instances, with the guest who was named first. Birthdays, working places and times of absence are left out.",
        },
        StreamDescriptor {
            id: VIDEOS,
            label: "Videos",
            model: ModelKind::Content,
            reading: Reading::Incremental,
            scopes: Service::Youtube.scopes(),
            about: "Videos of each channel, unlisted and private ones too. New ones come with each run; changes of older ones, and what was deleted, once a week.",
        },
        StreamDescriptor {
            id: VIDEO_METRICS,
            label: "Video metrics",
            model: ModelKind::ContentMetric,
            reading: Reading::Incremental,
            scopes: Service::Youtube.scopes(),
            about: "Views, watch time, likes, comments, shares and subscribers of each video by day, of the 200 that were viewed most. YouTube counts a day some days later, so the last ones are read again.",
        },
    ],
    settings: &[
        Field {
            name: SOURCES,
            label: "What to read",
            help: "One source per line, as analytics:properties/1, search_console:sc-domain:example.com or business_profile:accounts/1/locations/2; analytics:* for all of a service. Empty: what was chosen on connecting.",
            kind: FieldKind::Lines,
            example: "analytics:properties/310000001\nsearch_console:*",
            required: false,
        },
        Field {
            name: HISTORY_DAYS,
            label: "Days of history",
            help: "How many days a first run reads. Later runs go on from there.",
            kind: FieldKind::Text,
            example: "90",
            required: false,
        },
    ],
};
