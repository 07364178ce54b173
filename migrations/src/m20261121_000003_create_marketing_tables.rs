//! Metrics, content, campaigns, reviews, inquiries and bookings, and what led to an order.

#![expect(
    elided_lifetimes_in_paths,
    reason = "the trait declares its manager without one"
)]

use sea_orm_migration::sea_orm::{ConnectionTrait as _, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use crate::dialect::{drop_tables, run};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261121_000003_create_marketing_tables"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, include_str!("sql/marketing_tables.sql")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            "bookings",
            "inquiries",
            "reviews",
            "ad_metrics",
            "ad_campaigns",
            "content_metrics",
            "content",
            "metrics",
        ];
        drop_tables(manager, &tables).await?;
        manager
            .get_connection()
            .execute_unprepared("ALTER TABLE orders DROP COLUMN origin")
            .await?;
        Ok(())
    }
}
