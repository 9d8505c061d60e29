//! How long a body may take: whoever sends a byte now and then would hold a connection, and what it costs, for ever.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::middleware::Next;
use actix_web::rt::time::{Instant, Sleep, sleep_until, timeout};
use actix_web::web::Bytes;
use actix_web::{Error, HttpMessage, HttpRequest};
use futures_util::{Stream, StreamExt};

/// For any body; it grows with every byte that came.
const GRACE: Duration = Duration::from_secs(20);
/// Slower than this on the whole is too slow: a phone in a tunnel manages more.
const BYTES_PER_SECOND: u64 = 8 * 1024;

/// Marks the addresses that take files: as `app_data` of their resource. At all others a form stays small, whatever
/// its encoding.
#[derive(Debug, Clone, Copy)]
pub struct TakesFiles;

/// How long bodies may take; another one is for tests.
#[derive(Debug, Clone, Copy)]
pub struct BodyPatience(pub Duration);

impl Default for BodyPatience {
    fn default() -> Self {
        Self(GRACE)
    }
}

/// The next piece of a body that is read in parts. The parser of parts waits for more where a part's head is broken and
/// all has come, and nothing would wake it again.
pub async fn next<S: Stream + Unpin>(req: &HttpRequest, stream: &mut S) -> Result<Option<S::Item>, &'static str> {
    let BodyPatience(grace) = req.app_data::<BodyPatience>().copied().unwrap_or_default();
    timeout(grace, stream.next()).await.map_err(|_| "too slow")
}

/// Wrapped around everything.
pub async fn hurry<B: MessageBody + 'static>(
    mut req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let BodyPatience(grace) = req.app_data::<BodyPatience>().copied().unwrap_or_default();
    let body = req.take_payload();
    if !matches!(body, Payload::None) {
        let deadline = Instant::now() + grace;
        let body = Hurried { body, end: Box::pin(sleep_until(deadline)), deadline, received: 0 };
        req.set_payload(Payload::Stream { payload: Box::pin(body) });
    }
    next.call(req).await
}

/// A body that must come on.
struct Hurried {
    body: Payload,
    end: Pin<Box<Sleep>>,
    /// Before anything came.
    deadline: Instant,
    received: u64,
}

impl Stream for Hurried {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if let Poll::Ready(item) = Pin::new(&mut this.body).poll_next(cx) {
            if let Some(Ok(chunk)) = &item {
                this.received += chunk.len() as u64;
                let earned = Duration::from_millis(this.received * 1_000 / BYTES_PER_SECOND);
                this.end.as_mut().reset(this.deadline + earned);
            }
            return Poll::Ready(item);
        }
        match this.end.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(Some(Err(PayloadError::Io(io::ErrorKind::TimedOut.into())))),
            Poll::Pending => Poll::Pending,
        }
    }
}
