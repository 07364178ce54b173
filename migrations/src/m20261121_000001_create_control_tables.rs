//! Projects, connections, credentials, runs, checkpoints, the webhook inbox, the audit log.

#![expect(
    elided_lifetimes_in_paths,
    reason = "the trait declares its manager without one"
)]

use sea_orm_migration::sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use crate::dialect::{drop_tables, run};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261121_000001_create_control_tables"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, include_str!("sql/control_tables.sql")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            "audit_log",
            "quota_buckets",
            "webhook_inbox",
            "sync_checkpoints",
            "sync_log",
            "sync_schedules",
            "pending_connects",
            "connection_credentials",
            "platform_connections",
            "users",
            "projects",
        ];
        drop_tables(manager, &tables).await
    }
}
