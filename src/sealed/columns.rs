//! Where sealed secrets are stored: a new such column joins this list, or changing the key would leave it behind (a test
//! looks at every column of bytes that there is).

/// A column of sealed secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealedColumn {
    /// Its table.
    pub table: &'static str,
    /// The table's key.
    pub key: &'static str,
    /// Its name.
    pub column: &'static str,
    /// What each is sealed for, as SQL.
    pub purpose: &'static str,
}

/// All of them.
pub const COLUMNS: [SealedColumn; 4] = [
    SealedColumn { table: "account", key: "id", column: "totp_seed", purpose: "'totp'" },
    SealedColumn { table: "channel", key: "key", column: "secret", purpose: "'channel ' || key" },
    SealedColumn { table: "webhook", key: "id", column: "secret", purpose: "'webhook'" },
    SealedColumn { table: "webhook", key: "id", column: "old_secret", purpose: "'webhook'" },
];
