use std::time::{Duration, Instant};

use crate::http::{Connection, Request};
use crate::server::{Server, program};
use crate::world::World;

/// From the start of the process to a served page, with its own PostgreSQL and all the data: after a stop in good
/// order, and after both were killed.
pub struct StartUp {
    pub after_stop: Duration,
    pub after_kill: Duration,
}

/// Measures it; the world's PostgreSQL is away meanwhile.
pub fn measure(world: &mut World) -> StartUp {
    world.close();
    let (after_stop, server) = start(world);
    let pid = server.pid().cast_signed();
    // SAFETY: our own child, which has not been waited for.
    unsafe { libc::kill(pid, libc::SIGKILL) };
    drop(server);
    let (after_kill, server) = start(world);
    drop(server);
    world.open();
    StartUp { after_stop, after_kill }
}

fn start(world: &World) -> (Duration, Server) {
    let begun = Instant::now();
    let server = Server::greeted(program().args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(&world.folder));
    let status = Connection::open(server.address()).send(&Request::get("/sign-in", ""));
    assert_eq!(status.unwrap(), 200);
    (begun.elapsed(), server)
}
