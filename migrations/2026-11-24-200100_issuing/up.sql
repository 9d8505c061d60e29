-- Issuing keeps the ledger: what a campaign's sending still has to do, and when workers were last there.

ALTER TABLE campaign_sending
  -- it was late in the middle of its work, and its rule says drop: nothing more goes out
  ADD COLUMN dropped_at timestamptz,
  -- deliveries with an expiry of their own are marked: up to this expiry
  ADD COLUMN expired_until timestamptz,
  -- after its end or its cancelling: nothing of it is left to withdraw or to skip
  ADD COLUMN closed_at timestamptz;
CREATE INDEX campaign_sending_open_idx ON campaign_sending (campaign_id) WHERE closed_at IS NULL;

-- Touched by every worker every few seconds: a gap is the time in which none was there.
CREATE TABLE worker_beat (
  id boolean PRIMARY KEY DEFAULT true CONSTRAINT worker_beat_id_check CHECK (id),
  at timestamptz NOT NULL
);

-- How many were issued is the sum of `delivery_count`; uses stay here.
DELETE FROM campaign_count WHERE validated = 0;
ALTER TABLE campaign_count DROP COLUMN issued;
