//! `Db::read` cannot write, `Db::write` is one transaction. No connection exists outside.

use std::sync::Arc;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Pool};
use diesel::{Connection, PgConnection};

use crate::error::AppError;

type PgPool = Pool<ConnectionManager<PgConnection>>;

/// Opening the pools failed.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The address is wrong, or nothing answers there.
    #[error("the database cannot be reached: {0}")]
    Unreachable(#[from] diesel::r2d2::PoolError),
}

/// Two pools: one whose sessions are read-only, one for transactions.
#[derive(Clone)]
pub struct Db {
    read: PgPool,
    write: PgPool,
    url: Arc<str>,
}

#[derive(Debug)]
struct ReadOnly;

impl CustomizeConnection<PgConnection, diesel::r2d2::Error> for ReadOnly {
    fn on_acquire(&self, conn: &mut PgConnection) -> Result<(), diesel::r2d2::Error> {
        // a page that takes longer is of no use to anyone
        conn.batch_execute("SET default_transaction_read_only = on; SET statement_timeout = '60s'")
            .map_err(diesel::r2d2::Error::QueryError)
    }
}

impl Db {
    /// Opens both pools with at most `size` connections each; connections are made as they are needed.
    pub fn open(url: &str, size: u32) -> Result<Self, DbError> {
        let threads = Arc::new(
            scheduled_thread_pool::ScheduledThreadPool::builder()
                .num_threads(1)
                .thread_name_pattern("muster-pool-{}")
                .build(),
        );
        let builder = || {
            Pool::builder()
                .max_size(size)
                .min_idle(Some(1))
                // a check at each loan costs a round trip; a broken connection is found by its next query
                .test_on_check_out(false)
                .connection_timeout(Duration::from_secs(10))
                .thread_pool(threads.clone())
        };
        let manager = || ConnectionManager::<PgConnection>::new(url);
        Ok(Self {
            read: builder().connection_customizer(Box::new(ReadOnly)).build(manager())?,
            write: builder().build(manager())?,
            url: url.into(),
        })
    }

    /// Runs queries that only read; each sees its own moment.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut PgConnection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<AppError> + Send + 'static,
    {
        on_blocking_pool(self.read.clone(), work).await
    }

    /// Runs several queries that see one and the same moment.
    pub async fn snapshot<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut PgConnection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<AppError> + From<diesel::result::Error> + Send + 'static,
    {
        on_blocking_pool(self.read.clone(), |conn| conn.build_transaction().repeatable_read().read_only().run(work))
            .await
    }

    /// Runs one transaction: all of it is kept, or, when `work` returns an error, none.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut PgConnection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<AppError> + From<diesel::result::Error> + Send + 'static,
    {
        on_blocking_pool(self.write.clone(), |conn| conn.transaction(work)).await
    }

    /// Lends a connection to a thread that may block: workers, start-up, commands.
    pub fn blocking<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut PgConnection) -> Result<T, E>,
        E: From<AppError>,
    {
        let mut conn = self.write.get().map_err(AppError::internal)?;
        work(&mut conn)
    }
}

impl Db {
    /// A connection of its own, for a thread that works all the time and must not take one from the others: a sender.
    pub fn connect(&self) -> diesel::ConnectionResult<PgConnection> {
        PgConnection::establish(&self.url)
    }
}

async fn on_blocking_pool<T, E, F>(pool: PgPool, work: F) -> Result<T, E>
where
    F: FnOnce(&mut PgConnection) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<AppError> + Send + 'static,
{
    actix_web::web::block(move || {
        let mut conn = pool.get().map_err(AppError::internal)?;
        work(&mut conn)
    })
    .await
    .map_err(AppError::internal)?
}
