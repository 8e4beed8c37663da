//! `Content-Disposition` of what browsers save: a file name that every browser and system takes, whatever people called
//! their data.

use std::fmt::Write as _;

use http::HeaderValue;

/// Longest name without its ending, in bytes: file systems take 255 for both.
const MAX_STEM_BYTES: usize = 200;

/// RFC 6266: the name in ASCII for old clients, and as it is (RFC 8187) for all others. Its `ending` (`-v2.csv`) is ours
/// and stays whole.
#[must_use]
pub(crate) fn attachment(stem: &str, ending: &str) -> HeaderValue {
    let name = format!("{}{ending}", safe(stem));
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_' | ' ' | '(' | ')');
    let ascii: String = name.chars().map(|letter| if plain(letter) { letter } else { '_' }).collect();
    let mut encoded = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    HeaderValue::from_str(&format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{encoded}"))
        .unwrap_or(HeaderValue::from_static("attachment"))
}

/// What could end the header, name a folder, is refused by a system, or shows a name other than it is (marks that turn
/// the direction of writing), is replaced; a hidden or empty name is none.
fn safe(stem: &str) -> String {
    let letters = stem.trim().trim_start_matches('.').chars();
    let mut safe = String::with_capacity(stem.len());
    for letter in letters.map(|letter| if is_dangerous(letter) { '_' } else { letter }) {
        if safe.len() + letter.len_utf8() > MAX_STEM_BYTES {
            break;
        }
        safe.push(letter);
    }
    if safe.is_empty() { "data".to_owned() } else { safe }
}

fn is_dangerous(letter: char) -> bool {
    let turns = matches!(letter, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    letter.is_control() || turns || r#"<>:"/\|?*"#.contains(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(stem: &str) -> String {
        attachment(stem, "-v1.csv").to_str().unwrap().to_owned()
    }

    #[test]
    fn no_name_gets_out_of_its_header_or_its_folder() {
        assert_eq!(
            text("a\"; filename=evil.exe\r\nSet-Cookie: x=1/../ü"),
            "attachment; filename=\"a__ filename_evil.exe__Set-Cookie_ x_1_..__-v1.csv\"; \
             filename*=UTF-8''a_%3B%20filename%3Devil.exe__Set-Cookie_%20x%3D1_.._%C3%BC-v1.csv"
        );
        assert_eq!(
            text("../../etc/passwd"),
            "attachment; filename=\"_.._etc_passwd-v1.csv\"; filename*=UTF-8''_.._etc_passwd-v1.csv"
        );
        assert_eq!(text(".htaccess"), "attachment; filename=\"htaccess-v1.csv\"; filename*=UTF-8''htaccess-v1.csv");
        assert_eq!(text(" .. "), "attachment; filename=\"data-v1.csv\"; filename*=UTF-8''data-v1.csv");
    }

    #[test]
    fn every_browser_reads_one_name() {
        assert_eq!(
            text("Umsätze Q1 (100 %)"),
            "attachment; filename=\"Ums_tze Q1 (100 _)-v1.csv\"; filename*=UTF-8''Ums%C3%A4tze%20Q1%20%28100%20%25%29-v1.csv"
        );
        assert!(text("invoice\u{202e}gpj").ends_with("filename*=UTF-8''invoice_gpj-v1.csv"));
        assert!(text("a<b>:c|d?e*f").ends_with("''a_b__c_d_e_f-v1.csv"));
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let long = text(&"ü".repeat(200));
        let (_, encoded) = long.split_once("''").unwrap();
        assert_eq!(encoded.matches("%C3%BC").count(), MAX_STEM_BYTES / 2);
        assert!(encoded.ends_with("-v1.csv"));
    }
}
