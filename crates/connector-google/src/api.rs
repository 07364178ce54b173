//! Google's interfaces in their own words: calls as values, with typed answers.
//!
//! Useful without the rest of this crate: make one and hand it to
//! [`Session::call`](connector_core::Session::call).
//!
//! Facts are from the discovery documents of `google-api-python-client` 2.202.0 (November 2026), for
//! reviews from that of My Business v4.9, and for Ads from its protocol buffers. Absent means the
//! default (`0`, `""`, `false`, an empty list), 64-bit integers come as text, enumerations are texts,
//! as they grow, and every entry of a list with records is an [`Entry`], so that one odd entry costs
//! no more than itself.

mod ads;
mod analytics;
mod business_profile;
mod calendar;
mod date;
mod events;
mod identity;
mod int64;
mod merchant;
mod route;
mod search_console;
mod youtube;

pub use ads::{
    AccessibleCustomers, AdsBudget, AdsCampaign, AdsChunk, AdsClient, AdsCustomer, AdsRow,
    AdsSegments, ListAccessibleCustomers, SearchStream,
};
pub use analytics::{
    AccountSummary, AccountSummaryPage, DateRange, ListAccountSummaries, MetricHeader, Named,
    PropertyQuota, PropertySummary, QuotaStatus, Report, ReportMetadata, ReportRow, RunReport,
    Value,
};
pub use business_profile::{
    BusinessAccount, BusinessAccountPage, DailySeries, DatedValue, FetchDailyMetrics, GetReview,
    ListBusinessAccounts, ListLocations, ListReviews, Location, LocationPage, MultiSeries, Review,
    ReviewPage, ReviewReply, Reviewer, SeriesAnswer, TimeSeries,
};
pub use calendar::{CalendarEntry, CalendarPage, ListCalendars};
pub use connector_core::Entry;
pub use date::Date;
pub use events::{
    Attendee, Event, EventPage, EventSource, EventTime, ExtendedProperties, GetEvent, ListEvents,
    PushChannel, StopChannel, WatchEvents,
};
pub use identity::{GetUserInfo, UserInfo};
pub use int64::Int64;
pub use merchant::{
    DestinationStatus, GetProduct, Interval, ListMerchantAccounts, ListProducts, MerchantAccount,
    MerchantAccountPage, MerchantProduct, Price, ProductAttributes, ProductPage,
    ProductStatusReport, Weight,
};
pub use search_console::{
    ListSites, QuerySearchAnalytics, SearchMetadata, SearchRow, SearchTable, Site, SiteList,
};
pub use youtube::{
    Channel, ChannelContent, ChannelPage, ChannelSnippet, ColumnHeader, ListChannels,
    ListPlaylistItems, ListVideos, MOST_VIDEOS, PlaylistItem, PlaylistPage, PlaylistVideo,
    QueryVideos, RelatedPlaylists, ResultTable, Thumbnail, Thumbnails, Video, VideoPage,
    VideoSnippet, VideoStatus,
};
