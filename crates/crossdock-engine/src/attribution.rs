//! What preceded an inquiry, a booking or an order: a campaign, a piece of content, a channel.
//!
//! Only what a platform was told is joined: a campaign's id that it names itself, a click's id, UTM
//! parameters, a referring page. Where two campaigns fit, none is named; where nothing is known,
//! there is no row. Nothing is guessed from times, amounts or people.

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use connector_core::ModelKind;
use connector_core::model::Origin;
use crossdock_persistence::{
    AttributionMethod, CampaignRef, ConnectionId, ProjectId, ProjectStore, RecordRef, Subject,
    Touch,
};
use url::Url;

use crate::engine::Engine;
use crate::error::Result;

/// How many subjects are joined together.
const BATCH: u32 = 500;

impl Engine {
    /// Works out what preceded the inquiries, bookings and orders that changed since the last time;
    /// all of them when campaigns or content changed. Says how many were looked at. Safe to repeat,
    /// and the same whenever it is done.
    ///
    /// # Errors
    /// The store's. What was worked out before it stays, and the next time begins before it.
    pub async fn attribute(&self, project: ProjectId) -> Result<u64> {
        let _turn = self.attributing().lock().await;
        let store = self.store().project(project);
        // Read before the subjects: what is committed meanwhile is looked at the next time.
        let last = store.last_sequence().await?;
        let mut after = store.attribution_progress().await?;
        let mut campaigns = None;
        let mut looked_at = 0;
        loop {
            let subjects = store.attribution_subjects(after, BATCH).await?;
            let Some(end) = subjects.last().map(|subject| subject.sequence) else {
                break;
            };
            let known = match &campaigns {
                Some(known) => known,
                None => campaigns.insert(Campaigns::of(store.campaigns().await?)),
            };
            let content = content_named_by(&store, &subjects).await?;
            looked_at += subjects.len() as u64;
            let found: Vec<_> = subjects
                .into_iter()
                .map(|subject| {
                    let touches = touches(&subject, known, &content);
                    (subject, touches)
                })
                .collect();
            store.attribute(&found).await?;
            after = end;
        }
        store.set_attribution_progress(last.max(after)).await?;
        Ok(looked_at)
    }
}

/// Whether what precedes, or is preceded, is in streams of this model.
pub(crate) const fn concerns(model: ModelKind) -> bool {
    matches!(
        model,
        ModelKind::Order
            | ModelKind::Inquiry
            | ModelKind::Booking
            | ModelKind::AdCampaign
            | ModelKind::Content
    )
}

/// The content that origins name, and that is stored.
async fn content_named_by(
    store: &ProjectStore,
    subjects: &[Subject],
) -> Result<HashSet<RecordRef>> {
    let mut ids: HashMap<ConnectionId, Vec<&str>> = HashMap::new();
    for subject in subjects {
        if let Some(id) = &subject.origin.content_external_id {
            ids.entry(subject.record.connection).or_default().push(id);
        }
    }
    let mut content = HashSet::new();
    for (connection, ids) in ids {
        content.extend(store.content_named(connection, &ids).await?);
    }
    Ok(content)
}

/// A project's campaigns, by what names them.
#[derive(Debug, Default)]
struct Campaigns {
    by_id: HashMap<String, Vec<CampaignRef>>,
    by_name: HashMap<String, Vec<CampaignRef>>,
}

/// How many campaigns fit.
enum Fit {
    None,
    One(RecordRef),
    Several,
}

impl Campaigns {
    fn of(campaigns: Vec<CampaignRef>) -> Self {
        let mut all = Self::default();
        for campaign in campaigns {
            all.by_name
                .entry(campaign.name.trim().to_lowercase())
                .or_default()
                .push(campaign.clone());
            all.by_id
                .entry(campaign.record.external_id.clone())
                .or_default()
                .push(campaign);
        }
        all
    }

    /// The campaign that the subject's own connection has under an id.
    fn of_connection(&self, subject: &Subject, id: &str) -> Option<RecordRef> {
        self.by_id
            .get(id)?
            .iter()
            .map(|campaign| &campaign.record)
            .find(|record| record.connection == subject.record.connection)
            .cloned()
    }

    /// The campaigns, of whatever connection, that are called so or have that id, and that had begun
    /// when the subject was made.
    fn called(&self, subject: &Subject, name: &str) -> Fit {
        let had_begun = |campaign: &&CampaignRef| match (campaign.starts_at, subject.happened_at) {
            (Some(start), Some(happened)) => start <= happened,
            _ => true,
        };
        let found: HashSet<&RecordRef> = self
            .by_id
            .get(name)
            .into_iter()
            .chain(self.by_name.get(&name.trim().to_lowercase()))
            .flatten()
            .filter(had_begun)
            .map(|campaign| &campaign.record)
            .collect();
        match (found.len(), found.into_iter().next()) {
            (1, Some(record)) => Fit::One(record.clone()),
            (0, _) => Fit::None,
            _ => Fit::Several,
        }
    }
}

/// What preceded a subject, the surest first: what names a campaign or content before what names
/// only a channel, and the platform's word before an address's.
fn touches(subject: &Subject, campaigns: &Campaigns, content: &HashSet<RecordRef>) -> Vec<Touch> {
    let origin = &subject.origin;
    let mut touches: Vec<Touch> = [
        by_platform_id(subject, campaigns, content),
        by_utm(subject, campaigns),
        by_click_id(origin),
        by_referrer(origin),
    ]
    .into_iter()
    .flatten()
    .collect();
    touches.sort_by_key(|touch| touch.target.is_none());
    touches
}

fn by_platform_id(
    subject: &Subject,
    campaigns: &Campaigns,
    content: &HashSet<RecordRef>,
) -> Option<Touch> {
    let origin = &subject.origin;
    let content_record = |id: &String| {
        content
            .iter()
            .find(|record| {
                record.connection == subject.record.connection && record.external_id == *id
            })
            .cloned()
    };
    let (evidence, target) = match origin {
        Origin {
            campaign_external_id: Some(id),
            ..
        } => ("campaign_id", campaigns.of_connection(subject, id)),
        Origin {
            ad_group_external_id: Some(_),
            ..
        } => ("ad_group_id", None),
        Origin {
            ad_external_id: Some(_),
            ..
        } => ("ad_id", None),
        Origin {
            content_external_id: Some(id),
            ..
        } => ("content_id", content_record(id)),
        Origin {
            organic: Some(_), ..
        } => ("organic", None),
        _ => return None,
    };
    let medium = origin
        .organic
        .map(|organic| if organic { "organic" } else { "paid" });
    Some(Touch {
        method: AttributionMethod::PlatformId,
        evidence: evidence.to_owned(),
        channel: Some(subject.platform.clone()),
        medium: medium.map(str::to_owned),
        ambiguous: false,
        target,
    })
}

fn by_utm(subject: &Subject, campaigns: &Campaigns) -> Option<Touch> {
    let origin = &subject.origin;
    let (evidence, fit) = match (&origin.utm_campaign, &origin.utm_source, &origin.utm_medium) {
        (Some(name), ..) => ("utm_campaign", campaigns.called(subject, name)),
        (None, Some(_), _) => ("utm_source", Fit::None),
        (None, None, Some(_)) => ("utm_medium", Fit::None),
        _ => return None,
    };
    let lower = |text: &Option<String>| text.as_ref().map(|text| text.trim().to_lowercase());
    Some(Touch {
        method: AttributionMethod::Utm,
        evidence: evidence.to_owned(),
        channel: lower(&origin.utm_source),
        medium: lower(&origin.utm_medium),
        ambiguous: matches!(fit, Fit::Several),
        target: match fit {
            Fit::One(record) => Some(record),
            Fit::None | Fit::Several => None,
        },
    })
}

/// A click's id says whose advertisement, or link, was clicked. Whose campaign it belonged to is
/// known to that platform alone.
fn by_click_id(origin: &Origin) -> Option<Touch> {
    let kind = origin.click_id_kind.as_deref()?;
    Some(Touch {
        method: AttributionMethod::ClickId,
        evidence: kind.to_owned(),
        channel: Some(origin.click_channel()?.to_owned()),
        medium: None,
        ambiguous: false,
        target: None,
    })
}

fn by_referrer(origin: &Origin) -> Option<Touch> {
    let url = Url::parse(origin.referrer.as_deref()?).ok()?;
    let host = url.host_str()?.to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    Some(Touch {
        method: AttributionMethod::Referrer,
        evidence: "referrer".to_owned(),
        channel: Some(host.to_owned()),
        medium: None,
        ambiguous: false,
        target: None,
    })
}
