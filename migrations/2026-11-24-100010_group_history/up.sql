-- A group's joins by time with all that its page counts (joined per day, members at a past moment, how they joined).
CREATE INDEX membership_joined_idx ON membership (group_id, joined_at) INCLUDE (left_at, source);
-- A group's leavings by time.
CREATE INDEX membership_left_idx ON membership (group_id, left_at) WHERE left_at IS NOT NULL;
