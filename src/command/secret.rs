//! What must not be guessed, and stay the same: configured, or made once and kept in the data folder.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use muster::config::DatabaseArgs;
use muster::sealed::Keys;

/// The secret that signs cookies and form tokens.
pub fn load(configured: Option<&str>, data: &Path) -> std::io::Result<Vec<u8>> {
    if let Some(secret) = configured {
        return Ok(secret.as_bytes().to_vec());
    }
    let fresh = || format!("{}{}", muster::web::csrf::random_token(), muster::web::csrf::random_token());
    kept(&data.join("secret"), fresh).map(String::into_bytes)
}

/// The keys that seal stored secrets.
pub fn keys(args: &DatabaseArgs) -> Result<Keys, Box<dyn std::error::Error + Send + Sync>> {
    let text = match &args.secret_key {
        Some(text) => text.clone(),
        None => kept_keys(args)?,
    };
    Ok(Keys::parse(&text)?)
}

/// Those that are kept in the data folder, as text.
pub fn kept_keys(args: &DatabaseArgs) -> std::io::Result<String> {
    kept(&key_file(args), Keys::random_text)
}

/// Where they are kept.
pub fn key_file(args: &DatabaseArgs) -> PathBuf {
    args.data.join("secret-key")
}

/// The kept text, else a new one that is kept.
fn kept(file: &Path, fresh: impl FnOnce() -> String) -> std::io::Result<String> {
    match fs::read_to_string(file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        outcome => return outcome,
    }
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let text = fresh();
    match fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file) {
        Ok(mut kept) => {
            kept.write_all(text.as_bytes())?;
            kept.sync_all()?;
            Ok(text)
        }
        // another process was quicker
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => fs::read_to_string(file),
        Err(error) => Err(error),
    }
}
