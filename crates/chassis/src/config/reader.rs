//! Reads settings one by one and remembers every problem.

use std::fs;

use super::{ConfigProblem, ConfigProblems, Env, Secret, Setting};

/// Collects problems while settings are read; see the [module](super) for the pattern.
#[derive(Debug)]
pub struct Reader<'a> {
    env: &'a Env,
    problems: Vec<ConfigProblem>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(env: &'a Env) -> Self {
        Self { env, problems: Vec::new() }
    }

    /// A value that must be there.
    pub fn required<T: Setting>(&mut self, name: &str) -> Option<T> {
        if self.env.get(name).is_none() {
            self.problem(name, format!("is not set; set it to {}", T::EXPECTED));
        }
        self.optional(name)
    }

    /// A value that may be left out.
    pub fn optional<T: Setting>(&mut self, name: &str) -> Option<T> {
        let text = self.env.get(name)?;
        let value = T::read(text);
        if value.is_none() {
            self.problem(name, format!("{text:?} cannot be read; expected {}", T::EXPECTED));
        }
        value
    }

    /// A value with a default.
    pub fn parse_or<T: Setting>(&mut self, name: &str, default: T) -> T {
        self.optional(name).unwrap_or(default)
    }

    /// A secret that must be there, in `NAME` or in the file that `NAME_FILE` names.
    pub fn required_secret(&mut self, name: &str) -> Option<Secret<String>> {
        let problems_before = self.problems.len();
        let secret = self.optional_secret(name);
        if secret.is_none() && self.problems.len() == problems_before {
            self.problem(name, format!("is not set; set it, or set {name}_FILE to the path of a file that holds it"));
        }
        secret
    }

    /// A secret that may be left out, from `NAME` or from the file that `NAME_FILE` names. Newlines at the end of
    /// the file are dropped.
    pub fn optional_secret(&mut self, name: &str) -> Option<Secret<String>> {
        let file_variable = format!("{name}_FILE");
        match (self.env.get(name), self.env.get(&file_variable)) {
            (Some(_), Some(_)) => {
                self.problem(name, format!("is set together with {file_variable}; unset one of the two"));
                None
            }
            (Some(value), None) => Some(Secret::new(value.to_owned())),
            (None, Some(path)) => self.secret_from_file(&file_variable, path),
            (None, None) => None,
        }
    }

    fn secret_from_file(&mut self, file_variable: &str, path: &str) -> Option<Secret<String>> {
        match fs::read_to_string(path) {
            Ok(content) if content.trim().is_empty() => {
                self.problem(file_variable, format!("the file {path:?} is empty; write the secret into it"));
                None
            }
            Ok(content) => Some(Secret::new(content.trim_end_matches(['\r', '\n']).to_owned())),
            Err(error) => {
                let advice = "check the path and that this user may read it";
                self.problem(file_variable, format!("the file {path:?} cannot be read ({error}); {advice}"));
                None
            }
        }
    }

    /// Notes a problem with `name` unless `holds`; for rules that types cannot say (a minimum, two settings that
    /// exclude each other).
    pub fn check(&mut self, name: &str, holds: bool, message: impl Into<String>) {
        if !holds {
            self.problem(name, message);
        }
    }

    /// Notes a problem with `name`. The message must not hold a secret.
    pub fn problem(&mut self, name: &str, message: impl Into<String>) {
        self.problems.push(ConfigProblem { name: name.to_owned(), message: message.into() });
    }

    /// Adds the problems found by a part that reads its own settings.
    pub fn absorb<T>(&mut self, part: Result<T, ConfigProblems>) -> Option<T> {
        part.map_err(|problems| self.problems.extend(problems.0)).ok()
    }

    /// Ends reading: `build` is called only when no problem was noted.
    ///
    /// # Errors
    /// Every problem noted so far; also when `build` gives nothing although none was noted.
    pub fn finish<T>(self, build: impl FnOnce() -> Option<T>) -> Result<T, ConfigProblems> {
        if !self.problems.is_empty() {
            return Err(ConfigProblems(self.problems));
        }
        build().ok_or_else(|| {
            let message = "a setting that the service needs was read as optional; this is a bug in the service".into();
            ConfigProblems(vec![ConfigProblem { name: "(internal)".into(), message }])
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn all_problems_come_at_once_with_name_value_and_advice() {
        let env = Env::from_pairs([("PORT", "eighty"), ("DRAIN", "30"), ("EMPTY", "  "), ("GOOD", "7")]);
        let mut read = env.reader();
        assert_eq!(read.required::<u16>("PORT"), None);
        assert_eq!(read.parse_or("DRAIN", Duration::from_secs(1)), Duration::from_secs(1));
        assert_eq!(read.required::<String>("EMPTY"), None);
        assert_eq!(read.required::<u16>("GOOD"), Some(7));
        let problems = read.finish(|| Some(())).unwrap_err();
        let names: Vec<_> = problems.0.iter().map(|problem| problem.name.as_str()).collect();
        assert_eq!(names, ["PORT", "DRAIN", "EMPTY"]);
        let text = problems.to_string();
        assert!(text.contains("PORT: \"eighty\" cannot be read; expected a whole number from 0 to 65535"), "{text}");
        assert!(text.contains("EMPTY: is not set"), "{text}");
    }

    #[test]
    fn a_secret_comes_from_a_file_without_its_newline() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        fs::write(&path, "s3 cret\r\n").unwrap();
        let env = Env::from_pairs([("KEY_FILE", path.to_str().unwrap())]);
        let mut read = env.reader();
        let secret = read.required_secret("KEY").unwrap();
        assert_eq!(secret.expose(), "s3 cret");
    }

    #[test]
    fn a_secret_set_twice_is_refused_and_never_printed() {
        let env = Env::from_pairs([("KEY", "hunter2"), ("KEY_FILE", "/nowhere")]);
        let mut read = env.reader();
        read.required_secret("KEY");
        let problems = read.finish(|| Some(())).unwrap_err();
        assert_eq!(problems.0.len(), 1);
        assert!(problems.to_string().contains("is set together with KEY_FILE"));
        assert!(!format!("{problems} {problems:?} {env:?}").contains("hunter2"));
    }

    #[test]
    fn a_missing_secret_file_names_the_file_variable() {
        let env = Env::from_pairs([("KEY_FILE", "/nowhere/at/all")]);
        let mut read = env.reader();
        assert!(read.required_secret("KEY").is_none());
        let problems = read.finish(|| Some(())).unwrap_err();
        assert_eq!(problems.0[0].name, "KEY_FILE");
        assert!(problems.0[0].message.contains("/nowhere/at/all"));
    }
}
