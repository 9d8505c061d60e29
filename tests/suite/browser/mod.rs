//! What HTML alone cannot show: in Chromium.

mod guide;
mod sign_in;
