//! Tells cargo to look again when the embedded migrations change (they go stale otherwise).

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
