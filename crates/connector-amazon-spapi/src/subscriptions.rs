//! Subscribing to notifications: a destination of the application, then one subscription of the
//! seller for each type that the connector understands.
//!
//! A type is written to a queue or to an event bus, never to either, so a seller who wants all of them
//! subscribes twice. Source: the Notifications API's model and developer-docs.amazon.com,
//! "Notification Type Values", read in November 2026.

use async_trait::async_trait;
use connector_core::{
    Error, ErrorKind, Result, SecretString, Session, Subscription, Subscriptions,
};

use crate::api::{
    self, Call, CreateDestination, CreateSubscription, DeleteSubscription, Destination, EventBus,
    GetDestinations, GetSubscription, ProcessingDirective, Queue, Resource,
};
use crate::connect;
use crate::connector::AmazonSpapi;
use crate::credential::AmazonCredential;

/// What destinations made here are called.
const NAME: &str = "crossdock";

/// The version of the messages that are understood here: the first one of every type.
const VERSION: &str = "1.0";

/// The types that are written to a queue, of those that lead to a sync.
const TO_QUEUE: [&str; 6] = [
    "ORDER_CHANGE",
    ANY_OFFER_CHANGED,
    "FBA_INVENTORY_AVAILABILITY_CHANGES",
    "PRICING_HEALTH",
    "TRANSACTION_UPDATE",
    "REPORT_PROCESSING_FINISHED",
];

/// The types that are written to an event bus.
const TO_EVENT_BUS: [&str; 3] = [
    "LISTINGS_ITEM_STATUS_CHANGE",
    "LISTINGS_ITEM_ISSUES_CHANGE",
    "LISTINGS_ITEM_MFN_QUANTITY_CHANGE",
];

/// The one type that comes with every change of a price, so often that it is gathered.
const ANY_OFFER_CHANGED: &str = "ANY_OFFER_CHANGED";

/// Who may do what: the seller, and the application with a token of its own.
struct Both<'s> {
    seller: &'s Session<AmazonCredential>,
    application: SecretString,
}

/// `deliver_to` is the ARN of a standard queue of SQS, `arn:aws:sqs:REGION:ACCOUNT:NAME`, or that of
/// an event bus, `arn:aws:events:REGION:ACCOUNT:event-bus/default`. Amazon makes an event source in
/// that account and region; which bus takes it is decided there.
#[async_trait]
impl Subscriptions<AmazonCredential> for AmazonSpapi {
    /// A type for which the application lacks a role is left out, unless that is so for all of them.
    async fn subscribe(
        &self,
        session: &Session<AmazonCredential>,
        deliver_to: &str,
    ) -> Result<Vec<Subscription>> {
        let resource = resource(deliver_to)?;
        let both = self.both(session).await?;
        let destination = both.destination(&resource).await?;
        let types: &[&str] = match resource.sqs {
            Some(_) => &TO_QUEUE,
            None => &TO_EVENT_BUS,
        };
        let (mut made, mut denied) = (0_usize, None);
        for kind in types {
            match both.make_sure(kind, &destination).await {
                Ok(()) => made += 1,
                Err(error) if error.kind() == ErrorKind::PermissionDenied => denied = Some(error),
                Err(error) => return Err(error),
            }
        }
        match denied {
            Some(error) if made == 0 => Err(error),
            _ => both.list().await,
        }
    }

    async fn list(&self, session: &Session<AmazonCredential>) -> Result<Vec<Subscription>> {
        self.both(session).await?.list().await
    }

    async fn unsubscribe(&self, session: &Session<AmazonCredential>, id: &str) -> Result<()> {
        let both = self.both(session).await?;
        // To end one takes its type, which its id doesn't tell.
        for kind in TO_QUEUE.into_iter().chain(TO_EVENT_BUS) {
            let found = both.of_type(kind).await?;
            if found.is_some_and(|found| found.subscription_id == id) {
                let end = DeleteSubscription {
                    notification_type: kind.to_owned(),
                    id: id.to_owned(),
                };
                return both.as_application(end).await;
            }
        }
        Err(Error::new(
            ErrorKind::NotFound,
            "Amazon has no such subscription of this seller",
        ))
    }
}

impl AmazonSpapi {
    async fn both<'s>(&self, seller: &'s Session<AmazonCredential>) -> Result<Both<'s>> {
        let grant = connect::app(self.config(), None)?
            .client_credentials(seller.context(), &[api::SCOPE])
            .await?;
        Ok(Both {
            seller,
            application: grant.access_token,
        })
    }
}

impl Both<'_> {
    async fn as_seller<C: Call>(&self, call: C) -> Result<C::Response> {
        let server = self.seller.credential().server;
        self.seller.call(&server.ask(call)).await
    }

    async fn as_application<C: Call>(&self, call: C) -> Result<C::Response> {
        let server = self.seller.credential().server;
        let asked = server.ask(call).with_token(self.application.clone());
        self.seller.call(&asked).await
    }

    async fn destinations(&self) -> Result<Vec<Destination>> {
        Ok(self.as_application(GetDestinations).await?.payload)
    }

    /// The destination with this resource, made where there is none.
    async fn destination(&self, resource: &Resource) -> Result<String> {
        let known = self.destinations().await?;
        let found = known.into_iter().find(|known| known.resource == *resource);
        if let Some(found) = found {
            return Ok(found.destination_id);
        }
        let create = CreateDestination {
            name: NAME.to_owned(),
            resource_specification: resource.clone(),
        };
        let made = self.as_application(create).await?.payload;
        Ok(made.destination_id)
    }

    /// Makes a subscription where there is none. One that writes elsewhere stays, as there can be only
    /// one of a type; the list tells where it writes to.
    async fn make_sure(&self, kind: &str, destination: &str) -> Result<()> {
        if self.of_type(kind).await?.is_some() {
            return Ok(());
        }
        let create = CreateSubscription {
            notification_type: kind.to_owned(),
            payload_version: VERSION,
            destination_id: destination.to_owned(),
            processing_directive: (kind == ANY_OFFER_CHANGED)
                .then(|| ProcessingDirective::by_five_minutes(kind)),
        };
        match self.as_seller(create).await {
            // Somebody else has made it in the meantime.
            Err(error) if error.context("status") == Some("409") => Ok(()),
            Err(error) => Err(error),
            Ok(_) => Ok(()),
        }
    }

    async fn of_type(&self, kind: &str) -> Result<Option<api::Subscription>> {
        let asked = GetSubscription {
            notification_type: kind.to_owned(),
            payload_version: VERSION,
        };
        match self.as_seller(asked).await {
            Ok(answer) => Ok(Some(answer.payload)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn list(&self) -> Result<Vec<Subscription>> {
        let destinations = self.destinations().await?;
        let address = |id: &str| {
            let mut known = destinations.iter();
            let found = known.find(|known| known.destination_id == id)?;
            name(&found.resource)
        };
        let mut all = Vec::new();
        for kind in TO_QUEUE.into_iter().chain(TO_EVENT_BUS) {
            let found = match self.of_type(kind).await {
                // A type for which the application lacks the role has no subscription.
                Err(error) if error.kind() == ErrorKind::PermissionDenied => None,
                found => found?,
            };
            all.extend(found.map(|found| Subscription {
                id: found.subscription_id,
                topic: kind.to_owned(),
                deliver_to: found.destination_id.as_deref().and_then(address),
                status: None,
                expires_at: None,
            }));
        }
        Ok(all)
    }
}

/// Reads the ARN of a queue or an event bus.
fn resource(arn: &str) -> Result<Resource> {
    let arn = arn.trim();
    let refused = |why| Err(Error::input("deliver_to", why));
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let [_, _, service, region, account, name] = parts.as_slice() else {
        return refused(
            "Amazon delivers to a queue or an event bus of AWS: give the ARN of one, \
             arn:aws:sqs:REGION:ACCOUNT:NAME or arn:aws:events:REGION:ACCOUNT:event-bus/default",
        );
    };
    let is_whole = arn.starts_with("arn:aws") && !region.is_empty() && !name.is_empty();
    let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    if !is_whole || !is_account {
        return refused("this is no ARN: it has a region, an account of twelve digits and a name");
    }
    match *service {
        "sqs" if name.ends_with(".fifo") => {
            refused("Amazon writes to standard queues only, not to FIFO ones")
        }
        "sqs" => Ok(Resource {
            sqs: Some(Queue {
                arn: arn.to_owned(),
            }),
            ..Resource::default()
        }),
        "events" => Ok(Resource {
            event_bridge: Some(EventBus {
                region: (*region).to_owned(),
                account_id: (*account).to_owned(),
            }),
            ..Resource::default()
        }),
        _ => refused("Amazon writes to queues of SQS and to event buses only"),
    }
}

/// What a resource is called here: as [`resource`] reads it.
fn name(resource: &Resource) -> Option<String> {
    let queue = resource.sqs.as_ref().map(|queue| queue.arn.clone());
    queue.or_else(|| {
        let EventBus { region, account_id } = resource.event_bridge.as_ref()?;
        Some(format!(
            "arn:aws:events:{region}:{account_id}:event-bus/default"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_is_read_and_written() {
        for arn in [
            "arn:aws:sqs:us-east-2:444455556666:queue1",
            "arn:aws:events:eu-west-1:444455556666:event-bus/default",
        ] {
            assert_eq!(name(&resource(arn).unwrap()).as_deref(), Some(arn));
        }
        // Which bus takes Amazon's source is decided in that account.
        let other = "arn:aws:events:eu-west-1:444455556666:event-bus/mine";
        assert!(resource(other).unwrap().event_bridge.is_some());
    }

    #[test]
    fn what_amazon_can_t_write_to_is_refused() {
        for wrong in [
            "",
            "https://crossdock.example.com/webhooks/amazon-spapi",
            "arn:aws:sqs:us-east-2:444455556666:queue1.fifo",
            "arn:aws:sqs:us-east-2:4444:queue1",
            "arn:aws:sqs::444455556666:queue1",
            "arn:aws:sns:us-east-2:444455556666:topic",
        ] {
            let error = resource(wrong).unwrap_err();
            assert_eq!(error.field(), Some("deliver_to"), "{wrong}");
        }
    }
}
