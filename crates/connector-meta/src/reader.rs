//! A session together with what a run reads: which pages, and what is to be told.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{DateTime, Utc};
use connector_core::{Endpoint, Error, Result, Session, Settings};

use crate::credential::{MetaCredential, PageGrant};
use crate::descriptor::PAGES;
use crate::notices;

/// An account of Instagram, and the page that it is linked to, which speaks for it.
#[derive(Clone, Debug)]
pub(crate) struct Linked {
    pub(crate) page: String,
    pub(crate) account: String,
}

/// One run's way to Meta. Cheap to clone; clones count restarts together.
#[derive(Clone, Debug)]
pub(crate) struct Reader {
    session: Session<MetaCredential>,
    keep_raw: bool,
    restarts: Arc<AtomicU32>,
}

impl Reader {
    /// How often one run may begin a list anew whose next page can't be read any more. It is counted
    /// in memory alone: the next run may try as often again.
    const MOST_RESTARTS: u32 = 3;

    pub(crate) fn new(session: Session<MetaCredential>, keep_raw: bool) -> Self {
        Self {
            session,
            keep_raw,
            restarts: Arc::default(),
        }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.session.now()
    }

    pub(crate) fn keep_raw(&self) -> bool {
        self.keep_raw
    }

    pub(crate) fn settings(&self) -> &Settings {
        self.session.settings()
    }

    pub(crate) fn credential(&self) -> Arc<MetaCredential> {
        self.session.credential()
    }

    pub(crate) async fn call<E: Endpoint>(&self, endpoint: &E) -> Result<E::Response> {
        self.session.call(endpoint).await
    }

    /// The pages to read: those of the setting, or all that were shared.
    pub(crate) fn pages(&self) -> Vec<PageGrant> {
        let chosen: Vec<&str> = self.settings().lines(PAGES).collect();
        let credential = self.credential();
        let pages = credential.pages.iter();
        pages
            .filter(|page| chosen.is_empty() || chosen.contains(&page.id.as_str()))
            .cloned()
            .collect()
    }

    /// The accounts of Instagram that are linked to the pages to read.
    pub(crate) fn linked(&self) -> Vec<Linked> {
        let linked = |page: PageGrant| {
            let account = page.instagram?.id;
            let page = page.id;
            Some(Linked { page, account })
        };
        self.pages().into_iter().filter_map(linked).collect()
    }

    /// [`Self::notices`], and that there is no account of Instagram where there is none.
    pub(crate) fn instagram_notices(&self, served: Option<&str>) -> Vec<String> {
        let mut notices = self.notices(served);
        if self.linked().is_empty() {
            let none = "No page has a professional account of Instagram linked to it, so that nothing \
                        of Instagram can be read";
            notices.push(none.to_owned());
        }
        notices
    }

    /// What a person should be told with a page: ends that are near, a version that wasn't asked for,
    /// and pages of the setting that nobody shared.
    pub(crate) fn notices(&self, served: Option<&str>) -> Vec<String> {
        let credential = self.credential();
        let mut notices = notices::of_credential(&credential, self.now());
        notices.extend(notices::of_version(served));
        let unknown = self.settings().lines(PAGES);
        notices.extend(
            unknown
                .filter(|id| credential.page(id).is_none())
                .map(|id| format!("The page {} isn't shared with the app", id.escape_debug())),
        );
        notices
    }

    /// Counts one more restart, and fails with the error where there were enough.
    pub(crate) fn restart(&self, error: Error) -> Result<()> {
        if self.restarts.fetch_add(1, Ordering::Relaxed) < Self::MOST_RESTARTS {
            Ok(())
        } else {
            Err(error)
        }
    }
}
