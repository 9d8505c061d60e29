ALTER TABLE account DROP COLUMN generation;
