-- Where links in messages lead: written by `muster serve` when it starts, read by whoever issues.
ALTER TABLE setting ADD COLUMN public_url text NOT NULL DEFAULT 'http://127.0.0.1:8080';

-- Codes of many that nobody has been handed yet. Not by uses: an index on those would slow each use of a code.
CREATE INDEX code_to_hand_out_idx ON code (campaign_id, text) WHERE member_id IS NULL;

-- Receivers who got no code, as all were handed out: few, if any.
CREATE INDEX delivery_without_code_idx ON delivery (campaign_id) WHERE code IS NULL;
