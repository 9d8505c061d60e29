DROP INDEX CONCURRENTLY member_blocked_idx;
