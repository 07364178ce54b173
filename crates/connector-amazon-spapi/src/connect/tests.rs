//! What a consent page is asked, and which callbacks pass.

use std::collections::BTreeMap;

use super::*;

const STATE: &str = "0f1e2d3c";

fn config() -> Config {
    Config::app(
        "amzn1.sp.solution.made-up",
        "amzn1.application-oa2-client.made-up",
        "made-up".to_owned().into(),
    )
}

fn callback(changes: &[(&str, Option<&str>)]) -> Form {
    let mut pairs = vec![
        ("state", STATE),
        ("selling_partner_id", "A0SELLER"),
        ("spapi_oauth_code", "c0de"),
        ("mws_auth_token", "unused"),
    ];
    for (name, value) in changes {
        pairs.retain(|(known, _)| known != name);
        pairs.extend(value.map(|value| (*name, value)));
    }
    pairs
        .into_iter()
        .fold(Form::new(), |form, (name, value)| form.with(name, value))
}

fn check(changes: &[(&str, Option<&str>)]) -> Result<()> {
    let pending = Pending::new(STATE, OAUTH, &()).unwrap();
    check_callback(&pending, &callback(changes)).map(drop)
}

#[test]
fn each_part_of_a_callback_counts() {
    check(&[]).unwrap();
    for (changes, field) in [
        ([("state", Some("another"))], "state"),
        ([("state", None)], "state"),
        ([("spapi_oauth_code", None)], "spapi_oauth_code"),
        ([("selling_partner_id", None)], "selling_partner_id"),
        (
            [("selling_partner_id", Some("../orders"))],
            "selling_partner_id",
        ),
    ] {
        let error = check(&changes).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InputInvalid);
        assert_eq!(error.field(), Some(field));
    }
}

#[test]
fn declining_is_no_bad_input_but_needs_the_state_too() {
    let error = check(&[("error", Some("access_denied"))]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    let error = check(&[("error", Some("server_error"))]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    let forged = [("error", Some("access_denied")), ("state", Some("another"))];
    assert_eq!(check(&forged).unwrap_err().field(), Some("state"));
}

#[test]
fn every_marketplace_has_its_own_consent_page() {
    let return_to: Url = "https://crossdock.example.com/back".parse().unwrap();
    for found in marketplace::MARKETPLACES {
        let app = app(&config(), Some(found.seller_central)).unwrap();
        let id = [("application_id", "amzn1.sp.solution.made-up")];
        let url = app.authorize(STATE, &[], &return_to, None, &id).unwrap();
        assert_eq!(url.host_str(), Some(found.seller_central));
        assert_eq!(url.path(), "/apps/authorize/consent");
        let query: BTreeMap<_, _> = url.query_pairs().collect();
        let names: Vec<&str> = query.keys().map(AsRef::as_ref).collect();
        assert_eq!(names, ["application_id", "redirect_uri", "state"]);
        assert_eq!(query["application_id"], "amzn1.sp.solution.made-up");
    }
}
