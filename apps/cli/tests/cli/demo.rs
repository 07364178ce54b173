//! The demo: all platforms of the sandbox, from nothing to a table.

use crate::bench::{Crossdock, bare, text};

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
