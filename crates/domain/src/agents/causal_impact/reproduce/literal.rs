//! JSON as a literal of Python that nothing in it can end.
//!
//! A raw string between three apostrophes ends at the next apostrophes alone, and JSON can write an apostrophe as
//! `\u0027`. So can it all but printable ASCII, which keeps line ends and letters that look like others out of the
//! script. Only strings hold such letters, and there the escape means the same.

use std::fmt::Write as _;

use serde_json::Value;

/// `json.loads(r'''...''')` of the value.
pub(super) fn of(value: &Value) -> String {
    format!("json.loads(r'''\n{}\n''')", plain(&format!("{value:#}")))
}

fn plain(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    let mut units = [0; 2];
    for letter in json.chars() {
        if letter == '\n' || (matches!(letter, ' '..='~') && letter != '\'') {
            text.push(letter);
            continue;
        }
        for unit in letter.encode_utf16(&mut units) {
            // Writing to a string cannot fail.
            let _ = write!(text, "\\u{unit:04x}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What Python's reader takes the literal for: all up to the next three apostrophes, as it stands.
    fn read(literal: &str) -> Value {
        let (content, rest) = literal.strip_prefix("json.loads(r'''").unwrap().split_once("'''").unwrap();
        assert_eq!(rest, ")");
        serde_json::from_str(content).unwrap()
    }

    proptest! {
        #[test]
        fn no_text_ends_the_literal(key in any::<String>(), text in "(''?'?|\"+|\\\\|\r|\n|\\PC|u0027|#|\\))*") {
            let value = serde_json::json!({ key.clone(): text, "x": [text, key] });
            let literal = of(&value);
            prop_assert_eq!(read(&literal), value);
            prop_assert!(literal.bytes().all(|byte| byte == b'\n' || (b' '..=b'~').contains(&byte)));
            prop_assert_eq!(literal.matches('\'').count(), 6);
        }
    }

    #[test]
    fn known_ways_out_are_closed() {
        let text = "'''); import os; os.abort() #\\\u{2028}\u{1F980}\u{7f}";
        let literal = of(&Value::from(text));
        assert_eq!(
            literal,
            "json.loads(r'''\n\"\\u0027\\u0027\\u0027); import os; os.abort() #\\\\\\u2028\\ud83e\\udd80\\u007f\"\n''')"
        );
        assert_eq!(read(&literal), text);
    }
}
