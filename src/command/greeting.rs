//! What the person who starts Muster is told.

use muster::config::{Config, ServeArgs};
use muster::demo::{EMAILS, MIA_EMAIL, MIA_PHONE, PASSWORD};
use muster::members::phone::display_phone;

use super::database::Database;

/// Where it runs, how to sign in to the demo, where the data lie, how to stop.
pub fn of(config: &Config, database: &Database, serve: &ServeArgs) -> String {
    let url = &config.public_url;
    let mut text = String::new();
    let mut line = |name: &str, what: &str| text.push_str(&format!("  {name:<12} {what}\n"));
    line("Dashboard", url);
    if serve.demo {
        line("Sign in as", &EMAILS.join(", "));
        line("Password", PASSWORD);
    }
    line("Member app", &format!("{url}/app"));
    if serve.demo {
        line("Sign in as", &format!("Mia Sommer: {} or {MIA_EMAIL}", display_phone(MIA_PHONE)));
        line("Her code", &format!("{url}/settings/channels/outbox (as Admin: Settings → Channels → Outbox)"));
    }
    line("Data", database.place().trim_start_matches("in "));
    line("Stop", "Ctrl-C");
    format!("\nMuster is running.\n\n{text}")
}
