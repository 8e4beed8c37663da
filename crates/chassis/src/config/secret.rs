//! A value that must not be seen.

use std::fmt;

/// Holds a secret: its `Debug` says `[redacted]`, it has no `Display` and cannot be serialized.
///
/// ```compile_fail
/// let secret = chassis::config::Secret::new("hunter2".to_owned());
/// serde_json::to_string(&secret);
/// ```
///
/// ```compile_fail
/// println!("{}", chassis::config::Secret::new("hunter2".to_owned()));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Hides `value`.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The secret itself: call it where it is used and nowhere else.
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[redacted]")
    }
}

impl<T> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_does_not_tell() {
        #[derive(Debug)]
        #[expect(dead_code, reason = "read through Debug alone")]
        struct Config {
            password: Secret<String>,
        }
        let printed = format!("{:?}", Config { password: Secret::new("hunter2".into()) });
        assert_eq!(printed, "Config { password: [redacted] }");
    }
}
