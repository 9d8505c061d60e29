//! The server is killed while tills work, and comes back: what was answered was done, and nothing was done twice.

use std::net::TcpListener;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use chrono::Utc;

use super::races::seconds;
use super::storm::{self, Told};
use super::{assert_books_balance, till};
use crate::command::running::{Folder, Running};
use crate::support::{Program, TestApp, make};

fn serve(app: &TestApp, folder: &Folder, listen: &str) -> Running {
    let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("MUSTER_") || name == "DATABASE_URL") {
        command.env_remove(name);
    }
    command.args(["serve", "--listen", listen, "--log", "error", "--data", folder.name(), "--api-requests", "0"]);
    Running::start(command.env("DATABASE_URL", app.database_url()))
}

#[test]
fn a_server_that_is_killed_among_64_tills() {
    let app = TestApp::start();
    let codes = storm::codes(&app, Utc::now());
    let folder = Folder::new("tills");
    let listen = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let running = Mutex::new(Some(serve(&app, &folder, &listen)));
    let base = format!("http://{listen}/api/pos/v1");
    let tills: Vec<Program> = (0..64).map(|_| till(&app, "").at(&base)).collect();
    let told = Told::default();
    let until = Instant::now() + seconds();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while Instant::now() < until {
                std::thread::sleep(Duration::from_millis(500));
                let server = running.lock().unwrap().take().unwrap();
                server.stop(libc::SIGKILL);
                *running.lock().unwrap() = Some(serve(&app, &folder, &listen));
            }
        });
        storm::rage(&tills, &codes, until, &told);
    });
    running.lock().unwrap().take().unwrap().stop(libc::SIGTERM);

    assert_books_balance(&app);
    let [validated, reversed] = [&told.validated, &told.reversed].map(|count| count.load(Ordering::Relaxed));
    assert_eq!(make::count(&app, "SELECT count(*) FROM validation"), validated);
    assert_eq!(make::count(&app, "SELECT count(*) FROM validation WHERE reversed_at IS NOT NULL"), reversed);
    assert!(validated > 0, "{told:?}");
    eprintln!("{told:?}");
}
