//! What is refused, and how that is said.

use serde_json::Value;

use crate::bench::{Crossdock, Sandbox, bare, text};

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
