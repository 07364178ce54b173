//! The Graph API v26.0, typed: endpoints as values, and what they answer in Meta's words.
//!
//! Source: developers.facebook.com/docs/graph-api, v26.0, read in November 2026.

mod ads;
mod conversation;
mod insights;
mod lead;
mod list;
mod media;
mod number;
mod post;
mod product;
mod rating;
mod report;
mod route;
mod subscription;
mod time;
mod token;
mod tokens;
mod user;

pub use ads::{AdAccount, AdAccounts, Campaign, Campaigns, GetAdAccount, GetCampaign};
pub use connector_core::Entry;
pub use conversation::{Conversation, Conversations, Message, Messages, Participant, Participants};
pub use insights::{AccountInsights, Insight, InsightValue, MetricType, PageInsights, TotalValue};
pub use lead::{FormLeads, GetLead, Lead, LeadField, LeadForm, LeadForms};
pub use list::{Continuation, List};
pub use media::{Children, GetMedium, InstagramMedia, Medium, MediumInsights, Owner};
pub use number::read_number;
pub use post::{
    Attachment, Attachments, GetPost, Insights, Post, PostMetrics, PostWithMetrics, PublishedPosts,
    Shares,
};
pub use product::{
    Businesses, CatalogProduct, CatalogProducts, GetCatalogProduct, Named, OwnedCatalogs,
};
pub use rating::{Rating, Ratings, Reviewer, Story};
pub use report::{
    ActionCount, AdInsight, GetReport, OrderReport, OrderedReport, Report, ReportRows, WINDOWS,
};
pub(crate) use route::AsksAboutToken;
pub use route::{HOST, Speaker, VERSION};
pub use subscription::{
    AppSubscription, AppSubscriptionField, AppSubscriptions, DeletePermissions, SubscribeApp,
    SubscribePage, SubscribedApp, SubscribedApps, Success, UnsubscribePage,
};
pub use time::parse_time;
pub use token::{DebugToken, TokenFacts, Tokens};
pub(crate) use token::{EXCHANGE_TOKEN, exchange_code, exchange_token};
pub(crate) use tokens::without_tokens;
pub use user::{Accounts, LinkedInstagram, Me, SharedPage, Somebody};
