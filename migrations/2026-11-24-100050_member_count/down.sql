DROP TRIGGER member_delete_count ON member;
DROP TRIGGER member_insert_count ON member;
DROP FUNCTION count_members();
DROP TABLE member_count;
