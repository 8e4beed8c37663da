//! Takes out of an answer what its reader may not see. Nobody who has not signed in reads a word that was made of what
//! was seen (an error, an address, a commit's subject): the kinds of things are told instead, by this module's own words.

use crate::access::Audience;
use crate::view::{EventKind, EventView, IncidentPage, IncidentView, WindowView};

/// What can be told to less than admins.
pub(crate) trait Redact {
    /// The same as `audience` may see it.
    fn for_audience(self, audience: Audience) -> Self;
}

impl<T: Redact> Redact for Vec<T> {
    fn for_audience(self, audience: Audience) -> Self {
        self.into_iter().map(|one| one.for_audience(audience)).collect()
    }
}

impl Redact for IncidentView {
    fn for_audience(mut self, audience: Audience) -> Self {
        if audience < Audience::Admin {
            self.words = None;
        }
        if audience < Audience::Person {
            (self.cause, self.deployment) = (None, None);
        }
        self
    }
}

impl Redact for IncidentPage {
    fn for_audience(self, audience: Audience) -> Self {
        Self { items: self.items.for_audience(audience), ..self }
    }
}

impl Redact for WindowView {
    fn for_audience(mut self, audience: Audience) -> Self {
        if audience < Audience::Admin {
            self.by = None;
        }
        self
    }
}

impl Redact for EventView {
    fn for_audience(mut self, audience: Audience) -> Self {
        if audience < Audience::Person {
            self.deployment = None;
            said_of(self.kind).clone_into(&mut self.words);
        }
        self
    }
}

fn said_of(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Released => "A release went live",
        EventKind::ReleaseFailed => "A release was taken back",
        EventKind::RolledBack => "An earlier release was put back",
        EventKind::Pinned => "Releases are held back",
        EventKind::Unpinned => "Releases go on",
        EventKind::CertificateRenewed => "The certificate was renewed",
        EventKind::IncidentBegan => "Something went wrong",
        EventKind::IncidentEnded => "It is well again",
        EventKind::MaintenanceBegan => "Maintenance began",
        EventKind::MaintenanceEnded => "Maintenance ended",
    }
}
