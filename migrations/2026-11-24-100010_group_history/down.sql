DROP INDEX membership_joined_idx, membership_left_idx;
