#![doc = include_str!("../README.md")]

mod dialect;
mod m20261121_000001_create_control_tables;
mod m20261121_000002_create_record_tables;
mod m20261121_000003_create_marketing_tables;
mod m20261121_000004_create_attribution;

use sea_orm_migration::MigrationTrait;

pub use sea_orm_migration::MigratorTrait;

/// Every migration, in order. New ones go to the end; those that were released never change.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_create_control_tables::Migration),
            Box::new(m20261121_000002_create_record_tables::Migration),
            Box::new(m20261121_000003_create_marketing_tables::Migration),
            Box::new(m20261121_000004_create_attribution::Migration),
        ]
    }
}

/// The names of all migrations, in order.
#[must_use]
pub fn names() -> Vec<String> {
    Migrator::migrations()
        .iter()
        .map(|migration| migration.name().to_owned())
        .collect()
}
