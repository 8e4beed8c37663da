//! Files that are not as they should be.

use health::keep::{KeepError, Keeper};

use super::{keeper, noon};
use crate::stage::id;

#[test]
fn a_damaged_history_is_moved_aside_and_a_new_one_begun() {
    let (folder, keeper) = keeper();
    keeper.beat(&id("cron"), noon()).unwrap();
    let path = keeper.path().to_path_buf();
    drop(keeper);
    std::fs::write(&path, b"this is no database, and it is long enough to be taken for one".repeat(100)).unwrap();
    let keeper = Keeper::open(folder.path(), noon()).unwrap();
    assert_eq!(keeper.last_beat(&id("cron")).unwrap(), None);
    keeper.beat(&id("cron"), noon()).unwrap();
    let aside = folder.path().join("health.sqlite3.damaged-20261126T120000");
    assert!(aside.exists());
}

#[test]
fn a_newer_history_is_left_alone() {
    let (folder, keeper) = keeper();
    rusqlite::Connection::open(keeper.path()).unwrap().pragma_update(None, "user_version", 99).unwrap();
    drop(keeper);
    let refused = Keeper::open(folder.path(), noon()).unwrap_err();
    assert!(matches!(refused, KeepError::Newer { found: 99, .. }), "{refused}");
    assert!(refused.to_string().contains("start the newer health service"));
}

#[test]
fn two_processes_share_it() {
    let (folder, one) = keeper();
    let two = Keeper::open(folder.path(), noon()).unwrap();
    two.beat(&id("cron"), noon()).unwrap();
    assert_eq!(one.last_beat(&id("cron")).unwrap(), Some(noon()));
}
