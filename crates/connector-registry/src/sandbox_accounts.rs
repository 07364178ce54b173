//! How each platform is connected at the sandbox. Its credentials are public and open nothing else.

use serde_json::Value;

/// An account that the sandbox has from the start.
#[derive(Clone, Debug)]
pub struct SandboxAccount {
    /// The platform's id.
    pub platform: &'static str,
    /// The auth method's id.
    pub method: &'static str,
    /// What to type into the method's form.
    pub form: &'static [(&'static str, &'static str)],
    /// What to set for the connection.
    pub settings: &'static [(&'static str, &'static str)],
    /// The platform's section of the configuration: the app that the sandbox knows. Null where
    /// there is nothing to configure.
    pub config: Value,
}

/// One account per platform that was built in.
#[must_use]
pub fn sandbox_accounts() -> Vec<SandboxAccount> {
    vec![
        #[cfg(feature = "alias")]
        SandboxAccount {
            platform: "alias",
            method: "personal_access_token",
            form: &[
                ("token", "sbx_pat_demo"),
                ("account_name", "Sandbox seller"),
            ],
            settings: &[("watch", "sneakers")],
            config: Value::Null,
        },
        #[cfg(feature = "shopify")]
        SandboxAccount {
            platform: "shopify",
            method: "oauth",
            form: &[("shop", "crossdock-demo")],
            settings: &[],
            config: serde_json::json!({
                "client_id": "sandbox-shopify-app",
                "client_secret": "sandbox-shopify-secret",
                "scopes": [
                    "read_products",
                    "read_inventory",
                    "read_locations",
                    "read_orders",
                    "read_all_orders",
                    "read_customers",
                    "read_shopify_payments_accounts",
                    "read_shopify_payments_payouts",
                ],
            }),
        },
    ]
}
