-- What messages are rendered with. Revisions never change: a message keeps the one it was made with. Slots: {{name}}; a part that is left out
-- where the value is empty: {{#name}}...{{/name}}.
CREATE TABLE template_revisions (
  template text    NOT NULL,
  revision integer NOT NULL,
  PRIMARY KEY (template, revision)
);

CREATE TABLE template_texts (
  template text    NOT NULL,
  revision integer NOT NULL,
  locale   text    NOT NULL,
  subject  text    NOT NULL,
  text     text    NOT NULL,
  html     text    NOT NULL,
  PRIMARY KEY (template, revision, locale),
  FOREIGN KEY (template, revision) REFERENCES template_revisions
);

INSERT INTO template_revisions (template, revision) VALUES ('alert', 1);

INSERT INTO template_texts (template, revision, locale, subject, text, html) VALUES
('alert', 1, 'en', '{{headline}}',
'{{headline}}
{{#byline}}by {{byline}}
{{/byline}}{{#dek}}
{{dek}}
{{/dek}}
Read the article: {{url}}

{{#contact_address}}Feedback and tips: {{contact_address}}

{{/contact_address}}You are receiving this because you follow these alerts.
Unsubscribe: {{unsubscribe_url}}
',
'<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{{headline}}</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
<h1 style="font-size:1.5em;line-height:1.25">{{headline}}</h1>
{{#byline}}<p style="color:#555">by {{byline}}</p>
{{/byline}}{{#dek}}<p>{{dek}}</p>
{{/dek}}<p><a href="{{url}}">Read the article</a></p>
<hr>
{{#contact_address}}<p style="font-size:.85em">Feedback and tips: <a href="mailto:{{contact_address}}">{{contact_address}}</a></p>
{{/contact_address}}<p style="font-size:.85em">You are receiving this because you follow these alerts. <a href="{{unsubscribe_url}}">Unsubscribe</a></p>
</body>
</html>
'),
('alert', 1, 'uk', '{{headline}}',
'{{headline}}
{{#byline}}Автор: {{byline}}
{{/byline}}{{#dek}}
{{dek}}
{{/dek}}
Читати статтю: {{url}}

{{#contact_address}}Відгуки та повідомлення: {{contact_address}}

{{/contact_address}}Ви отримали цей лист, бо стежите за цими сповіщеннями.
Відписатися: {{unsubscribe_url}}
',
'<!DOCTYPE html>
<html lang="uk">
<head><meta charset="utf-8"><title>{{headline}}</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
<h1 style="font-size:1.5em;line-height:1.25">{{headline}}</h1>
{{#byline}}<p style="color:#555">Автор: {{byline}}</p>
{{/byline}}{{#dek}}<p>{{dek}}</p>
{{/dek}}<p><a href="{{url}}">Читати статтю</a></p>
<hr>
{{#contact_address}}<p style="font-size:.85em">Відгуки та повідомлення: <a href="mailto:{{contact_address}}">{{contact_address}}</a></p>
{{/contact_address}}<p style="font-size:.85em">Ви отримали цей лист, бо стежите за цими сповіщеннями. <a href="{{unsubscribe_url}}">Відписатися</a></p>
</body>
</html>
');
