//! What HTML alone cannot show: in Chromium.

mod sign_in;
