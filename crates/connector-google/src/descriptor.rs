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
pub(crate) const PRODUCTS: &str = "products";
pub(crate) const AD_CAMPAIGNS: &str = "ad_campaigns";
pub(crate) const AD_METRICS: &str = "ad_metrics";

/// The field that names the services to ask for.
pub(crate) const SERVICES: &str = "services";
/// The field, the setting and the question that name what to read.
pub(crate) const SOURCES: &str = "sources";
/// The setting that says how far back a first run reads.
pub(crate) const HISTORY_DAYS: &str = "history_days";
/// The setting that names the manager of accounts that are named without one.
pub(crate) const LOGIN_CUSTOMER_ID: &str = "login_customer_id";

/// Google, described.
pub const DESCRIPTOR: Descriptor = Descriptor {
    id: "google",
    name: "Google",
    summary: "Analytics, Search Console, Business Profile, Merchant Center and Ads of a Google account, by one consent.",
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
        StreamDescriptor {
            id: PRODUCTS,
            label: "Products",
            model: ModelKind::Product,
            reading: Reading::Complete,
            scopes: Service::Merchant.scopes(),
            about: "Offers of each Merchant Center account, as Google shows them: active where some country may see them. An offer that is deleted at Google stays here; a note says how many are.",
        },
        StreamDescriptor {
            id: AD_CAMPAIGNS,
            label: "Ad campaigns",
            model: ModelKind::AdCampaign,
            reading: Reading::Complete,
            scopes: Service::Ads.scopes(),
            about: "Campaigns of each Google Ads account, also below managers, with their own budgets.",
        },
        StreamDescriptor {
            id: AD_METRICS,
            label: "Ad numbers by day",
            model: ModelKind::AdMetric,
            reading: Reading::Incremental,
            scopes: Service::Ads.scopes(),
            about: "Impressions, clicks, cost and conversions of each campaign by day. Google credits a conversion to the day of the click, so the last 31 days are read again, and 98 once a week.",
        },
    ],
    settings: &[
        Field {
            name: SOURCES,
            label: "What to read",
            help: "One source per line, as analytics:properties/1, search_console:sc-domain:example.com, business_profile:accounts/1/locations/2, merchant:accounts/1 or ads:customers/1234567890; analytics:* for all of a service. Empty: what was chosen on connecting.",
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
        Field {
            name: LOGIN_CUSTOMER_ID,
            label: "Manager account of Google Ads",
            help: "The number of the manager through which accounts are reached that were typed by their number alone. Those that were chosen from the list know theirs.",
            kind: FieldKind::Text,
            example: "123-456-7890",
            required: false,
        },
    ],
};
