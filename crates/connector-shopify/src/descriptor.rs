//! What Shopify is, as data.

use connector_core::{
    AuthMethod, Descriptor, Field, FieldKind, ModelKind, Reading, StreamDescriptor,
};

/// The id of the OAuth method.
pub(crate) const OAUTH: &str = "oauth";
/// The id of the method that takes a custom app's token.
pub(crate) const CUSTOM_APP_TOKEN: &str = "custom_app_token";

/// The streams' ids.
pub(crate) const PRODUCTS: &str = "products";
pub(crate) const INVENTORY_LEVELS: &str = "inventory_levels";
pub(crate) const ORDERS: &str = "orders";
pub(crate) const LOCATIONS: &str = "locations";
pub(crate) const PAYOUTS: &str = "payouts";

const SHOP: Field = Field {
    name: "shop",
    label: "Shop",
    help: "The shop's name or its myshopify.com domain; the address of its admin works too.",
    kind: FieldKind::Text,
    example: "black-tees.myshopify.com",
    required: true,
};

const TOKEN: Field = Field {
    name: "token",
    label: "Admin API access token",
    help: "Shown once when the custom app is installed: Settings, Apps, Develop apps, API credentials.",
    kind: FieldKind::Secret,
    example: "the token that starts with shpat_",
    required: true,
};

/// Shopify, described.
pub const DESCRIPTOR: Descriptor = Descriptor {
    id: "shopify",
    name: "Shopify",
    summary: "Products, stock, orders, locations and payouts of a Shopify shop.",
    docs: "https://shopify.dev/docs/api/admin-graphql",
    auth_methods: &[
        AuthMethod {
            id: OAUTH,
            label: "Install the app",
            fields: &[SHOP],
            redirects: true,
            needs: &["client_id", "client_secret"],
            docs: "https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/authorization-code-grant",
        },
        AuthMethod {
            id: CUSTOM_APP_TOKEN,
            label: "Custom app token",
            fields: &[SHOP, TOKEN],
            redirects: false,
            needs: &[],
            docs: "https://help.shopify.com/en/manual/apps/app-types/custom-apps",
        },
    ],
    streams: &[
        StreamDescriptor {
            id: PRODUCTS,
            label: "Products",
            model: ModelKind::Product,
            reading: Reading::Incremental,
            scopes: &["read_products"],
            about: "Every product with all its variants. Deletions come by webhook.",
        },
        StreamDescriptor {
            id: INVENTORY_LEVELS,
            label: "Inventory levels",
            model: ModelKind::InventoryLevel,
            reading: Reading::Incremental,
            scopes: &["read_inventory"],
            about: "What is in stock of each item at each location. Deactivated levels are left out.",
        },
        StreamDescriptor {
            id: ORDERS,
            label: "Orders",
            model: ModelKind::Order,
            reading: Reading::Incremental,
            scopes: &["read_orders"],
            about: "Orders with lines, refunds, transactions and fees. Only the last 60 days unless the app has read_all_orders.",
        },
        StreamDescriptor {
            id: LOCATIONS,
            label: "Locations",
            model: ModelKind::Location,
            reading: Reading::Complete,
            scopes: &["read_locations"],
            about: "The places where stock lies, inactive ones included.",
        },
        StreamDescriptor {
            id: PAYOUTS,
            label: "Payouts",
            model: ModelKind::Payout,
            reading: Reading::Incremental,
            scopes: &[
                "read_shopify_payments_accounts",
                "read_shopify_payments_payouts",
            ],
            about: "Payouts of Shopify Payments with their balance transactions. Empty for shops that use another payment provider.",
        },
    ],
    settings: &[],
};
