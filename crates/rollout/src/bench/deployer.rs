//! The deployer.

use std::collections::BTreeMap;

use super::Options;

pub(super) async fn measure(_options: &Options) -> anyhow::Result<BTreeMap<&'static str, f64>> {
    Ok(BTreeMap::new())
}
