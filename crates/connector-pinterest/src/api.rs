//! API v5 of Pinterest (5.28.0), typed: endpoints as values, and what they answer in Pinterest's words.
//!
//! Source: developers.pinterest.com/docs/api/v5, and its description, read in November 2026. An
//! operation has the name that the description gives it.

mod account;
mod ads;
mod analytics;
mod board;
mod catalogs;
mod list;
mod pin;
mod reports;
mod route;
mod time;
mod token;

pub use account::{GetUserAccount, UserAccount};
pub use ads::{
    AdAccount, Campaign, GetCampaign, ListAdAccounts, ListCampaigns, STATUSES, from_seconds,
};
pub use analytics::{
    AccountAnalytics, Analytics, Day, Days, PinAnalytics, PinsAnalytics, SomePinsAnalytics, Table,
};
pub use board::{Board, BoardMedia, GetBoard, ListBoards, Owner};
pub use catalogs::{
    ALL_PRODUCTS, Catalog, CatalogProduct, Feed, FeedResult, ListCatalogs, ListFeedResults,
    ListFeeds, ListProductGroups, ListProducts, ProductGroup, ProductMetadata,
};
pub use connector_core::Entry;
pub use list::{List, Paged};
pub use pin::{GetPin, Image, ListPins, Media, Pin};
pub use reports::{
    CreateReport, FARTHEST_DAYS, GetReport, Ordered, REPORT_FILE, Report, ReportRow, ReportRows,
    ReportStatus, Windows, report_file,
};
pub use route::{API, HOST};
pub use time::parse_time;
pub(crate) use token::{EXCHANGE_CODE, REFRESH, exchange_code, refresh};
pub use token::{TOKEN_URL, Tokens};
