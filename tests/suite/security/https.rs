//! Over https, cookies are bound to this host and never sent in the clear.

use crate::support::{TestApp, make};

const SITE: &str = "https://loyalty.example.com";

/// The names and attributes of all cookies that an answer sets.
fn cookies(response: &ureq::http::Response<ureq::Body>) -> Vec<String> {
    response.headers().get_all("set-cookie").iter().map(|value| value.to_str().unwrap().to_owned()).collect()
}

#[test]
fn all_cookies_are_secure_and_those_that_prove_something_bound_to_the_host() {
    let app = TestApp::configured(|config| config.public_url = SITE.into());
    app.make_account("ada@example.com", "Ada", muster::accounts::Role::Admin);
    let agent: ureq::Agent = ureq::Agent::config_builder().max_redirects(0).http_status_as_error(false).build().into();
    let url = format!("http://{}/sign-in", app.address);
    let mut page = agent.get(&url).call().unwrap();
    let visitor = cookies(&page).remove(0);
    assert!(visitor.starts_with("__Host-muster_visitor="), "{visitor}");
    let html = page.body_mut().read_to_string().unwrap();
    let csrf = html.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let form = [("csrf", csrf), ("email", "ada@example.com"), ("password", "muster-demo")];
    let signed_in = agent.post(&url).header("Cookie", visitor.split(';').next().unwrap()).send_form(form).unwrap();
    assert_eq!(signed_in.status(), 303);
    let set = cookies(&signed_in);
    let session = set.iter().find(|cookie| cookie.starts_with("__Host-muster_session=")).unwrap();
    for cookie in [&visitor, session] {
        for part in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
            assert!(cookie.contains(part), "{part} in {cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
    let session = session.split(';').next().unwrap();
    let first = agent.get(format!("http://{}/", app.address)).header("Cookie", session).call().unwrap();
    assert_eq!(first.status(), 200);
    assert!(first.headers()["strict-transport-security"].to_str().unwrap().starts_with("max-age=31536000"));
    // a message for the next page proves nothing, but goes over https only as well
    let mut form =
        agent.get(format!("http://{}/settings/general", app.address)).header("Cookie", session).call().unwrap();
    let html = form.body_mut().read_to_string().unwrap();
    let csrf = html.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let group = make::group(&app, "Regulars").make();
    let end = format!("http://{}/settings/user-groups/{group}/end", app.address);
    let ended = agent.post(&end).header("Cookie", session).send_form([("csrf", csrf)]).unwrap();
    let flash = cookies(&ended).into_iter().find(|cookie| cookie.starts_with("muster_flash=")).unwrap();
    assert!(flash.contains("; Secure") && flash.contains("; HttpOnly"), "{flash}");
}
