use clap::Parser;

/// Measures Muster beside this machine's limits.
#[derive(Parser)]
pub struct Options {
    /// Members; several numbers measure all of it at each.
    #[arg(long, env = "MUSTER_BENCH_MEMBERS", value_delimiter = ',', default_values_t = [1_000_000, 100_000])]
    pub members: Vec<u64>,

    /// Groups.
    #[arg(long, env = "MUSTER_BENCH_GROUPS", default_value_t = 200)]
    pub groups: u64,

    /// Seconds that each figure is measured.
    #[arg(long, env = "MUSTER_BENCH_SECONDS", default_value_t = 4)]
    pub seconds: u64,

    /// Only rows whose name contains one of these.
    #[arg(long, env = "MUSTER_BENCH_ROWS", value_delimiter = ',')]
    pub rows: Vec<String>,

    /// Connections.
    #[arg(long, env = "MUSTER_BENCH_CONNECTIONS", value_delimiter = ',', default_values_t = [1, 16])]
    pub connections: Vec<usize>,

    /// Where the clusters lie while it runs; none: the system's folder for temporary files. It must be on a disk.
    #[arg(long, env = "MUSTER_BENCH_FOLDER")]
    pub folder: Option<std::path::PathBuf>,

    /// What `cargo bench` passes to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

impl Options {
    /// Whether this row is asked for.
    pub fn wants(&self, row: &str) -> bool {
        self.rows.is_empty() || self.rows.iter().any(|part| row.contains(part.trim()))
    }
}
