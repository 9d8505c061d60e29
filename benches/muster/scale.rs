use std::time::Instant;

use crate::options::Options;
use crate::rows::Row;
use crate::server::Server;
use crate::world::World;
use crate::{apps, codes, issuing, memory, pgbench, report, rows, sending, sign_in, start_up};

/// All figures at one size.
pub fn run(members: u64, options: &Options) -> report::Scale {
    let begun = Instant::now();
    report::say(&format!("making {members} members"));
    let mut world = World::make(members, options);
    let mut scale = report::Scale::of(&world);
    scale.start_up = start_up::measure(&mut world);
    report::say("starting the server");
    let server = Server::start(&world);
    scale.memory.idle = memory::resident(server.pid());
    for row in rows::all().into_iter().filter(|row| options.wants(row.name)) {
        for connections in &options.connections {
            scale.rows.push(measure(&world, &server, &row, *connections, options, &mut scale.memory));
        }
    }
    if options.wants("office") {
        scale.bulk.extend(apps::bulk(&world, &server));
    }
    drop(server);
    if options.wants("sign-in") {
        scale.rows.extend(sign_in::measure(&world, options, &mut scale.memory));
    }
    if options.wants("audit entries") {
        scale.bulk.push(sign_in::audit_entries(&world));
    }
    if options.wants("issuing") {
        scale.bulk.extend(issuing::measure(&world, &mut scale.memory));
    }
    if options.wants("codes") {
        scale.bulk.push(codes::measure(&world, &mut scale.memory));
    }
    if options.wants("sending") {
        scale.bulk.extend(sending::measure(&world, &mut scale.memory));
    }
    scale.seconds = begun.elapsed().as_secs_f64();
    scale
}

fn measure(
    world: &World,
    server: &Server,
    row: &Row,
    connections: usize,
    options: &Options,
    memory: &mut memory::Memory,
) -> report::Line {
    report::say(&format!("{}, {connections} connections", row.name));
    let scripts = (row.scripts)(world, server);
    pgbench::keep(row.name, &scripts);
    let plan = |worker: usize| (row.requests)(world, worker, connections);
    // a moment to warm up both sides
    crate::load::run(server.address(), 1.0, connections, plan);
    let served =
        memory.watching(server.pid(), || crate::load::run(server.address(), options.seconds as f64, connections, plan));
    let limit = pgbench::run(world, &scripts, connections, options.seconds);
    report::Line { name: row.name, connections, served, limit: limit * row.saves_a_script }
}
