//! Campaigns.

use connector_core::model::{AdCampaign, AdCampaignStatus, Currency, Money};
use connector_core::{Model, Record, Skipped};

use super::{Mapped, text};
use crate::api::Campaign;

/// The currencies that Meta counts in whole units; all others it counts in hundredths, also those
/// that are divided by a thousand elsewhere (developers.facebook.com, "Currencies" of the Marketing
/// API, read in November 2026).
const WHOLE: [&str; 11] = [
    "CLP", "COP", "CRC", "HUF", "IDR", "ISK", "JPY", "KRW", "PYG", "TWD", "VND",
];

/// A campaign of an ad account. Budgets are in the account's currency, and left out where that is
/// not known. One without a name is skipped.
///
pub fn campaign(account: &str, currency: Option<Currency>, campaign: Campaign) -> Mapped {
    let id = campaign.id;
    let name = text(campaign.name).ok_or_else(|| Skipped::new(&id, "the campaign has no name"))?;
    let money = |budget: Option<f64>| currency.zip(budget).and_then(|(it, sum)| money(sum, it));
    let platform_status = text(campaign.effective_status).or_else(|| text(campaign.status));
    let updated_at = campaign.updated_time;
    let model = AdCampaign {
        account_external_id: account.to_owned(),
        name,
        status: status(platform_status.as_deref()),
        platform_status,
        objective: text(campaign.objective),
        channel: None,
        daily_budget: money(campaign.daily_budget),
        lifetime_budget: money(campaign.lifetime_budget),
        starts_at: campaign.start_time,
        ends_at: campaign.stop_time,
        created_at: campaign.created_time,
        updated_at,
    };
    let model = Model::AdCampaign(Box::new(model));
    Ok(Record::upsert(id, updated_at, model))
}

fn status(word: Option<&str>) -> AdCampaignStatus {
    match word {
        Some("ACTIVE") => AdCampaignStatus::Active,
        Some("PAUSED") => AdCampaignStatus::Paused,
        Some("ARCHIVED") => AdCampaignStatus::Archived,
        Some("DELETED") => AdCampaignStatus::Deleted,
        _ => AdCampaignStatus::Unknown,
    }
}

/// A budget in Meta's unit of the currency; zero is none.
fn money(sum: f64, currency: Currency) -> Option<Money> {
    let amount = if WHOLE.contains(&currency.code()) {
        format!("{sum:.0}")
    } else {
        format!("{:.2}", sum / 100.0)
    };
    let money = Money::from_decimal(&amount, currency).ok()?;
    (money.minor != 0).then_some(money)
}

#[cfg(test)]
mod tests {
    use connector_core::Change;

    use super::*;

    fn map(json: &str, currency: &str) -> AdCampaign {
        let campaign = campaign(
            "act_1",
            Currency::from_code(currency).ok(),
            serde_json::from_str(json).unwrap(),
        );
        match campaign.unwrap().change {
            Change::Upsert(Model::AdCampaign(campaign)) => *campaign,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_budget_is_in_metas_unit_of_the_currency() {
        let json = r#"{"id":"1","name":"a","daily_budget":"2500","lifetime_budget":"0"}"#;
        let minor = |currency| map(json, currency).daily_budget.unwrap().minor;
        // Hundredths, whole units of what has none, whole units of what has hundredths elsewhere,
        // and hundredths of what has thousandths elsewhere.
        assert_eq!(minor("EUR"), 2_500);
        assert_eq!(minor("JPY"), 2_500);
        assert_eq!(minor("HUF"), 250_000);
        assert_eq!(minor("KWD"), 25_000);
        assert_eq!(map(json, "EUR").lifetime_budget, None);
        assert_eq!(map(json, "nothing").daily_budget, None);
    }

    #[test]
    fn what_it_belongs_to_counts_for_where_it_stands() {
        let campaign = map(
            r#"{"id":"1","name":"a","status":"ACTIVE","effective_status":"DELETED","updated_time":"2024-03-12T15:02:47-0700"}"#,
            "EUR",
        );
        assert_eq!(campaign.status, AdCampaignStatus::Deleted);
        assert_eq!(campaign.platform_status.as_deref(), Some("DELETED"));
        assert!(campaign.updated_at.is_some());
        let issues = map(
            r#"{"id":"1","name":"a","effective_status":"WITH_ISSUES"}"#,
            "EUR",
        );
        assert_eq!(issues.status, AdCampaignStatus::Unknown);
    }

    #[test]
    fn one_without_a_name_is_skipped() {
        let nameless = serde_json::from_str(r#"{"id":"7"}"#).unwrap();
        let skipped = campaign("act_1", None, nameless).unwrap_err();
        assert_eq!(skipped.external_id.as_deref(), Some("7"));
    }
}
