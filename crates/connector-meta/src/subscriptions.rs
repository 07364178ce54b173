//! Subscribing: the app to an address for pages, then each page to the app.
//!
//! The first is the app's own, for everyone who connects by it, and is made with the app's token; the
//! second is each page's, with its own. A page's subscriptions are known here by the page and the
//! field: `PAGE/leadgen`.

use std::collections::BTreeSet;

use async_trait::async_trait;
use connector_core::{Error, ErrorKind, Result, Session, Subscription, Subscriptions};
use url::Url;

use crate::api::{
    AppSubscription, AppSubscriptions, SubscribeApp, SubscribePage, SubscribedApps, Success,
    UnsubscribePage,
};
use crate::connector::Meta;
use crate::credential::MetaCredential;
use crate::webhooks::FIELDS;

#[async_trait]
impl Subscriptions<MetaCredential> for Meta {
    /// Errors beyond those of the contract: [`ConfigInvalid`](ErrorKind::ConfigInvalid) without a
    /// `verify_token`, as Meta asks the address for it at once.
    async fn subscribe(
        &self,
        session: &Session<MetaCredential>,
        deliver_to: &str,
    ) -> Result<Vec<Subscription>> {
        let address = Url::parse(deliver_to).ok();
        if address.is_none_or(|address| address.scheme() != "https" || !address.has_host()) {
            return Err(Error::input(
                "deliver_to",
                "Meta delivers to https addresses only",
            ));
        }
        self.directory().learn(&session.credential());
        self.subscribe_app(session, deliver_to).await?;
        for page in &session.credential().pages {
            let known = self.fields_of(session, &page.id).await?;
            if !FIELDS.iter().all(|field| known.contains(*field)) {
                // What is sent takes the place of all that was there.
                let ours = FIELDS.iter().map(|field| (*field).to_owned());
                let fields = known.into_iter().chain(ours).collect::<BTreeSet<_>>();
                let subscribe = SubscribePage {
                    page: page.id.clone(),
                    fields: fields.into_iter().collect(),
                };
                done(session.call(&subscribe).await?)?;
            }
        }
        self.list(session).await
    }

    async fn list(&self, session: &Session<MetaCredential>) -> Result<Vec<Subscription>> {
        let app = self.of_pages(session).await?;
        let deliver_to = app.as_ref().and_then(|it| it.callback_url.clone());
        let told = |field: &str| {
            let app = app.as_ref().filter(|app| app.active != Some(false));
            app.is_some_and(|app| app.fields.iter().any(|known| known.name == field))
        };
        let mut all = Vec::new();
        for page in &session.credential().pages {
            for field in self.fields_of(session, &page.id).await? {
                let status = if told(&field) { "active" } else { "inactive" };
                all.push(Subscription {
                    id: format!("{}/{field}", page.id),
                    topic: field,
                    deliver_to: deliver_to.clone(),
                    status: Some(status.to_owned()),
                    expires_at: None,
                });
            }
        }
        Ok(all)
    }

    async fn unsubscribe(&self, session: &Session<MetaCredential>, id: &str) -> Result<()> {
        let none = || Error::new(ErrorKind::NotFound, "there is no such subscription");
        let (page, field) = id.split_once('/').ok_or_else(none)?;
        if session.credential().page(page).is_none() {
            return Err(none());
        }
        let mut fields = self.fields_of(session, page).await?;
        if !fields.remove(field) {
            return Err(none());
        }
        let page = page.to_owned();
        let answer = if fields.is_empty() {
            session.call(&UnsubscribePage { page }).await?
        } else {
            let fields = fields.into_iter().collect();
            session.call(&SubscribePage { page, fields }).await?
        };
        done(answer)
    }
}

impl Meta {
    /// Has the app told of pages at this address, unless it is.
    async fn subscribe_app(
        &self,
        session: &Session<MetaCredential>,
        deliver_to: &str,
    ) -> Result<()> {
        let token = self.config().require_verify_token()?.clone();
        let (app, _secret) = self.config().require_app()?;
        let known = self.of_pages(session).await?;
        let mut fields: BTreeSet<String> = FIELDS.iter().map(|it| (*it).to_owned()).collect();
        if let Some(known) = known {
            let names: BTreeSet<String> = known.fields.into_iter().map(|it| it.name).collect();
            let is_there = known.callback_url.as_deref() == Some(deliver_to)
                && known.active != Some(false)
                && fields.is_subset(&names);
            if is_there {
                return Ok(());
            }
            fields.extend(names);
        }
        let subscribe = SubscribeApp {
            app: app.to_owned(),
            callback_url: deliver_to.to_owned(),
            fields: fields.into_iter().collect(),
            verify_token: token,
        };
        done(session.call(&subscribe).await?)
    }

    /// What the app is told of pages.
    async fn of_pages(&self, session: &Session<MetaCredential>) -> Result<Option<AppSubscription>> {
        let (app, _secret) = self.config().require_app()?;
        let app = app.to_owned();
        let list = session.call(&AppSubscriptions { app }).await?;
        let all = list.data.into_iter();
        let mut all = all.filter_map(|entry| entry.into_parts().0.ok());
        Ok(all.find(|it| it.object == "page"))
    }

    /// The fields of a page that the app is told of.
    async fn fields_of(
        &self,
        session: &Session<MetaCredential>,
        page: &str,
    ) -> Result<BTreeSet<String>> {
        let (app, _secret) = self.config().require_app()?;
        let page = page.to_owned();
        let list = session.call(&SubscribedApps { page }).await?;
        let apps = list.data.into_iter();
        let mut apps = apps.filter_map(|entry| entry.into_parts().0.ok());
        let ours = apps.find(|known| known.id == app);
        Ok(ours
            .into_iter()
            .flat_map(|it| it.subscribed_fields)
            .collect())
    }
}

fn done(answer: Success) -> Result<()> {
    if answer.success {
        Ok(())
    } else {
        Err(Error::contract("Meta doesn't say that it was done"))
    }
}
