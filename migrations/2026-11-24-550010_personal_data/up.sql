-- Who may see members' phone numbers and e-mail addresses; Admins may, whatever stands here. Those who are there keep
-- what they saw; later ones see nothing that was not said.
ALTER TABLE account ADD COLUMN sees_personal_data boolean NOT NULL DEFAULT true;
ALTER TABLE invitation ADD COLUMN sees_personal_data boolean NOT NULL DEFAULT true;
ALTER TABLE account ALTER COLUMN sees_personal_data SET DEFAULT false;
ALTER TABLE invitation ALTER COLUMN sees_personal_data SET DEFAULT false;
