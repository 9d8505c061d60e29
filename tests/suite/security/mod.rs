//! What every answer says to browsers, and whom Muster believes.

mod forwarded;
mod headers;
mod https;
mod reseal;
