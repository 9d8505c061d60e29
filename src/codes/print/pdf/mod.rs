//! Cards as a PDF that is written while it is sent.

mod file;
mod font;
mod paint;
mod printer;

pub use printer::Printer;
