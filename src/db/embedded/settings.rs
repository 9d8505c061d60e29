//! How the server is set: for a small machine that runs Muster beside it.

use std::path::Path;

const SETTINGS: [(&str, &str); 18] = [
    ("listen_addresses", ""),
    ("port", "5432"),
    ("unix_socket_permissions", "0700"),
    ("cluster_name", "muster"),
    ("max_connections", "60"),
    ("shared_buffers", "256MB"),
    ("effective_cache_size", "1GB"),
    ("work_mem", "16MB"),
    ("maintenance_work_mem", "128MB"),
    ("random_page_cost", "1.1"),
    // Pages take well under the time that compiling a plan does.
    ("jit", "off"),
    ("wal_compression", "on"),
    ("max_wal_size", "2GB"),
    ("checkpoint_timeout", "15min"),
    ("timezone", "UTC"),
    ("log_timezone", "UTC"),
    ("log_checkpoints", "off"),
    ("update_process_title", "off"),
];

/// Nothing survives a power cut, and nothing waits for the disk.
const NOT_DURABLE: [(&str, &str); 3] = [("fsync", "off"), ("full_page_writes", "off"), ("synchronous_commit", "off")];

/// The server's arguments; of a setting named twice the last one holds.
pub fn arguments(sockets: &Path, durable: bool, further: &[(String, String)]) -> Vec<String> {
    let own = SETTINGS.iter().chain(if durable { &[][..] } else { &NOT_DURABLE[..] });
    let own = own.map(|(name, value)| format!("{name}={value}"));
    let sockets = format!("unix_socket_directories={}", sockets.display());
    let further = further.iter().map(|(name, value)| format!("{name}={value}"));
    own.chain([sockets]).chain(further).flat_map(|setting| ["-c".to_owned(), setting]).collect()
}
