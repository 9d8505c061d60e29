-- How many members there are: the sum of the rows. Each insert or erasure adds a row, so that nobody waits for
-- anybody; one in a hundred folds the rows that nobody else holds.
CREATE TABLE member_count (
  change bigint NOT NULL
);

CREATE FUNCTION count_members() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO member_count (change) SELECT count(*) FROM after_rows;
  ELSE
    INSERT INTO member_count (change) SELECT -count(*) FROM before_rows;
  END IF;
  IF random() < 0.01 THEN
    WITH free AS MATERIALIZED (SELECT ctid FROM member_count FOR UPDATE SKIP LOCKED),
         gone AS (DELETE FROM member_count WHERE ctid IN (SELECT ctid FROM free) RETURNING change)
    INSERT INTO member_count (change) SELECT coalesce(sum(change), 0) FROM gone;
  END IF;
  RETURN NULL;
END $$;

-- nobody is added while those who are there are counted
LOCK TABLE member IN SHARE ROW EXCLUSIVE MODE;
INSERT INTO member_count (change) SELECT count(*) FROM member;
CREATE TRIGGER member_insert_count AFTER INSERT ON member REFERENCING NEW TABLE AS after_rows
  FOR EACH STATEMENT EXECUTE FUNCTION count_members();
CREATE TRIGGER member_delete_count AFTER DELETE ON member REFERENCING OLD TABLE AS before_rows
  FOR EACH STATEMENT EXECUTE FUNCTION count_members();
