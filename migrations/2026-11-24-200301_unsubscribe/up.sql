-- Which campaign's message a consent was ended from; none: it was not by a link in one.
ALTER TABLE member_consent ADD COLUMN campaign_id bigint;
