//! **Print**: codes as cards, labels and posters.

mod card;
mod face;
mod form;
mod job;
mod lines;
mod offer;
pub mod page;
mod pdf;
mod plan;
pub mod preview;
mod sheet;
mod stream;
mod svg;
