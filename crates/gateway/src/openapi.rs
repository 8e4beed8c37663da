//! The API's description: `OpenAPI` 3.1, made from the handlers themselves.

use utoipa::OpenApi;
use utoipa::openapi::{Components, RefOr, Schema};

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
        (name = "uploads", description = "Tables that arrive in pieces, by the tus protocol (https://tus.io), version 1.0"),
        (name = "analyses", description = "Questions asked of a dataset: submit, follow, read, cancel, retry"),
        (name = "shared", description = "One analysis, for whoever has a link to it"),
        (name = "events", description = "Everything that happens to the caller's analyses, live"),
        (name = "admin", description = "People, jobs of all workspaces, dispatch; needs the platform role `admin`"),
        (name = "service", description = "About this service"),
    ),
    security(("bearer" = [])),
)]
pub(crate) struct Description;

/// The complete document.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    let mut document = crate::routes::described().into_openapi();
    chassis::openapi::complete(&mut document, &["/api/v1/admin/"]);
    let_tags_in(document.components.get_or_insert_default());
    document
}

/// An enum whose tag stands among the fields is described as `allOf: [the variant, {the tag}]`. A variant that refuses
/// unknown fields would refuse the tag too, and nothing would be valid: the service says which fields it does not know.
fn let_tags_in(components: &mut Components) {
    let mut variants = Vec::new();
    for schema in components.schemas.values() {
        let RefOr::T(Schema::OneOf(one_of)) = schema else { continue };
        for item in &one_of.items {
            let RefOr::T(Schema::AllOf(all_of)) = item else { continue };
            variants.extend(all_of.items.iter().filter_map(|part| match part {
                RefOr::Ref(variant) => variant.ref_location.rsplit('/').next().map(str::to_owned),
                RefOr::T(_) => None,
            }));
        }
    }
    for variant in variants {
        if let Some(RefOr::T(Schema::Object(object))) = components.schemas.get_mut(&variant) {
            object.additional_properties = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json() -> anyhow::Result<String> {
        Ok(document().to_pretty_json()?)
    }

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

    #[test]
    fn every_reference_leads_to_a_schema() {
        fn references<'a>(value: &'a serde_json::Value, found: &mut Vec<&'a str>) {
            match value {
                serde_json::Value::Object(members) => {
                    found.extend(members.get("$ref").and_then(serde_json::Value::as_str));
                    members.values().for_each(|member| references(member, found));
                }
                serde_json::Value::Array(items) => items.iter().for_each(|item| references(item, found)),
                _ => {}
            }
        }
        let document: serde_json::Value = serde_json::from_str(&json().unwrap()).unwrap();
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(found.len() > 100, "{} references", found.len());
        for reference in found {
            assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference} leads nowhere");
        }
    }

    #[test]
    fn what_the_service_takes_is_valid_by_its_description() {
        let mut schema: serde_json::Value = serde_json::from_str(&json().unwrap()).unwrap();
        schema["$ref"] = "#/components/schemas/Recipe".into();
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        let recipe = serde_json::json!({"steps": [
            {"step": "filter", "column": "a", "is": {"one_of": [1, "b", true]}},
            {"step": "filter", "column": "a", "is": "missing"},
            {"step": "derive", "name": "b", "from": {"log": {"column": "a"}}},
            {"step": "keep", "columns": ["a"]},
        ]});
        let told: Vec<String> = validator.iter_errors(&recipe).map(|error| error.to_string()).collect();
        assert_eq!(told, Vec::<String>::new());
        assert!(!validator.is_valid(&serde_json::json!({"steps": [{"step": "sort", "column": "a"}]})));
    }

    #[test]
    fn refusals_are_described() {
        let document: serde_json::Value = serde_json::from_str(&json().unwrap()).unwrap();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                let has = |status: &str| operation["responses"][status].is_object();
                let is_open = operation["security"].is_array();
                assert!(is_open || has("401"), "{method} {path}: 401");
                assert!(!path.contains('{') || has("404"), "{method} {path}: a path may lead nowhere");
                assert!(!path.contains("/admin/") || has("403"), "{method} {path}: 403");
                let has_body = operation["requestBody"].is_object();
                assert!(has("429") && has("503"), "{method} {path}: limits and absence");
                let read = ["400", "413", "415", "422"];
                assert!(!has_body || read.iter().all(|status| has(status)), "{method} {path}: a body is refused");
            }
        }
    }
}
