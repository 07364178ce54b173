//! Alias as data: names, the form, the streams.

use connector_core::{
    AuthMethod, Descriptor, Field, FieldKind, ModelKind, Reading, StreamDescriptor,
};

/// The one way to connect.
pub(crate) const METHOD: &str = "personal_access_token";
/// The form's field for the token.
pub(crate) const TOKEN: &str = "token";
/// The form's field for what the account is called.
pub(crate) const ACCOUNT_NAME: &str = "account_name";
/// The setting with the searches to watch.
pub(crate) const WATCH: &str = "watch";
/// The setting with the regions whose prices are asked for.
pub(crate) const REGIONS: &str = "regions";

pub(crate) const CATALOG: &str = "catalog";
pub(crate) const LISTINGS: &str = "listings";
pub(crate) const ORDERS: &str = "orders";
pub(crate) const MARKET_SNAPSHOTS: &str = "market_snapshots";
pub(crate) const MARKET_DEPTH: &str = "market_depth";
pub(crate) const BATCH_OPERATIONS: &str = "batch_operations";
pub(crate) const PAYOUTS: &str = "payouts";

/// Alias, described.
pub const DESCRIPTOR: Descriptor = Descriptor {
    id: "alias",
    name: "Alias",
    summary: "What you list and sell on GOAT and Alias, and what the market pays for it.",
    docs: "https://docs.alias.org",
    auth_methods: &[AuthMethod {
        id: METHOD,
        label: "Personal access token",
        fields: &[
            Field {
                name: TOKEN,
                label: "Token",
                help: "Made in Alias's token manager, with permission to read the catalog, \
                       pricing, listings and orders.",
                kind: FieldKind::Secret,
                example: "the token as the token manager shows it",
                required: true,
            },
            Field {
                name: ACCOUNT_NAME,
                label: "Account name",
                help: "Your own name for this seller account. Alias doesn't tell whose a token is, \
                       so give the same name again when you replace the token.",
                kind: FieldKind::Text,
                example: "Main shop",
                required: false,
            },
        ],
        redirects: false,
        needs: &[],
        docs: "https://docs.alias.org",
    }],
    streams: &[
        StreamDescriptor {
            id: CATALOG,
            label: "Catalog items",
            model: ModelKind::Product,
            reading: Reading::Complete,
            scopes: &["read catalog", "read listings"],
            about: "The items that you list, and those that your watch list finds, with their \
                    sizes as variants. The rest of the catalogue can only be searched.",
        },
        StreamDescriptor {
            id: LISTINGS,
            label: "Listings",
            model: ModelKind::Listing,
            reading: Reading::Complete,
            scopes: &["read listings"],
            about: "All your listings with price, size, condition and state, as far as Alias's \
                    own search still shows them.",
        },
        StreamDescriptor {
            id: ORDERS,
            label: "Orders",
            model: ModelKind::Order,
            reading: Reading::Incremental,
            scopes: &["read orders"],
            about: "Your sales with price, what remains after Alias's take, and shipping. Alias \
                    has no filter by date: each run reads the last week, and what was unfinished before.",
        },
        StreamDescriptor {
            id: MARKET_SNAPSHOTS,
            label: "Market snapshots",
            model: ModelKind::MarketSnapshot,
            reading: Reading::Complete,
            scopes: &["read catalog", "read listings", "read pricing"],
            about: "Lowest ask, highest bid and last sale for each size and condition of the \
                    items that you list or watch, over all regions and for each that you set.",
        },
        StreamDescriptor {
            id: MARKET_DEPTH,
            label: "Market depth",
            model: ModelKind::Native,
            reading: Reading::Complete,
            scopes: &["read catalog", "read listings", "read pricing"],
            about: "For exactly what you list, by size and condition: all offers of buyers by \
                    price, and the last sales.",
        },
        StreamDescriptor {
            id: BATCH_OPERATIONS,
            label: "Batch operations",
            model: ModelKind::Native,
            reading: Reading::Complete,
            scopes: &["read listings"],
            about: "Your batches with the operations in them, and how much of the quota of \
                    operations is in use.",
        },
        StreamDescriptor {
            id: PAYOUTS,
            label: "Payouts",
            model: ModelKind::Payout,
            reading: Reading::Incremental,
            scopes: &["read orders"],
            about: "What each order brings you after Alias's take, derived from the order: Alias \
                    has no payouts to read, so cash-outs and their fee are not in it.",
        },
    ],
    settings: &[
        Field {
            name: WATCH,
            label: "Watch list",
            help: "Searches of the catalogue, one per line: a name, a brand or a style code. What \
                   they find is synced as catalog items and market snapshots.",
            kind: FieldKind::Lines,
            example: "DD1391-100",
            required: false,
        },
        Field {
            name: REGIONS,
            label: "Regions",
            help: "Region ids, one per line, whose prices are asked for besides those of all \
                   regions together: 1 is the US, 2 the EU, 3 the UK.",
            kind: FieldKind::Lines,
            example: "1",
            required: false,
        },
    ],
};
