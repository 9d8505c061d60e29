use std::fs;
use std::io::Write;

use serde_json::{Value, json};

use crate::load::Served;
use crate::memory::Memory;
use crate::options::Options;
use crate::start_up::StartUp;
use crate::world::World;

/// All that was measured.
pub struct Report {
    scales: Vec<Scale>,
    seconds: u64,
}

/// At one size.
pub struct Scale {
    pub members: u64,
    pub memberships: u64,
    pub groups: u64,
    pub seed_seconds: f64,
    pub start_up: StartUp,
    pub memory: Memory,
    pub rows: Vec<Line>,
    pub bulk: Vec<Bulk>,
    pub seconds: f64,
}

/// Requests of one kind.
pub struct Line {
    pub name: &'static str,
    pub connections: usize,
    pub served: Served,
    /// What pgbench did, a second.
    pub limit: f64,
}

/// Work in the background.
pub struct Bulk {
    pub name: String,
    pub seconds: f64,
    /// The bare statement; 0: there is none to compare with.
    pub bare: f64,
    pub rows: i64,
}

/// Progress, apart from the table.
pub fn say(what: &str) {
    let _ = writeln!(std::io::stderr(), "bench: {what}");
}

impl Scale {
    pub fn of(world: &World) -> Self {
        Self {
            members: world.made.members,
            memberships: world.made.memberships,
            groups: world.made.groups,
            seed_seconds: world.seed_seconds,
            start_up: StartUp { after_stop: Default::default(), after_kill: Default::default() },
            memory: Memory::default(),
            rows: Vec::new(),
            bulk: Vec::new(),
            seconds: 0.0,
        }
    }

    fn print(&self, smaller: Option<&Self>) {
        println!(
            "\n{} members, {} memberships, {} groups (measured in {:.0} s)",
            grouped(self.members),
            grouped(self.memberships),
            grouped(self.groups),
            self.seconds
        );
        println!(
            "{:<26}{:>5}{:>11}{:>10}{:>10}{:>12}{:>8}{:>9}{:>9}",
            "", "conn", "requests/s", "p50 ms", "p99 ms", "pgbench/s", "ratio", "page kB", "slower"
        );
        for line in &self.rows {
            let slower = smaller.and_then(|smaller| {
                let other = smaller
                    .rows
                    .iter()
                    .find(|other| other.name == line.name && other.connections == line.connections)?;
                Some(format!("{:.2} x", other.served.rate / line.served.rate))
            });
            println!(
                "{:<26}{:>5}{:>11.0}{:>10.2}{:>10.2}{:>12.0}{:>8.2}{:>9.1}{:>9}{}",
                line.name,
                line.connections,
                line.served.rate,
                line.served.p50.as_secs_f64() * 1e3,
                line.served.p99.as_secs_f64() * 1e3,
                line.limit,
                line.ratio(),
                line.served.size as f64 / 1e3,
                slower.unwrap_or_default(),
                line.warning(),
            );
        }
        for bulk in self.bulk.iter().filter(|bulk| bulk.bare == 0.0) {
            println!("{:<48}{:>8.2} s", bulk.name, bulk.seconds);
        }
        for bulk in self.bulk.iter().filter(|bulk| bulk.bare > 0.0) {
            println!(
                "{:<48}{:>8.2} s   bare statement {:>6.2} s   {:>5.2} x",
                bulk.name,
                bulk.seconds,
                bulk.bare,
                bulk.seconds / bulk.bare
            );
        }
        let mb = |bytes: u64| bytes as f64 / 1e6;
        println!(
            "resident memory of the server: idle {:.1} MB, under load {:.1} MB, issuing {:.1} MB; of a worker that queues and sends {:.1} MB",
            mb(self.memory.idle),
            mb(self.memory.under_load),
            mb(self.memory.issuing),
            mb(self.memory.worker)
        );
        println!(
            "seed {:.1} s; start-up {:.2} s after a stop, {:.2} s after kill -9 of server and database",
            self.seed_seconds,
            self.start_up.after_stop.as_secs_f64(),
            self.start_up.after_kill.as_secs_f64()
        );
    }

    fn json(&self) -> Value {
        let rows: Vec<Value> = self.rows.iter().map(Line::json).collect();
        let bulk = self.bulk.iter().map(|bulk| json!({ "name": bulk.name, "rows": bulk.rows, "seconds": bulk.seconds, "bare_seconds": bulk.bare, "ratio": bulk.seconds / bulk.bare }));
        json!({
            "members": self.members, "memberships": self.memberships, "groups": self.groups,
            "seed_seconds": self.seed_seconds,
            "start_up_seconds": { "after_stop": self.start_up.after_stop.as_secs_f64(), "after_kill": self.start_up.after_kill.as_secs_f64() },
            "resident_bytes": { "idle": self.memory.idle, "under_load": self.memory.under_load, "issuing": self.memory.issuing, "worker": self.memory.worker },
            "rows": rows, "bulk": bulk.collect::<Vec<_>>(), "seconds": self.seconds,
        })
    }
}

impl Line {
    fn ratio(&self) -> f64 {
        self.served.rate / self.limit
    }

    fn warning(&self) -> String {
        if self.served.wrong == 0 {
            return String::new();
        }
        let example = self.served.example.as_deref().unwrap_or_default().lines().next().unwrap_or_default();
        format!("   {} wrong answers: {example:.80}", self.served.wrong)
    }

    fn json(&self) -> Value {
        json!({
            "name": self.name, "connections": self.connections, "requests_per_second": self.served.rate,
            "p50_ms": self.served.p50.as_secs_f64() * 1e3, "p99_ms": self.served.p99.as_secs_f64() * 1e3,
            "pgbench_per_second": self.limit, "ratio": self.ratio(), "wrong_answers": self.served.wrong,
            "body_bytes": self.served.size,
        })
    }
}

impl Report {
    pub fn begin(options: &Options) -> Self {
        Self { scales: Vec::new(), seconds: options.seconds }
    }

    pub fn add(&mut self, scale: Scale) {
        scale.print(None);
        self.scales.push(scale);
    }

    /// The one table: the largest first, and how much slower it is than the smallest.
    pub fn print(&self) {
        println!(
            "\n==== Muster beside this machine's limits ({} s a figure, {} processors) ====",
            self.seconds,
            processors()
        );
        let smallest = self.scales.iter().min_by_key(|scale| scale.members);
        for scale in &self.scales {
            scale.print(smallest.filter(|smallest| smallest.members < scale.members));
        }
    }

    pub fn write_json(&self) {
        fs::create_dir_all("bench-out").unwrap();
        let all = json!({
            "seconds": self.seconds, "processors": processors(),
            "scales": self.scales.iter().map(Scale::json).collect::<Vec<_>>(),
        });
        fs::write("bench-out/bench.json", serde_json::to_string_pretty(&all).unwrap()).unwrap();
        println!("\nas JSON: bench-out/bench.json; what pgbench ran: bench-out/sql/");
    }
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(0, std::num::NonZero::get)
}

fn grouped(number: u64) -> String {
    muster::web::number::grouped(&number.to_string())
}
