-- Corrections and retractions, told to those who were told the story.

-- A fan-out may have to wait until what tells of the same article has come to rest.
ALTER TABLE fanouts ADD COLUMN start_time timestamptz NOT NULL DEFAULT '-infinity';

INSERT INTO template_revisions (template, revision, variables)
SELECT t.template, 1,
       jsonb_agg(jsonb_build_object('name', v.name, 'type', CASE WHEN v.name = 'url' THEN 'URL' ELSE 'TEXT' END, 'required', v.required,
                                    'example', '', 'trusted', false))
FROM (VALUES ('correction'), ('retraction')) AS t (template)
CROSS JOIN (VALUES ('headline', true), ('correction', false), ('url', true), ('contact_address', false)) AS v (name, required)
GROUP BY t.template;

INSERT INTO template_texts (template, revision, locale, subject, text, html) VALUES
('correction', 1, 'en', 'Correction: {{headline}}',
'We told you of this article, and something in it was wrong.

{{headline}}
{{#correction}}
{{correction}}
{{/correction}}
The corrected article: {{url}}
{{#contact_address}}
Feedback and tips: {{contact_address}}
{{/contact_address}}
You get this letter because you were told of the article.
Unsubscribe: {{unsubscribe_url}}
',
'<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{{headline}}</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
<p>We told you of this article, and something in it was wrong.</p>
<h1 style="font-size:1.5em;line-height:1.25">{{headline}}</h1>
{{#correction}}<p>{{correction}}</p>
{{/correction}}<p><a href="{{url}}">Read the corrected article</a></p>
<hr>
{{#contact_address}}<p style="font-size:.85em">Feedback and tips: <a href="mailto:{{contact_address}}">{{contact_address}}</a></p>
{{/contact_address}}<p style="font-size:.85em">You get this letter because you were told of the article. <a href="{{unsubscribe_url}}">Unsubscribe</a></p>
</body>
</html>
'),
('correction', 1, 'uk', 'Виправлення: {{headline}}',
'Ми повідомляли вам про цю статтю, і дещо в ній було хибним.

{{headline}}
{{#correction}}
{{correction}}
{{/correction}}
Виправлена стаття: {{url}}
{{#contact_address}}
Відгуки та повідомлення: {{contact_address}}
{{/contact_address}}
Ви отримали цей лист, бо ми повідомляли вам про статтю.
Відписатися: {{unsubscribe_url}}
',
'<!DOCTYPE html>
<html lang="uk">
<head><meta charset="utf-8"><title>{{headline}}</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
<p>Ми повідомляли вам про цю статтю, і дещо в ній було хибним.</p>
<h1 style="font-size:1.5em;line-height:1.25">{{headline}}</h1>
{{#correction}}<p>{{correction}}</p>
{{/correction}}<p><a href="{{url}}">Читати виправлену статтю</a></p>
<hr>
{{#contact_address}}<p style="font-size:.85em">Відгуки та повідомлення: <a href="mailto:{{contact_address}}">{{contact_address}}</a></p>
{{/contact_address}}<p style="font-size:.85em">Ви отримали цей лист, бо ми повідомляли вам про статтю. <a href="{{unsubscribe_url}}">Відписатися</a></p>
</body>
</html>
'),
('retraction', 1, 'en', 'Retracted: {{headline}}',
'We told you of this article. We have retracted it: please do not rely on it.

{{headline}}

What readers find there now: {{url}}
{{#contact_address}}
Feedback and tips: {{contact_address}}
{{/contact_address}}
You get this letter because you were told of the article.
Unsubscribe: {{unsubscribe_url}}
',
'<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{{headline}}</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
<p>We told you of this article. We have retracted it: please do not rely on it.</p>
<h1 style="font-size:1.5em;line-height:1.25">{{headline}}</h1>
<p><a href="{{url}}">What readers find there now</a></p>
<hr>
{{#contact_address}}<p style="font-size:.85em">Feedback and tips: <a href="mailto:{{contact_address}}">{{contact_address}}</a></p>
{{/contact_address}}<p style="font-size:.85em">You get this letter because you were told of the article. <a href="{{unsubscribe_url}}">Unsubscribe</a></p>
</body>
</html>
'),
('retraction', 1, 'uk', 'Відкликано: {{headline}}',
'Ми повідомляли вам про цю статтю. Ми відкликали її: будь ласка, не покладайтеся на неї.

{{headline}}

Що читачі бачать там тепер: {{url}}
{{#contact_address}}
Відгуки та повідомлення: {{contact_address}}
{{/contact_address}}
Ви отримали цей лист, бо ми повідомляли вам про статтю.
Відписатися: {{unsubscribe_url}}
',
'<!DOCTYPE html>
<html lang="uk">
<head><meta charset="utf-8"><title>{{headline}}</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
<p>Ми повідомляли вам про цю статтю. Ми відкликали її: будь ласка, не покладайтеся на неї.</p>
<h1 style="font-size:1.5em;line-height:1.25">{{headline}}</h1>
<p><a href="{{url}}">Що читачі бачать там тепер</a></p>
<hr>
{{#contact_address}}<p style="font-size:.85em">Відгуки та повідомлення: <a href="mailto:{{contact_address}}">{{contact_address}}</a></p>
{{/contact_address}}<p style="font-size:.85em">Ви отримали цей лист, бо ми повідомляли вам про статтю. <a href="{{unsubscribe_url}}">Відписатися</a></p>
</body>
</html>
');

INSERT INTO templates (id, display_name, built_in, newest_revision, texts, variables)
SELECT r.template, initcap(r.template), true, 1,
       (SELECT jsonb_object_agg(t.locale, jsonb_build_object('subject', t.subject, 'text', t.text, 'html', t.html))
        FROM template_texts t
        WHERE t.template = r.template AND t.revision = 1),
       r.variables
FROM template_revisions r
WHERE r.template IN ('correction', 'retraction');
