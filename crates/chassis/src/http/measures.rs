//! What is measured of every service that has an API.

use crate::telemetry::metrics::Measure;

pub(super) const API: [Measure; 8] = [
    Measure::counter("http_requests_total", "Requests answered, by the route's pattern and the status.").of(&[]),
    Measure::histogram("http_request_duration_seconds", "From a request's head to its answer's head.").of(&[]),
    Measure::gauge("http_requests_in_flight", "Requests that wait for their answer now."),
    Measure::counter("http_requests_shed_total", "Requests answered 503 at once: too many were in flight."),
    Measure::counter("rate_limited_total", "Requests answered 429, by which limit.")
        .of(&[&[("by", "address")], &[("by", "user")]]),
    Measure::counter(
        "rate_limit_keys_shared_total",
        "Requests that shared a limit because too many callers were known.",
    ),
    Measure::counter("jwks_fetches_total", "Times that another service's signing keys were asked for.")
        .of(&[&[("outcome", "success")], &[("outcome", "failure")]]),
    Measure::counter("http_panics_total", "Requests that broke off in our code and were answered 500."),
];

pub(super) const CONNECTIONS: [Measure; 2] = [
    Measure::counter("http_connections_refused_total", "Connections told 503 and closed: too many were open."),
    Measure::counter("http_connections_stalled_total", "Connections closed because the client took nothing."),
];
