//! A deployer that is replaced by its helper.
