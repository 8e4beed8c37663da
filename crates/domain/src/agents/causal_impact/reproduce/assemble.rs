//! One script of several modules: their imports first, those of each other left out.

use std::collections::BTreeSet;

/// Modules that come with Python and are used here.
const STANDARD: [&str; 11] =
    ["argparse", "csv", "dataclasses", "gzip", "io", "itertools", "json", "math", "re", "sys", "types"];

/// Modules whose package is called otherwise.
const PACKAGES: [(&str, &str); 1] = [("sklearn", "scikit-learn")];

/// A module as its imports and the rest.
struct Split<'a> {
    imports: Vec<&'a str>,
    body: &'a str,
}

/// Joins the pieces. The literal stands between imports and pieces, as `ANALYSIS`.
pub(super) fn script(pieces: &[&str], requirements: &str, literal: &str) -> String {
    let splits: Vec<Split<'_>> = pieces.iter().map(|piece| split(piece)).collect();
    let imports: BTreeSet<(&str, &str)> = splits
        .iter()
        .flat_map(|split| &split.imports)
        .chain(&["import json"])
        .map(|statement| (module_of(statement), *statement))
        .collect();
    let required: Vec<&str> =
        requirements.lines().filter(|line| imports.iter().any(|(module, _)| brings(line, module))).collect();
    let of = |wanted: &dyn Fn(&str) -> bool| {
        let statements = imports.iter().filter(|(module, _)| wanted(module));
        statements.map(|(_, statement)| *statement).collect::<Vec<_>>().join("\n")
    };
    let standard = of(&|module| STANDARD.contains(&module));
    let packages = of(&|module| required.iter().any(|line| brings(line, module)));
    let bodies: Vec<&str> = splits.iter().map(|split| split.body).collect();
    let header = header(&required);
    format!("{header}\n{standard}\n\n{packages}\n\nANALYSIS = {literal}\n\n{}\n", bodies.join("\n\n\n"))
}

fn header(required: &[&str]) -> String {
    let install = required.join(" \\\n#         ");
    format!(
        "# Repeats an analysis with other people's packages and compares the numbers.\n\
         #\n\
         # Each estimate is computed again from the file that was analysed, by the\n\
         # package named beside it, or written out in numpy where no package has it.\n\
         # The exit code is 1 where a number differs by more than its tolerance.\n\
         #\n\
         #     python -m pip install \\\n\
         #         {install}\n\
         #     python reproduce.py DATA.csv [--estimator NAME]\n\
         #\n\
         # Python 3.11 or later. The question and its answers stand in ANALYSIS.\n"
    )
}

/// The import statements that a module begins with, each whole, and what follows them.
fn split(source: &str) -> Split<'_> {
    let mut imports = Vec::new();
    let mut rest = source;
    loop {
        rest = rest.trim_start_matches('\n');
        if !rest.starts_with("import ") && !rest.starts_with("from ") {
            return Split { imports, body: rest.trim_end() };
        }
        let line = rest.find('\n').unwrap_or(rest.len());
        let end = if rest[..line].ends_with('(') { rest.find(')').map_or(line, |end| end + 1) } else { line };
        imports.push(&rest[..end]);
        rest = &rest[end..];
    }
}

/// `sklearn.base` of `from sklearn.base import BaseEstimator`.
fn module_of(statement: &str) -> &str {
    statement.split_whitespace().nth(1).unwrap_or_default()
}

/// Whether a line of the requirements brings a module.
fn brings(requirement: &str, module: &str) -> bool {
    let root = module.split('.').next().unwrap_or_default();
    let package = PACKAGES.iter().find(|(module, _)| *module == root).map_or(root, |(_, package)| package);
    requirement.split("==").next() == Some(package)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_come_once_and_siblings_not_at_all() {
        let one = "import csv\n\nimport numpy as np\n\n\ndef read():\n    return csv, np\n";
        let two =
            "import numpy as np\nfrom sklearn.base import (\n    A,\n    B,\n)\n\nfrom one import read\n\nX = read()\n";
        let text = script(&[one, two], "numpy==1\npandas==2\nscikit-learn==3\n", "1");
        let (_, text) = text.split_once("ANALYSIS.\n\n").unwrap();
        assert_eq!(
            text,
            "import csv\nimport json\n\nimport numpy as np\nfrom sklearn.base import (\n    A,\n    B,\n)\n\n\
             ANALYSIS = 1\n\ndef read():\n    return csv, np\n\n\nX = read()\n"
        );
    }

    #[test]
    fn only_what_is_used_is_to_be_installed() {
        let text = script(&["import numpy as np\n"], "numpy==1\npandas==2\n", "1");
        assert!(text.contains("#         numpy==1\n") && !text.contains("pandas"), "{text}");
    }
}
