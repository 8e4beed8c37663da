//! `Upload-Metadata`: what a client says about its file, as pairs of a key and a value in base64.
//!
//! `name` (what to call the dataset), `filename` (which it is called after otherwise), `workspace_id` and `filetype` are
//! read; clients send others of their own, which are kept and given back.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chassis::http::Problem;
use domain::ids::WorkspaceId;
use http::HeaderMap;

use super::protocol::UPLOAD_METADATA;
use crate::error::Result;
use crate::uploads::checked_name;
use crate::uploads::incoming::name_of_file;

/// Longest header.
const MAX_LENGTH: usize = 8 * 1024;

/// What is known of a file before its bytes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Metadata {
    /// What to call the dataset.
    pub(crate) name: String,
    /// Where it belongs.
    pub(crate) workspace: Option<WorkspaceId>,
    /// Media type of the file.
    pub(crate) media_type: Option<String>,
    /// All of it, as it came.
    pub(crate) text: String,
}

/// Reads the header.
///
/// # Errors
/// 400 for what is no such header, 422 for values that cannot be used.
pub(crate) fn of(headers: &HeaderMap) -> Result<Metadata> {
    let text = headers.get(UPLOAD_METADATA).map_or(Some(""), |header| header.to_str().ok());
    let text = text.ok_or_else(|| Problem::bad_request("Upload-Metadata has letters beyond ASCII; send base64"))?;
    if text.len() > MAX_LENGTH {
        let detail = format!("Upload-Metadata has {} letters; send at most {MAX_LENGTH}", text.len());
        return Err(Problem::bad_request(detail).into());
    }
    let (mut name, mut file_name, mut workspace, mut media_type) = (None, None, None, None);
    let mut seen = std::collections::BTreeSet::new();
    for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once(' ').unwrap_or((pair, ""));
        if !seen.insert(key) {
            return Err(Problem::bad_request(format!("Upload-Metadata has the key {key:?} twice")).into());
        }
        let kept = match key {
            "name" => &mut name,
            "filename" => &mut file_name,
            "workspace_id" => &mut workspace,
            "filetype" => &mut media_type,
            _ => continue,
        };
        *kept = Some(decoded(key, value.trim())?).filter(|value| !value.trim().is_empty());
    }
    let name = name.or_else(|| file_name.as_deref().and_then(name_of_file)).ok_or_else(|| {
        Problem::unprocessable("the dataset has no name; send name or filename in Upload-Metadata, in base64")
    })?;
    let workspace = workspace.map(|id| {
        let wrong = || Problem::unprocessable(format!("Upload-Metadata: workspace_id {id:?} is no id"));
        id.trim().parse().map_err(|_| wrong())
    });
    Ok(Metadata { name: checked_name(&name)?, workspace: workspace.transpose()?, media_type, text: text.to_owned() })
}

fn decoded(key: &str, value: &str) -> Result<String> {
    let bytes = STANDARD.decode(value).ok();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    let wrong = || Problem::bad_request(format!("Upload-Metadata: the value of {key} is no UTF-8 in base64"));
    text.ok_or_else(|| wrong().into())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use uuid::Uuid;

    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Metadata> {
        let text: Vec<_> = pairs.iter().map(|(key, value)| format!("{key} {}", STANDARD.encode(value))).collect();
        read_text(&text.join(","))
    }

    fn read_text(text: &str) -> Result<Metadata> {
        of(&HeaderMap::from_iter([(UPLOAD_METADATA, HeaderValue::from_str(text).unwrap())]))
    }

    #[test]
    fn a_name_is_given_or_comes_from_the_file() {
        assert_eq!(read(&[("filename", "Umsätze 2026.csv.gz")]).unwrap().name, "Umsätze 2026");
        let both = read(&[("filename", "x.csv"), ("name", " own "), ("filetype", "text/csv"), ("relativePath", "a")]);
        let both = both.unwrap();
        assert_eq!((both.name.as_str(), both.media_type.as_deref()), ("own", Some("text/csv")));
        let id = Uuid::from_u128(7).to_string();
        assert_eq!(
            read(&[("name", "x"), ("workspace_id", &id)]).unwrap().workspace,
            Some(WorkspaceId(Uuid::from_u128(7)))
        );
        assert_eq!(read_text("name eA==, is_confidential").unwrap().name, "x", "a key may have no value");
    }

    #[test]
    fn what_cannot_be_used_is_told_apart() {
        let status = |read: Result<Metadata>| read.unwrap_err().problem().status().as_u16();
        assert_eq!(status(read(&[])), 422);
        assert_eq!(status(read(&[("filename", ".csv")])), 422);
        assert_eq!(status(read(&[("name", "a\nb")])), 422);
        assert_eq!(status(read(&[("name", "x"), ("workspace_id", "mine")])), 422);
        assert_eq!(status(read_text("name !!!")), 400);
        assert_eq!(status(read_text("name /w==")), 400, "0xff is no UTF-8");
        assert_eq!(status(read_text("name eA==,name eA==")), 400);
        assert_eq!(status(read_text(&format!("name {}", "eA==".repeat(3000)))), 400);
    }
}
