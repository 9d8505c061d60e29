//! What HTML alone cannot show: in Chromium.

mod every_page;
mod guide;
mod keyboard;
mod pages;
mod passkeys;
mod sign_in;
