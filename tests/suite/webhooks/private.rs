//! Nobody makes Muster call what stands beside it.

use super::hook;
use super::receiver::Receiver;
use crate::support::{TestApp, make};
use muster::webhooks::Target;

#[test]
fn private_addresses_are_refused_unless_configured() {
    let app = TestApp::configured(|config| config.webhooks = Target::default());
    let admin = app.admin();
    for url in [
        "http://example.com/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://10.0.0.1/x",
        "https://[::1]/",
        "https://169.254.169.254/latest",
    ] {
        let page = admin.get("/settings/webhooks/new").form("Add webhook").fill("URL", url).send();
        assert_eq!(page.status, 422, "{url}");
        assert!(page.error_on("URL").contains("--webhooks-private-network"), "{url}: {}", page.error_on("URL"));
        assert_eq!(page.value("URL"), url);
    }
    assert_eq!(make::count(&app, "SELECT count(*) FROM webhook"), 0);
    // one that was saved when it was allowed is not called
    let receiver = Receiver::start();
    hook(&app, &receiver.url, &[]);
    let group = make::group(&app, "Regulars").make();
    make::stay(&app, group, &make::members(&app, 1));
    app.send_webhooks();
    assert!(receiver.all().is_empty());
    assert!(make::text(&app, "SELECT error FROM webhook_delivery").contains("--webhooks-private-network"));
}
