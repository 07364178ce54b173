//! Projects: the tenants.

use chrono::{DateTime, Utc};
use sea_orm::QueryResult;
use serde::Serialize;

use crate::db::{Ask as _, Durability, get, id, is_unique_violation, text, time};
use crate::error::{Result, StoreError};
use crate::ids::ProjectId;
use crate::store::Store;

/// The name of the project that is always there.
const DEFAULT: &str = "default";

/// A tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Project {
    /// Its id.
    pub id: ProjectId,
    /// Its name, unique.
    pub name: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

impl Store {
    /// All projects, the oldest first.
    ///
    /// # Errors
    /// [`Other`](crate::StoreError::Other).
    pub async fn projects(&self) -> Result<Vec<Project>> {
        let sql = "SELECT id, name, created_at FROM projects ORDER BY id";
        let rows = self.db.all(sql, Vec::new()).await?;
        rows.iter().map(project).collect()
    }

    /// Makes a project.
    ///
    /// # Errors
    /// [`Conflict`](crate::StoreError::Conflict) when there is one with this name.
    pub async fn create_project(&self, name: &str, now: DateTime<Utc>) -> Result<Project> {
        self.insert_project(ProjectId::new(), name, now).await
    }

    async fn insert_project(
        &self,
        new: ProjectId,
        name: &str,
        now: DateTime<Utc>,
    ) -> Result<Project> {
        let sql =
            "INSERT INTO projects (id, name, last_sequence, created_at) VALUES ($1, $2, 0, $3)";
        let tx = self.db.write(Durability::Power).await?;
        let inserted = tx.run(sql, vec![new.into(), text(name), time(now)]).await;
        match inserted {
            Err(error) if is_unique_violation(&error) => {
                return Err(StoreError::Conflict("there is a project with this name"));
            }
            other => other?,
        };
        tx.commit().await?;
        self.project_named(name).await
    }

    /// The project `default`, which [`Store::migrate`] makes.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound) before the first migration.
    pub async fn default_project(&self) -> Result<Project> {
        self.project_named(DEFAULT).await
    }

    /// The project with this name.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound).
    pub async fn project_named(&self, name: &str) -> Result<Project> {
        let sql = "SELECT id, name, created_at FROM projects WHERE name = $1";
        let row = self.db.one(sql, vec![text(name)]).await?;
        row.as_ref()
            .map(project)
            .transpose()?
            .ok_or(StoreError::NotFound { what: "project" })
    }

    pub(super) async fn ensure_default_project(&self) -> Result<()> {
        let new = ProjectId::new();
        match self.default_project().await {
            Err(StoreError::NotFound { .. }) => {
                match self.insert_project(new, DEFAULT, new.made_at()).await {
                    // Another process made it in between.
                    Ok(_) | Err(StoreError::Conflict(_)) => Ok(()),
                    Err(error) => Err(error),
                }
            }
            other => other.map(drop),
        }
    }
}

fn project(row: &QueryResult) -> Result<Project> {
    Ok(Project {
        id: id(row, "id")?,
        name: get(row, "name")?,
        created_at: get(row, "created_at")?,
    })
}
