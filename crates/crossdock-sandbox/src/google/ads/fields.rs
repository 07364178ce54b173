//! Which fields may be selected from which resource: those of v26 that a reader of campaigns and
//! their numbers is likely to ask for. (The resources' protocol buffers.)

/// A resource that can stand after FROM: the resources whose fields it brings along, and whether it
/// has metrics and segments.
pub(super) static RESOURCES: &[(&str, &[&str], bool)] = &[
    (
        "campaign",
        &["campaign", "campaign_budget", "customer"],
        true,
    ),
    ("ad_group", &["ad_group", "campaign", "customer"], true),
    ("customer", &["customer"], true),
    ("customer_client", &["customer_client", "customer"], false),
    ("campaign_budget", &["campaign_budget", "customer"], false),
];

/// The fields of each resource.
static FIELDS: &[(&str, &[&str])] = &[
    (
        "campaign",
        &[
            "ad_serving_optimization_status",
            "advertising_channel_sub_type",
            "advertising_channel_type",
            "base_campaign",
            "bidding_strategy",
            "bidding_strategy_system_status",
            "bidding_strategy_type",
            "campaign_budget",
            "campaign_group",
            "contains_eu_political_advertising",
            "end_date_time",
            "experiment_type",
            "final_url_suffix",
            "id",
            "labels",
            "listing_type",
            "name",
            "network_settings.target_content_network",
            "network_settings.target_google_search",
            "network_settings.target_search_network",
            "optimization_score",
            "payment_mode",
            "primary_status",
            "primary_status_reasons",
            "resource_name",
            "serving_status",
            "start_date_time",
            "status",
            "target_roas.target_roas",
            "tracking_url_template",
            "url_custom_parameters",
        ],
    ),
    (
        "campaign_budget",
        &[
            "amount_micros",
            "delivery_method",
            "explicitly_shared",
            "id",
            "name",
            "period",
            "reference_count",
            "resource_name",
            "status",
            "total_amount_micros",
        ],
    ),
    (
        "ad_group",
        &[
            "base_ad_group",
            "campaign",
            "cpc_bid_micros",
            "cpm_bid_micros",
            "effective_target_cpa_micros",
            "final_url_suffix",
            "id",
            "labels",
            "name",
            "primary_status",
            "resource_name",
            "status",
            "target_cpa_micros",
            "target_roas",
            "tracking_url_template",
            "type",
        ],
    ),
    (
        "customer",
        &[
            "auto_tagging_enabled",
            "currency_code",
            "descriptive_name",
            "final_url_suffix",
            "has_partners_badge",
            "id",
            "manager",
            "optimization_score",
            "resource_name",
            "status",
            "test_account",
            "time_zone",
            "tracking_url_template",
        ],
    ),
    (
        "customer_client",
        &[
            "applied_labels",
            "client_customer",
            "currency_code",
            "descriptive_name",
            "hidden",
            "id",
            "level",
            "manager",
            "resource_name",
            "status",
            "test_account",
            "time_zone",
        ],
    ),
];

/// The segments that numbers can be told apart by.
pub(super) static SEGMENTS: &[&str] = &[
    "ad_network_type",
    "date",
    "day_of_week",
    "device",
    "month",
    "quarter",
    "week",
    "year",
];

/// Whether some resource has a field.
pub(in crate::google) fn exists(field: &str) -> bool {
    field.split_once('.').is_some_and(|(resource, name)| {
        FIELDS
            .iter()
            .any(|(known, fields)| *known == resource && fields.contains(&name))
    })
}
