-- Letters that wait to be handed to notifications. A row is gone once notifications has it.

CREATE TABLE outgoing_mail (
  id          uuid        PRIMARY KEY,       -- Under this ID notifications sends it once, however often it is asked.
  template    text        NOT NULL,
  member_id   text COLLATE "C" NOT NULL,     -- Empty if it goes to an address, which is sealed.
  locale      text        NOT NULL,
  sealed      bytea       NOT NULL,          -- Address and values, under a key that is not in the database.
  urgent      boolean     NOT NULL,          -- Somebody waits for it, looking at the inbox.
  attempts    integer     NOT NULL DEFAULT 0,
  due_time    timestamptz NOT NULL,          -- For one that is being sent: when another may try.
  create_time timestamptz NOT NULL,
  expire_time timestamptz NOT NULL
);

CREATE INDEX outgoing_mail_by_due_time ON outgoing_mail (urgent DESC, due_time);
