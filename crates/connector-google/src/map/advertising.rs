//! Campaigns of Google Ads, and their numbers by day.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;
use connector_core::Record;
use connector_core::model::{
    AdCampaign, AdCampaignStatus, AdMetric, CommonMetric, Currency, Measurement, MetricUnit, Model,
};

use super::{Mapped, Skipped, micros, text};
use crate::api::AdsRow;

/// What a campaign's row must have been asked for.
pub const CAMPAIGN_FIELDS: &[&str] = &[
    "campaign.id",
    "campaign.name",
    "campaign.status",
    "campaign.advertising_channel_type",
    "campaign.start_date_time",
    "campaign.end_date_time",
    "campaign_budget.amount_micros",
    "campaign_budget.total_amount_micros",
    "campaign_budget.explicitly_shared",
    "customer.currency_code",
    "customer.time_zone",
];

/// What the row of a campaign's day must have been asked for, besides its numbers.
pub const DAY_FIELDS: &[&str] = &[
    "campaign.id",
    "customer.currency_code",
    "customer.time_zone",
    "segments.date",
];

/// What is asked of Google Ads: the name after `metrics.`, and what it is called elsewhere.
///
/// (Google Ads API v26, `Metrics`, read in November 2026.) `all_conversions` counts what the merchant
/// doesn't optimise for, too, and what is counted by the day of the conversion doesn't fit clicks of
/// the same day, so that neither has a common name.
pub const METRICS: &[(&str, MetricUnit, Option<CommonMetric>)] = &[
    (
        "impressions",
        MetricUnit::Count,
        Some(CommonMetric::Impressions),
    ),
    ("clicks", MetricUnit::Count, Some(CommonMetric::Clicks)),
    ("cost_micros", MetricUnit::Money, Some(CommonMetric::Spend)),
    (
        "conversions",
        MetricUnit::Count,
        Some(CommonMetric::Conversions),
    ),
    (
        "conversions_value",
        MetricUnit::Money,
        Some(CommonMetric::ConversionValue),
    ),
    ("all_conversions", MetricUnit::Count, None),
    ("view_through_conversions", MetricUnit::Count, None),
    ("conversions_by_conversion_date", MetricUnit::Count, None),
];

/// How long conversions are credited to the day of the click: ninety days is the longest window that
/// a conversion action can have (v26, `ConversionAction.click_through_lookback_window_days`).
const CREDITED: TimeDelta = TimeDelta::days(90);

/// How long everything else of a day is corrected.
const SETTLED: TimeDelta = TimeDelta::days(4);

/// The year in which a campaign ends that has no end, in accounts that are older than that.
const NEVER: i32 = 2037;

/// A campaign, of the account with this number.
///
/// A budget that several campaigns share is left out, as it is none of one campaign's.
///
/// # Errors
/// A campaign without a resource name can't be told from another.
pub fn campaign(row: AdsRow, account: &str) -> Mapped {
    let campaign = row.campaign;
    let id = campaign.resource_name;
    if id.is_empty() {
        return Err(Skipped::new("", "a campaign without a name"));
    }
    let code = row.customer.currency_code.as_deref();
    let currency = code.and_then(|code| Currency::from_code(code).ok());
    let own = Some(row.campaign_budget).filter(|budget| !budget.explicitly_shared);
    let own = own.unwrap_or_default();
    // No campaign is shown for nothing: 0 is a budget that isn't there.
    let budget = |micros: Option<crate::api::Int64>| {
        let micros = micros.filter(|micros| micros.0 > 0)?;
        micros::money(micros.0, currency?)
    };
    let zone = row.customer.time_zone.as_deref();
    let zone: Option<Tz> = zone.and_then(|zone| zone.parse().ok());
    let platform_status = text(campaign.status);
    Ok(Record::upsert(
        id.clone(),
        None,
        Model::AdCampaign(Box::new(AdCampaign {
            account_external_id: account.to_owned(),
            name: text(campaign.name).unwrap_or(id),
            status: match platform_status.as_deref() {
                Some("ENABLED") => AdCampaignStatus::Active,
                Some("PAUSED") => AdCampaignStatus::Paused,
                Some("REMOVED") => AdCampaignStatus::Deleted,
                _ => AdCampaignStatus::Unknown,
            },
            platform_status,
            objective: None,
            channel: text(campaign.advertising_channel_type),
            daily_budget: budget(own.amount_micros),
            lifetime_budget: budget(own.total_amount_micros),
            starts_at: campaign.start_date_time.and_then(|at| moment(&at, zone)),
            ends_at: campaign
                .end_date_time
                .and_then(|at| moment(&at, zone))
                .filter(|end| chrono::Datelike::year(end) < NEVER),
            created_at: None,
            updated_at: None,
        })),
    ))
}

/// The numbers of a campaign's day, of the account with this number. One that Google leaves out is
/// left out.
#[must_use]
pub fn campaign_day(row: &AdsRow, account: &str, today: NaiveDate) -> Vec<Mapped> {
    let campaign = &row.campaign.resource_name;
    let day = row
        .segments
        .date
        .as_deref()
        .and_then(|day| day.parse().ok());
    let (false, Some(date)) = (campaign.is_empty(), day) else {
        return vec![Err(Skipped::new(
            campaign,
            "the row has no campaign, or a day that can't be read",
        ))];
    };
    METRICS
        .iter()
        .filter_map(|(name, unit, common)| {
            let value = row.metrics.get(&camel(name)).filter(|it| !it.is_null())?;
            let measurement = number(name, value, *unit, row, date).map(|it| Measurement {
                common: *common,
                provisional: today - date <= moves(name),
                ..it
            });
            Some(
                measurement
                    .map(|it| record(it, campaign, account))
                    .map_err(|why| Skipped::new(&format!("{campaign}/{date}/{name}"), why)),
            )
        })
        .collect()
}

fn number(
    name: &str,
    value: &serde_json::Value,
    unit: MetricUnit,
    row: &AdsRow,
    date: NaiveDate,
) -> Result<Measurement, &'static str> {
    let value = match value {
        serde_json::Value::String(text) => text.trim().parse().ok(),
        value => value.as_f64(),
    };
    let value: f64 = value
        .filter(|value: &f64| value.is_finite())
        .ok_or("the value is no number")?;
    let value = if name.ends_with("_micros") {
        value / 1e6
    } else {
        value
    };
    let currency = match unit {
        MetricUnit::Money => {
            let code = row.customer.currency_code.as_deref();
            let currency = code.and_then(|code| Currency::from_code(code).ok());
            Some(currency.ok_or("money in no known currency")?)
        }
        _ => None,
    };
    Ok(Measurement {
        time_zone: text(row.customer.time_zone.clone()),
        unit,
        currency,
        ..Measurement::count(date, name, value)
    })
}

fn record(measurement: Measurement, campaign: &str, account: &str) -> Record {
    Record::upsert(
        measurement.external_id(campaign),
        None,
        Model::AdMetric(Box::new(AdMetric {
            account_external_id: account.to_owned(),
            campaign_external_id: Some(campaign.to_owned()),
            ad_group_external_id: None,
            ad_external_id: None,
            measurement,
        })),
    )
}

/// How long after its day a number may change.
fn moves(name: &str) -> TimeDelta {
    let by_click = name.contains("conversions") && !name.ends_with("_by_conversion_date");
    if by_click { CREDITED } else { SETTLED }
}

/// A moment as the account's clocks show it.
fn moment(text: &str, zone: Option<Tz>) -> Option<DateTime<Utc>> {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").ok()?;
    let there = zone?.from_local_datetime(&local);
    // An hour that there isn't, as the clock goes forward, is as good as the one before.
    let there = there.earliest().or_else(|| {
        zone?
            .from_local_datetime(&(local - TimeDelta::hours(1)))
            .earliest()
    });
    there.map(|at| at.with_timezone(&Utc))
}

/// A name as answers have it: `cost_micros` is `costMicros`.
fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        camel.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(letters.as_str());
    }
    camel
}

#[cfg(test)]
mod tests {
    use connector_core::Change;
    use serde_json::{Value, json};

    use super::*;

    fn row(value: Value) -> AdsRow {
        serde_json::from_value(value).unwrap()
    }

    fn campaign_of(value: Value) -> AdCampaign {
        match campaign(row(value), "1").unwrap().change {
            Change::Upsert(Model::AdCampaign(campaign)) => *campaign,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_campaign_has_its_budget_and_its_days_in_its_accounts_zone() {
        let campaign = campaign_of(json!({
            "campaign": {"resourceName": "customers/1/campaigns/2", "name": "Brand",
                "status": "ENABLED", "advertisingChannelType": "SEARCH",
                "startDateTime": "2026-11-01 00:00:00", "endDateTime": "2037-12-30 23:59:59"},
            "campaignBudget": {"amountMicros": "12340000", "totalAmountMicros": "0"},
            "customer": {"currencyCode": "EUR", "timeZone": "Europe/Copenhagen"},
        }));
        assert_eq!(campaign.status, AdCampaignStatus::Active);
        assert_eq!(campaign.daily_budget.map(|it| it.minor), Some(1_234));
        assert_eq!(campaign.lifetime_budget, None);
        let begin: DateTime<Utc> = "2026-10-31T23:00:00Z".parse().unwrap();
        assert_eq!(campaign.starts_at, Some(begin));
        assert_eq!(campaign.ends_at, None);
    }

    #[test]
    fn a_shared_budget_is_no_campaigns_own_and_a_new_status_is_told() {
        let campaign = campaign_of(json!({
            "campaign": {"resourceName": "customers/1/campaigns/2", "status": "RESTING"},
            "campaignBudget": {"amountMicros": "12340000", "explicitlyShared": true},
            "customer": {"currencyCode": "EUR"},
        }));
        assert_eq!(campaign.daily_budget, None);
        assert_eq!(campaign.status, AdCampaignStatus::Unknown);
        assert_eq!(campaign.platform_status.as_deref(), Some("RESTING"));
        assert!(super::campaign(row(json!({})), "1").is_err());
    }

    fn day(metrics: &Value, date: &str) -> Vec<Mapped> {
        let row = row(json!({
            "campaign": {"resourceName": "customers/1/campaigns/2"},
            "customer": {"currencyCode": "JPY", "timeZone": "Asia/Tokyo"},
            "segments": {"date": date}, "metrics": metrics,
        }));
        campaign_day(&row, "1", NaiveDate::from_ymd_opt(2026, 11, 20).unwrap())
    }

    #[test]
    fn a_days_numbers_are_told_one_by_one_and_conversions_move_longest() {
        let metrics = json!({
            "clicks": "12", "costMicros": "840500000", "conversions": 1.25, "ctr": 0.1,
            "allConversions": null, "conversionsByConversionDate": 2,
        });
        let numbers: Vec<AdMetric> = day(&metrics, "2026-11-01")
            .into_iter()
            .map(|mapped| match mapped.unwrap().change {
                Change::Upsert(Model::AdMetric(metric)) => *metric,
                other => panic!("{other:?}"),
            })
            .collect();
        let told: Vec<_> = numbers
            .iter()
            .map(|it| &it.measurement)
            .map(|it| (it.name.as_str(), it.value, it.provisional))
            .collect();
        assert_eq!(
            told,
            [
                ("clicks", 12.0, false),
                ("cost_micros", 840.5, false),
                ("conversions", 1.25, true),
                ("conversions_by_conversion_date", 2.0, false),
            ]
        );
        let cost = &numbers[1].measurement;
        assert_eq!(cost.common, Some(CommonMetric::Spend));
        assert_eq!(cost.currency, Currency::from_code("JPY").ok());
        assert_eq!(cost.time_zone.as_deref(), Some("Asia/Tokyo"));
        assert_eq!(
            cost.external_id("customers/1/campaigns/2"),
            "customers/1/campaigns/2/2026-11-01/cost_micros"
        );
    }

    #[test]
    fn an_odd_number_is_skipped_alone() {
        let mapped = day(&json!({"clicks": "many", "impressions": "7"}), "2026-11-19");
        assert_eq!(mapped.iter().filter(|it| it.is_err()).count(), 1);
        assert_eq!(mapped.len(), 2);
        assert!(day(&json!({"clicks": "1"}), "yesterday")[0].is_err());
    }

    #[test]
    fn a_new_number_is_provisional() {
        let mapped = day(&json!({"clicks": "1"}), "2026-11-17");
        match &mapped[0].as_ref().unwrap().change {
            Change::Upsert(Model::AdMetric(metric)) => assert!(metric.measurement.provisional),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn names_are_written_as_answers_have_them() {
        assert_eq!(camel("clicks"), "clicks");
        assert_eq!(
            camel("conversions_by_conversion_date"),
            "conversionsByConversionDate"
        );
    }
}
