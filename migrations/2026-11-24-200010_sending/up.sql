-- Campaigns reach members: the ledger of deliveries, the queue of messages, the channels they leave by.
-- `delivery` is written anew for its state column (seconds a million rows): apply this with Muster stopped.

-- How late is late, and how far an audience may change between publishing and sending.
ALTER TABLE setting
  ADD COLUMN late_after_minutes integer NOT NULL DEFAULT 120 CONSTRAINT setting_late_after_minutes_check CHECK (late_after_minutes BETWEEN 1 AND 10080),
  ADD COLUMN audience_change_percent integer NOT NULL DEFAULT 20 CONSTRAINT setting_audience_change_percent_check CHECK (audience_change_percent BETWEEN 1 AND 1000),
  -- mixed into Message-IDs and idempotency keys, so that they tell nobody how many messages there are
  ADD COLUMN message_salt uuid NOT NULL DEFAULT gen_random_uuid();

-- A member's own zone, where it is known: for quiet hours.
ALTER TABLE member ADD COLUMN time_zone text
  -- a zone that the database does not know is refused, not found out in the middle of a run
  CONSTRAINT member_time_zone_check CHECK (time_zone IS NULL OR timestamptz '2000-01-01 00:00Z' AT TIME ZONE time_zone IS NOT NULL);

ALTER TABLE campaign
  ADD COLUMN if_late text NOT NULL DEFAULT 'hold' CONSTRAINT campaign_if_late_check CHECK (if_late IN ('send', 'hold', 'drop')),
  -- App only: members are told of the coupon by push
  ADD COLUMN notify_push boolean NOT NULL DEFAULT false CONSTRAINT campaign_notify_push_check CHECK (NOT notify_push OR channel = 'app');

-- How the sending of a published campaign stands; from publishing on.
CREATE TABLE campaign_sending (
  campaign_id bigint PRIMARY KEY REFERENCES campaign ON DELETE CASCADE,
  -- when it was to begin: its start, its publishing or its resuming, whichever came last
  due_at timestamptz NOT NULL,
  -- receivers that were shown when it was published; none: not counted
  confirmed_receivers bigint,
  -- stopped until someone answers
  held_at timestamptz,
  held_why text CONSTRAINT campaign_sending_held_why_check CHECK (held_why IN ('late', 'audience')),
  -- receivers at that moment
  held_receivers bigint,
  -- someone said: send
  released_at timestamptz,
  -- reminders made for deliveries that expire with the campaign: up to this member
  reminded_up_to bigint NOT NULL DEFAULT 0,
  -- reminders made for deliveries with an expiry of their own: up to this expiry
  reminded_until timestamptz,
  CONSTRAINT campaign_sending_held_check CHECK ((held_at IS NULL) = (held_why IS NULL))
);
INSERT INTO campaign_sending (campaign_id, due_at, released_at)
  SELECT id, greatest(starts_at, published_at), published_at FROM campaign WHERE published_at IS NOT NULL;

-- The included groups' places in `delivery.through`; those beyond the 62nd have none.
ALTER TABLE campaign_group ADD COLUMN place smallint CONSTRAINT campaign_group_place_check CHECK (place BETWEEN 0 AND 61);

-- Each receiver's row: marks with their times, and the one state that follows from them.
ALTER TABLE delivery
  -- bit `campaign_group.place` of each included group that it came through; 0: for everyone
  ADD COLUMN through bigint NOT NULL DEFAULT 0,
  -- its message waits for its turn
  ADD COLUMN queued_at timestamptz,
  -- the provider reports that it arrived, or could not be delivered
  ADD COLUMN accepted_at timestamptz,
  ADD COLUMN bounced_at timestamptz,
  -- a worker died while handing the message over: it may have been sent, and is not repeated by itself
  ADD COLUMN uncertain_at timestamptz,
  -- nothing was given or sent, and `reason` says why
  ADD COLUMN skipped_at timestamptz,
  ADD COLUMN expired_at timestamptz,
  ADD COLUMN state text COLLATE "C" NOT NULL GENERATED ALWAYS AS (CASE
    WHEN validated_at IS NOT NULL THEN 'validated'
    WHEN withdrawn_at IS NOT NULL THEN 'withdrawn'
    WHEN skipped_at IS NOT NULL THEN 'skipped'
    WHEN bounced_at IS NOT NULL THEN 'bounced'
    WHEN failed_at IS NOT NULL THEN 'failed'
    WHEN expired_at IS NOT NULL THEN 'expired'
    WHEN seen_at IS NOT NULL THEN 'seen'
    WHEN accepted_at IS NOT NULL THEN 'accepted'
    WHEN uncertain_at IS NOT NULL THEN 'uncertain'
    WHEN sent_at IS NOT NULL THEN 'sent'
    WHEN queued_at IS NOT NULL THEN 'queued'
    ELSE 'issued' END) STORED;
-- those of one state, by member: each number of the ledger is a list
CREATE INDEX delivery_state_idx ON delivery (campaign_id, state, member_id);
DROP INDEX delivery_campaign_id_idx;
DROP INDEX delivery_without_code_idx;
UPDATE delivery SET skipped_at = issued_at, reason = 'no_code' WHERE code IS NULL AND reason = 'no code left';
-- those who got nothing, by reason: each number is a list, and who waits for a code is found at once
CREATE INDEX delivery_skipped_idx ON delivery (campaign_id, reason, member_id) WHERE skipped_at IS NOT NULL;
-- who expires, or is reminded, by their own date
CREATE INDEX delivery_expires_at_idx ON delivery (campaign_id, expires_at) WHERE expires_at IS NOT NULL;

-- How many deliveries are alike: the sum of its rows, which the worker folds. `reason` for those skipped; `sent` and
-- `seen`: whether they ever were, whatever came after.
CREATE TABLE delivery_count (
  campaign_id bigint NOT NULL,
  state text COLLATE "C" NOT NULL,
  reason text COLLATE "C",
  sent boolean NOT NULL,
  seen boolean NOT NULL,
  through bigint NOT NULL,
  change bigint NOT NULL
);
CREATE INDEX delivery_count_campaign_id_idx ON delivery_count (campaign_id);
-- How many were issued, sent, seen and validated on each day, in the organisation's zone of that time.
CREATE TABLE delivery_day_count (
  campaign_id bigint NOT NULL,
  event text COLLATE "C" NOT NULL CONSTRAINT delivery_day_count_event_check CHECK (event IN ('issued', 'sent', 'seen', 'validated')),
  day date NOT NULL,
  change bigint NOT NULL
);
CREATE INDEX delivery_day_count_campaign_id_idx ON delivery_day_count (campaign_id);

-- Whatever changes a delivery, its counts follow in the same transaction. Rows alike are taken together first: a
-- chunk of an issue is one line.
CREATE FUNCTION count_inserted_deliveries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  WITH alike AS MATERIALIZED (
         SELECT campaign_id, state, CASE WHEN state = 'skipped' THEN reason END AS reason, through,
           CASE WHEN skipped_at IS NULL THEN issued_at END AS issued_at, sent_at, seen_at, validated_at, count(*) AS n
         FROM after_rows GROUP BY 1, 2, 3, 4, 5, 6, 7, 8),
       states AS (
         INSERT INTO delivery_count (campaign_id, state, reason, sent, seen, through, change)
           SELECT campaign_id, state, reason, sent_at IS NOT NULL, seen_at IS NOT NULL, through, sum(n) FROM alike
           GROUP BY 1, 2, 3, 4, 5, 6)
  INSERT INTO delivery_day_count (campaign_id, event, day, change)
    SELECT campaign_id, event, (at AT TIME ZONE setting.time_zone)::date, sum(n)
    FROM setting, alike, LATERAL (VALUES ('issued', issued_at), ('sent', sent_at), ('seen', seen_at), ('validated', validated_at)) AS marks (event, at)
    WHERE at IS NOT NULL GROUP BY 1, 2, 3;
  RETURN NULL;
END $$;

CREATE FUNCTION count_updated_deliveries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  WITH alike AS MATERIALIZED (
         SELECT campaign_id, state, CASE WHEN state = 'skipped' THEN reason END AS reason, through,
           CASE WHEN skipped_at IS NULL THEN issued_at END AS issued_at, sent_at, seen_at, validated_at, sum(n) AS n
         FROM (SELECT *, 1 AS n FROM after_rows UNION ALL SELECT *, -1 FROM before_rows) AS changes
         GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 HAVING sum(n) <> 0),
       states AS (
         INSERT INTO delivery_count (campaign_id, state, reason, sent, seen, through, change)
           SELECT campaign_id, state, reason, sent_at IS NOT NULL, seen_at IS NOT NULL, through, sum(n) FROM alike
           GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(n) <> 0)
  INSERT INTO delivery_day_count (campaign_id, event, day, change)
    SELECT campaign_id, event, (at AT TIME ZONE setting.time_zone)::date, sum(n)
    FROM setting, alike, LATERAL (VALUES ('issued', issued_at), ('sent', sent_at), ('seen', seen_at), ('validated', validated_at)) AS marks (event, at)
    WHERE at IS NOT NULL GROUP BY 1, 2, 3 HAVING sum(n) <> 0;
  RETURN NULL;
END $$;

CREATE FUNCTION count_deleted_deliveries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO delivery_count (campaign_id, state, reason, sent, seen, through, change)
    SELECT campaign_id, state, CASE WHEN state = 'skipped' THEN reason END, sent_at IS NOT NULL, seen_at IS NOT NULL, through, -count(*)
    FROM before_rows GROUP BY 1, 2, 3, 4, 5, 6;
  INSERT INTO delivery_day_count (campaign_id, event, day, change)
    SELECT campaign_id, event, (at AT TIME ZONE setting.time_zone)::date, -count(*)
    FROM setting, before_rows,
      LATERAL (VALUES ('issued', CASE WHEN skipped_at IS NULL THEN issued_at END), ('sent', sent_at), ('seen', seen_at), ('validated', validated_at)) AS marks (event, at)
    WHERE at IS NOT NULL GROUP BY 1, 2, 3;
  RETURN NULL;
END $$;
CREATE TRIGGER delivery_insert_count AFTER INSERT ON delivery REFERENCING NEW TABLE AS after_rows
  FOR EACH STATEMENT EXECUTE FUNCTION count_inserted_deliveries();
CREATE TRIGGER delivery_update_count AFTER UPDATE ON delivery REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
  FOR EACH STATEMENT EXECUTE FUNCTION count_updated_deliveries();
CREATE TRIGGER delivery_delete_count AFTER DELETE ON delivery REFERENCING OLD TABLE AS before_rows
  FOR EACH STATEMENT EXECUTE FUNCTION count_deleted_deliveries();

INSERT INTO delivery_count (campaign_id, state, reason, sent, seen, through, change)
  SELECT campaign_id, state, CASE WHEN state = 'skipped' THEN reason END, sent_at IS NOT NULL, seen_at IS NOT NULL, through, count(*)
  FROM delivery GROUP BY 1, 2, 3, 4, 5, 6;
INSERT INTO delivery_day_count (campaign_id, event, day, change)
  SELECT campaign_id, event, (at AT TIME ZONE setting.time_zone)::date, count(*)
  FROM setting, delivery, LATERAL (VALUES ('issued', issued_at), ('sent', sent_at), ('seen', seen_at), ('validated', validated_at)) AS marks (event, at)
  WHERE at IS NOT NULL GROUP BY 1, 2, 3;

-- The moment itself, or the end of the quiet hours that it falls into; both times of day in the zone.
CREATE FUNCTION after_quiet(at timestamptz, zone text, quiet_from time, quiet_until time) RETURNS timestamptz
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN CASE
    WHEN quiet_from IS NULL OR quiet_until IS NULL OR quiet_from = quiet_until THEN at
    WHEN quiet_from < quiet_until THEN CASE
      WHEN (at AT TIME ZONE zone)::time >= quiet_from AND (at AT TIME ZONE zone)::time < quiet_until
        THEN ((at AT TIME ZONE zone)::date + quiet_until) AT TIME ZONE zone ELSE at END
    WHEN (at AT TIME ZONE zone)::time >= quiet_from THEN ((at AT TIME ZONE zone)::date + 1 + quiet_until) AT TIME ZONE zone
    WHEN (at AT TIME ZONE zone)::time < quiet_until THEN ((at AT TIME ZONE zone)::date + quiet_until) AT TIME ZONE zone
    ELSE at END;

-- What many messages of a campaign say, once; {link} stands for the coupon's address.
CREATE TABLE message_text (
  id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  campaign_id bigint NOT NULL REFERENCES campaign ON DELETE CASCADE,
  subject text NOT NULL,
  body text NOT NULL
);
CREATE UNIQUE INDEX message_text_words_key ON message_text (campaign_id, md5(subject || E'\n' || body));

-- The queue of what goes out, and the record of what went.
ALTER TABLE message
  ADD COLUMN purpose text NOT NULL DEFAULT 'sign_in' CONSTRAINT message_purpose_check CHECK (purpose IN ('sign_in', 'coupon', 'reminder', 'test', 'staff')),
  -- what it says, where it is the same for many; `subject` and `body` are empty then
  ADD COLUMN text_id bigint,
  ADD COLUMN attempts smallint NOT NULL DEFAULT 0,
  ADD COLUMN next_attempt_at timestamptz NOT NULL DEFAULT '-infinity',
  -- a worker has taken it, until then
  ADD COLUMN worker uuid,
  ADD COLUMN leased_until timestamptz,
  -- when it came into its state
  ADD COLUMN moved_at timestamptz,
  -- the provider's own key, for its reports
  ADD COLUMN provider_id text,
  -- what was wrong the last time
  ADD COLUMN error text,
  DROP CONSTRAINT message_state_check,
  ADD CONSTRAINT message_state_check CHECK (state IN ('queued', 'sending', 'outbox', 'sent', 'accepted', 'bounced', 'failed', 'skipped', 'withdrawn', 'uncertain')) NOT VALID;
ALTER TABLE message VALIDATE CONSTRAINT message_state_check;
ALTER TABLE message ALTER COLUMN state SET DEFAULT 'queued', ALTER COLUMN purpose DROP DEFAULT;
UPDATE message SET purpose = 'coupon' WHERE campaign_id IS NOT NULL;
-- the worker's way in; what belongs to no campaign comes first by itself
CREATE INDEX message_queue_idx ON message (channel, campaign_id, next_attempt_at, id) WHERE state = 'queued';
CREATE INDEX message_sending_idx ON message (moved_at) WHERE state = 'sending';
CREATE INDEX message_trouble_idx ON message (campaign_id, state, id) WHERE state IN ('failed', 'bounced', 'uncertain');
CREATE INDEX message_provider_id_idx ON message (channel, provider_id) WHERE provider_id IS NOT NULL;

-- How messages leave: one row a channel. What is off goes to the Outbox.
CREATE TABLE channel (
  key text PRIMARY KEY CONSTRAINT channel_key_check CHECK (key IN ('email', 'sms', 'push')),
  is_on boolean NOT NULL DEFAULT false,
  -- what may be read by all; the form of each channel is its own type
  settings jsonb NOT NULL DEFAULT '{}',
  -- passwords, tokens and private keys as one sealed JSON object
  secret bytea,
  -- messages a second over all workers; none: no limit
  rate integer CONSTRAINT channel_rate_check CHECK (rate BETWEEN 1 AND 100000),
  -- messages that a worker may have under way at once
  connections smallint NOT NULL DEFAULT 1 CONSTRAINT channel_connections_check CHECK (connections BETWEEN 1 AND 32),
  -- when the next message may go, as the rate allows
  free_at timestamptz NOT NULL DEFAULT '-infinity',
  accepted_at timestamptz,
  refused_since timestamptz,
  refusal text,
  changed_at timestamptz
);
INSERT INTO channel (key) VALUES ('email'), ('sms'), ('push');

-- Browsers that take notifications for a member.
CREATE TABLE push_subscription (
  id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  member_id bigint NOT NULL REFERENCES member ON DELETE CASCADE,
  endpoint text NOT NULL CONSTRAINT push_subscription_endpoint_key UNIQUE CONSTRAINT push_subscription_endpoint_check CHECK (endpoint LIKE 'http%' AND char_length(endpoint) <= 2000),
  p256dh bytea NOT NULL CONSTRAINT push_subscription_p256dh_check CHECK (octet_length(p256dh) = 65),
  auth bytea NOT NULL CONSTRAINT push_subscription_auth_check CHECK (octet_length(auth) = 16),
  device text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL,
  accepted_at timestamptz
);
CREATE INDEX push_subscription_member_id_idx ON push_subscription (member_id);

-- A trial that sends nothing: every receiver's message made and counted.
CREATE TABLE dry_run (
  id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  campaign_id bigint NOT NULL REFERENCES campaign ON DELETE CASCADE,
  started_at timestamptz NOT NULL,
  up_to bigint NOT NULL DEFAULT 0,
  receivers bigint NOT NULL DEFAULT 0,
  report jsonb NOT NULL DEFAULT '{}',
  finished_at timestamptz
);
CREATE INDEX dry_run_campaign_id_idx ON dry_run (campaign_id, id);
CREATE INDEX dry_run_to_do_idx ON dry_run (id) WHERE finished_at IS NULL;
