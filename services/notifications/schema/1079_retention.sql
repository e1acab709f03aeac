-- Who was told what is forgotten after 90 days; what was said, and the counts, stay.

ALTER TABLE messages ADD COLUMN forgotten boolean NOT NULL DEFAULT false;

CREATE INDEX messages_to_forget ON messages (finish_time) WHERE NOT forgotten;
