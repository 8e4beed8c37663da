//! GitHub's webhook.

use chassis::config::{Reader, Secret};

use crate::webhook::Expected;

/// What is believed of the webhook.
#[derive(Debug, Clone)]
pub struct HooksConfig {
    /// `GITHUB_WEBHOOK_SECRET` and, while it is being changed, `GITHUB_WEBHOOK_SECRET_PREVIOUS`: both sign. None: no webhook.
    pub secrets: Vec<Secret<String>>,
    /// Which events begin something.
    pub expected: Expected,
    /// `RATE_LIMIT_WRONG_SIGNATURES_PER_MINUTE`: of one network address.
    pub wrong_per_minute: u32,
}

impl HooksConfig {
    pub(super) fn read(read: &mut Reader<'_>, branch: &str, repository: Option<&str>) -> Self {
        let mut secrets = Vec::new();
        for name in ["GITHUB_WEBHOOK_SECRET", "GITHUB_WEBHOOK_SECRET_PREVIOUS"] {
            if let Some(secret) = read.optional_secret(name) {
                let advice = "is shorter than 20 characters; make one by `openssl rand -hex 32`";
                read.check(name, super::long_enough(&secret), advice);
                secrets.push(secret);
            }
        }
        let workflow: String = read.parse_or("RELEASE_WORKFLOW", "ci".to_owned());
        let expected = Expected {
            branch: branch.to_owned(),
            repository: repository.map(str::to_owned),
            workflow: (workflow != "*").then_some(workflow),
        };
        let wrong_per_minute = read.parse_or("RATE_LIMIT_WRONG_SIGNATURES_PER_MINUTE", 30);
        read.check("RATE_LIMIT_WRONG_SIGNATURES_PER_MINUTE", wrong_per_minute > 0, "must be at least 1; 30 is usual");
        Self { secrets, expected, wrong_per_minute }
    }
}
