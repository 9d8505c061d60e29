DROP INDEX member_external_id_key;
ALTER TABLE member DROP COLUMN external_id;
