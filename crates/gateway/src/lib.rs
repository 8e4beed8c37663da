//! The HTTP API: sign-in, validation, uploads, datasets, analyses, live events.
