-- Deliveries that failed, of all messages: what somebody should look into. Beside the deliveries, for an index on their state would be one more to
-- write for each change of each delivery. A row here may be behind the times; its delivery says whether it is still FAILED.
CREATE TABLE dead_letters (
  message_number bigint NOT NULL,
  seq            bigint NOT NULL,
  PRIMARY KEY (message_number, seq)
);

-- Candidates of the slice at work who limit what they are told; judged one by one, and gone, before its transaction ends.
CREATE UNLOGGED TABLE limited_candidates (
  message_number   bigint      NOT NULL,
  seq              bigint      NOT NULL,
  recipient_number bigint      NOT NULL,
  endpoint_number  bigint      NOT NULL,
  topic_number     integer     NOT NULL,
  variant          smallint    NOT NULL,
  retry_time       timestamptz,
  PRIMARY KEY (message_number, seq)
);
