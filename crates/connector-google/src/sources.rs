//! What can be read of each service (properties, sites, locations, accounts, calendars, channels),
//! and what of it was chosen.

use std::collections::BTreeSet;

use connector_core::{Endpoint, Error, Result, Session};

use crate::ads_account;
use crate::api::{
    Channel, ListAccountSummaries, ListBusinessAccounts, ListCalendars, ListChannels,
    ListLocations, ListMerchantAccounts, ListSites,
};
use crate::credential::GoogleCredential;
use crate::descriptor::SOURCES;
use crate::service::Service;

/// What stands for everything.
pub(crate) const ALL: &str = "all";

/// How many pages a list may have: two hundred properties each, or a hundred locations.
const MOST_PAGES: usize = 100;

/// One thing that has data: a property, a site, a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    /// The service that has it.
    pub(crate) service: Service,
    /// Google's name of it: `properties/1`, `https://example.com/`, `accounts/1/locations/2`.
    pub(crate) id: String,
    /// What a person calls it.
    pub(crate) name: String,
}

impl Source {
    pub(crate) fn new(service: Service, id: impl Into<String>, name: Option<String>) -> Self {
        let id = id.into();
        let name = name.filter(|name| !name.trim().is_empty());
        Self {
            name: name.unwrap_or_else(|| id.clone()),
            service,
            id,
        }
    }

    /// As it is written in settings.
    pub(crate) fn line(&self) -> String {
        format!("{}:{}", self.service, self.id)
    }
}

/// What was chosen: everything, or some.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Selection {
    /// Nothing in it stands for everything.
    chosen: BTreeSet<(Service, String)>,
}

impl Selection {
    /// Reads lines as `analytics:properties/1`. `all`, or no line, is everything; `analytics:*` is all
    /// of a service.
    ///
    /// # Errors
    /// [`InputInvalid`](connector_core::ErrorKind::InputInvalid) for a line of another form.
    pub(crate) fn read<'a>(lines: impl Iterator<Item = &'a str>) -> Result<Self> {
        let mut chosen = BTreeSet::new();
        let mut everything = false;
        for line in lines.map(str::trim).filter(|line| !line.is_empty()) {
            if line == ALL {
                everything = true;
                continue;
            }
            let read = line.split_once(':').and_then(|(service, id)| {
                let id = id.trim();
                Some((service.parse().ok()?, id.to_owned())).filter(|_| !id.is_empty())
            });
            chosen.insert(read.ok_or_else(|| {
                Error::input(
                    SOURCES,
                    "a source is written as service:name, such as analytics:properties/1",
                )
            })?);
        }
        if everything {
            chosen.clear();
        }
        Ok(Self { chosen })
    }

    /// As it is stored.
    pub(crate) fn into_lines(self) -> Vec<String> {
        let line = |(service, id): (Service, String)| format!("{service}:{id}");
        self.chosen.into_iter().map(line).collect()
    }

    /// Which sources of a service were chosen by name; `None` where all of them are to be read.
    fn of(&self, service: Service) -> Option<Vec<String>> {
        if self.chosen.is_empty() {
            return None;
        }
        let ids: Vec<_> = self
            .chosen
            .iter()
            .filter(|(of, _)| *of == service)
            .map(|(_, id)| id.clone())
            .collect();
        (!ids.iter().any(|id| id == "*")).then_some(ids)
    }
}

/// The names of a service's sources that are to be read: as the settings say, else as was chosen on
/// connecting, else all that there are.
///
/// # Errors
/// [`PermissionDenied`](connector_core::ErrorKind::PermissionDenied) when the service wasn't granted;
/// those of [`Session::call`].
pub(crate) async fn chosen(
    session: &Session<GoogleCredential>,
    service: Service,
) -> Result<Vec<String>> {
    if let Some(chosen) = named(session, service)? {
        return Ok(chosen);
    }
    let found = list(session, service).await?;
    Ok(found.into_iter().map(|source| source.id).collect())
}

/// Those of them that were named; `None` where all that there are is to be read.
///
/// # Errors
/// As [`chosen`], without those of a call.
pub(crate) fn named(
    session: &Session<GoogleCredential>,
    service: Service,
) -> Result<Option<Vec<String>>> {
    let credential = session.credential();
    credential.require(service)?;
    let mut selection = Selection::read(session.settings().lines(SOURCES))?;
    if session.settings().get(SOURCES).is_none() {
        selection = Selection::read(credential.sources.iter().map(String::as_str))?;
    }
    Ok(selection.of(service))
}

/// All that a service has.
///
/// # Errors
/// Those of [`Session::call`].
pub(crate) async fn list(
    session: &Session<GoogleCredential>,
    service: Service,
) -> Result<Vec<Source>> {
    let source = |id: String, name: Option<String>| Source::new(service, id, name);
    Ok(match service {
        Service::Analytics => properties(session).await?,
        Service::SearchConsole => {
            let sites = session.call(&ListSites).await?.site_entry;
            let usable = sites.into_iter().filter(|site| site.is_verified());
            usable.map(|site| source(site.site_url, None)).collect()
        }
        Service::BusinessProfile => locations(session).await?,
        Service::Merchant => {
            let pages = every(
                session,
                |page_token| ListMerchantAccounts { page_token },
                |page| page.next_page_token.clone(),
            );
            let accounts = pages.await?.into_iter().flat_map(|page| page.accounts);
            accounts
                .map(|account| source(account.name, account.account_name))
                .collect()
        }
        Service::Ads => ads_account::list(session).await?,
        Service::Calendar => {
            let pages = every(
                session,
                |page_token| ListCalendars { page_token },
                |page| page.next_page_token.clone(),
            );
            let calendars = pages.await?.into_iter().flat_map(|page| page.items);
            calendars
                .filter(|calendar| !calendar.deleted)
                .map(|calendar| source(calendar.id, calendar.summary))
                .collect()
        }
        Service::Youtube => {
            let channels = channels(session).await?.into_iter();
            channels
                .map(|channel| source(channel.id, channel.snippet.and_then(|it| it.title)))
                .collect()
        }
    })
}

/// The channels of the user's.
///
/// # Errors
/// Those of [`Session::call`].
pub(crate) async fn channels(session: &Session<GoogleCredential>) -> Result<Vec<Channel>> {
    let pages = every(
        session,
        |page_token| ListChannels { page_token },
        |page| page.next_page_token.clone(),
    );
    Ok(pages
        .await?
        .into_iter()
        .flat_map(|page| page.items)
        .collect())
}

async fn properties(session: &Session<GoogleCredential>) -> Result<Vec<Source>> {
    let pages = every(
        session,
        |page_token| ListAccountSummaries { page_token },
        |page| page.next_page_token.clone(),
    );
    let accounts = pages
        .await?
        .into_iter()
        .flat_map(|page| page.account_summaries);
    Ok(accounts
        .flat_map(|account| account.property_summaries)
        .map(|it| Source::new(Service::Analytics, it.property, it.display_name))
        .collect())
}

/// v1 names a location without its account, which v4 needs for the reviews: both are kept.
async fn locations(session: &Session<GoogleCredential>) -> Result<Vec<Source>> {
    let pages = every(
        session,
        |page_token| ListBusinessAccounts { page_token },
        |page| page.next_page_token.clone(),
    );
    let mut found = Vec::new();
    for account in pages.await?.into_iter().flat_map(|page| page.accounts) {
        let pages = every(
            session,
            |page_token| ListLocations {
                account: account.name.clone(),
                page_token,
            },
            |page| page.next_page_token.clone(),
        );
        for location in pages.await?.into_iter().flat_map(|page| page.locations) {
            let id = format!("{}/{}", account.name, location.name);
            found.push(Source::new(Service::BusinessProfile, id, location.title));
        }
    }
    Ok(found)
}

/// All pages of a list.
async fn every<E, A, N>(
    session: &Session<GoogleCredential>,
    ask: A,
    next: N,
) -> Result<Vec<E::Response>>
where
    E: Endpoint,
    A: Fn(Option<String>) -> E,
    N: Fn(&E::Response) -> Option<String>,
{
    let mut pages = Vec::new();
    let mut token = None;
    loop {
        let endpoint = ask(token.clone());
        let page = session.call(&endpoint).await?;
        let following = next(&page).filter(|token| !token.is_empty());
        pages.push(page);
        if following.is_none() {
            return Ok(pages);
        }
        if following == token || pages.len() >= MOST_PAGES {
            return Err(Error::contract("Google gives the same page again"));
        }
        token = following;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_selection_is_everything_or_what_is_named() {
        let read = |lines: &[&str]| Selection::read(lines.iter().copied()).unwrap();
        assert_eq!(read(&[]).of(Service::Ads), None);
        assert_eq!(
            read(&["all", "ads:customers/1"]).of(Service::Calendar),
            None
        );
        let some = read(&["analytics:properties/1", "search_console:*"]);
        assert_eq!(
            some.of(Service::Analytics),
            Some(vec!["properties/1".to_owned()])
        );
        assert_eq!(some.of(Service::SearchConsole), None);
        assert_eq!(some.of(Service::Ads), Some(Vec::new()));
        let domain = read(&["search_console:sc-domain:example.com"]);
        assert_eq!(
            domain.of(Service::SearchConsole),
            Some(vec!["sc-domain:example.com".to_owned()])
        );
        for odd in ["properties/1", "gmail:inbox", "ads:"] {
            let error = Selection::read([odd].into_iter()).unwrap_err();
            assert_eq!(error.field(), Some(SOURCES), "{odd}");
        }
    }

    proptest! {
        #[test]
        fn what_is_stored_is_read_back(ids in prop::collection::vec("[!-~]{1,30}", 0..6)) {
            let lines: Vec<_> = ids.iter().map(|id| format!("calendar:{id}")).collect();
            let selection = Selection::read(lines.iter().map(String::as_str)).unwrap();
            let stored = selection.clone().into_lines();
            let again = Selection::read(stored.iter().map(String::as_str)).unwrap();
            prop_assert_eq!(again, selection);
        }
    }
}
