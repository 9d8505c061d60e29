//! An HTTP client that asks before a request's first byte is written: names are looked up, the connection and TLS are
//! there by then, so that whatever fails before can be tried again without a doubt.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, DefaultConnector, NextTimeout, Transport};
use ureq::{Agent, Body, Error, http};

/// For everything together.
const PATIENCE: Duration = Duration::from_secs(20);
/// For the connection and its TLS.
const CONNECT: Duration = Duration::from_secs(8);
/// A connection that was idle for longer is not used again: the other side may be about to close it.
const IDLE: Duration = Duration::from_secs(4);

/// The client; one request at a time.
pub struct GatedClient {
    agent: Agent,
    gate: Gate,
}

/// What became of a request.
pub enum Answered {
    /// The other side answered.
    Yes(http::Response<Body>),
    /// Nothing was written: why.
    NotSent(Error),
    /// It was written, at least in part, and no answer came: why.
    Unknown(Error),
    /// The asked one said no; nothing was written.
    Unwanted,
}

type Gate = Arc<Mutex<Option<Ask>>>;

/// A question that waits for its answer in the other thread.
#[derive(Debug)]
struct Ask {
    asks: SyncSender<()>,
    answer: Receiver<bool>,
}

#[derive(Debug, thiserror::Error)]
#[error("not wanted any more")]
struct NotWanted;

impl GatedClient {
    /// No redirects, which would carry credentials elsewhere; every status is an answer.
    pub fn new() -> Self {
        let gate = Gate::default();
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_response_header_size(32 * 1024)
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(PATIENCE))
            .max_idle_age(IDLE)
            .max_idle_connections(2)
            .build();
        let connector = DefaultConnector::default().chain(GateKeeper(gate.clone()));
        Self { agent: Agent::with_parts(config, connector, DefaultResolver::default()), gate }
    }

    /// Sends; `hand_over` is asked in this thread, right before the first byte.
    pub fn send(&self, request: http::Request<Vec<u8>>, hand_over: &mut dyn FnMut() -> bool) -> Answered {
        let (asks, asked) = sync_channel(1);
        let (answers, answer) = sync_channel(1);
        self.set_gate(Some(Ask { asks, answer }));
        std::thread::scope(|scope| {
            let running = scope.spawn(|| {
                let outcome = self.agent.run(request);
                // whoever was not asked will not be: the question ends here
                self.set_gate(None);
                outcome
            });
            let wanted = asked.recv().ok().map(|()| {
                let wanted = hand_over();
                // a thread that is gone needs no answer
                let _ = answers.send(wanted);
                wanted
            });
            match (wanted, running.join()) {
                (Some(false), _) => Answered::Unwanted,
                (Some(true), Ok(Ok(response))) => Answered::Yes(response),
                (Some(true), Ok(Err(error))) => Answered::Unknown(error),
                (Some(true), Err(_)) => Answered::Unknown(Error::ConnectionFailed),
                (None, Ok(Err(error))) => Answered::NotSent(error),
                (None, Ok(Ok(_)) | Err(_)) => Answered::NotSent(Error::ConnectionFailed),
            }
        })
    }

    fn set_gate(&self, ask: Option<Ask>) {
        match self.gate.lock() {
            Ok(mut gate) => *gate = ask,
            Err(poisoned) => *poisoned.into_inner() = ask,
        }
    }
}

/// Puts a gate before every connection.
#[derive(Debug)]
struct GateKeeper(Gate);

impl<In: Transport> Connector<In> for GateKeeper {
    type Out = Gated<In>;

    fn connect(&self, _: &ConnectionDetails, chained: Option<In>) -> Result<Option<Self::Out>, Error> {
        Ok(chained.map(|inner| Gated { inner, gate: self.0.clone() }))
    }
}

#[derive(Debug)]
struct Gated<In> {
    inner: In,
    gate: Gate,
}

impl<In> Gated<In> {
    /// Asks once a request.
    fn pass(&self) -> Result<(), Error> {
        let ask = self.gate.lock().map_or(None, |mut gate| gate.take());
        let Some(ask) = ask else { return Ok(()) };
        let wanted = ask.asks.send(()).is_ok() && ask.answer.recv().unwrap_or(false);
        if wanted { Ok(()) } else { Err(Error::Other(Box::new(NotWanted))) }
    }
}

impl<In: Transport> Transport for Gated<In> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.pass()?;
        self.inner.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.inner.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}
