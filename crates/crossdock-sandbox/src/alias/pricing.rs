//! The operations under `/pricing_insights`.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::State;
use super::market::{Kind, Scope};
use super::params::{Params, need};
use super::status::Outcome;
use super::words::{PACKAGING_CONDITIONS, PRODUCT_CONDITIONS};

/// How many sales are sent at most when a kind is named in full, and otherwise.
const MOST_SALES: usize = 200;
const DEFAULT_SALES: usize = 10;

/// `GET /pricing_insights/availabilities/{catalog_id}`
pub(super) fn availabilities(state: &State, id: &str, params: Params<'_>) -> Outcome<Value> {
    let scope = scope(params)?;
    let item = state.catalog.get(id)?;
    Ok(json!({"variants": state.market.availabilities(item, &scope)}))
}

/// `GET /pricing_insights/availability`
pub(super) fn availability(state: &State, params: Params<'_>) -> Outcome<Value> {
    let id = params.required("catalog_id")?;
    let (kind, scope) = (kind(params)?, scope(params)?);
    let item = state.catalog.get(id)?;
    Ok(json!({"availability": state.market.availability(item, &scope, kind)}))
}

/// `GET /pricing_insights/offer_histogram`
pub(super) fn offer_histogram(state: &State, params: Params<'_>) -> Outcome<Value> {
    let id = params.required("catalog_id")?;
    let (kind, region) = (kind(params)?, params.region()?);
    let item = state.catalog.get(id)?;
    Ok(json!({"offer_histogram": state.market.histogram(item, region, kind)}))
}

/// `GET /pricing_insights/recent_sales`. The size is required although the documentation says
/// otherwise: the refusal is recorded.
pub(super) fn recent_sales(
    state: &State,
    params: Params<'_>,
    now: DateTime<Utc>,
) -> Outcome<Value> {
    let id = params.required("catalog_id")?;
    let size = need(params.size("size")?, "size")?;
    let condition = params.member("product_condition", PRODUCT_CONDITIONS)?;
    let packaging = params.member("packaging_condition", PACKAGING_CONDITIONS)?;
    let named = condition.is_some() && packaging.is_some();
    let most = if named { MOST_SALES } else { DEFAULT_SALES };
    let limit = params.limit("limit", DEFAULT_SALES, most)?;
    params.region()?;
    let consigned = params.boolean("consigned")?;
    let item = state.catalog.get(id)?;
    Ok(json!({"recent_sales": state.market.sales(item, size, consigned, limit, now)}))
}

fn kind(params: Params<'_>) -> Outcome<Kind> {
    Ok(Kind {
        size: need(params.size("size")?, "size")?,
        condition: need(
            params.member("product_condition", PRODUCT_CONDITIONS)?,
            "product_condition",
        )?,
        packaging: need(
            params.member("packaging_condition", PACKAGING_CONDITIONS)?,
            "packaging_condition",
        )?,
    })
}

fn scope(params: Params<'_>) -> Outcome<Scope> {
    Ok(Scope {
        region: params.region()?.map(str::to_owned),
        consigned: params.boolean("consigned")?,
    })
}
