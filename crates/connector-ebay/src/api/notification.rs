//! Notifications: the Notification API. All but a seller's own subscriptions is asked with the
//! application's own token.

use connector_core::ExposeSecret as _;
use connector_core::{Endpoint, Operation, Request, Response, Result, SecretString, endpoint};
use http::Method;
use serde::Deserialize;
use serde_json::json;

use super::call::{id_in_location, object};
use super::link::{Link, encoded};
use crate::environment::{Environment, Server};

const ROOT: &str = "/commerce/notification/v1";

fn address(environment: Environment, path: &str) -> String {
    format!("{}{ROOT}/{path}", environment.root(Server::Api))
}

/// Where eBay writes to when notifications can't be delivered.
#[derive(Clone, Copy, Debug)]
pub struct GetConfig {
    /// Which keyset's.
    pub environment: Environment,
}

/// What is set for all of an application's notifications.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct NotificationConfig {
    /// Where eBay writes to.
    pub alert_email: Option<String>,
}

impl Endpoint for GetConfig {
    const OPERATION: Operation = Operation::read("getConfig");
    type Response = NotificationConfig;

    fn request(&self) -> Result<Request> {
        endpoint::get(address(self.environment, "config"))
    }

    fn parse(&self, response: &Response) -> Result<NotificationConfig> {
        object(response)
    }
}

/// Sets where eBay writes to. Needed before anything can be subscribed to.
#[derive(Clone, Debug)]
pub struct UpdateConfig {
    /// Which keyset's.
    pub environment: Environment,
    /// An e-mail address.
    pub alert_email: String,
}

impl Endpoint for UpdateConfig {
    const OPERATION: Operation = Operation::write("updateConfig").idempotent();
    type Response = ();

    fn request(&self) -> Result<Request> {
        let body = json!({"alertEmail": self.alert_email});
        endpoint::send_json(Method::PUT, address(self.environment, "config"), &body)
    }

    fn parse(&self, _response: &Response) -> Result<()> {
        Ok(())
    }
}

/// A page of the addresses that notifications are delivered to.
#[derive(Clone, Debug)]
pub struct GetDestinations {
    /// Which page.
    pub page: Link,
}

impl GetDestinations {
    /// All of them.
    ///
    /// # Errors
    /// Those of [`Link::first`].
    pub fn all(environment: Environment) -> Result<Self> {
        let path = format!("{ROOT}/destination");
        let page = Link::first(environment, Server::Api, &path, &[("limit", "100")])?;
        Ok(Self { page })
    }
}

/// Addresses that notifications are delivered to.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct DestinationPage {
    /// Where the next page is.
    pub next: Option<String>,
    /// The addresses.
    pub destinations: Vec<Destination>,
}

/// An address that notifications are delivered to.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Destination {
    /// eBay's id.
    pub destination_id: String,
    /// `ENABLED`, `DISABLED`, or `MARKED_DOWN` after a day of failures.
    pub status: Option<String>,
    /// The address.
    pub delivery_config: Option<DeliveryConfig>,
}

/// Where to.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct DeliveryConfig {
    /// The address.
    pub endpoint: Option<String>,
}

impl Endpoint for GetDestinations {
    const OPERATION: Operation = Operation::read("getDestinations").sensitive();
    type Response = DestinationPage;

    fn request(&self) -> Result<Request> {
        endpoint::get(self.page.as_str())
    }

    fn parse(&self, response: &Response) -> Result<DestinationPage> {
        object(response)
    }
}

/// Registers an address. eBay asks it at once whether it knows the token.
#[derive(Clone, Debug)]
pub struct CreateDestination {
    /// Which keyset's.
    pub environment: Environment,
    /// What a person calls it.
    pub name: String,
    /// The address.
    pub endpoint: String,
    /// What the address answers with.
    pub verification_token: SecretString,
}

/// What was made, of which eBay tells the id alone.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Created {
    /// eBay's id.
    pub id: String,
}

impl Endpoint for CreateDestination {
    const OPERATION: Operation = Operation::write("createDestination").sensitive();
    type Response = Created;

    fn request(&self) -> Result<Request> {
        let body = json!({
            "name": self.name,
            "status": "ENABLED",
            "deliveryConfig": {
                "endpoint": self.endpoint,
                "verificationToken": self.verification_token.expose_secret(),
            },
        });
        endpoint::send_json(
            Method::POST,
            address(self.environment, "destination"),
            &body,
        )
    }

    fn parse(&self, response: &Response) -> Result<Created> {
        id_in_location(response).map(|id| Created { id })
    }
}

/// What can be subscribed to.
#[derive(Clone, Debug)]
pub struct GetTopic {
    /// Which keyset's.
    pub environment: Environment,
    /// `ORDER_CONFIRMATION`.
    pub id: String,
}

/// What can be subscribed to.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Topic {
    /// `ORDER_CONFIRMATION`.
    pub topic_id: Option<String>,
    /// Whose token subscribes to it: `APPLICATION` or `USER`.
    pub scope: Option<String>,
    /// The forms in which it comes.
    pub supported_payloads: Vec<PayloadDetail>,
}

/// A form in which a topic comes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct PayloadDetail {
    /// `HTTPS`.
    pub delivery_protocol: Option<String>,
    /// `1.0`.
    pub schema_version: Option<String>,
    /// Whether it will go away.
    pub deprecated: Option<bool>,
}

impl Endpoint for GetTopic {
    const OPERATION: Operation = Operation::read("getTopic");
    type Response = Topic;

    fn request(&self) -> Result<Request> {
        let path = format!("topic/{}", encoded(&self.id));
        endpoint::get(address(self.environment, &path))
    }

    fn parse(&self, response: &Response) -> Result<Topic> {
        object(response)
    }
}

/// A page of subscriptions: the seller's, or the application's, by the token that asks.
#[derive(Clone, Debug)]
pub struct GetSubscriptions {
    /// Which page.
    pub page: Link,
}

impl GetSubscriptions {
    /// All of them.
    ///
    /// # Errors
    /// Those of [`Link::first`].
    pub fn all(environment: Environment) -> Result<Self> {
        let path = format!("{ROOT}/subscription");
        let page = Link::first(environment, Server::Api, &path, &[("limit", "100")])?;
        Ok(Self { page })
    }
}

/// Subscriptions.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct SubscriptionPage {
    /// Where the next page is.
    pub next: Option<String>,
    /// The subscriptions.
    pub subscriptions: Vec<Subscription>,
}

/// A subscription.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Subscription {
    /// eBay's id.
    pub subscription_id: String,
    /// `ORDER_CONFIRMATION`.
    pub topic_id: Option<String>,
    /// `ENABLED`, `DISABLED`.
    pub status: Option<String>,
    /// Where to.
    pub destination_id: Option<String>,
}

impl Endpoint for GetSubscriptions {
    const OPERATION: Operation = Operation::read("getSubscriptions");
    type Response = SubscriptionPage;

    fn request(&self) -> Result<Request> {
        endpoint::get(self.page.as_str())
    }

    fn parse(&self, response: &Response) -> Result<SubscriptionPage> {
        object(response)
    }
}

/// Subscribes to a topic.
#[derive(Clone, Debug)]
pub struct CreateSubscription {
    /// Which keyset's.
    pub environment: Environment,
    /// `ORDER_CONFIRMATION`.
    pub topic: String,
    /// Where to.
    pub destination: String,
    /// `1.0`.
    pub schema_version: String,
}

impl Endpoint for CreateSubscription {
    const OPERATION: Operation = Operation::write("createSubscription");
    type Response = Created;

    fn request(&self) -> Result<Request> {
        let body = json!({
            "topicId": self.topic,
            "status": "ENABLED",
            "destinationId": self.destination,
            "payload": {
                "format": "JSON",
                "schemaVersion": self.schema_version,
                "deliveryProtocol": "HTTPS",
            },
        });
        endpoint::send_json(
            Method::POST,
            address(self.environment, "subscription"),
            &body,
        )
    }

    fn parse(&self, response: &Response) -> Result<Created> {
        id_in_location(response).map(|id| Created { id })
    }
}

/// Ends a subscription.
#[derive(Clone, Debug)]
pub struct DeleteSubscription {
    /// Which keyset's.
    pub environment: Environment,
    /// eBay's id.
    pub id: String,
}

impl Endpoint for DeleteSubscription {
    const OPERATION: Operation = Operation::write("deleteSubscription").idempotent();
    type Response = ();

    fn request(&self) -> Result<Request> {
        let path = format!("subscription/{}", encoded(&self.id));
        let mut request = endpoint::get(address(self.environment, &path))?;
        *request.method_mut() = Method::DELETE;
        Ok(request)
    }

    fn parse(&self, _response: &Response) -> Result<()> {
        Ok(())
    }
}

/// The key that verifies what is signed under an id.
#[derive(Clone, Debug)]
pub struct GetPublicKey {
    /// Which keyset's.
    pub environment: Environment,
    /// The id in a signature.
    pub id: String,
}

/// A key that verifies.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PublicKey {
    /// PEM, all on one line.
    pub key: String,
    /// `ECDSA`.
    pub algorithm: Option<String>,
    /// `SHA1`.
    pub digest: Option<String>,
}

impl Endpoint for GetPublicKey {
    const OPERATION: Operation = Operation::read("getPublicKey");
    type Response = PublicKey;

    fn request(&self) -> Result<Request> {
        let path = format!("public_key/{}", encoded(&self.id));
        endpoint::get(address(self.environment, &path))
    }

    fn parse(&self, response: &Response) -> Result<PublicKey> {
        object(response)
    }
}
