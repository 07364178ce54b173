//! What led somebody to a merchant.

use serde::{Deserialize, Serialize};

/// What a platform says of how somebody came: only what it was told, nothing worked out.
///
/// The UTM parameters are those of the landing page's address, unchanged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Origin {
    /// `utm_source`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utm_source: Option<String>,
    /// `utm_medium`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utm_medium: Option<String>,
    /// `utm_campaign`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utm_campaign: Option<String>,
    /// `utm_term`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utm_term: Option<String>,
    /// `utm_content`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utm_content: Option<String>,
    /// The parameter that a click's id came in: `gclid`, `fbclid`, `epik`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub click_id_kind: Option<String>,
    /// The click's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub click_id: Option<String>,
    /// The page that led there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referrer: Option<String>,
    /// The page that was seen first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub landing_page: Option<String>,
    /// The platform's id of the campaign.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campaign_external_id: Option<String>,
    /// The platform's id of the ad group or ad set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ad_group_external_id: Option<String>,
    /// The platform's id of the advertisement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ad_external_id: Option<String>,
    /// The platform's id of the post, video or pin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_external_id: Option<String>,
    /// Whether nothing was paid for it, where the platform says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organic: Option<bool>,
}

/// The parameters that carry a click's id, and nothing else, and the channel that was clicked in, as
/// each advertising network documents for its own links. A channel is a word for people, as a UTM
/// source is; it names no connector.
const CLICK_IDS: [(&str, &str); 8] = [
    ("gclid", "google"),
    ("gbraid", "google"),
    ("wbraid", "google"),
    ("fbclid", "meta"),
    ("epik", "pinterest"),
    ("msclkid", "microsoft"),
    ("ttclid", "tiktok"),
    ("yclid", "yandex"),
];

/// The channel whose clicks have their id in this parameter.
fn channel_of_click(parameter: &str) -> Option<&'static str> {
    let (_, channel) = CLICK_IDS.iter().find(|(known, _)| *known == parameter)?;
    Some(channel)
}

impl Origin {
    /// Nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What is known, or `None`.
    #[must_use]
    pub fn known(self) -> Option<Self> {
        (!self.is_empty()).then_some(self)
    }

    /// The channel that was clicked in, lower case, as the kind of the click's id tells: `google` for
    /// a `gclid`. `None` where there is no such kind, or one that no channel is known to give.
    #[must_use]
    pub fn click_channel(&self) -> Option<&'static str> {
        channel_of_click(self.click_id_kind.as_deref()?)
    }

    /// What the address of a landing page says: its UTM parameters and its click's id.
    ///
    /// An address that can't be read says nothing.
    #[must_use]
    pub fn of_landing_page(address: &str) -> Self {
        let mut origin = Self::default();
        let Ok(url) = url::Url::parse(address) else {
            return origin;
        };
        for (name, value) in url.query_pairs().filter(|(_, value)| !value.is_empty()) {
            let value = value.into_owned();
            match name.as_ref() {
                "utm_source" => origin.utm_source = Some(value),
                "utm_medium" => origin.utm_medium = Some(value),
                "utm_campaign" => origin.utm_campaign = Some(value),
                "utm_term" => origin.utm_term = Some(value),
                "utm_content" => origin.utm_content = Some(value),
                name if origin.click_id.is_none() && channel_of_click(name).is_some() => {
                    origin.click_id_kind = Some(name.to_owned());
                    origin.click_id = Some(value);
                }
                _ => {}
            }
        }
        if !origin.is_empty() {
            origin.landing_page = Some(address.to_owned());
        }
        origin
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_it_carries() {
        let address = "https://studio.example/book?utm_source=pinterest&utm_campaign=Fr%C3%BChling&gclid=sbx-1";
        let origin = Origin::of_landing_page(address);
        assert_eq!(origin.utm_source.as_deref(), Some("pinterest"));
        assert_eq!(origin.utm_campaign.as_deref(), Some("Frühling"));
        assert_eq!(origin.click_id_kind.as_deref(), Some("gclid"));
        assert_eq!(origin.click_channel(), Some("google"));
        assert_eq!(origin.landing_page.as_deref(), Some(address));
    }

    #[test]
    fn every_click_id_that_an_address_may_carry_has_a_channel() {
        for (kind, channel) in CLICK_IDS {
            let origin =
                Origin::of_landing_page(&format!("https://studio.example/?{kind}=made-up"));
            assert_eq!(origin.click_channel(), Some(channel), "{kind}");
        }
        let origin = Origin {
            click_id_kind: Some("of-nobody".to_owned()),
            ..Origin::default()
        };
        assert_eq!(origin.click_channel(), None);
        assert_eq!(Origin::default().click_channel(), None);
    }

    #[test]
    fn an_address_that_carries_nothing_says_nothing() {
        for address in ["https://studio.example/?utm_source=", "not an address", ""] {
            assert_eq!(Origin::of_landing_page(address).known(), None, "{address}");
        }
    }
}
