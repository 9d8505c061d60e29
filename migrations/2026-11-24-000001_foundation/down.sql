DROP TABLE audit_entry, audit_head, message, campaign_count, code_attempt, validation, delivery, code_batch, code,
  member_group_count, membership, campaign_group, member_group, campaign, picture, throttle, sign_in_code, session,
  member_consent, member, account, setting;
DROP FUNCTION count_memberships, audit_hash, append_audit_entry, refuse_change, fold;
