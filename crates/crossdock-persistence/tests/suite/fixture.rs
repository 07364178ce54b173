//! What every test begins with: an empty database, migrated, and things to put into it.

use std::future::Future;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeZone as _, Utc};
use connector_core::model::{
    Currency, Listing, ListingStatus, Measurement, Metric, MetricUnit, Money, Product,
    ProductOption, ProductStatus, ProductVariant,
};
use connector_core::{Account, Checkpoint, Model, ModelKind, Next, Page, Record, Settings};
use crossdock_persistence::{
    BeginOutcome, Connection, ConnectionId, NewConnection, NewCredential, NewRun, PageCommit,
    PageCounts, ProjectStore, Run, RunMode, Store, StoreOptions,
};
use sea_orm::ConnectionTrait as _;

/// Where a PostgreSQL server answers.
const POSTGRES: &str = "CROSSDOCK_TEST_POSTGRES";

/// Runs a test on both databases.
#[macro_export]
macro_rules! on_both {
    ($($(#[$doc:meta])* async fn $name:ident($database:ident: Database) $body:block)+) => {
        $(
            mod $name {
                use super::*;
                use $crate::fixture::{Database, with_postgres, with_sqlite};

                $(#[$doc])*
                async fn check($database: Database) $body

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn sqlite() {
                    with_sqlite(check).await;
                }

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn postgres() {
                    with_postgres(check).await;
                }
            }
        )+
    };
}

/// A database for one test.
pub(crate) struct Database {
    /// Migrated.
    pub(crate) store: Store,
    /// The project `default`.
    pub(crate) project: ProjectStore,
    /// For a second store on the same database.
    pub(crate) url: String,
}

impl Database {
    async fn open(url: String) -> Self {
        let store = Store::open(StoreOptions::new(&url)).await.unwrap();
        store.migrate().await.unwrap();
        let project = store.default_project().await.unwrap();
        Self {
            project: store.project(project.id),
            store,
            url,
        }
    }

    /// A connection of our own to the same database, past the store.
    pub(crate) async fn raw(&self) -> sea_orm::DatabaseConnection {
        sea_orm::Database::connect(&self.url).await.unwrap()
    }

    /// How many rows a table holds.
    pub(crate) async fn rows(&self, table: &str) -> i64 {
        let raw = self.raw().await;
        let statement = sea_orm::Statement::from_string(
            raw.get_database_backend(),
            format!("SELECT count(*) AS n FROM {table}"),
        );
        let row = raw.query_one_raw(statement).await.unwrap().unwrap();
        raw.close().await.unwrap();
        row.try_get("", "n").unwrap()
    }
}

/// On a file in a folder that goes away.
pub(crate) async fn with_sqlite<F: Future<Output = ()>>(check: impl FnOnce(Database) -> F) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("store.db").display());
    check(Database::open(url).await).await;
}

/// In a schema that goes away when the test has passed.
pub(crate) async fn with_postgres<F: Future<Output = ()>>(check: impl FnOnce(Database) -> F) {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests are told by the environment where a server is"
    )]
    let Ok(server) = std::env::var(POSTGRES) else {
        println!("skipped: {POSTGRES} is not set");
        return;
    };
    let schema = format!("t{}", uuid::Uuid::now_v7().simple());
    let admin = sea_orm::Database::connect(&server).await.unwrap();
    let sql = format!("CREATE SCHEMA {schema}");
    admin.execute_unprepared(&sql).await.unwrap();
    let sign = if server.contains('?') { '&' } else { '?' };
    let url = format!("{server}{sign}options[search_path]={schema}");
    check(Database::open(url).await).await;
    let sql = format!("DROP SCHEMA {schema} CASCADE");
    admin.execute_unprepared(&sql).await.unwrap();
    admin.close().await.unwrap();
}

/// An instant to count from; none of ours reads the clock.
pub(crate) fn at(seconds: i64) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 21, 10, 0, 0).unwrap()
        + Duration::from_secs(seconds.unsigned_abs())
}

pub(crate) const TTL: Duration = Duration::from_secs(60);

pub(crate) fn account(id: &str) -> Account {
    Account {
        id: id.to_owned(),
        name: format!("The shop {id}"),
        scopes: vec!["read_products".to_owned()],
        warnings: Vec::new(),
    }
}

pub(crate) fn credential(sealed: &str) -> NewCredential {
    NewCredential {
        sealed: sealed.to_owned(),
        expires_at: Some(at(3_600)),
        reconnect_by: None,
    }
}

pub(crate) fn new_connection(id: ConnectionId, platform: &str, account_id: &str) -> NewConnection {
    NewConnection {
        id,
        platform: platform.to_owned(),
        account: account(account_id),
        auth_method: "oauth".to_owned(),
        settings: Settings::default(),
        keep_raw: false,
        credential: credential("sealed-1"),
    }
}

pub(crate) async fn connect(
    project: &ProjectStore,
    platform: &str,
    account_id: &str,
) -> Connection {
    let new = new_connection(ConnectionId::new(), platform, account_id);
    project.add_connection(new, at(0)).await.unwrap().0
}

pub(crate) fn new_run(connection: ConnectionId, stream: &str, model: ModelKind) -> NewRun {
    NewRun {
        connection,
        stream: stream.to_owned(),
        model,
        mode: RunMode::Incremental,
        owner: "owner-a".to_owned(),
        dead_owner: None,
        lease_ttl: TTL,
    }
}

pub(crate) async fn begin(project: &ProjectStore, new: NewRun, now: DateTime<Utc>) -> Run {
    match project.begin_run(new, now).await.unwrap() {
        BeginOutcome::Begun(run) => run,
        BeginOutcome::Busy { owner, until } => panic!("busy: {owner} until {until}"),
    }
}

pub(crate) fn page(records: Vec<Record>, cursor: u64, next: Next) -> Page {
    Page {
        records,
        skipped: Vec::new(),
        notes: Vec::new(),
        checkpoint: Checkpoint {
            version: 1,
            cursor: serde_json::json!({ "after": cursor }),
        },
        next,
        total: None,
    }
}

pub(crate) async fn commit(
    project: &ProjectStore,
    run: &Run,
    records: Vec<Record>,
    now: DateTime<Utc>,
) -> PageCounts {
    let commit = PageCommit {
        page: page(records, 1, Next::More),
        now,
    };
    project.commit_page(run, commit).await.unwrap()
}

pub(crate) fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

pub(crate) fn product(id: u64, title: &str, variants: u64) -> Record {
    let product = Product {
        title: title.to_owned(),
        description: Some("Soft \"cotton\" with a \\ and an é".to_owned()),
        handle: Some(format!("tee-{id}")),
        brand: None,
        product_type: Some("shirts".to_owned()),
        style_code: None,
        status: ProductStatus::Active,
        tags: vec!["new".to_owned(), "a,b {c} NULL".to_owned()],
        url: None,
        image_url: None,
        options: vec![ProductOption {
            name: "Size".to_owned(),
            values: vec!["S".to_owned(), "M".to_owned()],
        }],
        retail_price: Some(usd(2_500)),
        created_at: Some(at(0)),
        updated_at: Some(at(1)),
        published_at: None,
        variants: (0..variants)
            .map(|number| ProductVariant {
                external_id: format!("v-{id}-{number}"),
                title: format!("Size {number}"),
                sku: Some(format!("SKU-{id}-{number}")),
                barcode: None,
                option_values: vec!["S".to_owned()],
                price: Some(usd(1_999)),
                compare_at_price: None,
                unit_cost: None,
                inventory_quantity: Some(-1),
                inventory_item_id: None,
                weight_grams: Some(120),
                position: Some(1),
                created_at: None,
                updated_at: Some(at(2)),
            })
            .collect(),
    };
    Record::upsert(
        format!("p-{id:06}"),
        Some(at(1)),
        Model::Product(Box::new(product)),
    )
}

pub(crate) fn listing(id: &str, price: i64) -> Record {
    let listing = Listing {
        product_external_id: Some("c-1".to_owned()),
        title: None,
        sku: Some("DD1391-100".to_owned()),
        size: Some("10.5".to_owned()),
        size_unit: Some("US".to_owned()),
        condition: Some("new".to_owned()),
        packaging_condition: None,
        price: Some(usd(price)),
        quantity: Some(1),
        status: ListingStatus::Active,
        platform_status: "LISTING_STATUS_ACTIVE".to_owned(),
        consigned: Some(false),
        url: None,
        created_at: None,
        updated_at: None,
        activated_at: None,
    };
    Record::upsert(id, None, Model::Listing(Box::new(listing)))
}

/// What was spent on a day in November, under this name.
pub(crate) fn spent(name: &str, value: f64, provisional: bool) -> Record {
    let date = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
    let measurement = Measurement {
        unit: MetricUnit::Money,
        currency: Some(Currency::USD),
        provisional,
        ..Measurement::count(date, name, value)
    };
    let metric = Metric {
        subject_external_id: None,
        measurement,
    };
    Record::upsert(
        metric.measurement.external_id("shop"),
        None,
        Model::Metric(Box::new(metric)),
    )
}
