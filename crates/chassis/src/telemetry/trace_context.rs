//! W3C trace context (<https://www.w3.org/TR/trace-context/>): taken from a request, kept with a job, taken up again
//! by the worker, so that one trace shows an analysis from the click to the result.

use std::collections::HashMap;

use http::HeaderMap;
use opentelemetry::Context;
use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::TraceContextExt as _;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// The `traceparent` of the current span, `00-<trace id>-<span id>-<flags>`; `None` outside of any span.
#[must_use]
pub fn current_traceparent() -> Option<String> {
    traceparent_of(&Span::current())
}

/// The `traceparent` of `span`; `None` when no subscriber records it.
#[must_use]
pub fn traceparent_of(span: &Span) -> Option<String> {
    let context = span.context();
    let span = context.span();
    let parent = span.span_context();
    parent
        .is_valid()
        .then(|| format!("00-{}-{}-{:02x}", parent.trace_id(), parent.span_id(), parent.trace_flags().to_u8()))
}

/// The id of the trace that `span` belongs to, for logs; `None` when no subscriber records it.
#[must_use]
pub fn trace_id_of(span: &Span) -> Option<String> {
    traceparent_of(span).map(|traceparent| traceparent[3..35].to_owned())
}

/// Makes `span` a child of the span that a stored `traceparent` names. Call it before the span is entered. A
/// `traceparent` that cannot be read is ignored, as the specification asks.
pub fn set_remote_parent(span: &Span, traceparent: &str) {
    let carrier = HashMap::from([("traceparent".to_owned(), traceparent.to_owned())]);
    adopt(span, &TraceContextPropagator::new().extract_with_context(&Context::new(), &carrier));
}

/// A span for each job that is on its way to the queue, in the trace of the request that asked for it. Each ends when it
/// is dropped: keep them until the entries are there.
#[must_use]
pub fn sending_spans<'a>(traceparents: impl Iterator<Item = Option<&'a str>>) -> Vec<Span> {
    let begin = |traceparent| {
        let span = tracing::info_span!("send", otel.name = "send to the queue", otel.kind = "producer");
        set_remote_parent(&span, traceparent);
        span
    };
    // A job without a request's trace has nothing to show itself in.
    traceparents.flatten().map(begin).collect()
}

/// Makes `span` a child of the caller's span when the request names one.
pub fn set_parent_from_headers(span: &Span, headers: &HeaderMap) {
    adopt(span, &TraceContextPropagator::new().extract_with_context(&Context::new(), &HeaderCarrier(headers)));
}

fn adopt(span: &Span, parent: &Context) {
    if parent.span().span_context().is_valid() {
        // Fails only when no OpenTelemetry layer is installed: there is then nothing to connect.
        let _no_layer = span.set_parent(parent.clone());
    }
}

struct HeaderCarrier<'a>(&'a HeaderMap);

impl Extractor for HeaderCarrier<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(http::HeaderName::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::TracerProvider as _;
    use opentelemetry_sdk::trace::SdkTracerProvider;
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    fn with_traces<T>(test: impl FnOnce() -> T) -> T {
        let tracer = SdkTracerProvider::builder().build().tracer("test");
        let layer = tracing_opentelemetry::layer().with_tracer(tracer);
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), test)
    }

    #[test]
    fn a_span_has_a_traceparent_even_when_nothing_is_exported() {
        with_traces(|| {
            let first = tracing::info_span!("first").in_scope(current_traceparent).unwrap();
            let second = tracing::info_span!("second").in_scope(current_traceparent).unwrap();
            assert_eq!((first.len(), &first[..3], &first[52..]), (55, "00-", "-01"));
            assert_ne!(first[3..35], second[3..35], "each root span is its own trace");
            assert_eq!(current_traceparent(), None);
        });
    }

    #[test]
    fn a_stored_parent_is_taken_up_again() {
        with_traces(|| {
            let span = tracing::info_span!("attempt");
            set_remote_parent(&span, PARENT);
            let child = traceparent_of(&span).unwrap();
            assert_eq!(child[..35], PARENT[..35], "the same trace");
            assert_ne!(child[36..52], PARENT[36..52], "another span");
        });
    }

    #[test]
    fn a_parent_that_cannot_be_read_is_ignored() {
        with_traces(|| {
            for wrong in ["", "00-xyz", "00-00000000000000000000000000000000-b7ad6b7169203331-01"] {
                let span = tracing::info_span!("attempt");
                set_remote_parent(&span, wrong);
                assert_eq!(traceparent_of(&span).map(|own| own.len()), Some(55), "{wrong:?}");
            }
        });
    }

    #[test]
    fn a_request_names_its_parent() {
        with_traces(|| {
            let mut headers = HeaderMap::new();
            headers.insert("traceparent", PARENT.parse().unwrap());
            let span = tracing::info_span!("request");
            set_parent_from_headers(&span, &headers);
            assert_eq!(traceparent_of(&span).unwrap()[..35], PARENT[..35]);
        });
    }
}
