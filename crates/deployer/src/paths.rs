//! Which paths a glob names: `*` within a folder, `**` over folders, `?` one character.

/// Whether the path is named.
pub(crate) fn matches(glob: &str, path: &str) -> bool {
    let (glob, path): (Vec<char>, Vec<char>) = (glob.chars().collect(), path.chars().collect());
    // One row of a table per character of the glob: no glob takes longer than its length times the path's.
    let mut row = vec![false; path.len() + 1];
    row[0] = true;
    let mut at = 0;
    while at < glob.len() {
        let is_deep = glob[at] == '*' && glob.get(at + 1) == Some(&'*');
        let mut next = vec![false; path.len() + 1];
        if is_deep {
            let is_folder = glob.get(at + 2) == Some(&'/');
            at += if is_folder { 3 } else { 2 };
            let mut reached = false;
            for end in 0..=path.len() {
                reached |= row[end];
                // `**/` ends where a folder does, or where it began.
                let is_end = !is_folder || row[end] || (end > 0 && path[end - 1] == '/');
                next[end] = reached && is_end;
            }
        } else if glob[at] == '*' {
            at += 1;
            let mut reached = false;
            for end in 0..=path.len() {
                reached = (reached && end > 0 && path[end - 1] != '/') || row[end];
                next[end] = reached;
            }
        } else {
            for end in 1..=path.len() {
                let is_same = glob[at] == path[end - 1] || (glob[at] == '?' && path[end - 1] != '/');
                next[end] = row[end - 1] && is_same;
            }
            at += 1;
        }
        row = next;
    }
    row[path.len()]
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn globs_name_what_people_expect() {
        for (glob, path, is_named) in [
            ("crates/**", "crates/gateway/src/main.rs", true),
            ("crates/**", "docs/crates.md", false),
            ("**/*.rs", "main.rs", true),
            ("**/*.rs", "crates/gateway/src/main.rs", true),
            ("**/*.rs", "crates/gateway/Cargo.toml", false),
            ("*.md", "README.md", true),
            ("*.md", "docs/README.md", false),
            ("docs/*.md", "docs/a/b.md", false),
            ("a/**/b", "a/b", true),
            ("a/**/b", "a/x/y/b", true),
            ("a/**/b", "axb", false),
            ("Cargo.???l", "Cargo.toml", true),
            ("", "", true),
            ("**", "anything/at/all", true),
        ] {
            assert_eq!(matches(glob, path), is_named, "{glob} {path}");
        }
    }
}
