-- A topic's messages, for its report.
CREATE INDEX messages_by_topic ON messages USING gin (topics) WHERE lane <> 'CRITICAL';
