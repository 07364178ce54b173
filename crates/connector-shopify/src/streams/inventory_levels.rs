//! Stock levels: what lies where.
//!
//! In a bulk file they follow their item. Changes are asked for location by location, since a
//! level's change doesn't change its item.

use connector_core::{Result, Skipped};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::group::{Group, line};
use super::reader::{MOST, Reader, Window, parse, read};
use super::source::{Changes, Source};
use crate::api::{
    Gid, INVENTORY_BULK, INVENTORY_BULK_PLAIN, InventoryItem, InventoryLevel, LevelQuery,
    LevelsChanged, LocationLevels,
};
use crate::map::{self, Mapped};

pub(super) struct InventoryLevels;

/// Where a reading of changes is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct At {
    /// The location before the one that is read.
    location: Option<String>,
    /// The page of levels before.
    levels: Option<String>,
}

impl Source for InventoryLevels {
    const SCOPE: &'static str = "read_inventory";
    type At = At;
    const DOCUMENT: &'static str = INVENTORY_BULK;
    const PLAIN: Option<(&'static str, &'static str)> = Some((
        INVENTORY_BULK_PLAIN,
        "Stock levels come without the variants that they are of: the app lacks read_products.",
    ));
    const RECORD_PER_PARENT: bool = false;

    fn records(group: &Group, keep_raw: bool) -> Result<Vec<Mapped>> {
        let item: InventoryItem = match line(&group.parent)? {
            Ok(item) => item,
            Err(skipped) => return Ok(vec![Err(skipped)]),
        };
        let mut variant = None;
        let mut levels = Vec::with_capacity(group.children.len());
        for json in &group.children {
            let child = line::<Child>(json)?;
            if let Ok(child) = &child {
                group.check_parent(&item.id, child.parent_id.as_ref())?;
            }
            match child {
                Ok(child) if child.id.kind() != "InventoryLevel" => {
                    variant.get_or_insert(child.id);
                }
                _ => levels.push(json),
            }
        }
        let mapped = levels.into_iter().map(|json| {
            let level: InventoryLevel =
                parse(json).map_err(|skipped| unnamed(skipped, &item.id))?;
            let raw = keep_raw.then(|| group.raw_child(json, "item")).flatten();
            Ok(map::inventory_level(&item, variant.as_ref(), &level).with_raw(raw))
        });
        Ok(mapped.collect())
    }

    async fn changes(reader: &Reader, window: Window, at: Option<At>) -> Result<Changes<At>> {
        let at = at.unwrap_or(At {
            location: None,
            levels: None,
        });
        let answer = reader
            .ask_in_pages(MOST, |first| LevelsChanged {
                location: at.location.clone(),
                first,
                after: at.levels.clone(),
                query: window.search(),
            })
            .await?;
        let locations = answer.data.locations;
        let mut page = Changes {
            mapped: Vec::new(),
            notes: answer.notes,
            next: None,
        };
        let mut more_levels = None;
        for LocationLevels {
            inventory_levels, ..
        } in locations.nodes
        {
            more_levels = inventory_levels.page_info.next();
            let nodes = inventory_levels.nodes.into_iter();
            page.mapped.extend(nodes.map(|node| changed(reader, node)));
        }
        page.next = match more_levels {
            Some(levels) => Some(At {
                levels: Some(levels),
                ..at
            }),
            None => locations.page_info.next().map(|location| At {
                location: Some(location),
                levels: None,
            }),
        };
        Ok(page)
    }
}

/// As much of a child as tells what it is.
#[derive(Deserialize)]
struct Child {
    id: Gid,
    #[serde(rename = "__parentId")]
    parent_id: Option<Gid>,
}

/// The level of one item at one location as Shopify has it now.
pub(super) async fn one(reader: &Reader, item: Gid, location: Gid) -> Result<Option<Mapped>> {
    let answer = reader.ask(&LevelQuery { item, location }).await?;
    let level = answer
        .data
        .inventory_item
        .and_then(|item| item.inventory_level);
    Ok(level.as_ref().map(of_level))
}

fn changed(reader: &Reader, node: Box<RawValue>) -> Mapped {
    let record = of_level(&read(&node)?)?;
    Ok(record.with_raw(reader.raw(node)))
}

/// The record of a level that tells its item.
fn of_level(level: &InventoryLevel) -> Mapped {
    let Some(item) = &level.item else {
        return Err(Skipped {
            external_id: Some(level.id.tail().to_owned()),
            reason: String::from("the level doesn't tell its item"),
        });
    };
    let variant = item
        .variants
        .as_ref()
        .and_then(|variants| variants.nodes.first());
    let variant = variant.map(|variant| &variant.id);
    Ok(map::inventory_level(item, variant, level))
}

/// A level's own number means nothing to anybody, so its item's is told.
fn unnamed(skipped: Skipped, item: &Gid) -> Skipped {
    Skipped {
        external_id: Some(item.tail().to_owned()),
        ..skipped
    }
}
