//! Numbers of ads by day.
//!
//! Their names are those of the fields; what people did is `actions`, and what it was worth
//! `action_values`, each split by `action_type` and counted in several windows: after a click, after
//! a view, and the account's default, which Meta calls `value`.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use connector_core::model::{AdMetric, CommonMetric, Currency, Measurement, MetricUnit};
use connector_core::{Model, Record, Skipped};

use super::{Mapped, text};
use crate::api::{ActionCount, AdInsight, WINDOWS, read_number};

/// For how many days Meta still credits actions to a day, and takes invalid traffic out of it.
pub(crate) const SETTLES_IN: Days = Days::new(28);

/// What people did, as far as it is kept: the kinds that Meta documents for websites, apps, forms,
/// messages and posts ("Ads Action Stats"). Custom conversions have names that end in an id.
const ACTIONS: [&str; 43] = [
    "add_payment_info",
    "add_to_cart",
    "add_to_wishlist",
    "comment",
    "complete_registration",
    "contact_total",
    "initiate_checkout",
    "landing_page_view",
    "lead",
    "like",
    "link_click",
    "mobile_app_install",
    "offsite_conversion.fb_pixel_add_payment_info",
    "offsite_conversion.fb_pixel_add_to_cart",
    "offsite_conversion.fb_pixel_complete_registration",
    "offsite_conversion.fb_pixel_custom",
    "offsite_conversion.fb_pixel_initiate_checkout",
    "offsite_conversion.fb_pixel_lead",
    "offsite_conversion.fb_pixel_purchase",
    "offsite_conversion.fb_pixel_view_content",
    "omni_add_to_cart",
    "omni_app_install",
    "omni_complete_registration",
    "omni_initiated_checkout",
    "omni_purchase",
    "omni_view_content",
    "onsite_conversion.lead_grouped",
    "onsite_conversion.messaging_conversation_started_7d",
    "onsite_conversion.messaging_first_reply",
    "onsite_conversion.post_save",
    "onsite_conversion.purchase",
    "onsite_web_lead",
    "onsite_web_purchase",
    "page_engagement",
    "photo_view",
    "post",
    "post_engagement",
    "post_reaction",
    "purchase",
    "schedule_total",
    "submit_application_total",
    "video_view",
    "view_content",
];

/// How custom conversions begin; their id follows.
const CUSTOM: &str = "offsite_conversion.custom.";

/// The window in which `value` counts: seven days after a click and one after a view, unless the
/// account says otherwise.
const DEFAULT: &str = "default";

/// One day of an ad, number by number. `today` and `time_zone` are the account's: they say whether Meta
/// still counts the day. Kinds of actions that aren't kept are added to `unknown`.
pub fn ad_metrics(
    account: &str,
    time_zone: Option<&str>,
    row: AdInsight,
    today: NaiveDate,
    unknown: &mut BTreeSet<String>,
) -> Vec<Mapped> {
    let Some(ad) = text(row.ad_id) else {
        return vec![Err(Skipped::new(account, "a row of a report names no ad"))];
    };
    if row.date_start != row.date_stop {
        return vec![Err(Skipped::new(
            &ad,
            "a row of a report is of several days",
        ))];
    }
    let currency = text(row.account_currency).and_then(|code| Currency::from_code(&code).ok());
    let mut numbers = Vec::new();
    let mut count = |name: &str, common: Option<CommonMetric>, value: Option<f64>| {
        let measurement = value.map(|value| Measurement::count(row.date_start, name, value));
        numbers.extend(measurement.map(|it| Measurement { common, ..it }));
    };
    use CommonMetric::{Clicks, Impressions, LinkClicks, Reach};
    count("impressions", Some(Impressions), row.impressions);
    count("reach", Some(Reach), row.reach);
    count("clicks", Some(Clicks), row.clicks);
    count(
        "inline_link_clicks",
        Some(LinkClicks),
        row.inline_link_clicks,
    );
    let mut mapped: Vec<Result<Measurement, Skipped>> = numbers.into_iter().map(Ok).collect();
    let money = |measurement: Measurement| match currency {
        Some(_) => Ok(Measurement {
            unit: MetricUnit::Money,
            currency,
            ..measurement
        }),
        None => Err(Skipped::new(
            &format!("{ad}/{}/{}", row.date_start, measurement.name),
            "the row doesn't say what its money is in",
        )),
    };
    let spend = row.spend.map(|spend| Measurement {
        common: Some(CommonMetric::Spend),
        ..Measurement::count(row.date_start, "spend", spend)
    });
    mapped.extend(spend.map(money));
    let mut actions = |name: &str, counts: Option<Vec<ActionCount>>| {
        let counts = counts.into_iter().flatten();
        let (kept, others): (Vec<_>, Vec<_>) = counts.partition(|it| is_kept(&it.action_type));
        unknown.extend(others.into_iter().map(|it| it.action_type));
        let windows = |count: &ActionCount| windows(name, row.date_start, count);
        kept.iter().flat_map(windows).collect::<Vec<_>>()
    };
    mapped.extend(actions("actions", row.actions).into_iter().map(Ok));
    let values = actions("action_values", row.action_values);
    mapped.extend(values.into_iter().map(money));
    let provisional = row.date_start + SETTLES_IN >= today;
    mapped
        .into_iter()
        .map(|measured| {
            let mut measurement = measured?;
            measurement.time_zone = time_zone.map(str::to_owned);
            measurement.provisional = provisional;
            let id = measurement.external_id(&ad);
            let metric = AdMetric {
                account_external_id: account.to_owned(),
                campaign_external_id: row.campaign_id.clone(),
                ad_group_external_id: row.adset_id.clone(),
                ad_external_id: Some(ad.clone()),
                measurement,
            };
            let model = Model::AdMetric(Box::new(metric));
            Ok(Record::upsert(id, None, model))
        })
        .collect()
}

fn is_kept(action: &str) -> bool {
    ACTIONS.contains(&action) || action.starts_with(CUSTOM)
}

/// One kind of action, window by window.
fn windows(name: &str, date: NaiveDate, count: &ActionCount) -> Vec<Measurement> {
    let value = [("value", DEFAULT)].into_iter();
    let asked = WINDOWS.into_iter().map(|window| (window, window));
    value
        .chain(asked)
        .filter_map(|(field, window)| {
            let number = read_number(count.numbers.get(field)?)?;
            let mut measurement = Measurement::count(date, name, number);
            measurement.common = common(name, &count.action_type);
            measurement.attribution_window = Some(window.to_owned());
            let kind = count.action_type.clone();
            measurement
                .dimensions
                .insert("action_type".to_owned(), kind);
            Some(measurement)
        })
        .collect()
}

/// Purchases and leads are what merchants advertise for. All other kinds are steps on the way, or
/// count the same purchases and leads once more by where they happened.
fn common(name: &str, action: &str) -> Option<CommonMetric> {
    match (name, action) {
        ("actions", "purchase" | "lead") => Some(CommonMetric::Conversions),
        ("action_values", "purchase") => Some(CommonMetric::ConversionValue),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use connector_core::Change;

    use super::*;

    fn map(json: &str) -> (Vec<Mapped>, BTreeSet<String>) {
        let today = "2026-11-20".parse().unwrap();
        let mut unknown = BTreeSet::new();
        let row = serde_json::from_str(json).unwrap();
        let mapped = ad_metrics("act_1", Some("Asia/Tokyo"), row, today, &mut unknown);
        (mapped, unknown)
    }

    fn metric(mapped: &Mapped) -> (&str, &AdMetric) {
        let record = mapped.as_ref().unwrap();
        match &record.change {
            Change::Upsert(Model::AdMetric(metric)) => (&record.external_id, metric),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_row_is_one_number_each_by_its_window() {
        let (mapped, unknown) = map(r#"{"date_start":"2026-11-01","date_stop":"2026-11-01",
            "account_id":"1","account_currency":"EUR","campaign_id":"5","adset_id":"6","ad_id":"7",
            "impressions":"1200","reach":"900","clicks":"","spend":"12.34",
            "actions":[{"action_type":"purchase","value":"3","1d_click":"1","7d_click":"2","28d_view":"9"},{"action_type":"made_up","value":"1"}],
            "action_values":[{"action_type":"purchase","value":"99.90","7d_click":"60"}]}"#);
        let ids: Vec<&str> = mapped.iter().map(|it| metric(it).0).collect();
        assert_eq!(
            ids,
            [
                "7/2026-11-01/impressions",
                "7/2026-11-01/reach",
                "7/2026-11-01/spend",
                "7/2026-11-01/actions/action_type=purchase/default",
                "7/2026-11-01/actions/action_type=purchase/1d_click",
                "7/2026-11-01/actions/action_type=purchase/7d_click",
                "7/2026-11-01/action_values/action_type=purchase/default",
                "7/2026-11-01/action_values/action_type=purchase/7d_click",
            ]
        );
        let (_, spend) = metric(&mapped[2]);
        let measured = &spend.measurement;
        assert_eq!((measured.value, measured.unit), (12.34, MetricUnit::Money));
        assert_eq!(measured.currency, Currency::from_code("EUR").ok());
        assert_eq!(measured.time_zone.as_deref(), Some("Asia/Tokyo"));
        assert!(measured.provisional);
        assert_eq!(spend.campaign_external_id.as_deref(), Some("5"));
        let (_, value) = metric(&mapped[6]);
        assert_eq!(
            value.measurement.common,
            Some(CommonMetric::ConversionValue)
        );
        assert_eq!(value.measurement.unit, MetricUnit::Money);
        assert_eq!(unknown.into_iter().collect::<Vec<_>>(), ["made_up"]);
    }

    #[test]
    fn after_four_weeks_a_day_is_final() {
        let day = |date: &str| {
            let json =
                format!(r#"{{"date_start":"{date}","date_stop":"{date}","ad_id":"7","clicks":1}}"#);
            metric(&map(&json).0[0]).1.measurement.provisional
        };
        assert!(day("2026-10-23"));
        assert!(!day("2026-10-22"));
    }

    #[test]
    fn what_cannot_be_known_is_skipped_with_the_reason() {
        let reasons = |json: &str| -> Vec<String> {
            let (mapped, _) = map(json);
            mapped
                .into_iter()
                .filter_map(Result::err)
                .map(|it| it.reason)
                .collect()
        };
        let no_ad = r#"{"date_start":"2026-11-01","date_stop":"2026-11-01","clicks":1}"#;
        assert!(reasons(no_ad)[0].contains("no ad"));
        let days = r#"{"date_start":"2026-11-01","date_stop":"2026-11-02","ad_id":"7"}"#;
        assert!(reasons(days)[0].contains("several days"));
        let spend = r#"{"date_start":"2026-11-01","date_stop":"2026-11-01","ad_id":"7","spend":1}"#;
        assert!(reasons(spend)[0].contains("money"));
    }

    #[test]
    fn kept_kinds_are_in_order_and_custom_conversions_are_kept() {
        assert!(ACTIONS.is_sorted());
        assert!(is_kept("offsite_conversion.custom.123"));
        assert!(!is_kept("offsite_conversion.something"));
    }
}
