-- The list of blocked members, and how many they are. Built while members come and go.
CREATE INDEX CONCURRENTLY member_blocked_idx ON member (id) WHERE blocked_at IS NOT NULL;
