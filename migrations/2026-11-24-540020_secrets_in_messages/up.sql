-- A message that holds what lets someone in is not kept longer than it must be: its text goes when a transport has taken
-- it over, and when the link that it holds is used, replaced, withdrawn or too old.
ALTER TABLE message ADD COLUMN link_hash bytea;
CREATE INDEX message_link_hash_idx ON message (link_hash) WHERE link_hash IS NOT NULL;

CREATE FUNCTION forget_message_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.body := '(What it said lets someone in, and is no longer kept.)';
  NEW.link_hash := NULL;
  RETURN NEW;
END $$;
-- whatever moves it out of the queue; the Outbox is where it is read
CREATE TRIGGER message_forgets_secret BEFORE UPDATE OF state, link_hash ON message FOR EACH ROW
  WHEN (((NEW.link_hash IS NOT NULL OR NEW.purpose = 'sign_in') AND NEW.state NOT IN ('queued', 'sending', 'outbox'))
    OR (OLD.link_hash IS NOT NULL AND NEW.link_hash IS NULL))
  EXECUTE FUNCTION forget_message_text();

-- The link opens nothing any more. One that is just being handed over is forgotten by its answer.
CREATE FUNCTION forget_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE message SET link_hash = NULL, moved_at = CASE state WHEN 'queued' THEN now() ELSE moved_at END,
    state = CASE state WHEN 'queued' THEN 'withdrawn' ELSE state END
  WHERE link_hash = OLD.token_hash AND state <> 'sending';
  RETURN NULL;
END $$;
CREATE TRIGGER password_reset_forgets_link AFTER DELETE ON password_reset FOR EACH ROW EXECUTE FUNCTION forget_link();
CREATE TRIGGER invitation_forgets_link AFTER DELETE OR UPDATE OF token_hash ON invitation FOR EACH ROW EXECUTE FUNCTION forget_link();
