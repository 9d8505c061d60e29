ALTER TABLE member DROP COLUMN date_language;
