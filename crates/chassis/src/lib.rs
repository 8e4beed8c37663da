//! What every service shares: configuration, telemetry, lifecycle, HTTP basics, tokens.
