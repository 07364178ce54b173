//! Subscribing to changes of calendars: one channel on each.
//!
//! Google neither renews channels nor lists them. So a channel's id follows from what it is for and
//! from the time (see [`push`](crate::push)): asking again within three days finds the same one, asking
//! later opens the next one and ends the one before it. A channel that nobody asks for again ends by
//! itself, three to six days after it was asked for last.
//! (developers.google.com/calendar/api/guides/push, November 2026.)

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use connector_core::{Error, ErrorKind, Result, Session, Subscription, Subscriptions};
use url::Url;

use crate::api::{GetUserInfo, PushChannel, StopChannel, WatchEvents};
use crate::connector::Google;
use crate::credential::GoogleCredential;
use crate::push::{Planned, PushKey};
use crate::service::Service;
use crate::sources;

/// How long a channel lives that is opened only to learn what it watches.
const GLANCE: TimeDelta = TimeDelta::minutes(1);

/// An account's channels.
struct Channels<'s> {
    key: PushKey<'s>,
    session: &'s Session<GoogleCredential>,
    account: String,
    deliver_to: &'s str,
}

#[async_trait]
impl Subscriptions<GoogleCredential> for Google {
    async fn subscribe(
        &self,
        session: &Session<GoogleCredential>,
        deliver_to: &str,
    ) -> Result<Vec<Subscription>> {
        let address = Url::parse(deliver_to).ok();
        if address.is_none_or(|address| address.scheme() != "https" || !address.has_host()) {
            return Err(unfit("Google delivers to https addresses only"));
        }
        let key = PushKey::of(&self.config)?;
        let calendars = sources::chosen(session, Service::Calendar).await?;
        let channels = Channels {
            key,
            session,
            account: session.call(&GetUserInfo).await?.id,
            deliver_to,
        };
        let mut open = Vec::new();
        let mut refused = None;
        for calendar in calendars {
            match channels.ensure(&calendar).await {
                Ok(subscription) => open.push(subscription),
                // A calendar of somebody else's, or one of holidays: the others can be watched.
                Err(error) if is_of_one_calendar(&error) => refused = Some(error),
                Err(error) => return Err(error),
            }
        }
        match refused {
            Some(error) if open.is_empty() => Err(error),
            _ => Ok(open),
        }
    }

    /// Google can't say.
    async fn list(&self, _session: &Session<GoogleCredential>) -> Result<Vec<Subscription>> {
        Err(Error::new(
            ErrorKind::Unsupported,
            "Google doesn't tell which channels there are: subscribe again to see them, which opens \
             no second ones",
        ))
    }

    async fn unsubscribe(&self, session: &Session<GoogleCredential>, id: &str) -> Result<()> {
        let (channel, resource) = id
            .split_once(':')
            .ok_or_else(|| Error::new(ErrorKind::NotFound, "there is no channel with this id"))?;
        let stop = StopChannel {
            id: channel.to_owned(),
            resource_id: resource.to_owned(),
        };
        session.call(&stop).await
    }
}

impl Channels<'_> {
    /// The channel on a calendar, opened where there is none.
    async fn ensure(&self, calendar: &str) -> Result<Subscription> {
        let now = self.session.now();
        let (current, before) = self
            .key
            .channels(&self.account, calendar, self.deliver_to, now);
        let (resource, expires_at) = match self.open(calendar, &current).await {
            Ok(channel) => {
                self.end(&before.id, &channel.resource_id).await?;
                let expires_at = channel.expires_at();
                (channel.resource_id, expires_at)
            }
            Err(error) if error.context("code") == Some("channelIdNotUnique") => {
                (self.resource(calendar, now).await?, None)
            }
            Err(error) => return Err(error),
        };
        Ok(Subscription {
            id: format!("{}:{resource}", current.id),
            topic: format!("events of {calendar}"),
            deliver_to: Some(self.deliver_to.to_owned()),
            status: None,
            expires_at: Some(expires_at.unwrap_or(current.expires_at)),
        })
    }

    async fn open(&self, calendar: &str, planned: &Planned) -> Result<PushChannel> {
        let watch = WatchEvents {
            calendar: calendar.to_owned(),
            id: planned.id.clone(),
            address: self.deliver_to.to_owned(),
            token: self.key.token(&self.account, &planned.id),
            expires_at: planned.expires_at,
        };
        let opened = self.session.call(&watch).await;
        opened.map_err(|error| match error.context("code") {
            Some(code) if code.starts_with("push.") => {
                unfit("Google doesn't deliver to this address: it must be https, with a certificate that everybody trusts")
                    .with("code", code)
            }
            _ => error,
        })
    }

    /// What Google calls a calendar's events. It says so only when a channel is opened, so one is, and
    /// ended at once.
    async fn resource(&self, calendar: &str, now: DateTime<Utc>) -> Result<String> {
        let mut id = self.session.context().random_token();
        id.truncate(40);
        let glance = Planned {
            id,
            expires_at: now + GLANCE,
        };
        let channel = self.open(calendar, &glance).await?;
        self.end(&glance.id, &channel.resource_id).await?;
        Ok(channel.resource_id)
    }

    /// Ends a channel, if there is one.
    async fn end(&self, id: &str, resource: &str) -> Result<()> {
        let stop = StopChannel {
            id: id.to_owned(),
            resource_id: resource.to_owned(),
        };
        match self.session.call(&stop).await {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }
}

fn is_of_one_calendar(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::NotFound | ErrorKind::PermissionDenied
    ) || error.context("code") == Some("pushNotSupportedForRequestedResource")
}

fn unfit(why: &'static str) -> Error {
    Error::input("deliver_to", why)
}
