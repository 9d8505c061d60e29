-- Counts on whenever a dashboard user's sign-ins are ended: by another password or factor, or when they are disabled. A
-- sign-in that began before finds another number, and leaves no session.
ALTER TABLE account ADD COLUMN generation bigint NOT NULL DEFAULT 0;
