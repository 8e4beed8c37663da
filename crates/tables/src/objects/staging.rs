//! Half-written files of processes that were killed.

use std::fs;
use std::io;
use std::path::Path;
use std::time::SystemTime;

/// Removes staging files under `root` that were last written to before `older_than`.
pub(super) fn sweep(root: &Path, older_than: SystemTime) -> io::Result<u64> {
    let mut swept = 0;
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let file_type = entry.file_type()?;
            if file_type.is_dir() {
                folders.push(entry.path());
            } else if file_type.is_file() && is_staging(&entry.file_name().to_string_lossy()) {
                swept += u64::from(remove_if_old(&entry.path(), older_than)?);
            }
        }
    }
    Ok(swept)
}

/// `object_store` stages `name` as `name#7` and refuses such names as keys.
fn is_staging(file_name: &str) -> bool {
    let Some((_, number)) = file_name.rsplit_once('#') else { return false };
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

fn remove_if_old(path: &Path, older_than: SystemTime) -> io::Result<bool> {
    let gone = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
    let modified = match fs::metadata(path).and_then(|metadata| metadata.modified()) {
        Ok(modified) => modified,
        Err(error) if gone(&error) => return Ok(false),
        Err(error) => return Err(error),
    };
    if modified >= older_than {
        return Ok(false);
    }
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if gone(&error) => Ok(false),
        Err(error) => Err(error),
    }
}
