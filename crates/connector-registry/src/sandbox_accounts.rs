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
        #[cfg(feature = "amazon-spapi")]
        SandboxAccount {
            platform: "amazon-spapi",
            method: "oauth",
            form: &[("marketplace", "US")],
            settings: &[],
            config: serde_json::json!({
                "application_id": "amzn1.sp.solution.00000000-0000-4000-8000-000000000001",
                "client_id": "amzn1.application-oa2-client.sandbox",
                "client_secret": "sandbox-amazon-secret",
                "notification_token": "sbx-amazon-notification-token",
            }),
        },
        // eBay sends people back to where the developer portal says, which the demo can't set: the
        // other way to connect.
        #[cfg(feature = "ebay")]
        SandboxAccount {
            platform: "ebay",
            method: "refresh_token",
            form: &[
                ("refresh_token", "sbx_ebay_refresh_demo"),
                ("marketplace", "EBAY_GB"),
            ],
            settings: &[("traffic_marketplaces", "EBAY_US")],
            config: serde_json::json!({
                "client_id": "CrossdockSandbox-SBX-demo",
                "client_secret": "sandbox-ebay-secret",
                "ru_name": "Crossdock-Sandbox-demo",
                "verification_token": "sbx_ebay_verification_token_of_the_sandbox",
                "alert_email": "alerts@example.com",
            }),
        },
        // What to read is said beforehand, so that nobody is asked on the way.
        #[cfg(feature = "google")]
        SandboxAccount {
            platform: "google",
            method: "oauth",
            form: &[("sources", "all")],
            settings: &[("history_days", "30")],
            config: serde_json::json!({
                "client_id": "sandbox-google-client.apps.googleusercontent.com",
                "client_secret": "sandbox-google-secret",
            }),
        },
        #[cfg(feature = "meta")]
        SandboxAccount {
            platform: "meta",
            method: "oauth",
            form: &[],
            settings: &[],
            config: serde_json::json!({
                "app_id": "100000000000001",
                "app_secret": "sandbox-meta-secret",
                "verify_token": "sandbox-meta-verify",
            }),
        },
        #[cfg(feature = "pinterest")]
        SandboxAccount {
            platform: "pinterest",
            method: "oauth",
            form: &[],
            settings: &[],
            config: serde_json::json!({
                "client_id": "1000001",
                "client_secret": "sandbox-pinterest-secret",
            }),
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
