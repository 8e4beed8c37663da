//! What holds over all deployments: the pin, the pause, the fencing token, the self-update under way, what was last seen.

use rusqlite::{Connection, OptionalExtension as _, Transaction, named_params};
use serde::{Deserialize, Serialize};

use super::{Inside, Journal, Result, parse, written};
use crate::release::DeploymentId;
use crate::view::{DiskView, Head, Pin};

/// A self-update that was begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelfUpdating {
    /// By which deployment.
    pub deployment: DeploymentId,
    /// The revision that is to run after it.
    pub revision: String,
    /// Whether it did not end well: it is not tried again for the same revision.
    pub failed: bool,
}

impl Journal {
    /// What is gone back to and stays.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn pin(&self) -> Result<Option<Pin>> {
        self.setting("pin")
    }

    /// Sets or lifts the pin.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn set_pin(&self, pin: Option<&Pin>) -> Result<()> {
        self.set("pin", pin)
    }

    /// Whether the maintenance page is up.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn paused(&self) -> Result<bool> {
        Ok(self.setting("paused")?.unwrap_or(false))
    }

    /// Notes that it is, or is not.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn set_paused(&self, on: bool) -> Result<()> {
        self.set("paused", Some(&on))
    }

    /// Whether the branch's head is to be looked at again although it was considered: a person said `resume`.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn reconsiders(&self) -> Result<bool> {
        Ok(self.setting("reconsider")?.unwrap_or(false))
    }

    /// Notes that it is, or that it was.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn set_reconsiders(&self, on: bool) -> Result<()> {
        self.set("reconsider", Some(&on))
    }

    /// The branch's head, as last seen.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn head(&self) -> Result<Option<Head>> {
        self.setting("head")
    }

    /// Notes it.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn set_head(&self, head: &Head) -> Result<()> {
        self.set("head", Some(head))
    }

    /// The disk, as last measured.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn disk(&self) -> Result<Option<DiskView>> {
        self.setting("disk")
    }

    /// Notes it.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn set_disk(&self, disk: &DiskView) -> Result<()> {
        self.set("disk", Some(disk))
    }

    /// The self-update that was begun, or that failed last.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn self_updating(&self) -> Result<Option<SelfUpdating>> {
        self.setting("self_update")
    }

    /// Notes it, before it is begun. As the one that leads.
    ///
    /// # Errors
    /// The journal cannot be written, or another deployer leads.
    pub fn set_self_updating(&self, updating: Option<&SelfUpdating>) -> Result<()> {
        self.write_fenced(|tx| set(tx, "self_update", updating))
    }

    fn setting<T: serde::de::DeserializeOwned>(&self, name: &str) -> Result<Option<T>> {
        self.read(|connection| {
            let Some(text) = text(connection, name)? else { return Ok(None) };
            parse(name, &text)
        })
    }

    fn set<T: Serialize>(&self, name: &str, value: Option<&T>) -> Result<()> {
        self.write(|tx| set(tx, name, value))
    }
}

pub(super) fn set<T: Serialize>(tx: &Transaction<'_>, name: &str, value: Option<&T>) -> Inside<()> {
    match value {
        Some(value) => put(tx, name, &written(name, value)?),
        None => Ok(tx.execute("DELETE FROM settings WHERE name = ?1", [name]).map(|_| ())?),
    }
}

pub(super) fn put(tx: &Transaction<'_>, name: &str, value: &str) -> Inside<()> {
    tx.execute(
        "INSERT INTO settings (name, value) VALUES (:name, :value)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        named_params! { ":name": name, ":value": value },
    )?;
    Ok(())
}

fn text(connection: &Connection, name: &str) -> Inside<Option<String>> {
    Ok(connection.query_row("SELECT value FROM settings WHERE name = ?1", [name], |row| row.get(0)).optional()?)
}

pub(super) fn number(connection: &Connection, name: &str) -> Inside<Option<i64>> {
    text(connection, name)?.map(|text| parse(name, &text)).transpose()
}
