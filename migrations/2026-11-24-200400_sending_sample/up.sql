-- How many messages of a campaign were done with at a moment: the worker notes it while a campaign is sent, so that its
-- page can tell the pace of the last minutes. Kept for an hour.
CREATE TABLE sending_sample (
  campaign_id bigint NOT NULL REFERENCES campaign ON DELETE CASCADE,
  at timestamptz NOT NULL,
  done bigint NOT NULL,
  PRIMARY KEY (campaign_id, at)
);
CREATE INDEX sending_sample_at_idx ON sending_sample (at);
