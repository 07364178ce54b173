//! How fast a sync is, beside a bare loop that does the least that can be done.
//!
//!     cargo bench -p crossdock-cli --bench sync_speed
//!
//! The sandbox runs in a process of its own with 25,000 products (100 pages of 250). The engine reads
//! them with the Shopify connector into SQLite, and into PostgreSQL where `CROSSDOCK_TEST_POSTGRES`
//! names a server: first everything, then everything again though nothing changed, then what changed.
//! The bare loop in the same program starts the same bulk operation, reads the same file, parses it
//! into structs and upserts products and variants with prepared statements, a transaction a page. It
//! hashes nothing, keeps no feed and no checkpoint: it is the limit, not an alternative.
//!
//! Each row is measured in a process of its own, so that peak memory is that row's. What the platform
//! takes to prepare the file is simulated time and skipped.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark may fail and prints"
)]

mod bare;
mod engine;
mod environment;

use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};

use crate::environment::{Database, Sandbox};

/// Pages of 250 products.
const PRODUCTS: u32 = 25_000;

/// What one process measured.
#[derive(Debug, Serialize, Deserialize)]
struct Measured {
    what: String,
    records: u64,
    seconds: f64,
    requests: u64,
}

fn main() {
    let words: Vec<String> = std::env::args().collect();
    if let Some(at) = words.iter().position(|word| word == "--measure") {
        let [way, url, sandbox] = words.get(at + 1..at + 4).unwrap() else {
            return;
        };
        return measure(way, url, sandbox);
    }
    let sandbox = Sandbox::start(PRODUCTS);
    println!(
        "{:<11} {:<34} {:>9} {:>9} {:>11} {:>9} {:>10}",
        "database", "what", "records", "seconds", "records/s", "requests", "peak MiB"
    );
    for database in Database::available() {
        for way in ["bare", "engine"] {
            run(way, &database, &sandbox);
        }
        database.remove();
    }
}

/// Measures one way in a process of its own.
fn run(way: &str, database: &Database, sandbox: &Sandbox) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args([
            "--measure",
            way,
            database.url(way).as_str(),
            sandbox.address(),
        ])
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(output.status.success(), "{way} failed");
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let (measured, peak): (Measured, f64) = serde_json::from_str(line).unwrap();
        #[expect(clippy::cast_precision_loss, reason = "a rate is no count")]
        let rate = measured.records as f64 / measured.seconds;
        println!(
            "{:<11} {:<34} {:>9} {:>9.2} {:>11.0} {:>9} {:>10.1}",
            database.name(),
            measured.what,
            measured.records,
            measured.seconds,
            rate,
            measured.requests,
            peak
        );
    }
}

fn measure(way: &str, url: &str, sandbox: &str) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        match way {
            "bare" => bare::measure(url, sandbox).await,
            _ => engine::measure(url, sandbox).await,
        }
    });
}

/// Prints a row for the parent process, with the peak memory up to now.
fn report(measured: &Measured) {
    println!(
        "{}",
        serde_json::to_string(&(measured, environment::peak_mebibytes())).unwrap()
    );
}
