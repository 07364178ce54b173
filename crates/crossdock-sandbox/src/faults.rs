//! Faults: what goes wrong on purpose.
//!
//! A fault picks requests by what they look like and spoils some of them. Faults that refuse a
//! request (a status, `NotSent`) keep it from the platform; the others let the platform process it
//! and spoil the answer, which is the harder case for a client.

mod effect;

use serde::{Deserialize, Serialize};

pub use self::effect::{Delay, Effect, RetryForm};

/// Which requests are spoilt, and how. Conditions that are left out hold for every request.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The platform's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// The platform's host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The method, in capitals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// A part of the path and query, as it is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_contains: Option<String>,
    /// A part of the request's body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_contains: Option<String>,
    /// How many matching requests pass untouched first.
    #[serde(default)]
    pub skip: u32,
    /// How many matching requests are spoilt after that.
    #[serde(default = "once")]
    pub times: u32,
    /// What happens to them.
    pub effect: Effect,
}

fn once() -> u32 {
    1
}

/// What faults are matched against.
#[derive(Debug)]
pub(crate) struct Shape<'a> {
    pub(crate) platform: &'a str,
    pub(crate) host: &'a str,
    pub(crate) method: &'a str,
    /// Path and query.
    pub(crate) path: &'a str,
    pub(crate) body: &'a [u8],
}

/// The faults that are in force, in the order in which they were injected.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn list(&self) -> &[Fault] {
        &self.0
    }

    /// The effect on a request, if any, counted as used. The first fault that spoils it wins; every
    /// fault that it matches until then counts it among those it skips.
    pub(crate) fn strike(&mut self, shape: &Shape<'_>) -> Option<Effect> {
        let mut effect = None;
        for fault in self.0.iter_mut().filter(|fault| fault.matches(shape)) {
            if fault.skip > 0 {
                fault.skip -= 1;
            } else if fault.times > 0 {
                fault.times -= 1;
                effect = Some(fault.effect.clone());
                break;
            }
        }
        self.0.retain(|fault| fault.times > 0);
        effect
    }
}

impl Fault {
    /// A fault for every request: once, unless it is changed.
    #[must_use]
    pub fn new(effect: Effect) -> Self {
        Self {
            platform: None,
            host: None,
            method: None,
            path_contains: None,
            body_contains: None,
            skip: 0,
            times: 1,
            effect,
        }
    }

    fn matches(&self, shape: &Shape<'_>) -> bool {
        let is = |wanted: &Option<String>, value: &str| {
            wanted
                .as_ref()
                .is_none_or(|wanted| wanted.eq_ignore_ascii_case(value))
        };
        is(&self.platform, shape.platform)
            && is(&self.host, shape.host)
            && is(&self.method, shape.method)
            && self
                .path_contains
                .as_ref()
                .is_none_or(|part| shape.path.contains(part))
            && self
                .body_contains
                .as_ref()
                .is_none_or(|part| String::from_utf8_lossy(shape.body).contains(part.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shape<'a>(method: &'a str, path: &'a str) -> Shape<'a> {
        Shape {
            platform: "alias",
            host: "api.alias.org",
            method,
            path,
            body: b"{\"a\": 1}",
        }
    }

    #[test]
    fn a_fault_skips_then_strikes_then_is_gone() {
        let mut faults = Faults::default();
        faults.add(Fault {
            skip: 2,
            times: 2,
            ..Fault::new(Effect::NotSent)
        });
        let struck: Vec<bool> = (0..6)
            .map(|_| faults.strike(&shape("GET", "/")).is_some())
            .collect();
        assert_eq!(struck, [false, false, true, true, false, false]);
        assert!(faults.list().is_empty());
    }

    #[test]
    fn every_condition_must_hold() {
        let full = Fault {
            platform: Some("alias".to_owned()),
            host: Some("API.alias.org".to_owned()),
            method: Some("post".to_owned()),
            path_contains: Some("/orders".to_owned()),
            body_contains: Some("\"a\"".to_owned()),
            ..Fault::new(Effect::NotSent)
        };
        assert!(full.matches(&shape("POST", "/api/v1/orders?page_size=1")));
        assert!(!full.matches(&shape("GET", "/api/v1/orders")));
        assert!(!full.matches(&shape("POST", "/api/v1/listings")));
        let other_body = Fault {
            body_contains: Some("b".to_owned()),
            ..full.clone()
        };
        assert!(!other_body.matches(&shape("POST", "/api/v1/orders")));
        let other_platform = Fault {
            platform: Some("shopify".to_owned()),
            ..full
        };
        assert!(!other_platform.matches(&shape("POST", "/api/v1/orders")));
    }

    #[test]
    fn the_short_form_in_json_is_enough() {
        let fault: Fault =
            serde_json::from_value(json!({"effect": {"kind": "retry_after", "seconds": 2}}))
                .unwrap();
        assert_eq!((fault.skip, fault.times), (0, 1));
        assert_eq!(
            fault.effect,
            Effect::RetryAfter {
                code: 429,
                seconds: 2,
                form: RetryForm::Seconds
            }
        );
        assert!(
            serde_json::from_value::<Fault>(json!({"effect": {"kind": "lost_reply"}, "time": 2}))
                .is_err()
        );
    }
}
