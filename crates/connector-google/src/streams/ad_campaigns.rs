//! Campaigns of Google Ads, removed ones included.

use connector_core::{Error, ErrorKind, Result};

use super::Reader;
use super::whole::{Listed, Whole};
use crate::ads_account::AdsAccount;
use crate::map::{self, Mapped};
use crate::service::Service;
use crate::sources;

/// The stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct AdCampaigns;

impl Whole for AdCampaigns {
    const SERVICE: Service = Service::Ads;
    const THINGS: &'static str = "campaigns";

    async fn read(&self, reader: &Reader, source: &str, _token: Option<String>) -> Result<Listed> {
        let account = AdsAccount::of(&reader.session, source)?;
        Ok(Listed {
            mapped: campaigns(reader, &account, "").await?,
            next: None,
        })
    }
}

/// The campaigns of an account that a condition leaves.
async fn campaigns(reader: &Reader, account: &AdsAccount, only: &str) -> Result<Vec<Mapped>> {
    let fields = map::CAMPAIGN_FIELDS.join(", ");
    let query = format!("SELECT {fields} FROM campaign{only}");
    let chunks = reader.session.call(&account.ask(query)).await?;
    let rows = chunks.into_iter().flat_map(|chunk| chunk.results);
    let mapped = rows.map(|entry| {
        entry.map(map::IDS, reader.keep_raw, |row| {
            map::campaign(row, &account.customer)
        })
    });
    Ok(mapped.collect())
}

/// One campaign as Google has it now, by its name: `customers/1/campaigns/2`. Its account must be one
/// of those that are read, which tell through which manager it is reached.
pub(super) async fn one(reader: &Reader, id: &str) -> Result<Mapped> {
    let (customer, number) = parts(id).ok_or_else(|| {
        Error::input(
            "external_id",
            "a campaign's id is written as customers/1/campaigns/2",
        )
    })?;
    let none = || Error::new(ErrorKind::NotFound, "Google has no such campaign");
    for source in sources::chosen(&reader.session, Service::Ads).await? {
        let account = AdsAccount::of(&reader.session, &source)?;
        if account.customer == customer {
            let only = format!(" WHERE campaign.id = {number}");
            let found = campaigns(reader, &account, &only).await?;
            return found.into_iter().next().ok_or_else(none);
        }
    }
    Err(none())
}

/// The numbers of an account and a campaign in the campaign's id.
fn parts(id: &str) -> Option<(&str, &str)> {
    let (customer, campaign) = id.strip_prefix("customers/")?.split_once("/campaigns/")?;
    let is_number = |text: &str| {
        (1..=19).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    (is_number(customer) && is_number(campaign)).then_some((customer, campaign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_two_numbers_and_nothing_else() {
        assert_eq!(parts("customers/1/campaigns/2"), Some(("1", "2")));
        for odd in [
            "customers/1/campaigns/",
            "customers/1/campaigns/2 OR TRUE",
            "customers/1",
            "campaigns/2",
        ] {
            assert_eq!(parts(odd), None, "{odd}");
        }
    }
}
