//! Personal access tokens.

use serde_json::json;

use crate::Alias;

#[test]
fn what_is_no_token_is_refused_with_code_16() {
    let mut alias = Alias::new();
    for token in ["", "x", "sbx_pat_", "sbx_pat_demo2", "sbx_access_AAAA"] {
        token.clone_into(&mut alias.token);
        assert_eq!(alias.refused("GET", "/test"), (401, 16), "{token}");
        assert_eq!(alias.refused("GET", "/orders"), (401, 16), "{token}");
    }
}

#[test]
fn a_token_opens_what_its_scopes_name() {
    let mut alias = Alias::new();
    for (token, path, expected) in [
        ("sbx_pat_demo_read_only", "/orders/x/confirm", (403, 7)),
        ("sbx_pat_demo_read_only", "/listings", (403, 7)),
        ("sbx_pat_demo_catalog_only", "/pictures", (403, 7)),
        ("sbx_pat_demo", "/orders/x/confirm", (404, 5)),
    ] {
        token.clone_into(&mut alias.token);
        assert_eq!(alias.get("/test"), json!({"ok": true}));
        assert_eq!(alias.refused("POST", path), expected, "{token} {path}");
    }
    "sbx_pat_demo_catalog_only".clone_into(&mut alias.token);
    alias.get("/catalog?query=sneakers");
    assert_eq!(alias.refused("GET", "/listings"), (403, 7));
}

#[test]
fn issued_tokens_work_in_another_sandbox_until_they_are_revoked() {
    let mut alias = Alias::new();
    let issued = alias.control("token/issue", &json!({"scopes": ["orders:read"]}));
    let token = issued["token"].as_str().unwrap().to_owned();
    let mut other = Alias::new();
    other.token.clone_from(&token);
    other.get("/orders");
    assert_eq!(other.refused("GET", "/listings"), (403, 7));
    other.control("token/revoke", &json!({"token": token}));
    assert_eq!(other.refused("GET", "/orders"), (401, 16));
    assert!(
        alias
            .sandbox
            .control("alias", "token/issue", &json!({"scopes": ["all"]}))
            .is_err()
    );
}
