//! What preceded inquiries, bookings and orders.

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
        "m20261121_000004_create_attribution"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, include_str!("sql/attribution_tables.sql")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let indexes = [
            "orders_origin",
            "inquiries_origin",
            "bookings_origin",
            "ad_campaigns_sequence",
            "content_sequence",
        ];
        for index in indexes {
            manager
                .get_connection()
                .execute_unprepared(&format!("DROP INDEX {index}"))
                .await?;
        }
        drop_tables(manager, &["attribution_progress", "attribution"]).await
    }
}
