//! The real binary against the real sandbox, each in a process of its own: what a person or a script
//! sees, exit codes included.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a helper of a test may fail it"
)]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use connector_core::{Checkpoint, Model, ModelKind, Next, Page, Record};
use crossdock_persistence::{BeginOutcome, NewRun, PageCommit, RunMode, Store, StoreOptions};
use serde_json::{Value, json};
use tempfile::TempDir;

const BINARY: &str = env!("CARGO_BIN_EXE_crossdock");

/// A sandbox that ends with the test.
struct Sandbox {
    child: Child,
    address: String,
}

impl Sandbox {
    fn start() -> Self {
        let mut child = bare()
            .args(["sandbox", "--listen", "127.0.0.1:0", "--json"])
            .args(["--products", "12", "--orders", "15"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let told: Value = serde_json::from_str(&line).expect("the sandbox tells its address");
        Self {
            child,
            address: told["address"].as_str().unwrap().to_owned(),
        }
    }
}

impl Sandbox {
    /// Makes something happen at a platform.
    fn control(&self, verb: &str, body: &Value) {
        use std::io::{Read as _, Write as _};

        let host = self.address.trim_start_matches("http://");
        let mut stream = std::net::TcpStream::connect(host).unwrap();
        let body = body.to_string();
        write!(
            stream,
            "POST /_sandbox/platforms/{verb} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// The binary without anything that this machine's environment says.
fn bare() -> Command {
    let mut command = Command::new(BINARY);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CROSSDOCK_") {
            command.env_remove(name);
        }
    }
    command
}

/// An installation: a data directory, and a gateway if one is set.
struct Crossdock {
    dir: TempDir,
    gateway: Option<String>,
}

impl Crossdock {
    fn new(gateway: Option<&Sandbox>) -> Self {
        let gateway = gateway.map(|sandbox| sandbox.address.clone());
        Self {
            dir: tempfile::tempdir().unwrap(),
            gateway,
        }
    }

    /// One with a key.
    fn with_key(gateway: Option<&Sandbox>) -> Self {
        let crossdock = Self::new(gateway);
        crossdock.succeed(&["keys", "generate"]);
        crossdock
    }

    fn data_dir(&self) -> &Path {
        self.dir.path()
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = bare();
        command
            .args(words)
            .env("CROSSDOCK_DATA_DIR", self.data_dir());
        if let Some(gateway) = &self.gateway {
            command.env("CROSSDOCK_GATEWAY", gateway);
        }
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    fn succeed(&self, words: &[&str]) -> String {
        let output = self.run(words);
        assert!(
            output.status.success(),
            "{words:?}: {}",
            text(&output.stderr)
        );
        text(&output.stdout)
    }

    fn json(&self, words: &[&str]) -> Vec<Value> {
        let mut all = vec!["--json"];
        all.extend(words);
        self.succeed(&all)
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// Runs what must fail, and gives its exit code and what it said.
    fn fail(&self, words: &[&str]) -> (i32, String) {
        let output = self.run(words);
        assert!(
            !output.status.success(),
            "{words:?} should fail: {}",
            text(&output.stdout)
        );
        (output.status.code().unwrap(), text(&output.stderr))
    }

    fn connect_alias(&self, token: &str) -> Output {
        self.typed(
            &[
                "connect",
                "alias",
                "--field",
                "account_name=Test",
                "--secret-stdin",
            ],
            token,
        )
    }

    fn typed(&self, words: &[&str], typed: &str) -> Output {
        use std::io::Write as _;

        let mut child = self
            .command(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(format!("{typed}\n").as_bytes())
            .unwrap();
        child.wait_with_output().unwrap()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_token_is_typed_everything_is_synced_and_read_back() {
    let sandbox = Sandbox::start();
    let crossdock = Crossdock::with_key(Some(&sandbox));
    let output = crossdock.connect_alias("sbx_pat_demo");
    assert!(output.status.success(), "{}", text(&output.stderr));

    let tested = crossdock.json(&["test", "alias"]);
    assert_eq!(tested[0]["account"]["name"], "Test");

    let synced = crossdock.json(&["sync", "--stream", "listings", "--stream", "orders"]);
    let streams = synced[0][0]["streams"].as_array().unwrap();
    assert_eq!(streams.len(), 2);
    for stream in streams {
        assert_eq!(stream["status"], "completed", "{stream}");
        assert!(stream["inserted"].as_u64().unwrap() > 0, "{stream}");
    }

    let orders = crossdock.json(&["records", "orders", "--limit", "0"]);
    assert_eq!(orders.len(), 15);
    assert!(
        orders
            .iter()
            .all(|order| order["value"]["currency"] == "USD")
    );
    let csv = crossdock.succeed(&["records", "orders", "--output", "csv", "--limit", "0"]);
    assert_eq!(csv.lines().count(), 16);

    let changes = crossdock.json(&["changes", "--after", "0", "--limit", "10000"]);
    let numbers: Vec<_> = changes
        .iter()
        .map(|c| c["sequence"].as_u64().unwrap())
        .collect();
    assert_eq!(
        numbers,
        (1..=u64::try_from(changes.len()).unwrap()).collect::<Vec<_>>()
    );

    let again = crossdock.json(&["sync", "--stream", "listings", "--stream", "orders"]);
    for stream in again[0][0]["streams"].as_array().unwrap() {
        assert_eq!(
            (&stream["inserted"], &stream["updated"]),
            (&0.into(), &0.into()),
            "{stream}"
        );
    }
    let last = numbers.last().unwrap().to_string();
    assert!(crossdock.json(&["changes", "--after", &last]).is_empty());
    assert_eq!(crossdock.json(&["runs"])[0].as_array().unwrap().len(), 4);
}

#[test]
fn the_demo_ends_with_a_table_and_says_later_that_nothing_changed() {
    let dir = tempfile::tempdir().unwrap();
    let demo = || {
        let output = bare()
            .args(["demo", "--once", "--data-dir"])
            .arg(dir.path().join("demo"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let first = demo();
    for word in [
        "alias",
        "shopify",
        "orders",
        "market_snapshots",
        "payouts",
        "records are new",
    ] {
        assert!(first.contains(word), "{word} is missing in {first}");
    }
    let second = demo();
    assert!(second.contains("nothing changed"), "{second}");

    // What the demo connected exists in the sandbox alone.
    let output = bare()
        .args(["sync", "--data-dir"])
        .arg(dir.path().join("demo"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(78));
    assert!(
        text(&output.stderr).contains("crossdock sandbox"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn samples_are_looked_up_and_are_what_was_stored() {
    let sandbox = Sandbox::start();
    let crossdock = Crossdock::with_key(Some(&sandbox));
    assert!(crossdock.connect_alias("sbx_pat_demo").status.success());
    crossdock.json(&["sync", "--stream", "listings", "--stream", "orders"]);
    let checks = crossdock.json(&["verify", "alias", "--sample", "5"]);
    for stream in ["listings", "orders"] {
        let check = checks[0]
            .as_array()
            .unwrap()
            .iter()
            .find(|c| c["stream"] == stream)
            .unwrap();
        assert_eq!(
            (&check["looked_up"], &check["equal"]),
            (&5.into(), &5.into()),
            "{check}"
        );
    }

    // The platform moves on; the store doesn't know yet.
    let listing = crossdock
        .json(&["records", "listings", "--limit", "1"])
        .remove(0);
    sandbox.control(
        "alias/listing/price",
        &serde_json::json!({ "id": listing["external_id"], "price_cents": 98700 }),
    );
    let (code, said) = crossdock.fail(&["verify", "alias", "--sample", "1"]);
    assert_eq!(code, 75, "{said}");
    assert!(said.contains("differs"), "{said}");
}

#[test]
fn what_a_platform_can_not_do_is_said_and_leaving_says_what_became_of_the_grant() {
    let sandbox = Sandbox::start();
    let crossdock = Crossdock::with_key(Some(&sandbox));
    assert!(crossdock.connect_alias("sbx_pat_demo").status.success());
    let (code, said) = crossdock.fail(&["webhooks", "list", "alias"]);
    assert_eq!(code, 64, "{said}");
    let (code, said) = crossdock.fail(&["webhooks", "subscribe", "alias"]);
    assert_eq!(code, 64);
    assert!(said.contains("--deliver-to"), "{said}");
    let left = crossdock.json(&["disconnect", "alias", "--yes"]);
    assert_eq!(left[0]["outcome"]["grant"], "stays");
}

#[test]
fn nothing_measured_is_said_and_days_in_the_wrong_order_are_refused() {
    let crossdock = Crossdock::with_key(None);
    let none = crossdock.json(&["metrics", "--from", "2026-11-01", "--to", "2026-11-02"]);
    assert_eq!(none[0]["series"], Value::Array(Vec::new()));
    assert!(
        crossdock
            .succeed(&["metrics"])
            .contains("Nothing was measured")
    );
    let days = ["metrics", "--from", "2026-11-02", "--to", "2026-11-01"];
    assert_eq!(crossdock.fail(&days).0, 64);
    assert_eq!(crossdock.fail(&["metrics", "--platform", "nobody"]).0, 66);
}

/// Stores records of a stream of a connection, as a sync would.
async fn store_page(
    crossdock: &Crossdock,
    connection: &str,
    (stream, model): (&str, ModelKind),
    records: &[Value],
) {
    let file = crossdock.data_dir().join("crossdock.sqlite");
    let url = format!("sqlite:{}", file.display());
    let store = Store::open(StoreOptions::new(url)).await.unwrap();
    let project = store.default_project().await.unwrap().id;
    let project = store.project(project);
    let records: Vec<_> = records
        .iter()
        .map(|record| {
            let model: Model = serde_json::from_value(record["is"].clone()).unwrap();
            Record::upsert(record["id"].as_str().unwrap(), None, model)
        })
        .collect();
    let now = "2024-05-02T08:00:00Z".parse().unwrap();
    let new = NewRun {
        connection: connection.parse().unwrap(),
        stream: stream.to_owned(),
        model,
        mode: RunMode::Full,
        owner: "test".to_owned(),
        dead_owner: None,
        lease_ttl: std::time::Duration::from_secs(60),
    };
    let outcome = project.begin_run(new, now).await.unwrap();
    let BeginOutcome::Begun(run) = outcome else {
        panic!("{outcome:?}");
    };
    let page = Page {
        records,
        skipped: Vec::new(),
        notes: Vec::new(),
        checkpoint: Checkpoint {
            version: 1,
            cursor: Value::Null,
        },
        next: Next::Done,
        total: None,
    };
    let commit = PageCommit { page, now };
    project.commit_page(&run, commit).await.unwrap();
}

#[test]
fn a_sync_works_out_what_preceded_and_it_is_printed_by_campaign() {
    let sandbox = Sandbox::start();
    let crossdock = Crossdock::with_key(Some(&sandbox));
    assert!(crossdock.connect_alias("sbx_pat_demo").status.success());
    let connections = crossdock.json(&["connections"]);
    let connection = connections[0][0]["id"].as_str().unwrap();
    let lead = |id: &str, origin: Value| {
        json!({ "id": id, "is": { "model": "inquiry", "value": {
            "kind": "form", "answers": [], "origin": origin, "created_at": "2024-05-02T07:00:00Z",
        }}})
    };
    let leads = [
        lead(
            "i-1",
            json!({ "utm_source": "news", "utm_campaign": "spring" }),
        ),
        lead("i-2", Value::Null),
    ];
    let order = json!({ "id": "o-1", "is": { "model": "order", "value": {
        "status": "open", "payment_status": "paid", "fulfillment_status": "unfulfilled",
        "currency": "EUR", "total": { "minor": 12345, "currency": "EUR" },
        "origin": { "click_id_kind": "ttclid", "click_id": "made-up" },
        "test": false, "tags": [], "lines": [], "refunds": [], "transactions": [], "fees": [],
        "placed_at": "2024-05-02T07:30:00Z",
    }}});
    let campaign = json!({ "id": "c-1", "is": { "model": "ad_campaign", "value": {
        "account_external_id": "act-1", "name": "Spring", "status": "active",
    }}});
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        store_page(
            &crossdock,
            connection,
            ("leads", ModelKind::Inquiry),
            &leads,
        )
        .await;
        store_page(
            &crossdock,
            connection,
            ("sales", ModelKind::Order),
            &[order],
        )
        .await;
        store_page(
            &crossdock,
            connection,
            ("campaigns", ModelKind::AdCampaign),
            &[campaign],
        )
        .await;
    });
    let days = ["attribution", "--from", "2024-05-01", "--to", "2024-05-02"];
    assert!(crossdock.succeed(&days).contains("No platform says what"));

    crossdock.json(&["sync", "--stream", "orders"]);
    let told = crossdock.json(&days).remove(0);
    let seen: Vec<_> = told["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (&row["channel"], &row["target_name"], &row["inquiries"]))
        .collect();
    let [news, spring, tiktok] = ["news", "Spring", "tiktok"].map(Value::from);
    assert_eq!(
        seen,
        [
            (&news, &spring, &1.into()),
            (&tiktok, &Value::Null, &0.into()),
        ]
    );
    let rest = json!({ "inquiries": 1, "bookings": 0, "orders": 0 });
    assert_eq!(told["unattributed"], rest);

    let table = crossdock.succeed(&days);
    for word in [
        "Spring",
        "click_id",
        "123.45 EUR",
        "Not counted, as no platform says what preceded them: 1 inquiry, 0 bookings, 0 orders.",
    ] {
        assert!(table.contains(word), "{word} is missing in {table}");
    }
    let none = ["attribution", "--from", "2024-05-03", "--to", "2024-05-03"];
    let none = crossdock.succeed(&none);
    assert!(none.contains("Nothing else was made"), "{none}");
    let wrong = ["attribution", "--from", "2024-05-03", "--to", "2024-05-02"];
    assert_eq!(crossdock.fail(&wrong).0, 64);
}

#[test]
fn a_demo_keeps_off_a_real_installation() {
    let crossdock = Crossdock::with_key(None);
    let (code, said) = crossdock.fail(&["demo", "--once"]);
    assert_eq!(code, 64, "{said}");
    assert!(said.contains("--data-dir"), "{said}");
    crossdock.succeed(&["connections"]);
    let demo = [
        "demo",
        "--once",
        "--database-url",
        "postgres://u:hush@127.0.0.1/real",
    ];
    assert_eq!(crossdock.fail(&demo).0, 64);
}

#[test]
fn without_a_key_nothing_starts() {
    let crossdock = Crossdock::new(None);
    let (code, said) = crossdock.fail(&["connections"]);
    assert_eq!(code, 78);
    assert!(
        said.contains("crossdock keys generate") && said.contains("CROSSDOCK_KEYS"),
        "{said}"
    );
    assert!(!crossdock.data_dir().join("crossdock.sqlite").exists());
}

#[test]
fn a_key_is_not_overwritten() {
    let crossdock = Crossdock::with_key(None);
    let before = std::fs::read(crossdock.data_dir().join("keys")).unwrap();
    let (code, _) = crossdock.fail(&["keys", "generate"]);
    assert_eq!(code, 78);
    assert_eq!(
        std::fs::read(crossdock.data_dir().join("keys")).unwrap(),
        before
    );
}

#[test]
fn a_wrong_key_is_said_and_the_right_one_still_works() {
    let sandbox = Sandbox::start();
    let crossdock = Crossdock::with_key(Some(&sandbox));
    assert!(crossdock.connect_alias("sbx_pat_demo").status.success());
    let file = crossdock.data_dir().join("keys");
    let right = std::fs::read(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    crossdock.succeed(&["keys", "generate"]);

    let (code, said) = crossdock.fail(&["test", "alias"]);
    assert_eq!(code, 78, "{said}");
    assert!(said.contains("no key with id"), "{said}");
    assert!(crossdock.fail(&["doctor"]).0 == 78);

    std::fs::write(&file, right).unwrap();
    crossdock.succeed(&["test", "alias"]);
}

#[test]
fn keys_rotate_and_the_old_one_goes() {
    let sandbox = Sandbox::start();
    let crossdock = Crossdock::with_key(Some(&sandbox));
    assert!(crossdock.connect_alias("sbx_pat_demo").status.success());
    let before = std::fs::read_to_string(crossdock.data_dir().join("keys")).unwrap();
    let rotated = crossdock.json(&["keys", "rotate", "--retire"]);
    assert_eq!(rotated[0]["keys"].as_array().unwrap().len(), 1);
    let after = std::fs::read_to_string(crossdock.data_dir().join("keys")).unwrap();
    assert_ne!(before, after);
    crossdock.succeed(&["test", "alias"]);
}

#[test]
fn a_token_of_an_older_system_is_imported() {
    let sandbox = Sandbox::start();
    let crossdock = Crossdock::with_key(Some(&sandbox));
    let file = crossdock.data_dir().join("token");
    std::fs::write(&file, "sbx_pat_demo\n").unwrap();
    let words = [
        "keys",
        "import",
        "alias",
        "--field",
        "account_name=Old",
        "--from",
    ];
    let mut words: Vec<&str> = words.to_vec();
    words.push(file.to_str().unwrap());
    crossdock.succeed(&words);
    assert_eq!(
        crossdock.json(&["test", "alias"])[0]["account"]["name"],
        "Old"
    );
}

#[test]
fn a_typo_in_a_setting_is_named() {
    let crossdock = Crossdock::with_key(None);
    let output = crossdock
        .command(&["connections"])
        .env("CROSSDOCK_KEYES", "x")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(78));
    assert!(
        text(&output.stderr).contains("keyes"),
        "{}",
        text(&output.stderr)
    );

    std::fs::write(
        crossdock.data_dir().join("crossdock.toml"),
        "listn = '127.0.0.1:1'\n",
    )
    .unwrap();
    let (code, said) = crossdock.fail(&["connections"]);
    assert_eq!(code, 78);
    assert!(said.contains("listn"), "{said}");
}

#[test]
fn a_missing_app_is_named_with_where_to_set_it() {
    let crossdock = Crossdock::with_key(None);
    let (code, said) = crossdock.fail(&[
        "connect",
        "shopify",
        "--method",
        "oauth",
        "--field",
        "shop=black-tees",
    ]);
    assert_eq!(code, 78, "{said}");
    assert!(
        said.contains("client_id") && said.contains("platforms.shopify"),
        "{said}"
    );
}

#[test]
fn what_is_typed_wrong_is_refused_before_anything_is_sent() {
    let sandbox = Sandbox::start();
    let crossdock = Crossdock::with_key(Some(&sandbox));
    let output = crossdock.connect_alias("sbx_pat demo");
    assert_eq!(output.status.code(), Some(65));
    let said = text(&output.stderr);
    assert!(
        said.contains("white space") && !said.contains("sbx_pat"),
        "{said}"
    );

    let words = [
        "connect",
        "shopify",
        "--method",
        "custom_app_token",
        "--secret-stdin",
        "--field",
    ];
    let mut words: Vec<&str> = words.to_vec();
    words.push("shop=store.myshopify.com.evil.com");
    let output = crossdock.typed(&words, "some-token");
    assert_eq!(output.status.code(), Some(65), "{}", text(&output.stderr));
    assert!(
        crossdock.json(&["connections"])[0]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a_shop_that_is_not_there_and_a_token_that_is_refused_save_nothing() {
    let sandbox = Sandbox::start();
    let crossdock = Crossdock::with_key(Some(&sandbox));
    let words = [
        "connect",
        "shopify",
        "--method",
        "custom_app_token",
        "--secret-stdin",
        "--field",
    ];
    let mut words: Vec<&str> = words.to_vec();
    words.push("shop=no-such-shop");
    let output = crossdock.typed(&words, "some-token");
    assert!(!output.status.success());
    assert!(!text(&output.stderr).contains("some-token"));

    let output = crossdock.connect_alias("sbx_pat_unknown");
    assert_eq!(output.status.code(), Some(77), "{}", text(&output.stderr));
    assert!(
        crossdock.json(&["connections"])[0]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a_database_that_cannot_be_used_is_said_and_left_alone() {
    let crossdock = Crossdock::with_key(None);
    let file = crossdock.data_dir().join("crossdock.sqlite");
    std::fs::write(
        &file,
        "this is a letter, not a database, and it is long enough to tell",
    )
    .unwrap();
    let (code, said) = crossdock.fail(&["connections"]);
    assert_eq!(code, 78, "{said}");
    assert!(said.contains("database"), "{said}");
    assert!(
        std::fs::read_to_string(&file)
            .unwrap()
            .starts_with("this is a letter")
    );

    let output = crossdock
        .command(&[
            "connections",
            "--database-url",
            "sqlite:/nowhere/at/all.sqlite",
        ])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(78), "{}", text(&output.stderr));
    let output = crossdock
        .command(&[
            "connections",
            "--database-url",
            "mysql://u:hush-hush@127.0.0.1/x",
        ])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(78));
    assert!(
        !text(&output.stderr).contains("hush-hush"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn a_gateway_elsewhere_is_refused() {
    let crossdock = Crossdock::with_key(None);
    let (code, said) = crossdock.fail(&["--gateway", "http://192.0.2.1:9400", "connections"]);
    assert_eq!(code, 78);
    assert!(said.contains("gateway"), "{said}");
}

#[test]
fn a_script_gets_failures_in_the_one_form() {
    let crossdock = Crossdock::with_key(None);
    let (code, said) = crossdock.fail(&["--json", "test", "alias"]);
    let form: Value = serde_json::from_str(said.trim()).unwrap();
    assert_eq!(code, 66);
    assert_eq!(
        (&form["success"], &form["code"]),
        (&false.into(), &"NOT_FOUND".into())
    );
}

#[test]
fn completions_are_printed_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = bare().args(["completions", shell]).output().unwrap();
        assert!(output.status.success());
        assert!(text(&output.stdout).contains("connections"), "{shell}");
    }
}
