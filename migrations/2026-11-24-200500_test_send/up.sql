-- Messages that someone on the staff sent to themselves, to see what receivers will get.
CREATE TABLE test_send (
  -- of the address that the message links to: 124 random bits, as long in all as the address of a real coupon
  token text PRIMARY KEY CONSTRAINT test_send_token_check CHECK (token ~ '^[0-9a-f]{31}$'),
  campaign_id bigint NOT NULL REFERENCES campaign ON DELETE CASCADE,
  -- no foreign key: old messages are swept by the million
  message_id bigint NOT NULL CONSTRAINT test_send_message_id_key UNIQUE,
  account_id uuid,
  created_at timestamptz NOT NULL,
  -- the address shows nothing from then on
  ends_at timestamptz NOT NULL
);
CREATE INDEX test_send_campaign_id_idx ON test_send (campaign_id, created_at);
