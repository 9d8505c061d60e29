DROP INDEX delivery_without_code_idx;
DROP INDEX code_to_hand_out_idx;
ALTER TABLE setting DROP COLUMN public_url;
