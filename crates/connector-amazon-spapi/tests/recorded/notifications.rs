//! Destinations and subscriptions.

use connector_amazon_spapi::api::{
    CreateDestination, CreateSubscription, GetDestinations, Resource,
};

use crate::files::{folder, replies};

#[test]
fn recorded_destinations_and_subscriptions_are_read() {
    if folder().is_none() {
        return;
    }
    let mut destinations = 0;
    let listed = replies("sp-api", "get_destinations");
    for recorded in &listed {
        destinations += recorded.read(&GetDestinations).payload.len();
    }
    let create = CreateDestination {
        name: "any".to_owned(),
        resource_specification: Resource::default(),
    };
    let made = replies("sp-api/notifications", "create_destination");
    let single = replies("sp-api/notifications", "get_destination.json");
    for recorded in made.iter().chain(&single) {
        assert!(recorded.read(&create).payload.resource.sqs.is_some());
        destinations += 1;
    }
    let subscribe = CreateSubscription {
        notification_type: "any".to_owned(),
        payload_version: "1.0",
        destination_id: "any".to_owned(),
        processing_directive: None,
    };
    let subscriptions = replies("sp-api/notifications", "create_subscription");
    for recorded in &subscriptions {
        let read = recorded.read(&subscribe).payload;
        assert!(read.destination_id.is_some());
    }
    println!(
        "{destinations} destinations, {} subscriptions",
        subscriptions.len()
    );
    assert_eq!((destinations, subscriptions.len()), (4, 1));
}
