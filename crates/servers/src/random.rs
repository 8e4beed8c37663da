//! Where passwords and port numbers come from: a source of bytes that the caller passes in.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read as _;
use std::sync::Arc;

use anyhow::Context;

/// Fills a buffer with random bytes. Passwords are made of them, so outside tests it must be the operating system's.
pub type RandomBytes = Arc<dyn Fn(&mut [u8]) -> anyhow::Result<()> + Send + Sync>;

/// The operating system's source.
#[must_use]
pub fn operating_system_random() -> RandomBytes {
    Arc::new(|bytes| {
        File::open("/dev/urandom").and_then(|mut source| source.read_exact(bytes)).context("read /dev/urandom")
    })
}

/// `2 * N` hexadecimal digits: safe in URLs, configuration files and SQL without quoting.
pub(crate) fn hexadecimal<const N: usize>(random: &RandomBytes) -> anyhow::Result<String> {
    let mut bytes = [0_u8; N];
    random(&mut bytes)?;
    Ok(bytes.iter().fold(String::with_capacity(2 * N), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_uses_every_byte() {
        let counting: RandomBytes = Arc::new(|bytes| {
            for (value, byte) in (250_u8..=255).zip(bytes) {
                *byte = value;
            }
            Ok(())
        });
        assert_eq!(hexadecimal::<6>(&counting).unwrap(), "fafbfcfdfeff");
    }

    #[test]
    fn the_operating_system_does_not_repeat_itself() {
        let random = operating_system_random();
        assert_ne!(hexadecimal::<16>(&random).unwrap(), hexadecimal::<16>(&random).unwrap());
    }
}
