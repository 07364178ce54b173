//! Subscribing to notifications, in the order that eBay demands: an address to write to, a
//! destination that answers its challenge, then the topics.
//!
//! Source: the Notification API's contract and notes of live calls. Topics of the scope `APPLICATION`
//! are subscribed to once for all sellers, with the application's own token; those of the scope
//! `USER` by each seller.

use async_trait::async_trait;
use connector_core::{
    Credential, Error, ErrorKind, Result, SecretString, Session, Subscription, Subscriptions,
};
use url::Url;

use crate::api;
use crate::application::ApplicationToken;
use crate::connector::Ebay;
use crate::credential::EbayCredential;
use crate::environment::Environment;
use crate::webhooks::TOPICS;

/// What destinations made here are called.
const NAME: &str = "crossdock";

/// A list longer than so many pages leads in a circle.
const MOST_PAGES: usize = 50;

/// Both who may subscribe: the application, and the seller.
struct Both<'s> {
    environment: Environment,
    application: Session<ApplicationToken>,
    seller: &'s Session<EbayCredential>,
}

#[async_trait]
impl Subscriptions<EbayCredential> for Ebay {
    async fn subscribe(
        &self,
        session: &Session<EbayCredential>,
        deliver_to: &str,
    ) -> Result<Vec<Subscription>> {
        let address = Url::parse(deliver_to).ok();
        if address.is_none_or(|address| address.scheme() != "https" || !address.has_host()) {
            return Err(Error::input(
                "deliver_to",
                "eBay delivers to https addresses only",
            ));
        }
        let config = self.application().config();
        let token = config.require_verification_token()?.to_owned().into();
        let both = self.both(session)?;
        both.set_alert_email(config.alert_email.as_deref()).await?;
        let destination = both.destination(deliver_to, token).await?;
        let known = both.subscriptions().await?;
        for topic in TOPICS {
            let is_there = known.iter().any(|subscription| {
                subscription.topic_id.as_deref() == Some(topic)
                    && subscription.destination_id.as_deref() == Some(&*destination)
            });
            if !is_there {
                both.make(topic, &destination).await?;
            }
        }
        both.list().await
    }

    async fn list(&self, session: &Session<EbayCredential>) -> Result<Vec<Subscription>> {
        self.both(session)?.list().await
    }

    async fn unsubscribe(&self, session: &Session<EbayCredential>, id: &str) -> Result<()> {
        let both = self.both(session)?;
        let end = api::DeleteSubscription {
            environment: both.environment,
            id: id.to_owned(),
        };
        match both.seller.call(&end).await {
            // It isn't the seller's, so it may be the application's.
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::NotFound | ErrorKind::PermissionDenied | ErrorKind::Rejected
                ) =>
            {
                both.application.call(&end).await
            }
            other => other,
        }
    }
}

impl Ebay {
    fn both<'s>(&self, seller: &'s Session<EbayCredential>) -> Result<Both<'s>> {
        let environment = seller.credential().environment;
        Ok(Both {
            environment,
            application: self.application().session(seller.context(), environment)?,
            seller,
        })
    }
}

impl Both<'_> {
    /// eBay refuses everything else as long as it doesn't know where to write to.
    async fn set_alert_email(&self, configured: Option<&str>) -> Result<()> {
        let environment = self.environment;
        let config = match self.application.call(&api::GetConfig { environment }).await {
            Ok(config) => config,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Rejected) => {
                api::NotificationConfig::default()
            }
            Err(error) => return Err(error),
        };
        match (configured, config.alert_email) {
            (Some(email), Some(known)) if email == known => Ok(()),
            (Some(email), _) => {
                let alert_email = email.to_owned();
                let update = api::UpdateConfig {
                    environment,
                    alert_email,
                };
                self.application.call(&update).await
            }
            (None, Some(_)) => Ok(()),
            (None, None) => Err(Error::new(
                ErrorKind::ConfigInvalid,
                "eBay wants an address to write to when notifications can't be delivered: set \
                 alert_email in the section platforms.ebay of the configuration",
            )
            .with("setting", "alert_email")),
        }
    }

    /// The destination with this address, made where there is none.
    async fn destination(&self, address: &str, token: SecretString) -> Result<String> {
        let known = self.destinations().await?;
        let found = known.into_iter().find(|destination| {
            let config = destination.delivery_config.as_ref();
            config.and_then(|config| config.endpoint.as_deref()) == Some(address)
        });
        if let Some(found) = found {
            return Ok(found.destination_id);
        }
        let create = api::CreateDestination {
            environment: self.environment,
            name: NAME.to_owned(),
            endpoint: address.to_owned(),
            verification_token: token,
        };
        Ok(self.application.call(&create).await?.id)
    }

    async fn destinations(&self) -> Result<Vec<api::Destination>> {
        let mut all = Vec::new();
        let mut page = api::GetDestinations::all(self.environment)?.page;
        for _ in 0..MOST_PAGES {
            let endpoint = api::GetDestinations { page: page.clone() };
            let answer = self.application.call(&endpoint).await?;
            all.extend(answer.destinations);
            match answer.next.filter(|next| !next.is_empty()) {
                Some(next) => page = page.next(&next)?,
                None => return Ok(all),
            }
        }
        Err(endless())
    }

    async fn make(&self, topic: &str, destination: &str) -> Result<api::Created> {
        let ask = api::GetTopic {
            environment: self.environment,
            id: topic.to_owned(),
        };
        let known = self.application.call(&ask).await?;
        let schema_version = schema_version(&known)
            .ok_or_else(|| Error::contract("eBay has no form of a topic").with("topic", topic))?;
        let create = api::CreateSubscription {
            environment: self.environment,
            topic: topic.to_owned(),
            destination: destination.to_owned(),
            schema_version,
        };
        if known.scope.as_deref() == Some("USER") {
            self.seller.call(&create).await
        } else {
            self.application.call(&create).await
        }
    }

    async fn subscriptions(&self) -> Result<Vec<api::Subscription>> {
        let mut all = subscriptions_of(&self.application, self.environment).await?;
        for own in subscriptions_of(self.seller, self.environment).await? {
            if !all
                .iter()
                .any(|known| known.subscription_id == own.subscription_id)
            {
                all.push(own);
            }
        }
        Ok(all)
    }

    async fn list(&self) -> Result<Vec<Subscription>> {
        let destinations = self.destinations().await?;
        let address = |id: &str| {
            let found = destinations
                .iter()
                .find(|known| known.destination_id == id)?;
            found.delivery_config.as_ref()?.endpoint.clone()
        };
        Ok(self
            .subscriptions()
            .await?
            .into_iter()
            .map(|subscription| Subscription {
                deliver_to: subscription.destination_id.as_deref().and_then(address),
                id: subscription.subscription_id,
                topic: subscription.topic_id.unwrap_or_default(),
                status: subscription
                    .status
                    .map(|status| status.to_ascii_lowercase()),
                expires_at: None,
            })
            .collect())
    }
}

async fn subscriptions_of<C: Credential>(
    session: &Session<C>,
    environment: Environment,
) -> Result<Vec<api::Subscription>> {
    let mut all = Vec::new();
    let mut page = api::GetSubscriptions::all(environment)?.page;
    for _ in 0..MOST_PAGES {
        let endpoint = api::GetSubscriptions { page: page.clone() };
        let answer = session.call(&endpoint).await?;
        all.extend(answer.subscriptions);
        match answer.next.filter(|next| !next.is_empty()) {
            Some(next) => page = page.next(&next)?,
            None => return Ok(all),
        }
    }
    Err(endless())
}

fn endless() -> Error {
    Error::contract("eBay's list of notifications has no end")
}

/// The newest form that is delivered over HTTPS and not about to go away, else the newest.
fn schema_version(topic: &api::Topic) -> Option<String> {
    topic
        .supported_payloads
        .iter()
        .filter(|form| {
            let protocol = form.delivery_protocol.as_deref();
            protocol.is_none_or(|protocol| protocol == "HTTPS")
        })
        .filter_map(|form| {
            let version = form.schema_version.clone()?;
            let numbers: Vec<u32> = version
                .split('.')
                .filter_map(|it| it.parse().ok())
                .collect();
            Some((form.deprecated != Some(true), numbers, version))
        })
        .max()
        .map(|(_, _, version)| version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_form_that_stays_is_subscribed_to() {
        let version = |json: &str| schema_version(&serde_json::from_str(json).unwrap());
        let topic = r#"{"supportedPayloads":[
            {"schemaVersion":"1.0","deliveryProtocol":"HTTPS"},
            {"schemaVersion":"1.10","deliveryProtocol":"HTTPS"},
            {"schemaVersion":"1.9","deliveryProtocol":"HTTPS"},
            {"schemaVersion":"2.0","deliveryProtocol":"HTTPS","deprecated":true},
            {"schemaVersion":"3.0","deliveryProtocol":"PIGEON"}]}"#;
        assert_eq!(version(topic).as_deref(), Some("1.10"));
        assert_eq!(version("{}"), None);
    }
}
