//! Campaigns of Google Ads, removed ones included.

use connector_core::Result;

use super::Reader;
use super::whole::{Listed, Whole};
use crate::ads_account::AdsAccount;
use crate::map;
use crate::service::Service;

/// The stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct AdCampaigns;

impl Whole for AdCampaigns {
    const SERVICE: Service = Service::Ads;
    const THINGS: &'static str = "campaigns";

    async fn read(&self, reader: &Reader, source: &str, _token: Option<String>) -> Result<Listed> {
        let account = AdsAccount::of(&reader.session, source)?;
        let query = format!("SELECT {} FROM campaign", map::CAMPAIGN_FIELDS.join(", "));
        let chunks = reader.session.call(&account.ask(query)).await?;
        let rows = chunks.into_iter().flat_map(|chunk| chunk.results);
        let mapped = rows.map(|entry| {
            entry.map(map::IDS, reader.keep_raw, |row| {
                map::campaign(row, &account.customer)
            })
        });
        Ok(Listed {
            mapped: mapped.collect(),
            next: None,
        })
    }
}
