//! What the log says of a request: its method and the pattern of its address. The address itself may hold what someone
//! looked for, a phone number say, or the secret of a link; logs carry no more than ids.

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use tracing::Span;
use tracing_actix_web::RootSpanBuilder;

/// For `TracingLogger`.
pub struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let route = request.match_pattern().unwrap_or_else(|| "none".to_owned());
        let id = &uuid::Uuid::new_v4().simple().to_string()[..12];
        tracing::info_span!("request", id, method = %request.method(), route, status = tracing::field::Empty)
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let status = match outcome {
            Ok(response) => response.status(),
            Err(error) => error.as_response_error().status_code(),
        };
        span.record("status", status.as_u16());
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use actix_web::test::TestRequest;
    use std::io::Write;
    use std::sync::{Arc, Mutex};
    use tracing_subscriber::fmt::MakeWriter;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Lines {
        type Writer = Self;

        fn make_writer(&'a self) -> Self {
            self.clone()
        }
    }

    /// What is logged while a request is answered.
    fn logged(json: bool, say: impl Fn()) -> String {
        let lines = Lines::default();
        let builder = tracing_subscriber::fmt().with_writer(lines.clone()).with_ansi(false);
        let request =
            TestRequest::with_uri("/user-support?q=%2B436641234512&x=%0aforged").insert_header(("user-agent", "evil"));
        let request = request.cookie(actix_web::cookie::Cookie::new("muster_session", "secret")).to_srv_request();
        let run = || RequestSpan::on_request_start(&request).in_scope(say);
        if json {
            tracing::subscriber::with_default(builder.json().finish(), run);
        } else {
            tracing::subscriber::with_default(builder.finish(), run);
        }
        let bytes = lines.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn what_was_looked_for_is_not_logged() {
        for json in [true, false] {
            let text = logged(json, || tracing::info!("worked"));
            assert!(text.contains("worked") && text.contains("GET"), "{text}");
            for secret in ["436641234512", "forged", "evil", "secret"] {
                assert!(!text.contains(secret), "{secret} in {text}");
            }
        }
    }

    #[test]
    fn no_text_becomes_a_line_of_its_own() {
        let evil = "x\n2026-11-24T10:00:00Z ERROR forged\r\u{1b}[31m";
        for json in [true, false] {
            let text = logged(json, || tracing::info!(ids = ?[evil], said = evil, "a report"));
            assert_eq!(text.lines().count(), 1, "{text}");
            assert!(!text.contains(['\r', '\u{1b}']), "{text:?}");
        }
    }
}
