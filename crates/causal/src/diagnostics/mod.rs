//! Diagnostics of the data before any model: balance, summaries by arm, and the checks of a
//! randomised design (split of the sample, joint balance).

mod balance;
mod omnibus;
mod split;
mod summary;

pub(crate) use self::balance::weighted_balance;
pub use self::balance::{Balance, BalanceRow, IMBALANCE_THRESHOLD, balance};
pub use self::omnibus::{JointBalance, joint_balance};
pub use self::split::{Split, SplitTest, split};
pub use self::summary::{ArmSummary, CovariateSummary, LevelShare, summaries};
