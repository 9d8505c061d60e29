ALTER TABLE invitation DROP COLUMN sees_personal_data;
ALTER TABLE account DROP COLUMN sees_personal_data;
