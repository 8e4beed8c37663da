//! The web app behind a real nginx: what is kept by browsers, what is refused, what a newer build leaves.

use std::fs;
use std::path::PathBuf;

use local::web_app;
use tempfile::TempDir;

use super::upstream::Front;
use crate::wire;

const HTML: &str = "Accept: text/html,application/xhtml+xml\r\n";
const DAY: std::time::Duration = std::time::Duration::from_hours(24);

/// A build whose page loads `script`.
fn build(script: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("assets")).unwrap();
    fs::create_dir_all(folder.path().join("demo")).unwrap();
    let page = format!("<!doctype html><script type=module src=/assets/{script}></script>");
    fs::write(folder.path().join("index.html"), page).unwrap();
    fs::write(folder.path().join("assets").join(script), format!("// {script}\n").repeat(100)).unwrap();
    fs::write(folder.path().join("demo/nsw.csv"), "treat,re78\n1,2\n").unwrap();
    folder
}

async fn get(front: &Front, path: &str, headers: &str) -> wire::Answer {
    wire::get(wire::client(2), front.address(), path, headers).await
}

fn folder(front: &Front) -> PathBuf {
    front.nginx.log().with_file_name("")
}

#[tokio::test]
async fn hashed_files_are_kept_for_ever_and_the_page_is_asked_about_each_time() {
    let front = Front::start(DAY).await;
    web_app::publish(Some(build("a-1.js").path()), &folder(&front)).unwrap();
    let script = get(&front, "/assets/a-1.js", "Accept-Encoding: gzip\r\n").await;
    assert_eq!((script.status, script.header("content-type")), (200, Some("application/javascript; charset=utf-8")));
    assert_eq!(script.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(script.header("content-encoding"), Some("gzip"));
    for path in ["/", "/analyses/7?x=1", "/sign-in"] {
        let page = get(&front, path, HTML).await;
        assert_eq!((page.status, page.header("cache-control")), (200, Some("no-cache")), "{path}: {page:?}");
        assert!(page.body.contains("a-1.js"), "{page:?}");
        let tag = page.header("etag").unwrap();
        assert_eq!(get(&front, path, &format!("{HTML}If-None-Match: {tag}\r\n")).await.status, 304, "{path}");
    }
    assert_eq!(get(&front, "/demo/nsw.csv", "").await.body, "treat,re78\n1,2\n");
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_and_never_the_page() {
    let front = Front::start(DAY).await;
    web_app::publish(Some(build("a-1.js").path()), &folder(&front)).unwrap();
    for path in ["/assets/gone.js", "/assets/../nginx.conf", "/nginx.conf", "/.build", "/livez", "/metrics"] {
        let answer = get(&front, path, "Accept: */*\r\n").await;
        answer.problem(404, "not-found");
        assert_eq!(answer.header("cache-control"), None, "{path}");
    }
    get(&front, "/assets/gone.js", HTML).await.problem(404, "not-found");
}

#[tokio::test]
async fn a_page_runs_no_script_but_its_own_and_tells_nobody_its_address() {
    let front = Front::start(DAY).await;
    web_app::publish(Some(build("a-1.js").path()), &folder(&front)).unwrap();
    for path in ["/", "/assets/a-1.js", "/icon.svg"] {
        let answer = get(&front, path, HTML).await;
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; "), "{policy}");
        assert!(policy.contains("connect-src 'self' ; ") && policy.ends_with("frame-ancestors 'none'"), "{policy}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    }
}

#[tokio::test]
async fn a_newer_build_leaves_the_files_of_open_tabs_for_a_week() {
    let front = Front::start(DAY).await;
    let web = folder(&front).join("web");
    let age = |name: &str, days: u32| {
        let file = fs::File::options().write(true).open(web.join("assets").join(name)).unwrap();
        file.set_modified(file.metadata().unwrap().modified().unwrap() - DAY * days).unwrap();
    };
    web_app::publish(Some(build("a-1.js").path()), &folder(&front)).unwrap();
    age("a-1.js", 30);
    web_app::publish(Some(build("a-2.js").path()), &folder(&front)).unwrap();
    assert!(get(&front, "/", HTML).await.body.contains("a-2.js"));
    assert_eq!(get(&front, "/assets/a-1.js", "").await.status, 200, "it was current until now");
    for name in ["a-1.js", "a-1.js.gz"] {
        age(name, 8);
    }
    web_app::publish(Some(build("a-2.js").path()), &folder(&front)).unwrap();
    assert_eq!(get(&front, "/assets/a-1.js", "").await.status, 404, "nobody needs it any more");
    assert_eq!(get(&front, "/assets/a-2.js", "").await.status, 200);
}

#[test]
fn a_folder_without_a_page_is_refused_with_what_to_do() {
    let empty = tempfile::tempdir().unwrap();
    let named = vec![(web_app::VARIABLE.to_owned(), empty.path().display().to_string())];
    let refused = web_app::build(&named).unwrap_err().to_string();
    assert!(refused.contains("scripts/web-app.sh"), "{refused}");
    assert_eq!(web_app::build(&[]).unwrap(), None);
}
