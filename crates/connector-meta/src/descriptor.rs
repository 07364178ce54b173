//! What Meta is, as data.

use connector_core::{
    AuthMethod, Descriptor, Field, FieldKind, ModelKind, Reading, StreamDescriptor,
};

/// The id of Facebook Login.
pub(crate) const OAUTH: &str = "oauth";
/// The id of the method that takes a system user's token.
pub(crate) const SYSTEM_USER_TOKEN: &str = "system_user_token";

/// The streams' ids.
pub(crate) const PAGE_POSTS: &str = "page_posts";
pub(crate) const PAGE_POST_METRICS: &str = "page_post_metrics";
pub(crate) const PAGE_METRICS: &str = "page_metrics";
pub(crate) const INSTAGRAM_MEDIA: &str = "instagram_media";
pub(crate) const INSTAGRAM_MEDIA_METRICS: &str = "instagram_media_metrics";
pub(crate) const INSTAGRAM_METRICS: &str = "instagram_metrics";
pub(crate) const CONVERSATIONS: &str = "conversations";
pub(crate) const LEADS: &str = "leads";
pub(crate) const REVIEWS: &str = "reviews";
pub(crate) const PRODUCTS: &str = "products";
pub(crate) const AD_CAMPAIGNS: &str = "ad_campaigns";
pub(crate) const AD_METRICS: &str = "ad_metrics";

/// The setting that names the pages to read.
pub(crate) const PAGES: &str = "pages";
/// The setting that names the catalogues to read.
pub(crate) const CATALOGS: &str = "catalogs";
/// The setting that names the ad accounts to read.
pub(crate) const AD_ACCOUNTS: &str = "ad_accounts";

/// What Facebook Login asks for where no configuration says it: what the streams and webhooks need.
pub(crate) const SCOPES: &[&str] = &[
    "pages_show_list",
    "pages_read_engagement",
    "pages_read_user_content",
    "pages_manage_metadata",
    "pages_messaging",
    "pages_manage_ads",
    "read_insights",
    "instagram_basic",
    "instagram_manage_insights",
    "instagram_manage_messages",
    "ads_read",
    "leads_retrieval",
    "catalog_management",
    "business_management",
];

const TOKEN: Field = Field {
    name: "token",
    label: "System user's token",
    help: "Meta Business Suite, Settings, System users: generate a token for your app, with the pages, ad accounts and catalogues assigned to the system user.",
    kind: FieldKind::Secret,
    example: "the token that is shown once",
    required: true,
};

/// Meta, described.
pub const DESCRIPTOR: Descriptor = Descriptor {
    id: "meta",
    name: "Meta",
    summary: "Posts, insights, conversations, leads and recommendations of Facebook pages, what is on Instagram, ads and their numbers, and catalogues.",
    docs: "https://developers.facebook.com/docs/graph-api",
    auth_methods: &[
        AuthMethod {
            id: OAUTH,
            label: "Log in with Facebook",
            fields: &[],
            redirects: true,
            needs: &["app_id", "app_secret"],
            docs: "https://developers.facebook.com/docs/facebook-login/facebook-login-for-business",
        },
        AuthMethod {
            id: SYSTEM_USER_TOKEN,
            label: "System user's token",
            fields: &[TOKEN],
            redirects: false,
            needs: &["app_id", "app_secret"],
            docs: "https://developers.facebook.com/docs/business-management-apis/system-users",
        },
    ],
    streams: &[
        StreamDescriptor {
            id: PAGE_POSTS,
            label: "Page posts",
            model: ModelKind::Content,
            reading: Reading::Incremental,
            scopes: &["pages_show_list", "pages_read_engagement"],
            about: "What the pages published. Posts of the last 30 days are read again each time; edits to older ones, and deletions, aren't seen. Facebook gives about 600 posts of a year.",
        },
        StreamDescriptor {
            id: PAGE_POST_METRICS,
            label: "Page post metrics",
            model: ModelKind::ContentMetric,
            reading: Reading::Incremental,
            scopes: &["pages_show_list", "pages_read_engagement", "read_insights"],
            about: "Views, clicks and reactions of posts over their life, as of the day they are read: first of all posts, then of those younger than 30 days.",
        },
        StreamDescriptor {
            id: PAGE_METRICS,
            label: "Page metrics",
            model: ModelKind::Metric,
            reading: Reading::Incremental,
            scopes: &["pages_show_list", "pages_read_engagement", "read_insights"],
            about: "Views, followers and engagement of each page by day in Pacific time, for two years. The last three days are read again, as Facebook still counts them.",
        },
        StreamDescriptor {
            id: INSTAGRAM_MEDIA,
            label: "Instagram media",
            model: ModelKind::Content,
            reading: Reading::Incremental,
            scopes: &[
                "pages_show_list",
                "pages_read_engagement",
                "instagram_basic",
            ],
            about: "Pictures, films, reels and albums of the accounts of Instagram that are linked to the pages, the newest 10,000. Those of the last 30 days are read again each time. Stories, which last a day, aren't here.",
        },
        StreamDescriptor {
            id: INSTAGRAM_MEDIA_METRICS,
            label: "Instagram media metrics",
            model: ModelKind::ContentMetric,
            reading: Reading::Incremental,
            scopes: &[
                "pages_show_list",
                "pages_read_engagement",
                "instagram_basic",
                "instagram_manage_insights",
            ],
            about: "Views, reach, likes, saves and watch time of what is on Instagram over its life, as of the day they are read, without what ads added: first of two years, then of what is younger than 30 days.",
        },
        StreamDescriptor {
            id: INSTAGRAM_METRICS,
            label: "Instagram metrics",
            model: ModelKind::Metric,
            reading: Reading::Incremental,
            scopes: &[
                "pages_show_list",
                "pages_read_engagement",
                "instagram_basic",
                "instagram_manage_insights",
            ],
            about: "Views, reach, interactions and profile visits of each account of Instagram by day in Pacific time, first of 90 days, and new followers of 30. The last three days are read again, as numbers lag by up to two.",
        },
        StreamDescriptor {
            id: CONVERSATIONS,
            label: "Conversations",
            model: ModelKind::Inquiry,
            reading: Reading::Incremental,
            scopes: &[
                "pages_show_list",
                "pages_messaging",
                "pages_manage_metadata",
                "instagram_manage_messages",
            ],
            about: "Who wrote to the pages in Messenger and on Instagram, with the last message. Names are kept, as they are needed to answer.",
        },
        StreamDescriptor {
            id: LEADS,
            label: "Leads",
            model: ModelKind::Inquiry,
            reading: Reading::Incremental,
            scopes: &[
                "pages_show_list",
                "pages_read_engagement",
                "pages_manage_ads",
                "leads_retrieval",
            ],
            about: "Who filled in a form of the pages, with the answers and the advertisement that led to it. Meta keeps them for 90 days. Names, addresses and numbers are kept, as they are needed to answer.",
        },
        StreamDescriptor {
            id: REVIEWS,
            label: "Recommendations",
            model: ModelKind::Review,
            reading: Reading::Complete,
            scopes: &["pages_show_list", "pages_read_user_content"],
            about: "Recommendations of the pages, as far as Facebook still gives them: its documentation is at odds about that. Where it doesn't, the sync says so and goes on.",
        },
        StreamDescriptor {
            id: PRODUCTS,
            label: "Products",
            model: ModelKind::Product,
            reading: Reading::Complete,
            scopes: &["catalog_management", "business_management"],
            about: "What is in the catalogues that the businesses own, each size and colour a product of its own, with its price, whether it is sold and what is left. All of it is read each time, as nothing tells what changed.",
        },
        StreamDescriptor {
            id: AD_CAMPAIGNS,
            label: "Ad campaigns",
            model: ModelKind::AdCampaign,
            reading: Reading::Incremental,
            scopes: &["ads_read"],
            about: "Campaigns of the ad accounts, with budgets in the account's currency; archived and deleted ones too.",
        },
        StreamDescriptor {
            id: AD_METRICS,
            label: "Ad metrics",
            model: ModelKind::AdMetric,
            reading: Reading::Incremental,
            scopes: &["ads_read"],
            about: "Impressions, reach, clicks, cost and what people did, by ad and day of the account, for 37 months. The last 28 days are read again, as Meta still credits actions to them.",
        },
    ],
    settings: &[
        Field {
            name: PAGES,
            label: "Pages",
            help: "Ids of pages, one per line. Empty: all that were shared.",
            kind: FieldKind::Lines,
            example: "104000000000001",
            required: false,
        },
        Field {
            name: CATALOGS,
            label: "Catalogues",
            help: "Ids of catalogues, one per line. Empty: all that the businesses own.",
            kind: FieldKind::Lines,
            example: "500000000000001",
            required: false,
        },
        Field {
            name: AD_ACCOUNTS,
            label: "Ad accounts",
            help: "Ids of ad accounts, one per line, with or without act_. Empty: all that were shared.",
            kind: FieldKind::Lines,
            example: "act_400000000000001",
            required: false,
        },
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_streams_need_is_asked_for() {
        for stream in DESCRIPTOR.streams {
            for scope in stream.scopes {
                assert!(SCOPES.contains(scope), "{scope} of {}", stream.id);
            }
        }
    }
}
