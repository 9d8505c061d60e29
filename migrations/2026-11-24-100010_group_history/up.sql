-- A group's joins by time with all that its page counts (joined per day, members at a past moment, how they joined).
CREATE INDEX membership_joined_idx ON membership (group_id, joined_at) INCLUDE (left_at, source);
-- A group's leavings by time.
CREATE INDEX membership_left_idx ON membership (group_id, left_at) WHERE left_at IS NOT NULL;

-- How many members there are: the sum of its rows. Each change adds a row, so that new members never wait for each
-- other; now and then a change makes one row of those that no other transaction is at.
CREATE TABLE member_count (
  change bigint NOT NULL
);

CREATE FUNCTION count_members() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO member_count SELECT count(*) FROM after_rows HAVING count(*) > 0;
  ELSE
    INSERT INTO member_count SELECT -count(*) FROM before_rows HAVING count(*) > 0;
  END IF;
  IF random() < 0.02 THEN
    WITH gone AS (
      DELETE FROM member_count WHERE ctid = ANY (ARRAY(SELECT ctid FROM member_count FOR UPDATE SKIP LOCKED))
      RETURNING change)
    INSERT INTO member_count SELECT sum(change) FROM gone HAVING count(*) > 0;
  END IF;
  RETURN NULL;
END $$;

-- nobody comes or goes between the count and the trigger
LOCK TABLE member IN SHARE ROW EXCLUSIVE MODE;
INSERT INTO member_count SELECT count(*) FROM member;
CREATE TRIGGER member_insert_count AFTER INSERT ON member REFERENCING NEW TABLE AS after_rows
  FOR EACH STATEMENT EXECUTE FUNCTION count_members();
CREATE TRIGGER member_delete_count AFTER DELETE ON member REFERENCING OLD TABLE AS before_rows
  FOR EACH STATEMENT EXECUTE FUNCTION count_members();
