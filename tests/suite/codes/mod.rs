//! Codes: made at publishing, made and imported later, listed, exported, and all that happens to them.

mod batches;
mod counting;
mod import_races;
mod importing;
mod killed;
mod life;
mod list;
mod low_stock;
mod more;
mod one;
mod preparing;
mod print;
mod shapes;
mod stopping;
