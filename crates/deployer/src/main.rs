//! `e2i-deployer`: signed webhook, build or pull, migrate, roll, verify, live, or back.

fn main() {}
