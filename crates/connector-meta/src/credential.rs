//! What a connection to Meta stores: the token of a person or of a system user, and one for each of
//! the pages that it opens.

use chrono::{DateTime, TimeDelta, Utc};
use connector_core::{Credential, SecretString, secret};
use serde::{Deserialize, Serialize};

/// After how long everything is taken anew. A token that is exchanged while it lives lasts another
/// sixty days, an expired one can't be exchanged at all, and pages come and go: a week leaves time for
/// a server that was off, and costs three requests.
const RENEWED_AFTER: TimeDelta = TimeDelta::days(7);

/// The grant of a person or a system user, with the tokens of their pages.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MetaCredential {
    /// Whose token it is.
    pub kind: TokenKind,
    /// The person's or the system user's id, which Meta gives per app.
    pub user_id: String,
    /// What proves requests that are about no single page.
    #[serde(serialize_with = "secret::expose")]
    pub access_token: SecretString,
    /// When the token ends; `None` for one that doesn't.
    pub token_ends: Option<DateTime<Utc>>,
    /// When data can't be read any more unless the person uses the app again, though the token still
    /// works: ninety days after they last did. `None` for a system user.
    pub data_access_ends: Option<DateTime<Utc>>,
    /// When all of this was read.
    pub taken_at: DateTime<Utc>,
    /// What was granted.
    pub scopes: Vec<String>,
    /// The pages that were shared.
    pub pages: Vec<PageGrant>,
}

/// Whose a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// A person's.
    User,
    /// A system user's, of a business.
    SystemUser,
}

/// A page, and the token that speaks for it.
///
/// A page's token that was made from a long-lived one doesn't expire. It ends with the person's role on
/// the page, their password or their consent.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PageGrant {
    /// The page's id.
    pub id: String,
    /// The page's name.
    pub name: String,
    /// What proves requests about the page.
    #[serde(serialize_with = "secret::expose")]
    pub access_token: SecretString,
    /// The professional account of Instagram that is linked to it.
    pub instagram: Option<InstagramAccount>,
}

/// A professional account of Instagram.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct InstagramAccount {
    /// Its id in the Graph API.
    pub id: String,
    /// Its name.
    pub username: Option<String>,
}

impl MetaCredential {
    /// The page with this id, where it was shared.
    #[must_use]
    pub fn page(&self, id: &str) -> Option<&PageGrant> {
        self.pages.iter().find(|page| page.id == id)
    }

    /// Whether a permission was granted. Managing ads includes reading them.
    #[must_use]
    pub fn has(&self, scope: &str) -> bool {
        self.scopes
            .iter()
            .any(|held| held == scope || (scope == "ads_read" && held == "ads_management"))
    }
}

impl Credential for MetaCredential {
    /// When it is to be taken anew, which is long before it stops working: after a week, or half of
    /// its life where that is shorter, and when reading would end, as the person may have been back.
    fn expires_at(&self) -> Option<DateTime<Utc>> {
        let life = self.token_ends.map(|end| (end - self.taken_at) / 2);
        let due = self.taken_at + life.unwrap_or(RENEWED_AFTER).min(RENEWED_AFTER);
        let reading = self.data_access_ends.filter(|end| *end > self.taken_at);
        Some(reading.map_or(due, |end| end.min(due)))
    }

    fn reconnect_by(&self) -> Option<DateTime<Utc>> {
        self.data_access_ends
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A person with two pages, of which the first has an account of Instagram.
    pub(crate) fn made_up() -> MetaCredential {
        let page = |id: &str, instagram: Option<&str>| PageGrant {
            id: id.to_owned(),
            name: format!("Page {id}"),
            access_token: format!("made-up-page-{id}").into(),
            instagram: instagram.map(|id| InstagramAccount {
                id: id.to_owned(),
                username: None,
            }),
        };
        MetaCredential {
            kind: TokenKind::User,
            user_id: "7".to_owned(),
            access_token: "made-up-user".to_owned().into(),
            token_ends: Some(DateTime::UNIX_EPOCH + TimeDelta::days(60)),
            data_access_ends: Some(DateTime::UNIX_EPOCH + TimeDelta::days(90)),
            taken_at: DateTime::UNIX_EPOCH,
            scopes: vec!["ads_management".to_owned()],
            pages: vec![page("1", Some("9")), page("2", None)],
        }
    }

    #[test]
    fn it_is_taken_anew_long_before_it_ends() {
        let days = |days| DateTime::UNIX_EPOCH + TimeDelta::days(days);
        let mut credential = made_up();
        assert_eq!(credential.expires_at(), Some(days(7)));
        assert_eq!(credential.reconnect_by(), Some(days(90)));
        credential.token_ends = Some(days(2));
        assert_eq!(credential.expires_at(), Some(days(1)));
        credential.token_ends = None;
        assert_eq!(credential.expires_at(), Some(days(7)));
        credential.data_access_ends = Some(days(3));
        assert_eq!(credential.expires_at(), Some(days(3)));
        // What has ended already can't end once more.
        credential.taken_at = days(4);
        assert_eq!(credential.expires_at(), Some(days(11)));
    }

    #[test]
    fn managing_ads_is_reading_them() {
        let credential = made_up();
        assert!(credential.has("ads_read") && credential.has("ads_management"));
        assert!(!credential.has("leads_retrieval"));
    }

    #[test]
    fn no_token_is_shown() {
        assert!(!format!("{:?}", made_up()).contains("made-up"));
    }
}
