-- Codes that scale: kept counts, batches that are removed again, imports that are looked at before they are taken in.

-- How many codes there are, by batch and by what became of them: the sum of its rows, folded by the worker.
CREATE TABLE code_count (
  campaign_id bigint NOT NULL REFERENCES campaign ON DELETE CASCADE,
  -- 0: of no batch
  batch_id bigint NOT NULL,
  codes bigint NOT NULL,
  handed_out bigint NOT NULL,
  used bigint NOT NULL,
  uses bigint NOT NULL
);
CREATE INDEX code_count_campaign_id_idx ON code_count (campaign_id, batch_id);
INSERT INTO code_count
  SELECT campaign_id, coalesce(batch_id, 0), count(*), count(*) FILTER (WHERE uses_taken = 0 AND member_id IS NOT NULL),
    count(*) FILTER (WHERE uses_taken > 0), sum(uses_taken)
  FROM code GROUP BY 1, 2;

CREATE FUNCTION count_codes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO code_count
      SELECT campaign_id, coalesce(batch_id, 0), count(*), count(*) FILTER (WHERE uses_taken = 0 AND member_id IS NOT NULL),
        count(*) FILTER (WHERE uses_taken > 0), sum(uses_taken)
      FROM after_rows GROUP BY 1, 2;
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO code_count
      SELECT campaign_id, coalesce(batch_id, 0), sum(sign),
        coalesce(sum(sign) FILTER (WHERE uses_taken = 0 AND member_id IS NOT NULL), 0),
        coalesce(sum(sign) FILTER (WHERE uses_taken > 0), 0), sum(sign * uses_taken)
      FROM (SELECT 1 AS sign, campaign_id, batch_id, uses_taken, member_id FROM after_rows
            UNION ALL SELECT -1, campaign_id, batch_id, uses_taken, member_id FROM before_rows) AS changed
      GROUP BY 1, 2 HAVING sum(sign * uses_taken) <> 0 OR sum(sign) <> 0
        OR sum(sign) FILTER (WHERE uses_taken = 0 AND member_id IS NOT NULL) <> 0;
  ELSE
    -- with the campaign itself its counts go too
    INSERT INTO code_count
      SELECT campaign_id, coalesce(batch_id, 0), -count(*), -count(*) FILTER (WHERE uses_taken = 0 AND member_id IS NOT NULL),
        -count(*) FILTER (WHERE uses_taken > 0), -sum(uses_taken)
      FROM before_rows WHERE EXISTS (SELECT FROM campaign WHERE id = campaign_id) GROUP BY 1, 2;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER code_insert_count AFTER INSERT ON code REFERENCING NEW TABLE AS after_rows
  FOR EACH STATEMENT EXECUTE FUNCTION count_codes();
CREATE TRIGGER code_update_count AFTER UPDATE ON code REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
  FOR EACH STATEMENT EXECUTE FUNCTION count_codes();
CREATE TRIGGER code_delete_count AFTER DELETE ON code REFERENCING OLD TABLE AS before_rows
  FOR EACH STATEMENT EXECUTE FUNCTION count_codes();

-- A batch's codes, however few they are among millions.
CREATE INDEX code_batch_id_idx ON code (batch_id, text) WHERE batch_id IS NOT NULL;

ALTER TABLE code_batch
  -- taken back from a draft: the worker removes its codes, then the batch
  ADD COLUMN removing_at timestamptz;

-- What is typed is compared with the shapes that have a check character.
CREATE INDEX campaign_code_check_idx ON campaign (id) WHERE code_check AND published_at IS NOT NULL;

-- An uploaded file, in pieces; bytes are UTF-8, or what the file has where it is no UTF-16.
CREATE TABLE code_import_piece (
  import_id bigint NOT NULL REFERENCES code_import ON DELETE CASCADE,
  start_at bigint NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (import_id, start_at)
);
ALTER TABLE code_import
  -- the whole file is there
  ADD COLUMN uploaded_at timestamptz,
  ADD COLUMN size bigint NOT NULL DEFAULT 0,
  ADD COLUMN delimiter text NOT NULL DEFAULT ',',
  ADD COLUMN has_head boolean NOT NULL DEFAULT false,
  ADD COLUMN code_column integer NOT NULL DEFAULT 0,
  -- asked for; the worker looks at it from then on, and is so far
  ADD COLUMN asked_at timestamptz,
  ADD COLUMN read_up_to bigint NOT NULL DEFAULT 0,
  ADD COLUMN known bigint NOT NULL DEFAULT 0,
  -- of the fresh ones, for how easily they are guessed
  ADD COLUMN shortest integer,
  ADD COLUMN has_digits boolean NOT NULL DEFAULT false,
  ADD COLUMN has_letters boolean NOT NULL DEFAULT false,
  ADD COLUMN same_start text,
  -- codes taken in so far, and fresh ones that another coupon had got meanwhile
  ADD COLUMN taken bigint NOT NULL DEFAULT 0,
  ADD COLUMN late bigint NOT NULL DEFAULT 0,
  -- why the file cannot be read
  ADD COLUMN failure text;
CREATE INDEX code_import_to_do_idx ON code_import (id) WHERE asked_at IS NOT NULL AND applied_at IS NULL AND cancelled_at IS NULL;
-- each code once; the rest is refused
CREATE UNIQUE INDEX code_import_row_text_key ON code_import_row (import_id, text) WHERE refused IS NULL;
CREATE INDEX code_import_row_refused_idx ON code_import_row (import_id, line) WHERE refused IS NOT NULL;

-- A cell of a CSV file, as src/web/csv_text.rs writes it: no spreadsheet runs it as a formula.
CREATE FUNCTION csv_cell(cell text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN cell ~ E'[",\n\r]' THEN
      '"' || CASE WHEN cell ~ E'^[-=+@\t\r]' THEN '''' ELSE '' END || replace(cell, '"', '""') || '"'
    WHEN cell ~ E'^[-=+@\t]' THEN '''' || cell
    ELSE cell END
$$;

-- The life of a code comes in pages, however long it is.
DROP INDEX validation_code_idx;
CREATE INDEX validation_code_idx ON validation (code, at);
CREATE INDEX validation_reversed_idx ON validation (code, reversed_at) WHERE reversed_at IS NOT NULL;
DROP INDEX code_attempt_text_idx;
CREATE INDEX code_attempt_text_idx ON code_attempt (text, at);
DROP INDEX till_attempt_text_idx;
CREATE INDEX till_attempt_text_idx ON till_attempt (text, at);
