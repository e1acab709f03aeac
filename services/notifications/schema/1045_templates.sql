-- Templates that editors write: a draft, and revisions of it that never change.

CREATE TABLE templates (
  id             text        PRIMARY KEY,
  display_name   text        NOT NULL DEFAULT '',
  default_locale text        NOT NULL DEFAULT 'en',
  texts          jsonb       NOT NULL DEFAULT '{}',  -- By language: {"en": {"subject": ..., "html": ..., "text": ..., ...}}.
  variables      jsonb       NOT NULL DEFAULT '[]',  -- [{"name": "link", "type": "URL", "required": true, "example": "", "trusted": false}]
  newest_revision integer    NOT NULL DEFAULT 0,     -- 0: nothing was committed yet.
  built_in       boolean     NOT NULL DEFAULT false,
  transactional  boolean     NOT NULL DEFAULT false,
  revision       bigint      NOT NULL DEFAULT 1,     -- Of the row, for its etag.
  create_time    timestamptz NOT NULL DEFAULT db_now(),
  update_time    timestamptz NOT NULL DEFAULT db_now(),
  delete_time    timestamptz
);

ALTER TABLE template_revisions
  ADD COLUMN default_locale text        NOT NULL DEFAULT 'en',
  ADD COLUMN variables      jsonb       NOT NULL DEFAULT '[]',
  ADD COLUMN create_time    timestamptz NOT NULL DEFAULT db_now();

ALTER TABLE template_texts
  ADD COLUMN push_title text NOT NULL DEFAULT '',
  ADD COLUMN push_body  text NOT NULL DEFAULT '',
  ADD COLUMN push_url   text NOT NULL DEFAULT '',
  ADD COLUMN sms        text NOT NULL DEFAULT '';

-- A letter that editors send themselves to see it: already filled.
INSERT INTO template_revisions (template, revision, transactional) VALUES ('test-letter', 1, true);
INSERT INTO template_texts (template, revision, locale, subject, text, html) VALUES
('test-letter', 1, 'en', '[Test] {{subject}}', '{{text}}', '{{html}}'),
('test-letter', 1, 'uk', '[Тест] {{subject}}', '{{text}}', '{{html}}');

-- A newsletter issue: articles, each as far as its reader may read it.
INSERT INTO template_revisions (template, revision) VALUES ('newsletter', 1);
INSERT INTO template_texts (template, revision, locale, subject, text, html) VALUES
('newsletter', 1, 'en', '{{headline}}',
'{{headline}}
{{#dek}}
{{dek}}
{{/dek}}{{#each articles}}
* * *

{{headline}}
{{#byline}}by {{byline}}
{{/byline}}{{#dek}}
{{dek}}
{{/dek}}
{{body_text}}{{#subscribe}}Subscribe to read on: {{url}}
{{/subscribe}}Read on the site: {{url}}
{{/each}}
Unsubscribe: {{unsubscribe_url}}
',
'<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{{headline}}</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
<h1 style="font-size:1.5em;line-height:1.25">{{headline}}</h1>
{{#dek}}<p>{{dek}}</p>
{{/dek}}{{#each articles}}<hr>
<h2 style="font-size:1.3em;line-height:1.25"><a href="{{url}}" style="color:#111">{{headline}}</a></h2>
{{#byline}}<p style="color:#555">by {{byline}}</p>
{{/byline}}{{#dek}}<p><em>{{dek}}</em></p>
{{/dek}}{{body_html}}{{#subscribe}}<p style="font-weight:bold"><a href="{{url}}">Subscribe to read on</a></p>
{{/subscribe}}{{/each}}<hr>
<p style="font-size:.85em"><a href="{{unsubscribe_url}}">Unsubscribe</a></p>
</body>
</html>
'),
('newsletter', 1, 'uk', '{{headline}}',
'{{headline}}
{{#dek}}
{{dek}}
{{/dek}}{{#each articles}}
* * *

{{headline}}
{{#byline}}Автор: {{byline}}
{{/byline}}{{#dek}}
{{dek}}
{{/dek}}
{{body_text}}{{#subscribe}}Передплатіть, щоб читати далі: {{url}}
{{/subscribe}}Читати на сайті: {{url}}
{{/each}}
Відписатися: {{unsubscribe_url}}
',
'<!DOCTYPE html>
<html lang="uk">
<head><meta charset="utf-8"><title>{{headline}}</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
<h1 style="font-size:1.5em;line-height:1.25">{{headline}}</h1>
{{#dek}}<p>{{dek}}</p>
{{/dek}}{{#each articles}}<hr>
<h2 style="font-size:1.3em;line-height:1.25"><a href="{{url}}" style="color:#111">{{headline}}</a></h2>
{{#byline}}<p style="color:#555">Автор: {{byline}}</p>
{{/byline}}{{#dek}}<p><em>{{dek}}</em></p>
{{/dek}}{{body_html}}{{#subscribe}}<p style="font-weight:bold"><a href="{{url}}">Передплатіть, щоб читати далі</a></p>
{{/subscribe}}{{/each}}<hr>
<p style="font-size:.85em"><a href="{{unsubscribe_url}}">Відписатися</a></p>
</body>
</html>
');

-- What was there becomes ordinary templates. A variable is required where it stands outside of a part that may be left out.
INSERT INTO templates (id, display_name, built_in, transactional, newest_revision, texts, variables)
SELECT r.template, initcap(replace(r.template, '-', ' ')), true, r.transactional, r.revision,
       (SELECT jsonb_object_agg(t.locale, jsonb_build_object('subject', t.subject, 'text', t.text, 'html', t.html))
        FROM template_texts t
        WHERE t.template = r.template AND t.revision = r.revision),
       coalesce((SELECT jsonb_agg(jsonb_build_object(
                            'name', v.name, 'type', CASE WHEN v.name = 'html' THEN 'HTML' WHEN v.name IN ('url', 'link') THEN 'URL' ELSE 'TEXT' END,
                            'required', v.required, 'example', '', 'trusted', v.name = 'html') ORDER BY v.name)
                 FROM (SELECT s.name, bool_and(s.required) AS required
                       FROM (SELECT m[1] AS name,
                                    NOT EXISTS (SELECT FROM template_texts o
                                                WHERE o.template = r.template AND o.revision = r.revision
                                                  AND strpos(o.subject || o.text || o.html, '{{#' || m[1] || '}}') > 0) AS required
                             FROM template_texts t
                             CROSS JOIN LATERAL regexp_matches(
                                 regexp_replace(t.subject || ' ' || t.text || ' ' || t.html, '{{#each articles}}.*?{{/each}}', '', 'g'),
                                 '{{([a-z_]+)}}', 'g') AS m
                             WHERE t.template = r.template AND t.revision = r.revision) s
                       WHERE s.name <> 'unsubscribe_url'
                       GROUP BY s.name) v), '[]')
FROM template_revisions r;

UPDATE template_revisions r SET variables = t.variables FROM templates t WHERE t.id = r.template;

-- Articles of a newsletter issue as they were when its message was made: what is sent does not change under the reader.
CREATE TABLE issue_articles (
  message_number bigint   NOT NULL REFERENCES messages,
  position       smallint NOT NULL,
  content        bytea    NOT NULL,  -- A NewsletterContent of articles.
  PRIMARY KEY (message_number, position)
);
