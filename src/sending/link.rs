//! A lane's connection to the database: lent by a test, or its own, opened anew after it broke.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::result::Error;

use crate::db::Db;

/// How long a database that does not answer is left alone.
const PAUSE: Duration = Duration::from_millis(250);

/// The connection.
pub enum Link<'a> {
    /// Someone else's.
    Lent(&'a mut PgConnection),
    /// Its own.
    Own(Own),
}

/// A connection that is opened when needed.
pub struct Own {
    db: Db,
    conn: Option<PgConnection>,
    again_at: Instant,
}

impl<'a> Link<'a> {
    /// A connection of one's own.
    pub fn own(db: Db) -> Self {
        Self::Own(Own { db, conn: None, again_at: Instant::now() })
    }

    /// Runs statements. After an error the connection counts as broken.
    pub fn run<T>(&mut self, work: impl FnOnce(&mut PgConnection) -> QueryResult<T>) -> QueryResult<T> {
        let own = match self {
            Self::Lent(conn) => return work(conn),
            Self::Own(own) => own,
        };
        let outcome = own.open().and_then(work);
        if outcome.is_err() {
            own.conn = None;
        }
        outcome
    }
}

impl Own {
    fn open(&mut self) -> QueryResult<&mut PgConnection> {
        if self.conn.is_none() {
            if Instant::now() < self.again_at {
                return Err(Error::BrokenTransactionManager);
            }
            self.again_at = Instant::now() + PAUSE;
            let mut conn = self.db.connect().map_err(|_| Error::BrokenTransactionManager)?;
            // the queue's statistics are always out of date; see `bulk::indexed`
            conn.batch_execute(
                "SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_hashjoin = off;
                 SET enable_mergejoin = off; SET jit = off; SET lock_timeout = '500ms'",
            )?;
            self.conn = Some(conn);
        }
        self.conn.as_mut().ok_or(Error::BrokenTransactionManager)
    }
}
