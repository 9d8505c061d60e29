//! The wizard: a page a step.

pub mod code_risk;
pub mod content;
pub mod content_form;
pub mod frame;
pub mod group_choices;
pub mod pos_input;
pub mod pos_input_form;
mod pos_input_parse;
pub mod preview;
pub mod receivers;
pub mod receivers_form;
pub mod review;
pub mod saved;
pub mod sms_counter;
pub mod step;
pub mod sum;
pub mod time_settings;
pub mod time_settings_form;
pub mod whole;

pub use step::Step;
pub use sum::Sum;
