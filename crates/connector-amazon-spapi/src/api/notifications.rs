//! Notifications API v1: the destinations of an application, and the subscriptions of sellers.
//!
//! What is about a destination, or names a subscription by its id, belongs to the application and is
//! asked with its own token ([`SCOPE`]); the rest is asked with the seller's.

use connector_core::{Operation, Request, Response, Result};
use http::Method;
use serde::{Deserialize, Serialize};

use super::call::{Call, Payload, Route};
use crate::region::Server;

/// The scope of an application's own token for notifications.
pub const SCOPE: &str = "sellingpartnerapi::notifications";

/// `getDestinations`: all of the application's. With its own token.
#[derive(Clone, Copy, Debug, Default)]
pub struct GetDestinations;

impl Call for GetDestinations {
    const OPERATION: Operation = Operation::read("getDestinations");
    type Response = Payload<Vec<Destination>>;

    fn request(&self, server: Server) -> Result<Request> {
        Route::get(server, &["notifications", "v1", "destinations"]).request()
    }
}

/// `createDestination`: one more. There is one of each resource at the most. With the application's
/// own token.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateDestination {
    /// For people.
    pub name: String,
    /// Where to write to.
    pub resource_specification: Resource,
}

impl Call for CreateDestination {
    const OPERATION: Operation = Operation::write("createDestination");
    type Response = Payload<Destination>;

    fn request(&self, server: Server) -> Result<Request> {
        Route::new(
            Method::POST,
            server,
            &["notifications", "v1", "destinations"],
        )
        .json(self)
    }
}

/// Where notifications are written to.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Destination {
    /// Amazon's id.
    pub destination_id: String,
    /// The queue or the bus.
    pub resource: Resource,
}

/// A queue or an event bus, one of the two.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Resource {
    /// A queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sqs: Option<Queue>,
    /// An event bus.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_bridge: Option<EventBus>,
}

/// A standard queue of SQS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queue {
    /// `arn:aws:sqs:us-east-2:444455556666:queue1`.
    pub arn: String,
}

/// An account of `EventBridge` in one region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventBus {
    /// `us-east-1`.
    pub region: String,
    /// The twelve digits of the AWS account.
    pub account_id: String,
}

/// `getSubscription`: the seller's to one type, in a version of its messages. With the seller's token.
#[derive(Clone, Debug)]
pub struct GetSubscription {
    /// `ORDER_CHANGE`.
    pub notification_type: String,
    /// `1.0`.
    pub payload_version: &'static str,
}

impl Call for GetSubscription {
    const OPERATION: Operation = Operation::read("getSubscription");
    type Response = Payload<Subscription>;

    fn request(&self, server: Server) -> Result<Request> {
        Route::get(server, &path(&self.notification_type))
            .with("payloadVersion", self.payload_version)
            .request()
    }
}

/// `createSubscription`: the seller's to one type. There is one of each type and version at the most.
/// With the seller's token.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateSubscription {
    /// `ORDER_CHANGE`.
    #[serde(skip)]
    pub notification_type: String,
    /// `1.0`.
    pub payload_version: &'static str,
    /// Where to write to.
    pub destination_id: String,
    /// How, where that is not as usual.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub processing_directive: Option<ProcessingDirective>,
}

impl Call for CreateSubscription {
    const OPERATION: Operation = Operation::write("createSubscription");
    type Response = Payload<Subscription>;

    fn request(&self, server: Server) -> Result<Request> {
        Route::new(Method::POST, server, &path(&self.notification_type)).json(self)
    }
}

/// How notifications are made.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProcessingDirective {
    event_filter: EventFilter,
}

impl ProcessingDirective {
    /// All that happens to one thing within five minutes is told at once.
    #[must_use]
    pub fn by_five_minutes(notification_type: impl Into<String>) -> Self {
        Self {
            event_filter: EventFilter {
                event_filter_type: notification_type.into(),
                aggregation_settings: AggregationSettings {
                    aggregation_time_period: "FiveMinutes",
                },
            },
        }
    }
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct EventFilter {
    event_filter_type: String,
    aggregation_settings: AggregationSettings,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AggregationSettings {
    aggregation_time_period: &'static str,
}

/// A seller's subscription to one type.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Subscription {
    /// Amazon's id.
    pub subscription_id: String,
    /// Where it is written to.
    #[serde(default)]
    pub destination_id: Option<String>,
}

/// `deleteSubscriptionById`. With the application's own token.
#[derive(Clone, Debug)]
pub struct DeleteSubscription {
    /// `ORDER_CHANGE`.
    pub notification_type: String,
    /// Amazon's id.
    pub id: String,
}

impl Call for DeleteSubscription {
    const OPERATION: Operation = Operation::write("deleteSubscriptionById").idempotent();
    type Response = ();

    fn request(&self, server: Server) -> Result<Request> {
        let [one, two, three, four] = path(&self.notification_type);
        Route::new(Method::DELETE, server, &[one, two, three, four, &self.id]).request()
    }

    fn parse(&self, _response: &Response) -> Result<()> {
        Ok(())
    }
}

fn path(notification_type: &str) -> [&str; 4] {
    ["notifications", "v1", "subscriptions", notification_type]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::region::{Environment, Region};

    const SERVER: Server = Server::new(Region::NorthAmerica, Environment::Production);

    #[test]
    fn a_subscription_is_made_as_the_model_has_it() {
        let call = CreateSubscription {
            notification_type: "ANY_OFFER_CHANGED".to_owned(),
            payload_version: "1.0",
            destination_id: "d".to_owned(),
            processing_directive: Some(ProcessingDirective::by_five_minutes("ANY_OFFER_CHANGED")),
        };
        let request = call.request(SERVER).unwrap();
        assert_eq!(
            request.uri().path(),
            "/notifications/v1/subscriptions/ANY_OFFER_CHANGED"
        );
        let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
        assert_eq!(
            body,
            serde_json::json!({
                "payloadVersion": "1.0", "destinationId": "d",
                "processingDirective": {"eventFilter": {
                    "eventFilterType": "ANY_OFFER_CHANGED",
                    "aggregationSettings": {"aggregationTimePeriod": "FiveMinutes"}}},
            })
        );
    }

    #[test]
    fn a_resource_is_one_of_two() {
        let resource = Resource {
            event_bridge: Some(EventBus {
                region: "us-east-1".to_owned(),
                account_id: "444455556666".to_owned(),
            }),
            ..Resource::default()
        };
        assert_eq!(
            serde_json::to_value(resource).unwrap(),
            serde_json::json!({"eventBridge": {"region": "us-east-1", "accountId": "444455556666"}})
        );
    }
}
