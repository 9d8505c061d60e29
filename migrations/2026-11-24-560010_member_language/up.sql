-- In which language their messages name months and weekdays; none: in the organisation's. No row has one yet, so that
-- nothing needs to be looked at to know that the constraint holds.
ALTER TABLE member ADD COLUMN date_language text;
ALTER TABLE member ADD CONSTRAINT member_date_language_check CHECK (date_language IN ('en', 'de', 'fr', 'es', 'it', 'nl')) NOT VALID;
