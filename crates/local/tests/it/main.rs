//! The whole house, as real processes.

#[cfg(test)]
mod architecture;
