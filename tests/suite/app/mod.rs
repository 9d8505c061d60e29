//! The member app.
