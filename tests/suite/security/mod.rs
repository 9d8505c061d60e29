//! What every answer says to browsers, and whom Muster believes.

mod document;
mod forwarded;
mod headers;
mod https;
mod limits;
mod matrix;
mod matrix_api;
mod parsers;
mod reseal;
