//! Permissions: which there are, and which of them a request needs.
//!
//! From the permissions reference, and the pages of the edges. Each would need App Review for the
//! accounts of others; the sandbox's app has passed it.

use super::error::{GraphError, Outcome};
use super::graph::Kind;
use super::session::Session;

/// The permissions that the demo app may ask for, with what the consent page says of them.
pub(super) const PERMISSIONS: &[(&str, &str)] = &[
    ("public_profile", "Your name"),
    ("email", "Your email address"),
    ("business_management", "Manage your business"),
    ("pages_show_list", "Show a list of the Pages you manage"),
    ("pages_read_engagement", "Read content posted on your Pages"),
    ("pages_read_user_content", "Read user content on your Pages"),
    (
        "pages_manage_metadata",
        "Manage accounts, settings and webhooks of your Pages",
    ),
    ("pages_manage_ads", "Manage ads for your Pages"),
    (
        "pages_messaging",
        "Manage and access Page conversations in Messenger",
    ),
    ("read_insights", "Read insights of your Pages"),
    (
        "instagram_basic",
        "Read the profile and media of your Instagram accounts",
    ),
    (
        "instagram_manage_insights",
        "Read insights of your Instagram accounts",
    ),
    (
        "instagram_manage_messages",
        "Read messages of your Instagram accounts",
    ),
    (
        "instagram_manage_comments",
        "Manage comments of your Instagram accounts",
    ),
    ("leads_retrieval", "Read leads of your forms"),
    ("ads_read", "Read ads and their insights"),
    ("ads_management", "Manage ads"),
    ("catalog_management", "Manage your product catalogs"),
];

/// All permissions, as tokens that everybody knows have them.
pub(super) fn all() -> Vec<String> {
    PERMISSIONS
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect()
}

/// Whether a permission exists.
pub(super) fn exists(name: &str) -> bool {
    PERMISSIONS.iter().any(|(known, _)| *known == name)
}

/// Checks the permissions for reading a node (`edge` empty) or one of its edges. `instagram` tells
/// conversations on Instagram from those in Messenger.
pub(super) fn check(session: &Session, kind: Kind, edge: &str, instagram: bool) -> Outcome<()> {
    let (code, needed): (u32, &[&str]) = match (kind, edge) {
        (Kind::User, "businesses") => (200, &["business_management"]),
        (Kind::User, "adaccounts")
        | (Kind::AdAccount | Kind::Campaign | Kind::AdSet | Kind::Creative | Kind::ReportRun, _) => {
            (200, &["ads_read"])
        }
        (Kind::Ad, "leads") | (Kind::Form, "leads") | (Kind::Lead, _) => {
            (200, &["leads_retrieval", "pages_manage_ads"])
        }
        (Kind::Ad, _) => (200, &["ads_read"]),
        (Kind::Form, _) | (Kind::Page, "leadgen_forms") => (200, &["leads_retrieval"]),
        (Kind::Page, "conversations") if instagram => (10, &["instagram_manage_messages"]),
        (Kind::Page, "conversations") | (Kind::Thread | Kind::Message, _) => {
            (10, &["pages_messaging"])
        }
        (Kind::Page, "insights") | (Kind::Post, "insights") => {
            (10, &["read_insights", "pages_read_engagement"])
        }
        (Kind::Page, "ratings") | (Kind::Rating, _) => (10, &["pages_read_user_content"]),
        (Kind::Page, "subscribed_apps") => (200, &["pages_manage_metadata"]),
        (Kind::Page, "published_posts" | "feed") | (Kind::Post, _) => {
            (10, &["pages_read_engagement"])
        }
        (Kind::InstagramUser | Kind::Media, "insights") => {
            (10, &["instagram_basic", "instagram_manage_insights"])
        }
        (Kind::InstagramUser | Kind::Media, _) => (10, &["instagram_basic"]),
        (Kind::Business, "owned_product_catalogs") | (Kind::Catalog | Kind::Product, _) => {
            (200, &["catalog_management"])
        }
        (Kind::Business, _) => (200, &["business_management"]),
        (Kind::User | Kind::Page | Kind::App, _) => (10, &[]),
    };
    let missing = needed.iter().find(|scope| !session.allows(scope));
    match missing {
        None => Ok(()),
        Some(_) if needed == ["ads_read"] => Err(GraphError::permission(
            200,
            "Ad account owner has NOT grant ads_management or ads_read permission",
        )),
        Some(scope) if code == 10 => Err(GraphError::permission(
            10,
            format!(
                "This endpoint requires the '{scope}' permission or the 'Page Public Content \
                 Access' feature. Refer to https://developers.facebook.com/docs/apps/review for details."
            ),
        )),
        Some(scope) => Err(GraphError::permission(
            200,
            format!("Requires {scope} permission to manage the object"),
        )),
    }
}
