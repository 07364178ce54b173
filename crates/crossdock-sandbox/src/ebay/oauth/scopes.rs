//! The scopes that an app can ask for. Their names are the same in both environments.

/// What every scope begins with, and by itself the scope of what needs no more.
pub(crate) const BASE: &str = "https://api.ebay.com/oauth/api_scope";

/// The scopes after the base, with what the consent page says of them.
pub(crate) const SCOPES: &[(&str, &str)] = &[
    ("", "See public data"),
    ("sell.inventory", "See and change your inventory and offers"),
    ("sell.inventory.readonly", "See your inventory and offers"),
    ("sell.account", "See and change your account settings"),
    ("sell.account.readonly", "See your account settings"),
    ("sell.fulfillment", "See and fulfil your orders"),
    ("sell.fulfillment.readonly", "See your orders"),
    ("sell.finances", "See your payouts and issue refunds"),
    ("sell.analytics.readonly", "See your selling analytics"),
    ("sell.marketing", "See and change your marketing"),
    ("sell.marketing.readonly", "See your marketing"),
    ("sell.payment.dispute", "See and answer payment disputes"),
    ("sell.stores", "See and change your store"),
    ("sell.stores.readonly", "See your store"),
    ("sell.reputation", "See and change your reputation"),
    ("sell.reputation.readonly", "See your reputation"),
    ("commerce.identity.readonly", "See who you are"),
    ("commerce.identity.name.readonly", "See your name"),
    ("commerce.identity.address.readonly", "See your address"),
    (
        "commerce.identity.email.readonly",
        "See your e-mail address",
    ),
    (
        "commerce.identity.phone.readonly",
        "See your telephone number",
    ),
    (
        "commerce.notification.subscription",
        "Subscribe to notifications",
    ),
    (
        "commerce.notification.subscription.readonly",
        "See notification subscriptions",
    ),
];

/// What the consent page says of a scope; `None` for one that there isn't.
pub(crate) fn words(scope: &str) -> Option<&'static str> {
    let name = scope.strip_prefix(BASE)?;
    SCOPES
        .iter()
        .find(|(known, _)| match name.strip_prefix('/') {
            Some(name) => !name.is_empty() && *known == name,
            None => name.is_empty() && known.is_empty(),
        })
        .map(|(_, words)| *words)
}

/// All scopes, as a token carries them.
pub(crate) fn all() -> Vec<String> {
    SCOPES
        .iter()
        .map(|(name, _)| {
            if name.is_empty() {
                BASE.to_owned()
            } else {
                format!("{BASE}/{name}")
            }
        })
        .collect()
}
