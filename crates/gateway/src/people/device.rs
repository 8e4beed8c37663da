//! What a client is, in words for whom it belongs to: enough to tell one's own devices apart, no more. What a client says
//! of itself is its own choice, so nothing is decided by it.

/// Marks of browsers, the more special first: most of them name those that they resemble too.
const BROWSERS: [(&str, &str); 10] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("HeadlessChrome/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// Marks of systems, the more special first.
const SYSTEMS: [(&str, &str); 8] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "macOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// "Firefox on Linux", or the name of a program, or that nothing is known.
#[must_use]
pub fn named(user_agent: Option<&str>) -> String {
    let Some(agent) = user_agent.map(str::trim).filter(|agent| !agent.is_empty()) else {
        return "Unknown device".to_owned();
    };
    match (find(&BROWSERS, agent), find(&SYSTEMS, agent)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, Some(system)) if agent.starts_with("Mozilla/") => format!("A browser on {system}"),
        // A program names itself first: `curl/8.5.0`.
        (None, _) => agent.split(['/', ' ', '(']).next().unwrap_or(agent).to_owned(),
    }
}

fn find(marks: &[(&str, &'static str)], agent: &str) -> Option<&'static str> {
    marks.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_and_programs_are_told_apart() {
        let webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";
        for (agent, device) in [
            (Some("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"), "Firefox on Linux"),
            (
                Some(&*format!(
                    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) {webkit} Chrome/142.0 Safari/537.36 Edg/142.0"
                )),
                "Edge on Windows",
            ),
            (
                Some(&*format!("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {webkit} Chrome/142.0 Safari/537.36")),
                "Chrome on macOS",
            ),
            (
                Some(
                    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1",
                ),
                "Safari on iPhone",
            ),
            (
                Some(&*format!("Mozilla/5.0 (Linux; Android 15) {webkit} Chrome/142.0 Mobile Safari/537.36")),
                "Chrome on Android",
            ),
            (
                Some(&*format!("Mozilla/5.0 (X11; CrOS x86_64) {webkit} Chrome/142.0 Safari/537.36")),
                "Chrome on ChromeOS",
            ),
            (Some("Mozilla/5.0 (Windows NT 10.0) Something/1.0"), "A browser on Windows"),
            (Some("curl/8.5.0"), "curl"),
            (Some("python-requests/2.32 (Linux)"), "python-requests"),
            (Some("  "), "Unknown device"),
            (None, "Unknown device"),
        ] {
            assert_eq!(named(agent), device, "{agent:?}");
        }
    }
}
