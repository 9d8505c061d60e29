-- What another system calls a member.
ALTER TABLE member ADD COLUMN external_id text COLLATE "C" CONSTRAINT member_external_id_check
  CHECK (char_length(external_id) BETWEEN 1 AND 100 AND external_id !~ '[[:cntrl:]]');
CREATE UNIQUE INDEX member_external_id_key ON member (external_id) WHERE external_id IS NOT NULL;
