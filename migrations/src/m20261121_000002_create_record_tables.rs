//! The change feed, and one table per unified model.

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
        "m20261121_000002_create_record_tables"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, include_str!("sql/record_tables.sql")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            "native_records",
            "market_snapshots",
            "payouts",
            "order_lines",
            "orders",
            "locations",
            "inventory_levels",
            "listings",
            "product_variants",
            "products",
            "changes",
        ];
        drop_tables(manager, &tables).await
    }
}
