//! What the Selling Partner API is, as data.

use connector_core::{
    AuthMethod, Descriptor, Field, FieldKind, ModelKind, Reading, StreamDescriptor,
};

/// The id of the website flow.
pub(crate) const OAUTH: &str = "oauth";
/// The id of the method that takes a self-authorised refresh token.
pub(crate) const REFRESH_TOKEN: &str = "refresh_token";

/// The streams' ids.
pub(crate) const ORDERS: &str = "orders";
pub(crate) const CATALOG: &str = "catalog";
pub(crate) const LISTINGS: &str = "listings";
pub(crate) const INVENTORY_LEVELS: &str = "inventory_levels";
pub(crate) const MARKET_SNAPSHOTS: &str = "market_snapshots";
pub(crate) const PAYOUTS: &str = "payouts";
pub(crate) const SALES_AND_TRAFFIC: &str = "sales_and_traffic";
pub(crate) const RETURNS: &str = "returns";

/// The setting that names the marketplaces to read.
pub(crate) const MARKETPLACES: &str = "marketplaces";
/// The setting that names the marketplaces whose prices are read.
pub(crate) const MARKET_MARKETPLACES: &str = "market_marketplaces";
/// The setting that asks for personal data where the application may have it.
pub(crate) const RESTRICTED_DATA: &str = "restricted_data";

const ENVIRONMENT: Field = Field {
    name: "environment",
    label: "Environment",
    help: "production, or sandbox for Amazon's own static sandbox, which gives fixed answers.",
    kind: FieldKind::Text,
    example: "production",
    required: false,
};

const MARKETPLACE: Field = Field {
    name: "marketplace",
    label: "Country",
    help: "The country of the Seller Central in which to consent: US, DE, JP. The grant is good for its whole region.",
    kind: FieldKind::Text,
    example: "US",
    required: true,
};

const TOKEN: Field = Field {
    name: "refresh_token",
    label: "Refresh token",
    help: "Shown once when the application is authorised for your own account: Develop Apps, Authorize app.",
    kind: FieldKind::Secret,
    example: "the token that starts with Atzr|",
    required: true,
};

const SELLING_PARTNER: Field = Field {
    name: "selling_partner_id",
    label: "Merchant token",
    help: "The seller id: Seller Central, Settings, Account Info, Your Merchant Token.",
    kind: FieldKind::Text,
    example: "A2EXAMPLESELLER",
    required: true,
};

const REGION: Field = Field {
    name: "region",
    label: "Region",
    help: "na, eu or fe, or the country of the account. A refresh token is good in one region.",
    kind: FieldKind::Text,
    example: "na",
    required: true,
};

/// Amazon's Selling Partner API, described.
pub const DESCRIPTOR: Descriptor = Descriptor {
    id: "amazon-spapi",
    name: "Amazon",
    summary: "Orders, listings, FBA stock, market, payouts, sales, traffic and returns of a selling partner.",
    docs: "https://developer-docs.amazon.com/sp-api",
    auth_methods: &[
        AuthMethod {
            id: OAUTH,
            label: "Sign in to Seller Central",
            fields: &[MARKETPLACE, ENVIRONMENT],
            redirects: true,
            needs: &["application_id", "client_id", "client_secret"],
            docs: "https://developer-docs.amazon.com/sp-api/docs/website-authorization-workflow",
        },
        AuthMethod {
            id: REFRESH_TOKEN,
            label: "Self-authorised refresh token",
            fields: &[TOKEN, SELLING_PARTNER, REGION, ENVIRONMENT],
            redirects: false,
            needs: &["client_id", "client_secret"],
            docs: "https://developer-docs.amazon.com/sp-api/docs/self-authorization",
        },
    ],
    streams: &[
        StreamDescriptor {
            id: ORDERS,
            label: "Orders",
            model: ModelKind::Order,
            reading: Reading::Incremental,
            scopes: &["Inventory and Order Tracking"],
            about: "Orders of the last two years with lines and parcels, without names and addresses. What Amazon keeps of them is in the payouts.",
        },
        StreamDescriptor {
            id: LISTINGS,
            label: "Listings",
            model: ModelKind::Listing,
            reading: Reading::Incremental,
            scopes: &["Product Listing"],
            about: "Offers of each marketplace with price, quantity and state. Deletions come by notification.",
        },
        StreamDescriptor {
            id: CATALOG,
            label: "Catalog",
            model: ModelKind::Product,
            reading: Reading::Complete,
            scopes: &["Product Listing"],
            about: "What Amazon's catalogue says of each product that is listed: name, brand, barcode, picture.",
        },
        StreamDescriptor {
            id: INVENTORY_LEVELS,
            label: "FBA inventory",
            model: ModelKind::InventoryLevel,
            reading: Reading::Incremental,
            scopes: &["Amazon Fulfillment"],
            about: "What lies in Amazon's warehouses, by marketplace, condition and SKU. Stock on its way there is read once a day, as Amazon doesn't tell when it changes.",
        },
        StreamDescriptor {
            id: MARKET_SNAPSHOTS,
            label: "Market snapshots",
            model: ModelKind::MarketSnapshot,
            reading: Reading::Complete,
            scopes: &["Pricing"],
            about: "What the cheapest seller asks for each product that is listed, by condition, in the account's own marketplace. Amazon answers for twenty products every half a minute.",
        },
        StreamDescriptor {
            id: PAYOUTS,
            label: "Payouts",
            model: ModelKind::Payout,
            reading: Reading::Incremental,
            scopes: &["Finance and Accounting"],
            about: "Settlements of the last two years with the transactions in them, the open ones too. Events may be two days late.",
        },
        StreamDescriptor {
            id: SALES_AND_TRAFFIC,
            label: "Sales and traffic",
            model: ModelKind::Metric,
            reading: Reading::Incremental,
            scopes: &["Brand Analytics"],
            about: "Sales, sessions and page views of each marketplace by day, for two years, and by day and item from the first sync on. The last two days are provisional.",
        },
        StreamDescriptor {
            id: RETURNS,
            label: "Returns",
            model: ModelKind::Native,
            reading: Reading::Incremental,
            scopes: &["Amazon Fulfillment", "Inventory and Order Tracking"],
            about: "What buyers sent back, to Amazon's warehouses or to the seller, in the words of Amazon's reports. The last month is read again each time.",
        },
    ],
    settings: &[
        Field {
            name: MARKETPLACES,
            label: "Marketplaces",
            help: "Countries or marketplace ids, one per line. Empty: all in which the account takes part.",
            kind: FieldKind::Lines,
            example: "US\nCA",
            required: false,
        },
        Field {
            name: MARKET_MARKETPLACES,
            label: "Marketplaces of market snapshots",
            help: "Countries or marketplace ids, one per line. Empty: the account's own. Each takes half a minute for twenty products.",
            kind: FieldKind::Lines,
            example: "US\nCA",
            required: false,
        },
        Field {
            name: RESTRICTED_DATA,
            label: "Personal data",
            help: "Ask for the town and postal code that orders go to. Needs a restricted role of the application.",
            kind: FieldKind::Switch,
            example: "off",
            required: false,
        },
    ],
};
