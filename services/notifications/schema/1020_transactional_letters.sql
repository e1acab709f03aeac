-- Letters that somebody's own act asks for: a sign-in link, a receipt. Each is a message of the lane CRITICAL with one delivery and no topic.

ALTER TABLE template_revisions ADD COLUMN transactional boolean NOT NULL DEFAULT false;

-- Those that are listed: letters are many more.
CREATE INDEX messages_listed ON messages (number) WHERE lane <> 'CRITICAL';

-- What the letter says and to whom, until its message has ended; then the row is gone, and with it every secret.
CREATE TABLE transactional_letters (
  message_number bigint  PRIMARY KEY REFERENCES messages,
  to_address     boolean NOT NULL,  -- To an address that is sealed here; else to the recipient's endpoint, which may go until the letter does.
  locale         text    NOT NULL,
  sealed         bytea   NOT NULL   -- Under a key that is not in the database.
);
