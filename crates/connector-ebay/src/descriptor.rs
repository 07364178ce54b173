//! What eBay is, as data.

use connector_core::{
    AuthMethod, Descriptor, Field, FieldKind, ModelKind, Reading, StreamDescriptor,
};

/// The id of the OAuth method.
pub(crate) const OAUTH: &str = "oauth";
/// The id of the method that takes a refresh token.
pub(crate) const REFRESH_TOKEN: &str = "refresh_token";

/// The streams' ids.
pub(crate) const INVENTORY_ITEMS: &str = "inventory_items";
pub(crate) const INVENTORY_LEVELS: &str = "inventory_levels";
pub(crate) const LISTINGS: &str = "listings";
pub(crate) const ORDERS: &str = "orders";
pub(crate) const PAYOUTS: &str = "payouts";
pub(crate) const TRAFFIC: &str = "traffic";
pub(crate) const LOCATIONS: &str = "locations";

/// The setting that names further sites whose traffic is read.
pub(crate) const TRAFFIC_MARKETPLACES: &str = "traffic_marketplaces";

const MARKETPLACE: Field = Field {
    name: "marketplace",
    label: "Marketplace",
    help: "The site where the account was registered; its language, money and traffic are asked for.",
    kind: FieldKind::Text,
    example: "EBAY_GB",
    required: true,
};

const ENVIRONMENT: Field = Field {
    name: "environment",
    label: "Environment",
    help: "production, or sandbox for eBay's own place to try things out; production if left empty.",
    kind: FieldKind::Text,
    example: "production",
    required: false,
};

const TOKEN: Field = Field {
    name: "refresh_token",
    label: "Refresh token",
    help: "From the developer portal: User Tokens, Get a Token from eBay via Your Application. It is of one keyset and one environment.",
    kind: FieldKind::Secret,
    example: "the long text that starts with v^1.1#",
    required: true,
};

const INVENTORY_SCOPE: &str = "sell.inventory.readonly";
const ORDERS_SCOPE: &str = "sell.fulfillment.readonly";
const MONEY_SCOPE: &str = "sell.finances";
const TRAFFIC_SCOPE: &str = "sell.analytics.readonly";

/// eBay, described.
pub const DESCRIPTOR: Descriptor = Descriptor {
    id: "ebay",
    name: "eBay",
    summary: "Inventory, offers, orders, payouts and traffic of a seller on eBay.",
    docs: "https://developer.ebay.com/develop/apis/restful-apis/sell-apis",
    auth_methods: &[
        AuthMethod {
            id: OAUTH,
            label: "Sign in with eBay",
            fields: &[MARKETPLACE, ENVIRONMENT],
            redirects: true,
            needs: &["client_id", "client_secret", "ru_name"],
            docs: "https://developer.ebay.com/api-docs/static/oauth-authorization-code-grant.html",
        },
        AuthMethod {
            id: REFRESH_TOKEN,
            label: "Refresh token",
            fields: &[TOKEN, MARKETPLACE, ENVIRONMENT],
            redirects: false,
            needs: &["client_id", "client_secret"],
            docs: "https://developer.ebay.com/api-docs/static/oauth-refresh-token-request.html",
        },
    ],
    streams: &[
        StreamDescriptor {
            id: INVENTORY_ITEMS,
            label: "Inventory items",
            model: ModelKind::Product,
            reading: Reading::Complete,
            scopes: &[INVENTORY_SCOPE],
            about: "Everything that was made by the Inventory API, by its SKU. Listings that were made otherwise are not in it: eBay's bulkMigrateListing brings them over.",
        },
        StreamDescriptor {
            id: INVENTORY_LEVELS,
            label: "Inventory levels",
            model: ModelKind::InventoryLevel,
            reading: Reading::Complete,
            scopes: &[INVENTORY_SCOPE],
            about: "How many of each item can be shipped, by location where the seller spreads them. What is put aside for pick-up in a store is left out.",
        },
        StreamDescriptor {
            id: LISTINGS,
            label: "Offers and listings",
            model: ModelKind::Listing,
            reading: Reading::Complete,
            scopes: &[INVENTORY_SCOPE],
            about: "Every offer of every inventory item, published or not, with its listing. One request per item.",
        },
        StreamDescriptor {
            id: ORDERS,
            label: "Orders",
            model: ModelKind::Order,
            reading: Reading::Incremental,
            scopes: &[ORDERS_SCOPE],
            about: "Orders with lines, taxes, fees and refunds, of the last two years: eBay gives no older ones.",
        },
        StreamDescriptor {
            id: PAYOUTS,
            label: "Payouts",
            model: ModelKind::Payout,
            reading: Reading::Incremental,
            scopes: &[MONEY_SCOPE],
            about: "Payouts of the last five years with all their transactions. A run reads the last thirty days again, as payouts fail and are tried again.",
        },
        StreamDescriptor {
            id: TRAFFIC,
            label: "Traffic",
            model: ModelKind::Metric,
            reading: Reading::Incremental,
            scopes: &[TRAFFIC_SCOPE],
            about: "Impressions, views and sales by day, of the last two years, for the account as a whole: eBay gives an application a hundred reports a day, too few for each listing.",
        },
        StreamDescriptor {
            id: LOCATIONS,
            label: "Locations",
            model: ModelKind::Location,
            reading: Reading::Complete,
            scopes: &[INVENTORY_SCOPE],
            about: "Warehouses and stores, disabled ones included.",
        },
    ],
    settings: &[Field {
        name: TRAFFIC_MARKETPLACES,
        label: "Further marketplaces",
        help: "Sites whose traffic is read besides that of the account's own, one a line.",
        kind: FieldKind::Lines,
        example: "EBAY_US",
        required: false,
    }],
};

/// The scope that an operation needs, without its common beginning, and the stream that is lost
/// without it.
pub(crate) fn needed_for(operation: &str) -> Option<(&'static str, Option<&'static str>)> {
    Some(match operation {
        "getInventoryItems" | "getInventoryItem" => (INVENTORY_SCOPE, Some(INVENTORY_ITEMS)),
        "getOffers" | "getOffer" => (INVENTORY_SCOPE, Some(LISTINGS)),
        "getInventoryLocations" | "getInventoryLocation" => (INVENTORY_SCOPE, Some(LOCATIONS)),
        "publishOffer" | "withdrawOffer" | "bulkUpdatePriceQuantity" => ("sell.inventory", None),
        "getOrders" | "getOrder" => (ORDERS_SCOPE, Some(ORDERS)),
        "getPayouts" | "getPayout" | "getTransactions" => (MONEY_SCOPE, Some(PAYOUTS)),
        "getTrafficReport" => (TRAFFIC_SCOPE, Some(TRAFFIC)),
        "getUser" => ("commerce.identity.readonly", None),
        "getPrivileges" => ("sell.account.readonly", None),
        "getSubscriptions" | "createSubscription" | "deleteSubscription" => {
            ("commerce.notification.subscription", None)
        }
        _ => return None,
    })
}
