-- What readers write to desks, kept for 90 days.

CREATE TABLE desk_letters (
  number      bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  id          text        NOT NULL UNIQUE,
  desk_id     text        NOT NULL,
  kind        text        NOT NULL CHECK (kind IN ('FEEDBACK', 'TIP')),
  article_id  text        NOT NULL,
  sealed      bytea       NOT NULL,  -- Who wrote, and what: under a key that is not in the database.
  message_id  text        NOT NULL,  -- The message that relays it.
  -- What letters are counted by, as MACs: the network they came from, the sender's address, the words.
  network     text        NOT NULL,
  sender      text        NOT NULL,
  words       text        NOT NULL,
  create_time timestamptz NOT NULL DEFAULT db_now()
);

CREATE INDEX desk_letters_by_time ON desk_letters (create_time);
CREATE INDEX desk_letters_by_desk ON desk_letters (desk_id, number);
CREATE INDEX desk_letters_by_article ON desk_letters (article_id, number) WHERE article_id <> '';

INSERT INTO template_revisions (template, revision, transactional, variables)
SELECT 'desk-letter', 1, true,
       jsonb_agg(jsonb_build_object('name', v.name, 'type', 'TEXT', 'required', v.required, 'example', '', 'trusted', false))
FROM (VALUES ('article', false), ('desk', true), ('feedback', false), ('letter', true), ('sender_address', false), ('sender_name', false),
             ('subject', false), ('text', true), ('tip', false)) AS v (name, required);

INSERT INTO template_texts (template, revision, locale, subject, text, html) VALUES
('desk-letter', 1, 'en', '{{#tip}}Tip{{/tip}}{{#feedback}}Feedback{{/feedback}}{{#subject}}: {{subject}}{{/subject}}',
'{{#tip}}A tip{{/tip}}{{#feedback}}Feedback{{/feedback}} for {{desk}}
{{#sender_name}}From: {{sender_name}}
{{/sender_name}}{{#sender_address}}Address: {{sender_address}} (nobody has checked that it is the writer''s; an answer to this letter goes there)
{{/sender_address}}{{#article}}About: {{article}}
{{/article}}{{#subject}}Subject: {{subject}}
{{/subject}}
{{text}}

--
{{letter}}
', ''),
('desk-letter', 1, 'uk', '{{#tip}}Повідомлення{{/tip}}{{#feedback}}Відгук{{/feedback}}{{#subject}}: {{subject}}{{/subject}}',
'{{#tip}}Повідомлення{{/tip}}{{#feedback}}Відгук{{/feedback}} для {{desk}}
{{#sender_name}}Від: {{sender_name}}
{{/sender_name}}{{#sender_address}}Адреса: {{sender_address}} (ніхто не перевіряв, чи вона того, хто пише; відповідь на цей лист піде туди)
{{/sender_address}}{{#article}}Про: {{article}}
{{/article}}{{#subject}}Тема: {{subject}}
{{/subject}}
{{text}}

--
{{letter}}
', '');

INSERT INTO templates (id, display_name, built_in, transactional, newest_revision, texts, variables)
SELECT r.template, 'Letter to a desk', true, true, 1,
       (SELECT jsonb_object_agg(t.locale, jsonb_build_object('subject', t.subject, 'text', t.text, 'html', t.html))
        FROM template_texts t
        WHERE t.template = r.template AND t.revision = 1),
       r.variables
FROM template_revisions r
WHERE r.template = 'desk-letter';
