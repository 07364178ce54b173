//! Which deliveries are taken for Meta's, and what they say.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderMap, HeaderValue};
use serde_json::json;

use super::*;

const SECRET: &str = "sandbox_app_secret";

fn webhooks() -> MetaWebhooks {
    let config = json!({"app_id": "1", "app_secret": SECRET, "verify_token": "made-up-token"});
    let config = Arc::new(serde_json::from_value(config).unwrap());
    MetaWebhooks::new(config, Directory::default())
}

fn code(message: &[u8]) -> Vec<u8> {
    let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.chain_update(message).finalize().into_bytes().to_vec()
}

fn receive(signature: Option<&str>, body: &[u8]) -> Result<Vec<WebhookEvent>> {
    let mut headers = HeaderMap::new();
    if let Some(signature) = signature {
        let value = HeaderValue::from_str(signature).unwrap();
        headers.insert("x-hub-signature-256", value);
    }
    let headers = &headers;
    webhooks().read(&Delivery { headers, body })
}

fn signed(body: &[u8]) -> Result<Vec<WebhookEvent>> {
    receive(Some(&format!("sha256={}", hex::encode(code(body)))), body)
}

fn kind(answer: Result<Vec<WebhookEvent>>) -> ErrorKind {
    answer.unwrap_err().kind()
}

/// Meta's example of a lead, with the signature that the facts beside the repository have for it.
const LEAD: &str = r#"{"object":"page","entry":[{"id":"101","time":1793000000,"changes":[{"field":"leadgen","value":{"leadgen_id":"202","page_id":"101","form_id":"303","created_time":1793000000}}]}]}"#;
const LEAD_SIGNED: &str = "sha256=b5b4f821cbdc3b6a67965617d6d24f68875978f569d5e54e8b3cd606b187ee81";

#[test]
fn a_lead_is_news_of_the_leads_of_its_page() {
    let events = receive(Some(LEAD_SIGNED), LEAD.as_bytes()).unwrap();
    assert_eq!(events.len(), 1);
    let event = &events[0];
    assert_eq!(event.topic, "page/leadgen");
    assert_eq!(event.account.as_deref(), Some("101"));
    assert_eq!(event.occurred_at.unwrap().timestamp(), 1_793_000_000);
    let stream = crate::descriptor::LEADS.to_owned();
    assert_eq!(event.effects, [WebhookEffect::Sync { stream }]);
    // The same one comes again under the same id.
    let again = receive(Some(LEAD_SIGNED), LEAD.as_bytes()).unwrap();
    assert_eq!(again[0].id, event.id);
}

#[test]
fn the_very_bytes_are_signed() {
    let escaped = br#"{"object":"page","entry":[{"id":"1","time":1,"changes":[{"field":"feed","value":{"message":"caf\u00e9"}}]}]}"#;
    assert_eq!(signed(escaped).unwrap().len(), 1);
    let written_again = serde_json::from_slice::<Value>(escaped)
        .unwrap()
        .to_string();
    let header = format!("sha256={}", hex::encode(code(escaped)));
    let changed = receive(Some(&header), written_again.as_bytes());
    assert_eq!(kind(changed), ErrorKind::PermissionDenied);
}

#[test]
fn what_is_not_signed_with_the_secret_is_refused() {
    let sha1 = "sha1=0659642ee4a7e321d03c8a298e138dc4d28aca98";
    let cut = LEAD_SIGNED.strip_suffix("81");
    assert!(cut.is_some());
    for header in [
        None,
        Some(""),
        Some("sha256="),
        Some("sha256=zz"),
        Some(sha1),
        cut,
    ] {
        let refused = receive(header, LEAD.as_bytes());
        assert_eq!(kind(refused), ErrorKind::PermissionDenied, "{header:?}");
    }
    assert_eq!(kind(signed(b"[]")), ErrorKind::ContractBroken);
}

#[test]
fn many_changes_are_one_event_for_each_page_and_field() {
    let change =
        |field: &str, id: &str| json!({"field": field, "value": {"item": "status", "post_id": id}});
    let body = json!({"object": "page", "entry": [
        {"id": "1", "time": 5, "changes": [change("feed", "1_1"), change("feed", "1_2"), change("ratings", "")]},
        {"id": "2", "time": 1_793_000_000_000_i64, "messaging": [{"message": {"mid": "m"}}]},
    ]});
    let events = signed(body.to_string().as_bytes()).unwrap();
    let topics: Vec<_> = events
        .iter()
        .map(|it| (it.account.as_deref().unwrap(), &*it.topic))
        .collect();
    assert_eq!(
        topics,
        [
            ("1", "page/feed"),
            ("1", "page/ratings"),
            ("2", "page/messages")
        ]
    );
    assert_eq!(events[2].occurred_at.unwrap().timestamp(), 1_793_000_000);
}

#[test]
fn somebody_who_removed_the_app_is_disconnected() {
    let payload = json!({"algorithm": "HMAC-SHA256", "issued_at": 1_793_000_000, "user_id": "7"});
    let payload = URL_SAFE_NO_PAD.encode(payload.to_string());
    let form = |code: &[u8]| format!("signed_request={}.{payload}", URL_SAFE_NO_PAD.encode(code));
    let events = receive(None, form(&code(payload.as_bytes())).as_bytes()).unwrap();
    assert_eq!(events[0].account.as_deref(), Some("7"));
    assert_eq!(events[0].effects, [WebhookEffect::Disconnected]);
    let forged = receive(None, form(&code(b"something else")).as_bytes());
    assert_eq!(kind(forged), ErrorKind::PermissionDenied);
    assert_eq!(
        kind(receive(None, b"signed_request=x")),
        ErrorKind::PermissionDenied
    );
}

#[test]
fn the_question_is_answered_to_whoever_knows_the_token() {
    let ask = |query: &str| {
        let answer =
            webhooks().challenge("https://x.example/webhooks/meta", &Form::from_query(query));
        answer.unwrap()
    };
    let asked = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=made-up-token";
    assert_eq!(ask(asked).unwrap().body, "1158201444");
    for wrong in [
        "",
        "hub.mode=subscribe&hub.challenge=1158201444",
        "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=made-up-tokem",
        "hub.mode=subscribe&hub.challenge=%3Ca%20b%3E&hub.verify_token=made-up-token",
        "hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=made-up-token",
    ] {
        assert_eq!(
            ask(wrong).unwrap_err().kind(),
            ErrorKind::PermissionDenied,
            "{wrong}"
        );
    }
    let nothing = MetaWebhooks::new(Arc::default(), Directory::default());
    let answer = nothing.challenge("https://x.example", &Form::from_query(asked));
    assert_eq!(
        answer.unwrap().unwrap_err().kind(),
        ErrorKind::ConfigInvalid
    );
}
