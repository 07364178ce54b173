//! Which nodes of a list are asked for: time ranges, `filtering`, states.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::error::{GraphError, Outcome};
use super::graph::{Kind, Node};
use super::wire;

/// How long a story is shown.
const STORY_LIFE: TimeDelta = TimeDelta::hours(24);

/// How long a lead can be read.
pub(super) const LEAD_LIFE: TimeDelta = TimeDelta::days(90);

/// The states that lists leave out unless they are asked for.
const GONE: [&str; 2] = ["ARCHIVED", "DELETED"];

/// The operators of `filtering`.
const OPERATORS: [&str; 10] = [
    "EQUAL",
    "NOT_EQUAL",
    "GREATER_THAN",
    "GREATER_THAN_OR_EQUAL",
    "LESS_THAN",
    "LESS_THAN_OR_EQUAL",
    "IN",
    "NOT_IN",
    "CONTAIN",
    "ANY",
];

/// What the parameters of a list ask for.
#[derive(Debug, Default)]
pub(super) struct Filters {
    since: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    /// `MESSENGER` or `INSTAGRAM`.
    platform: Option<String>,
    /// Milliseconds since 1970; from v26.0 on.
    updated_after: Option<i64>,
    updated_before: Option<i64>,
    updated_since: Option<DateTime<Utc>>,
    effective_status: Option<Vec<String>>,
    conditions: Conditions,
}

/// What `filtering` asks for.
#[derive(Debug, Default)]
pub(super) struct Conditions(Vec<Condition>);

/// One object of `filtering`.
#[derive(Debug)]
struct Condition {
    field: String,
    operator: String,
    value: Value,
}

impl Filters {
    /// Reads the parameters of a list.
    pub(super) fn read(parameters: &[(String, String)]) -> Outcome<Self> {
        let mut filters = Self::default();
        for (name, text) in parameters.iter().filter(|(_, text)| !text.is_empty()) {
            let fault = || GraphError::parameter(format!("Param {name} must be valid: {text}"));
            let time = || wire::read_time(text).ok_or_else(fault);
            match name.as_str() {
                "since" => filters.since = Some(time()?),
                "until" => filters.until = Some(time()?),
                "updated_since" => filters.updated_since = Some(time()?),
                "updated_after_ms" => {
                    filters.updated_after = Some(text.parse().ok().ok_or_else(fault)?);
                }
                "updated_before_ms" => {
                    filters.updated_before = Some(text.parse().ok().ok_or_else(fault)?);
                }
                "platform" => {
                    let platform = text.to_ascii_uppercase();
                    if !["MESSENGER", "INSTAGRAM"].contains(&platform.as_str()) {
                        return Err(GraphError::parameter(
                            "Param platform must be one of {MESSENGER, INSTAGRAM}",
                        ));
                    }
                    filters.platform = Some(platform);
                }
                "effective_status" => {
                    let list: Vec<String> = serde_json::from_str(text).ok().ok_or_else(|| {
                        GraphError::parameter("Param effective_status must be an array.")
                    })?;
                    filters.effective_status = Some(list);
                }
                "filtering" => filters.conditions = Conditions::read(Some(text))?,
                _ => {}
            }
        }
        Ok(filters)
    }

    /// Whether a node is in the list.
    pub(super) fn allow(&self, node: &Node, edge: &str, version: &str, now: DateTime<Utc>) -> bool {
        match edge {
            "published_posts" | "feed" => self.in_range(node.time("created_time")),
            "media" => self.in_range(node.time("timestamp")),
            "stories" => node
                .time("timestamp")
                .is_some_and(|at| at <= now && now - at < STORY_LIFE),
            "leads" => {
                let at = node.time("created_time");
                at.is_some_and(|at| now - at < LEAD_LIFE) && self.conditions.hold(node)
            }
            "conversations" => self.conversation(node, version),
            _ if node.kind.is_advertising() => self.advertising(node),
            _ => true,
        }
    }

    /// Both ends are included. (Inferred.)
    fn in_range(&self, at: Option<DateTime<Utc>>) -> bool {
        let Some(at) = at else {
            return true;
        };
        self.since.is_none_or(|since| at >= since) && self.until.is_none_or(|until| at <= until)
    }

    fn conversation(&self, node: &Node, version: &str) -> bool {
        let is_instagram = node.text("folder") == "instagram";
        let wanted = self.platform.as_deref() == Some("INSTAGRAM");
        let at = node
            .time("updated_time")
            .map_or(0, |at| at.timestamp_millis());
        // Older versions know no range of time.
        let in_time = version != super::version::NEWEST
            || (self.updated_after.is_none_or(|after| at > after)
                && self.updated_before.is_none_or(|before| at < before));
        is_instagram == wanted && in_time
    }

    fn advertising(&self, node: &Node) -> bool {
        let updated = self
            .updated_since
            .is_none_or(|since| node.time("updated_time").is_some_and(|at| at >= since));
        updated
            && match &self.effective_status {
                Some(list) => {
                    list.iter().any(|one| one == node.text("effective_status"))
                        && self.conditions.hold(node)
                }
                None => self.conditions.allow_advertising(node),
            }
    }
}

impl Conditions {
    /// Reads `filtering`.
    pub(super) fn read(text: Option<&str>) -> Outcome<Self> {
        let Some(text) = text else {
            return Ok(Self::default());
        };
        let list: Vec<Value> = serde_json::from_str(text)
            .ok()
            .ok_or_else(|| GraphError::parameter("Param filtering must be an array."))?;
        let read = |(index, one): (usize, &Value)| {
            let get = |name: &str| {
                one.get(name).and_then(Value::as_str).ok_or_else(|| {
                    GraphError::parameter(format!("Param filtering[{index}][{name}] is required"))
                })
            };
            let operator = get("operator")?.to_owned();
            if !OPERATORS.contains(&operator.as_str()) {
                return Err(GraphError::parameter(format!(
                    "Param filtering[{index}][operator] must be one of {{{}}}",
                    OPERATORS.join(", ")
                )));
            }
            Ok(Condition {
                field: get("field")?.to_owned(),
                operator,
                value: one.get("value").cloned().unwrap_or_default(),
            })
        };
        list.iter()
            .enumerate()
            .map(read)
            .collect::<Outcome<_>>()
            .map(Self)
    }

    /// Whether all of them hold.
    fn hold(&self, node: &Node) -> bool {
        self.0.iter().all(|condition| condition.holds(node))
    }

    /// Whether an object of advertising is listed: what is archived or deleted only when the
    /// conditions ask for a state.
    pub(super) fn allow_advertising(&self, node: &Node) -> bool {
        let own = match node.kind {
            Kind::Campaign => "campaign.effective_status",
            Kind::AdSet => "adset.effective_status",
            _ => "ad.effective_status",
        };
        let asked = self
            .0
            .iter()
            .any(|one| one.field == own || one.field == "effective_status");
        (asked || !GONE.contains(&node.text("effective_status"))) && self.hold(node)
    }
}

impl Condition {
    fn holds(&self, node: &Node) -> bool {
        let own = match node.kind {
            Kind::Campaign => "campaign.",
            Kind::AdSet => "adset.",
            Kind::Ad => "ad.",
            _ => "",
        };
        let name = self.field.strip_prefix(own).unwrap_or(&self.field);
        let name = match name {
            "time_created" => "created_time",
            "campaign.id" => "campaign_id",
            "adset.id" => "adset_id",
            // Of objects and numbers that this one doesn't have: nothing to hold against it.
            name if name.contains('.') => return true,
            name => name,
        };
        let value = if name == "id" {
            node.id.as_str()
        } else {
            node.text(name)
        };
        let wanted: Vec<String> = match &self.value {
            Value::Array(items) => items.iter().map(text).collect(),
            one => vec![text(one)],
        };
        let compared = || {
            let wanted = wanted.first()?;
            let held = wire::read_time(value)?;
            Some(held.cmp(&wire::read_time(wanted)?))
        };
        match self.operator.as_str() {
            "GREATER_THAN" => compared().is_some_and(std::cmp::Ordering::is_gt),
            "GREATER_THAN_OR_EQUAL" => compared().is_some_and(std::cmp::Ordering::is_ge),
            "LESS_THAN" => compared().is_some_and(std::cmp::Ordering::is_lt),
            "LESS_THAN_OR_EQUAL" => compared().is_some_and(std::cmp::Ordering::is_le),
            "IN" | "EQUAL" | "ANY" => wanted.iter().any(|wanted| wanted == value),
            "NOT_IN" | "NOT_EQUAL" => !wanted.iter().any(|wanted| wanted == value),
            "CONTAIN" => wanted.iter().any(|wanted| value.contains(wanted.as_str())),
            _ => true,
        }
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
