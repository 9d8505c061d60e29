//! Cards, labels and posters: what a printer and a scanner make of them.

mod asking;
mod paper;
mod placing;
mod scanning;
