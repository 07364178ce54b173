//! How fast pages are committed: `cargo run --release --example commit_page [URL]`.
//!
//! 100 pages of 250 products with two or three variants each, in one task: new, unchanged, and with
//! every product changed. Without an address it uses an SQLite file in a temporary folder.

use std::time::Duration;

use chrono::{DateTime, Utc};
use connector_core::model::{
    Currency, Money, Product, ProductOption, ProductStatus, ProductVariant,
};
use connector_core::{Account, Checkpoint, Model, ModelKind, Next, Page, Record, Settings};
use crossdock_persistence::{
    BeginOutcome, ConnectionId, NewConnection, NewCredential, NewRun, PageCommit, ProjectStore,
    Run, RunMode, RunOutcome, RunUsage, Store, StoreError, StoreOptions,
};
use tokio::time::Instant;

const PAGES: u64 = 100;
const PER_PAGE: u64 = 250;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let url = std::env::args()
        .nth(1)
        .unwrap_or_else(|| format!("sqlite:{}", folder.path().join("bench.db").display()));
    let store = Store::open(StoreOptions::new(url)).await?;
    store.migrate().await?;
    let now = DateTime::from_timestamp(1_795_000_000, 0).unwrap_or_default();
    let name = format!("bench {}", ConnectionId::new());
    let project = store.create_project(&name, now).await?;
    let project = store.project(project.id);
    let connection = ConnectionId::new();
    project
        .add_connection(new_connection(connection), now)
        .await?;

    report(
        store.backend_name(),
        "new",
        sync(&project, connection, 1, now).await?,
    );
    report(
        store.backend_name(),
        "unchanged",
        sync(&project, connection, 1, now).await?,
    );
    report(
        store.backend_name(),
        "changed",
        sync(&project, connection, 2, now).await?,
    );
    project.erase(connection).await?;
    store.close().await?;
    Ok(())
}

#[expect(clippy::print_stdout, reason = "it is what the program is for")]
#[expect(clippy::cast_precision_loss, reason = "a rate for a person")]
fn report(backend: &str, what: &str, took: Duration) {
    let rate = (PAGES * PER_PAGE) as f64 / took.as_secs_f64();
    println!("{backend:<12} {what:<10} {rate:>9.0} products/s   {took:?}");
}

/// Commits all pages, and says how long the commits alone took.
async fn sync(
    project: &ProjectStore,
    connection: ConnectionId,
    revision: u64,
    now: DateTime<Utc>,
) -> Result<Duration, StoreError> {
    let new = NewRun {
        connection,
        stream: "products".to_owned(),
        model: ModelKind::Product,
        mode: RunMode::Incremental,
        owner: "bench".to_owned(),
        dead_owner: None,
        lease_ttl: Duration::from_secs(60),
    };
    let run = match project.begin_run(new, now).await? {
        BeginOutcome::Begun(run) => run,
        BeginOutcome::Busy { .. } => return Err(StoreError::Conflict("another run is going on")),
    };
    let mut took = Duration::ZERO;
    for number in 0..PAGES {
        let commit = PageCommit {
            page: page(number, revision, now),
            now,
        };
        took += commit_one(project, &run, commit).await?;
    }
    let usage = RunUsage::default();
    project
        .finish_run(&run, RunOutcome::Completed, usage, now)
        .await?;
    Ok(took)
}

async fn commit_one(
    project: &ProjectStore,
    run: &Run,
    commit: PageCommit,
) -> Result<Duration, StoreError> {
    let began = Instant::now();
    project.commit_page(run, commit).await?;
    Ok(began.elapsed())
}

fn page(number: u64, revision: u64, now: DateTime<Utc>) -> Page {
    let first = number * PER_PAGE;
    Page {
        records: (first..first + PER_PAGE)
            .map(|id| product(id, revision, now))
            .collect(),
        skipped: Vec::new(),
        notes: Vec::new(),
        checkpoint: Checkpoint {
            version: 1,
            cursor: serde_json::json!({ "page": number }),
        },
        next: Next::More,
        total: Some(PAGES * PER_PAGE),
    }
}

fn product(id: u64, revision: u64, now: DateTime<Utc>) -> Record {
    let money = |minor| Some(Money::new(minor, Currency::USD));
    let product = Product {
        title: format!("Cotton Tee No. {id}, revision {revision}"),
        description: Some("A soft tee of organic cotton, cut wide, made to last. ".repeat(4)),
        handle: Some(format!("cotton-tee-{id}")),
        brand: Some("Made Up Goods".to_owned()),
        product_type: Some("shirts".to_owned()),
        style_code: None,
        status: ProductStatus::Active,
        tags: vec!["summer".to_owned(), "cotton".to_owned()],
        url: Some(format!("https://shop.example/products/cotton-tee-{id}")),
        image_url: Some(format!("https://cdn.example/{id}.jpg")),
        options: vec![ProductOption {
            name: "Size".to_owned(),
            values: ["S", "M", "L"].map(str::to_owned).to_vec(),
        }],
        retail_price: None,
        created_at: Some(now),
        updated_at: Some(now),
        published_at: Some(now),
        variants: (0..2 + id % 2)
            .map(|number| ProductVariant {
                external_id: format!(
                    "gid://shop/ProductVariant/{}",
                    40_000_000_000 + id * 4 + number
                ),
                title: ["S", "M", "L"]
                    .get(usize::try_from(number).unwrap_or(0))
                    .copied()
                    .unwrap_or("XL")
                    .to_owned(),
                sku: Some(format!("TEE-{id}-{number}")),
                barcode: Some(format!("40{id:010}{number}")),
                option_values: vec!["S".to_owned()],
                price: money(2_999),
                compare_at_price: money(3_999),
                unit_cost: money(1_100),
                inventory_quantity: Some(12),
                inventory_item_id: Some(format!("gid://shop/InventoryItem/{}", id * 4 + number)),
                weight_grams: Some(180),
                position: Some(1),
                created_at: Some(now),
                updated_at: Some(now),
            })
            .collect(),
    };
    let id = format!("gid://shop/Product/{}", 8_000_000_000 + id);
    Record::upsert(id, Some(now), Model::Product(Box::new(product)))
}

fn new_connection(id: ConnectionId) -> NewConnection {
    NewConnection {
        id,
        platform: "bench".to_owned(),
        account: Account {
            id: "bench".to_owned(),
            name: "Bench".to_owned(),
            scopes: Vec::new(),
            warnings: Vec::new(),
        },
        auth_method: "none".to_owned(),
        settings: Settings::default(),
        keep_raw: false,
        credential: NewCredential {
            sealed: "none".to_owned(),
            expires_at: None,
            reconnect_by: None,
        },
    }
}
