//! Projects: the tenants.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::error::Result;
use crate::ids::ProjectId;
use crate::store::Store;

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
        Err(super::unbuilt())
    }

    /// Makes a project.
    ///
    /// # Errors
    /// [`Conflict`](crate::StoreError::Conflict) when there is one with this name.
    pub async fn create_project(&self, _name: &str, _now: DateTime<Utc>) -> Result<Project> {
        Err(super::unbuilt())
    }

    /// The project `default`, which [`Store::migrate`] makes.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound) before the first migration.
    pub async fn default_project(&self) -> Result<Project> {
        Err(super::unbuilt())
    }

    /// The project with this name.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound).
    pub async fn project_named(&self, _name: &str) -> Result<Project> {
        Err(super::unbuilt())
    }
}
