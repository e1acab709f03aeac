-- Digests: what recipients hear of together, at times of their own.

-- A story that a recipient is told of by the digest of `due_time`. Kept after that: a correction of the story is for them too.
CREATE TABLE digest_entries (
  recipient_number bigint      NOT NULL,
  message_number   bigint      NOT NULL,  -- The alert, which the recipient did not get.
  topic_number     integer     NOT NULL,  -- The topic that brings it.
  due_time         timestamptz NOT NULL,
  PRIMARY KEY (due_time, recipient_number, message_number)
);

CREATE INDEX digest_entries_by_message ON digest_entries (message_number);

-- Digests that have not been made yet.
CREATE TABLE digests (
  due_time timestamptz PRIMARY KEY
);

ALTER TABLE audiences ADD COLUMN digest_time timestamptz NOT NULL DEFAULT '-infinity';  -- Whose stories are due then.

CREATE UNIQUE INDEX audiences_by_digest ON audiences (digest_time) WHERE digest_time > '-infinity';

INSERT INTO template_revisions (template, revision) VALUES ('digest', 1);

INSERT INTO template_texts (template, revision, locale, subject, text, html) VALUES
('digest', 1, 'en', 'News of your topics',
'{{#each articles}}{{headline}}
{{#byline}}by {{byline}}
{{/byline}}{{#dek}}{{dek}}
{{/dek}}{{url}}

{{/each}}You get this digest instead of a letter for each story, as you chose.
Unsubscribe: {{unsubscribe_url}}
',
'<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>News of your topics</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
{{#each articles}}<h2 style="font-size:1.2em;line-height:1.25;margin-bottom:0"><a href="{{url}}" style="color:#111">{{headline}}</a></h2>
{{#byline}}<p style="color:#555;margin:0">by {{byline}}</p>
{{/byline}}{{#dek}}<p style="margin-top:.3em">{{dek}}</p>
{{/dek}}{{/each}}<hr>
<p style="font-size:.85em">You get this digest instead of a letter for each story, as you chose. <a href="{{unsubscribe_url}}">Unsubscribe</a></p>
</body>
</html>
'),
('digest', 1, 'uk', 'Новини ваших тем',
'{{#each articles}}{{headline}}
{{#byline}}{{byline}}
{{/byline}}{{#dek}}{{dek}}
{{/dek}}{{url}}

{{/each}}Ви отримали цю добірку замість окремого листа про кожну статтю, як самі обрали.
Відписатися: {{unsubscribe_url}}
',
'<!DOCTYPE html>
<html lang="uk">
<head><meta charset="utf-8"><title>Новини ваших тем</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
{{#each articles}}<h2 style="font-size:1.2em;line-height:1.25;margin-bottom:0"><a href="{{url}}" style="color:#111">{{headline}}</a></h2>
{{#byline}}<p style="color:#555;margin:0">{{byline}}</p>
{{/byline}}{{#dek}}<p style="margin-top:.3em">{{dek}}</p>
{{/dek}}{{/each}}<hr>
<p style="font-size:.85em">Ви отримали цю добірку замість окремого листа про кожну статтю, як самі обрали. <a href="{{unsubscribe_url}}">Відписатися</a></p>
</body>
</html>
');

INSERT INTO templates (id, display_name, built_in, newest_revision, texts, variables)
SELECT r.template, 'Digest', true, 1,
       (SELECT jsonb_object_agg(t.locale, jsonb_build_object('subject', t.subject, 'text', t.text, 'html', t.html))
        FROM template_texts t
        WHERE t.template = r.template AND t.revision = 1),
       r.variables
FROM template_revisions r
WHERE r.template = 'digest';
