//! Connections and accounts as the API shows them.

use chrono::{DateTime, Utc};
use connector_core::Account;
use crossdock_persistence::{Connection, ConnectionStatus};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// One authorised account on a platform.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConnectionView {
    /// Its id.
    pub(super) id: String,
    /// The platform's id.
    platform: String,
    account: AccountView,
    /// How it was connected.
    auth_method: String,
    /// `active`, `reconnect_required` or `disconnected`.
    #[schema(value_type = String)]
    status: ConnectionStatus,
    /// Why it stands there.
    status_reason: Option<String>,
    /// When its credential stops working unless it is renewed, which happens by itself.
    expires_at: Option<DateTime<Utc>>,
    /// When a person must connect again.
    reconnect_by: Option<DateTime<Utc>>,
    connected_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    /// What a person set.
    settings: BTreeMap<String, String>,
    /// Whether records keep the JSON as the platform sent it.
    keep_raw: bool,
}

/// What a platform says of an account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccountView {
    /// The platform's id of it.
    id: String,
    name: String,
    /// What was granted, in the platform's words.
    scopes: Vec<String>,
    /// What a person should know before relying on it.
    warnings: Vec<String>,
}

impl From<Connection> for ConnectionView {
    fn from(connection: Connection) -> Self {
        Self {
            id: connection.id.to_string(),
            platform: connection.platform,
            account: connection.account.into(),
            auth_method: connection.auth_method,
            status: connection.status,
            status_reason: connection.status_reason,
            expires_at: connection.expires_at,
            reconnect_by: connection.reconnect_by,
            connected_at: connection.connected_at,
            updated_at: connection.updated_at,
            settings: connection.settings.0,
            keep_raw: connection.keep_raw,
        }
    }
}

impl From<Account> for AccountView {
    fn from(account: Account) -> Self {
        Self {
            id: account.id,
            name: account.name,
            scopes: account.scopes,
            warnings: account.warnings,
        }
    }
}
