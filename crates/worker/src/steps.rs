//! What a child tells of its way, as spans in the trace of its job. The child itself has neither an address nor a secret, so
//! the worker makes them of what comes over the pipe.

use tracing::Span;

/// Steps beyond this many of one attempt show as the last of them.
const MOST: usize = 200;

/// The child's span and, below it, that of its present step. Both end when this is dropped.
#[derive(Debug)]
pub(crate) struct Steps {
    child: Span,
    present: Option<(String, Span)>,
    begun: usize,
}

impl Steps {
    /// The child with that process id takes up a job, in the current span.
    pub(crate) fn begin(pid: Option<u32>) -> Self {
        Self { child: tracing::info_span!("child", pid), present: None, begun: 0 }
    }

    /// The child says what it does.
    pub(crate) fn hear(&mut self, step: &str) {
        if self.begun == MOST || self.present.as_ref().is_some_and(|(present, _)| present == step) {
            return;
        }
        // The one before ends first.
        self.present = None;
        let span = tracing::info_span!(parent: &self.child, "step", otel.name = step);
        self.present = Some((step.to_owned(), span));
        self.begun += 1;
    }
}
