//! `/api/v1/events`: what webhooks are told, to be read by cursor.

mod document;
mod event_json;
mod index;
mod routes;

pub use document::EventsDocument;
pub use routes::office_events;
