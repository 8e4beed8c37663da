//! The copy that does not lead shows what the one that does has kept.

use std::time::Duration;

use crate::board::Board;
use crate::keep::Keeper;

const EVERY: Duration = Duration::from_secs(2);

/// Shows it until dropped.
pub(super) async fn follow(keeper: Keeper, board: Board) {
    loop {
        match keeper.run(Keeper::picture).await {
            Ok(Some(picture)) => {
                if *board.now() != picture {
                    board.show(picture);
                }
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "what the leading copy sees cannot be read"),
        }
        tokio::time::sleep(EVERY).await;
    }
}
