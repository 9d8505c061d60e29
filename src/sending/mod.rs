//! The queue of messages on its way out: who may go now, handing over, what came of it, trying again.
