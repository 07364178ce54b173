//! What follows from a notification, topic by topic.

use connector_core::{Error, PrivacyRequest, Result, WebhookEffect};
use serde::Deserialize;
use serde_json::Value;

use crate::descriptor::{INVENTORY_LEVELS, LISTINGS, ORDERS};

/// The topics that are understood here, the one first that eBay demands of every production keyset.
pub(crate) const TOPICS: [&str; 3] = [
    "MARKETPLACE_ACCOUNT_DELETION",
    "AUTHORIZATION_REVOCATION",
    "ORDER_CONFIRMATION",
];

/// A user as the topics name one.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct User {
    user_id: String,
    #[serde(default)]
    username: Option<String>,
}

/// The account that a notification is for, and what follows from it.
///
/// # Errors
/// [`ContractBroken`](connector_core::ErrorKind::ContractBroken) when a topic that is understood here
/// lacks its user.
pub(super) fn of(topic: &str, data: &Value) -> Result<(Option<String>, Vec<WebhookEffect>)> {
    let sync = |stream: &str| WebhookEffect::Sync {
        stream: stream.to_owned(),
    };
    Ok(match topic {
        // About any user of eBay: mostly a buyer, who has no connection here. Orders know buyers by
        // their names, and everything else knows them by their ids.
        "MARKETPLACE_ACCOUNT_DELETION" => {
            let user = user(data)?;
            let erase = |id: String| WebhookEffect::Privacy {
                request: PrivacyRequest::CustomerErasure,
                customer_id: Some(id),
                orders: Vec::new(),
            };
            let name = user
                .username
                .filter(|name| !name.is_empty() && *name != user.user_id);
            let ids = [Some(user.user_id), name];
            (None, ids.into_iter().flatten().map(erase).collect())
        }
        "AUTHORIZATION_REVOCATION" => {
            let user = user(data)?;
            (Some(user.user_id), vec![WebhookEffect::Disconnected])
        }
        "ORDER_CONFIRMATION" => {
            let seller = data.get("user").map(user).transpose()?;
            // What was sold is less in stock, too.
            let streams = [ORDERS, LISTINGS, INVENTORY_LEVELS];
            let effects = streams.into_iter().map(sync).collect();
            (seller.map(|seller| seller.user_id), effects)
        }
        _ => (None, vec![WebhookEffect::Nothing]),
    })
}

fn user(data: &Value) -> Result<User> {
    User::deserialize(data)
        .map_err(|_cause| Error::contract("the notification doesn't say whom it is about"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use connector_core::ErrorKind;
    use serde_json::json;

    #[test]
    fn a_deleted_account_is_erased_by_its_id_and_by_its_name() {
        let data = json!({"username": "somebody", "userId": "u-1", "eiasToken": "x"});
        let (account, effects) = of(TOPICS[0], &data).unwrap();
        let ids: Vec<_> = effects
            .iter()
            .map(|effect| match effect {
                WebhookEffect::Privacy {
                    request: PrivacyRequest::CustomerErasure,
                    customer_id,
                    ..
                } => customer_id.as_deref().unwrap(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!((account, ids), (None, vec!["u-1", "somebody"]));
        // Where names are ids already, one is enough.
        let data = json!({"username": "u-1", "userId": "u-1"});
        assert_eq!(of(TOPICS[0], &data).unwrap().1.len(), 1);
        assert_eq!(
            of(TOPICS[0], &json!({})).unwrap_err().kind(),
            ErrorKind::ContractBroken
        );
    }

    #[test]
    fn an_order_is_synced_for_its_seller_and_a_revocation_ends_the_connection() {
        let data =
            json!({"user": {"userId": "s-1", "username": "shop"}, "order": {"orderId": "1"}});
        let (account, effects) = of("ORDER_CONFIRMATION", &data).unwrap();
        assert_eq!(account.as_deref(), Some("s-1"));
        let streams = [ORDERS, LISTINGS, INVENTORY_LEVELS];
        let syncs = streams.map(|stream| WebhookEffect::Sync {
            stream: stream.to_owned(),
        });
        assert_eq!(effects, syncs);
        let data = json!({"userId": "s-1", "revokeReason": "REVOKED_BY_USER"});
        let (account, effects) = of("AUTHORIZATION_REVOCATION", &data).unwrap();
        assert_eq!(account.as_deref(), Some("s-1"));
        assert_eq!(effects, [WebhookEffect::Disconnected]);
    }

    #[test]
    fn other_topics_are_kept_and_nothing_follows() {
        let (account, effects) = of("NEW_TOPIC", &json!(null)).unwrap();
        assert_eq!((account, effects), (None, vec![WebhookEffect::Nothing]));
    }
}
