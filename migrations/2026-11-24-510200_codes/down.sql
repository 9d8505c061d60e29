DROP INDEX validation_code_idx, validation_reversed_idx, code_attempt_text_idx, till_attempt_text_idx;
CREATE INDEX validation_code_idx ON validation (code);
CREATE INDEX code_attempt_text_idx ON code_attempt (text);
CREATE INDEX till_attempt_text_idx ON till_attempt (text);
DROP FUNCTION csv_cell;
DROP INDEX code_import_row_refused_idx, code_import_row_text_key, code_import_to_do_idx;
ALTER TABLE code_import DROP COLUMN uploaded_at, DROP COLUMN size, DROP COLUMN delimiter, DROP COLUMN has_head,
  DROP COLUMN code_column, DROP COLUMN asked_at, DROP COLUMN read_up_to, DROP COLUMN known,
  DROP COLUMN shortest, DROP COLUMN has_digits, DROP COLUMN has_letters, DROP COLUMN same_start, DROP COLUMN taken,
  DROP COLUMN late, DROP COLUMN failure;
DROP TABLE code_import_piece;
DROP INDEX campaign_code_check_idx;
ALTER TABLE code_batch DROP COLUMN removing_at;
DROP INDEX code_batch_id_idx;
DROP TRIGGER code_insert_count ON code;
DROP TRIGGER code_update_count ON code;
DROP TRIGGER code_delete_count ON code;
DROP FUNCTION count_codes;
DROP TABLE code_count;
