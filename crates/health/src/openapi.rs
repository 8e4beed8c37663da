//! Health's part of the API's description, made from the handlers themselves.

use utoipa::OpenApi;

/// Title, tags and the bearer scheme; paths and schemas come with the routes.
#[derive(OpenApi)]
#[openapi(
    info(title = "E2I health", description = "How everything stands, stood, and what was wrong.",
         license(name = "MIT OR Apache-2.0")),
    tags(
        (name = "health", description = "How everything stands, for programs"),
        (name = "status", description = "How everything stands and stood, for people; nobody has to sign in, admins see all"),
    ),
    security(("bearer" = [])),
)]
pub(crate) struct Description;

/// The complete document.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    let mut document = crate::http::described().into_openapi();
    chassis::openapi::complete(&mut document, &[]);
    document
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_operation_has_a_tag_an_id_and_its_refusals() {
        let document: serde_json::Value = serde_json::from_str(&super::document().to_pretty_json().unwrap()).unwrap();
        let mut ids = std::collections::BTreeSet::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{method} {path}");
                assert!(operation["tags"].is_array() && operation["summary"].is_string(), "{method} {path}");
                let has = |status: &str| operation["responses"][status].is_object();
                assert!(has("401") && has("429") && has("503"), "{method} {path}");
            }
        }
        assert_eq!(ids.len(), 11, "{ids:?}");
    }

    #[test]
    fn nothing_is_lost_when_another_program_reads_it() {
        let written = super::document().to_pretty_json().unwrap();
        let read: utoipa::openapi::OpenApi = serde_json::from_str(&written).unwrap();
        assert_eq!(read.to_pretty_json().unwrap(), written);
    }
}
