//! The control verbs of Meta.
//!
//! | verb | body | what happens |
//! | --- | --- | --- |
//! | `settings/set` | `require_proof`, `ratings_deprecated`, `callback_url`, `sync_cells`, `report_cells`, `report_seconds` | the app insists on proofs or not; reading recommendations is refused with code 12 or not; webhooks go somewhere; how many objects times days insights work out at once and in a report, and how long a report takes |
//! | `token/issue` | `kind` (`user`, `system_user`), `scopes` or nothing for all, `targets`, `life_seconds` or nothing for none | a new token |
//! | `token/revoke` | `token`, `subcode` (458) | one token works no more |
//! | `user/disconnect` | `user`, `subcode` (458, or 460 for a changed password) | all tokens of a user work no more, those of the pages included |
//! | `limits/set` | `use_case`, `budget` | how many calls of a use case there can be |
//! | `throttle/hold` | `use_case`, `minutes`, `code` | calls of a use case are refused for a time |
//! | `webhook/verification` | nothing | the query that verifies an address, and what must be answered |
//! | `post/create`, `post/edit`, `media/add`, `story/add`, `rating/add` | `page`, `id`, `text` | something is published or changed now |
//! | `lead/create`, `message/receive` | `form`, `id` of the conversation, `ad_id`, `text` | somebody writes, by an ad or without one |
//! | `ad/status`, `product/price`, `object/delete` | `id`, `status`, `price` | a campaign, an ad set, an ad or a product changes; anything is gone |
//! | `report/lose` | `id`, or the last | a report's rows are lost: reading it fails with 2601 until a new one is made |
//! | `notify` | `field` (`leadgen`, `feed`, `messages`, `conversations`), `id`, `url` | a webhook about a lead, a post, a message or a conversation: the newest, or the one with this id |

use chrono::{DateTime, TimeDelta};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use url::Url;

use super::happenings::{self, Details};
use super::scopes;
use super::session::{Authority, SYSTEM_USER, TokenKind, USER};
use super::state::State;
use super::usage::{USE_CASES, UseCase};
use super::webhooks;
use crate::platform::ControlError;
use crate::world::World;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetSettings {
    require_proof: Option<bool>,
    ratings_deprecated: Option<bool>,
    callback_url: Option<Url>,
    sync_cells: Option<u64>,
    report_cells: Option<u64>,
    report_seconds: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LoseReport {
    #[serde(default)]
    id: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Notify {
    field: String,
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    url: Option<Url>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IssueToken {
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    scopes: Option<Vec<String>>,
    #[serde(default)]
    targets: Vec<String>,
    #[serde(default)]
    life_seconds: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RevokeToken {
    token: String,
    #[serde(default = "removed")]
    subcode: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Disconnect {
    #[serde(default)]
    user: Option<String>,
    #[serde(default = "removed")]
    subcode: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetLimit {
    use_case: String,
    budget: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hold {
    use_case: String,
    minutes: i64,
    #[serde(default)]
    code: Option<u32>,
}

/// The subcode of an app that was removed.
fn removed() -> u32 {
    458
}

/// Runs a verb.
pub(super) fn control(
    state: &mut State,
    verb: &str,
    body: &Value,
    world: &mut World,
) -> Result<Value, ControlError> {
    match verb {
        "settings/set" => set_settings(state, read(body)?),
        "token/issue" => issue(read(body)?, world),
        "token/revoke" => {
            let revoke: RevokeToken = read(body)?;
            state.authority.ended.insert(revoke.token, revoke.subcode);
            Ok(json!({}))
        }
        "user/disconnect" => {
            let disconnect: Disconnect = read(body)?;
            let user = disconnect.user.unwrap_or_else(|| USER.to_owned());
            state.authority.disconnect(&user, disconnect.subcode, world);
            Ok(json!({ "user": user }))
        }
        "limits/set" => {
            let limit: SetLimit = read(body)?;
            let use_case = use_case(&limit.use_case)?;
            state.usage.budgets.insert(use_case, limit.budget);
            Ok(json!({ "use_case": use_case.name(), "budget": limit.budget }))
        }
        "throttle/hold" => {
            let hold: Hold = read(body)?;
            let use_case = use_case(&hold.use_case)?;
            let until = TimeDelta::try_minutes(hold.minutes)
                .and_then(|length| world.now.checked_add_signed(length))
                .unwrap_or(DateTime::<chrono::Utc>::MAX_UTC);
            state.usage.held.insert(use_case, (until, hold.code));
            Ok(json!({ "use_case": use_case.name(), "until": until }))
        }
        "report/lose" => {
            let lose: LoseReport = read(body)?;
            let reports = &mut state.reports.0;
            let report = match lose.id {
                Some(id) => reports.get_mut(&id),
                None => reports.values_mut().last(),
            };
            let report = report.ok_or_else(|| ControlError("there is no report".to_owned()))?;
            report.lost = true;
            Ok(json!({}))
        }
        "webhook/verification" => Ok(webhooks::verification(world)),
        "notify" => {
            let notify: Notify = read(body)?;
            let url = notify.url.or_else(|| state.settings.callback.clone());
            let url = url
                .ok_or_else(|| ControlError("no `url`, and no `callback_url` is set".to_owned()))?;
            let event = webhooks::event(state, &notify.field, notify.id.as_deref(), world.now)
                .ok_or_else(|| ControlError("there is nothing to tell of".to_owned()))?;
            webhooks::deliver(url, &event, world);
            Ok(event)
        }
        verb => {
            // The body is read first, so that a wrong one is told of even where the verb is none.
            let details: Details = read(body)?;
            happenings::happen(state, verb, details, world)
                .unwrap_or_else(|| Err(ControlError(format!("meta has no verb `{verb}`"))))
        }
    }
}

fn set_settings(state: &mut State, set: SetSettings) -> Result<Value, ControlError> {
    let settings = &mut state.settings;
    if let Some(required) = set.require_proof {
        state.authority.proof_required = required;
    }
    if let Some(deprecated) = set.ratings_deprecated {
        settings.ratings_deprecated = deprecated;
    }
    if set.callback_url.is_some() {
        settings.callback = set.callback_url;
    }
    settings.sync_cells = set.sync_cells.unwrap_or(settings.sync_cells);
    settings.report_cells = set.report_cells.unwrap_or(settings.report_cells);
    settings.report_seconds = set.report_seconds.unwrap_or(settings.report_seconds);
    Ok(json!({
        "callback_url": settings.callback,
        "require_proof": state.authority.proof_required,
        "ratings_deprecated": settings.ratings_deprecated,
        "sync_cells": settings.sync_cells,
        "report_cells": settings.report_cells,
        "report_seconds": settings.report_seconds,
    }))
}

fn issue(order: IssueToken, world: &mut World) -> Result<Value, ControlError> {
    let (kind, user) = match order.kind.as_deref() {
        None | Some("user") => (TokenKind::User, USER),
        Some("system_user") => (TokenKind::SystemUser, SYSTEM_USER),
        Some(other) => return Err(ControlError(format!("there is no kind `{other}`"))),
    };
    let scopes = order.scopes.unwrap_or_else(scopes::all);
    if let Some(unknown) = scopes.iter().find(|scope| !scopes::exists(scope)) {
        return Err(ControlError(format!("there is no permission `{unknown}`")));
    }
    let life = order.life_seconds.and_then(TimeDelta::try_seconds);
    let token = Authority::issue(kind, user, &scopes, &order.targets, life, world);
    Ok(json!({ "token": token }))
}

fn use_case(name: &str) -> Result<UseCase, ControlError> {
    USE_CASES
        .into_iter()
        .find(|use_case| use_case.name() == name)
        .ok_or_else(|| ControlError(format!("there is no use case `{name}`")))
}

fn read<T: DeserializeOwned>(body: &Value) -> Result<T, ControlError> {
    T::deserialize(body).map_err(|error| ControlError(error.to_string()))
}
