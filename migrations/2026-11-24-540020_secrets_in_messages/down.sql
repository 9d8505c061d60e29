DROP TRIGGER invitation_forgets_link ON invitation;
DROP TRIGGER password_reset_forgets_link ON password_reset;
DROP FUNCTION forget_link;
DROP TRIGGER message_forgets_secret ON message;
DROP FUNCTION forget_message_text;
ALTER TABLE message DROP COLUMN link_hash;
