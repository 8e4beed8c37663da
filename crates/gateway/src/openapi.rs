//! The API's description: `OpenAPI` 3.1, made from the handlers themselves.

use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};

/// Title, tags and the bearer scheme; paths and schemas come with the routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "E2I Causal Analytics",
        description = "Upload a table, ask for a causal effect, follow the run, read the result. Errors are \
                       `application/problem+json` (RFC 9457).",
        license(name = "MIT OR Apache-2.0"),
    ),
    tags(
        (name = "auth", description = "Sign-in, in the shape of Supabase Auth"),
        (name = "account", description = "The caller"),
        (name = "workspaces", description = "What owns datasets and analyses, and who may use them"),
        (name = "agents", description = "What can be asked, and how"),
        (name = "datasets", description = "Uploaded tables and what stands in them"),
        (name = "analyses", description = "Questions asked of a dataset: submit, follow, read, cancel, retry"),
        (name = "events", description = "Everything that happens to the caller's analyses, live"),
        (name = "admin", description = "People; needs the platform role `admin`"),
        (name = "service", description = "About this service"),
    ),
    security(("bearer" = [])),
)]
pub(crate) struct Description;

/// The complete document.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    let mut document = crate::routes::described().into_openapi();
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    document.components.get_or_insert_default().add_security_scheme("bearer", SecurityScheme::Http(bearer));
    document
}

/// The complete document as JSON, for the subcommand `openapi`.
pub(crate) fn json() -> anyhow::Result<String> {
    Ok(document().to_pretty_json()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_openapi_3_1_and_every_operation_has_a_tag_and_an_id_of_its_own() {
        let document: serde_json::Value = serde_json::from_str(&json().unwrap()).unwrap();
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1"), "{}", document["openapi"]);
        let mut ids = std::collections::BTreeSet::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                let id = operation["operationId"].as_str().unwrap_or_default();
                assert!(ids.insert(id.to_owned()), "{method} {path}: the id {id:?} is there twice");
                assert!(operation["tags"].is_array(), "{method} {path} has no tag");
                assert!(operation["summary"].is_string(), "{method} {path} has no summary");
            }
        }
    }
}
