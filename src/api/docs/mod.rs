//! `/api/docs` and `/api/openapi.json`: the APIs, told from the code.

mod call;
mod document;
mod example;
mod page;
mod routes;

pub use document::document;
pub use routes::docs;
