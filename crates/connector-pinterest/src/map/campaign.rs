//! Campaigns of advertisements.

use connector_core::model::{AdCampaign, AdCampaignStatus, Currency, Money};
use connector_core::{Model, Record, Skipped};

use super::{Mapped, text};
use crate::api::{Campaign, from_seconds};

/// A campaign of an ad account. Budgets are in the account's currency, and are left out where that
/// isn't known.
///
/// # Errors
/// A budget that doesn't fit.
pub fn campaign(account: &str, currency: Option<Currency>, campaign: Campaign) -> Mapped {
    let budget = |micros: Option<i64>| {
        // Zero and null are the same: no cap.
        let micros = micros.filter(|micros| *micros > 0);
        match (micros, currency) {
            (Some(micros), Some(currency)) => from_micros(micros, currency)
                .map(Some)
                .ok_or_else(|| Skipped::new(&campaign.id, "its budget is too large")),
            _ => Ok(None),
        }
    };
    let model = AdCampaign {
        account_external_id: account.to_owned(),
        daily_budget: budget(campaign.daily_spend_cap)?,
        lifetime_budget: budget(campaign.lifetime_spend_cap)?,
        name: campaign.name.unwrap_or_default(),
        status: status(campaign.status.as_deref()),
        // Why it isn't shown is said by the summary, where there is one.
        platform_status: text(campaign.summary_status).or(text(campaign.status)),
        objective: text(campaign.objective_type),
        channel: None,
        starts_at: from_seconds(campaign.start_time),
        ends_at: from_seconds(campaign.end_time),
        created_at: from_seconds(campaign.created_time),
        updated_at: from_seconds(campaign.updated_time),
    };
    Ok(Record::upsert(
        campaign.id,
        model.updated_at,
        Model::AdCampaign(Box::new(model)),
    ))
}

fn status(word: Option<&str>) -> AdCampaignStatus {
    match word {
        Some("ACTIVE") => AdCampaignStatus::Active,
        Some("PAUSED") => AdCampaignStatus::Paused,
        Some("DRAFT") => AdCampaignStatus::Draft,
        Some("ARCHIVED") => AdCampaignStatus::Archived,
        Some("DELETED_DRAFT") => AdCampaignStatus::Deleted,
        _ => AdCampaignStatus::Unknown,
    }
}

/// Millionths of the main unit as money, rounded half up: `None` where that doesn't fit.
fn from_micros(micros: i64, currency: Currency) -> Option<Money> {
    let scaled = i128::from(micros) * 10_i128.pow(currency.exponent());
    let minor = (scaled + 500_000).div_euclid(1_000_000);
    Some(Money::new(i64::try_from(minor).ok()?, currency))
}

#[cfg(test)]
mod tests {
    use connector_core::Change;

    use super::*;

    fn read(json: &str, currency: Option<&str>) -> AdCampaign {
        let currency = currency.map(|code| code.parse().unwrap());
        let record = campaign("7", currency, serde_json::from_str(json).unwrap()).unwrap();
        match record.change {
            Change::Upsert(Model::AdCampaign(campaign)) => *campaign,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn budgets_are_millionths_and_zero_is_none() {
        let dollars = r#"{"id":"1","name":"Vases","status":"ACTIVE","summary_status":"RUNNING","daily_spend_cap":25500000,"lifetime_spend_cap":0,"start_time":1623196800,"end_time":-1}"#;
        let campaign = read(dollars, Some("USD"));
        assert_eq!(campaign.daily_budget.unwrap().to_string(), "25.50 USD");
        assert_eq!(campaign.lifetime_budget, None);
        assert_eq!(campaign.platform_status.as_deref(), Some("RUNNING"));
        assert!(campaign.starts_at.is_some() && campaign.ends_at.is_none());
        let yen = read(r#"{"id":"1","daily_spend_cap":5000000000}"#, Some("JPY"));
        assert_eq!(yen.daily_budget.unwrap().to_string(), "5000 JPY");
        assert_eq!(read(dollars, None).daily_budget, None);
    }

    #[test]
    fn every_status_is_known_and_a_new_one_is_none_of_them() {
        for (word, expected) in [
            ("PAUSED", AdCampaignStatus::Paused),
            ("ARCHIVED", AdCampaignStatus::Archived),
            ("DRAFT", AdCampaignStatus::Draft),
            ("DELETED_DRAFT", AdCampaignStatus::Deleted),
            ("SLEEPING", AdCampaignStatus::Unknown),
        ] {
            let json = format!(r#"{{"id":"1","status":"{word}"}}"#);
            let campaign = read(&json, None);
            assert_eq!(campaign.status, expected);
            assert_eq!(campaign.platform_status.as_deref(), Some(word));
        }
    }
}
