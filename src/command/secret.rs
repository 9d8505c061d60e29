//! The secret that signs cookies and form tokens: configured, or made once and kept in the data folder.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// The configured secret, else the kept one, else a new one that is kept.
pub fn load(configured: Option<&str>, data: &Path) -> std::io::Result<Vec<u8>> {
    if let Some(secret) = configured {
        return Ok(secret.as_bytes().to_vec());
    }
    let file = data.join("secret");
    match fs::read(&file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        outcome => return outcome,
    }
    fs::create_dir_all(data)?;
    let secret = format!("{}{}", muster::web::csrf::random_token(), muster::web::csrf::random_token());
    match fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&file) {
        Ok(mut kept) => {
            kept.write_all(secret.as_bytes())?;
            kept.sync_all()?;
            Ok(secret.into_bytes())
        }
        // another process was quicker
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => fs::read(&file),
        Err(error) => Err(error),
    }
}
