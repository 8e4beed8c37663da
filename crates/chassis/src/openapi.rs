//! What every service's description has besides its routes: the bearer scheme, and the answers of extractors and layers.

use std::path::Path;

use anyhow::Context as _;
use utoipa::ToSchema as _;
use utoipa::openapi::path::{Operation, Parameter, ParameterIn};
use utoipa::openapi::response::Response;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Content, OpenApi, Ref, RefOr};

use crate::http::ProblemDetails;

/// Adds to every operation what no handler has to repeat: who is not signed in, a path that leads nowhere, a query or body
/// that cannot be read, limits. Paths that begin with one of `admin_paths` are for admins.
pub fn complete(document: &mut OpenApi, admin_paths: &[&str]) {
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    document.components.get_or_insert_default().add_security_scheme("bearer", SecurityScheme::Http(bearer));
    for (path, item) in &mut document.paths.paths {
        let is_admin = admin_paths.iter().any(|prefix| path.starts_with(prefix));
        let reading = [&mut item.get, &mut item.head, &mut item.options];
        let changing = [&mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        let methods = reading.into_iter().chain(changing).flatten();
        methods.for_each(|operation| add_common_answers(path, is_admin, operation));
    }
}

/// The document as JSON, and in it what the documents in `others` have besides.
///
/// # Errors
/// One cannot be read, or tells of a path that another tells of, too.
pub fn with_others<'a>(mut document: OpenApi, others: impl IntoIterator<Item = &'a Path>) -> anyhow::Result<String> {
    for path in others {
        let text = std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
        let other: OpenApi =
            serde_json::from_str(&text).with_context(|| format!("{} is no document", path.display()))?;
        for name in other.paths.paths.keys() {
            let is_new = !document.paths.paths.contains_key(name);
            anyhow::ensure!(is_new, "{} tells of {name}, which is told of already", path.display());
        }
        document.merge(other);
    }
    Ok(document.to_pretty_json()?)
}

fn add_common_answers(path: &str, is_admin: bool, operation: &mut Operation) {
    let mut add = |status: &str, description: &str| {
        let problem = Content::new(Some(Ref::from_schema_name(ProblemDetails::name())));
        let answer = Response::builder().description(description).content("application/problem+json", problem);
        operation.responses.responses.entry(status.to_owned()).or_insert_with(|| answer.build().into());
    };
    // Where nobody has to sign in, whoever does must do so well.
    match operation.security.as_deref() {
        None => add("401", "Not signed in"),
        Some([_]) => {}
        Some(_) => add("401", "A token that is no good"),
    }
    if path.contains('{') {
        add("404", "There is no such thing");
    }
    if is_admin {
        add("403", "Not an admin");
    }
    let in_query =
        |parameter: &RefOr<Parameter>| matches!(parameter, RefOr::T(it) if it.parameter_in == ParameterIn::Query);
    let has_query = operation.parameters.iter().flatten().any(in_query);
    if has_query || operation.request_body.is_some() {
        add("400", "The query or body cannot be read");
    }
    if operation.request_body.is_some() {
        add("413", "The body is too large");
        add("415", "The body is of another media type");
        add("422", "The body's values cannot be used");
    }
    add("429", "Too many requests; wait as `Retry-After` says");
    add("503", "Too much to do, or something it needs is away; wait as `Retry-After` says");
}
