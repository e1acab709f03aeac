-- Readers who are no members, what they agreed to, and topics that ask twice.

ALTER TABLE recipients ADD COLUMN revision bigint NOT NULL DEFAULT 1;

ALTER TABLE topics
  ADD COLUMN opt_in           text     NOT NULL DEFAULT 'SINGLE' CHECK (opt_in IN ('SINGLE', 'DOUBLE')),
  ADD COLUMN default_channels smallint NOT NULL DEFAULT 1 CHECK (default_channels BETWEEN 1 AND 63);  -- As subscriptions.channels.

-- Append only, until the recipient is erased: a newsroom must be able to show what was agreed to, and when it was taken back.
CREATE TABLE consents (
  number           bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  recipient_number bigint      NOT NULL REFERENCES recipients,
  topic_number     integer     NOT NULL REFERENCES topics (number),
  state            text        NOT NULL CHECK (state IN ('PENDING', 'ACTIVE', 'UNSUBSCRIBED')),  -- What was chosen with it.
  source           text        NOT NULL,
  ip_hash          text        NOT NULL,
  text_version     text        NOT NULL,
  time             timestamptz NOT NULL
);

CREATE INDEX consents_by_subscription ON consents (recipient_number, topic_number, number);

-- A PENDING endpoint that nobody confirmed goes after a while.
CREATE INDEX endpoints_pending ON endpoints (create_time) WHERE state = 'PENDING';

INSERT INTO template_revisions (template, revision, transactional) VALUES
('confirm-subscription', 1, true),
('confirm-address', 1, true);

INSERT INTO template_texts (template, revision, locale, subject, text, html) VALUES
('confirm-subscription', 1, 'en', 'Please confirm: {{topic}}',
'Somebody, we hope you, asked us to send “{{topic}}” to this address.

Confirm it here: {{link}}

If it was not you, ignore this letter: nothing is sent without your word.
',
'<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Please confirm: {{topic}}</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
<p>Somebody, we hope you, asked us to send “{{topic}}” to this address.</p>
<p><a href="{{link}}">Confirm it here</a></p>
<p style="font-size:.85em">If it was not you, ignore this letter: nothing is sent without your word.</p>
</body>
</html>
'),
('confirm-subscription', 1, 'uk', 'Підтвердьте, будь ласка: {{topic}}',
'Хтось, сподіваємося, ви, попросив нас надсилати «{{topic}}» на цю адресу.

Підтвердити: {{link}}

Якщо це були не ви, не зважайте на цей лист: без вашого слова ми нічого не надішлемо.
',
'<!DOCTYPE html>
<html lang="uk">
<head><meta charset="utf-8"><title>Підтвердьте, будь ласка: {{topic}}</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
<p>Хтось, сподіваємося, ви, попросив нас надсилати «{{topic}}» на цю адресу.</p>
<p><a href="{{link}}">Підтвердити</a></p>
<p style="font-size:.85em">Якщо це були не ви, не зважайте на цей лист: без вашого слова ми нічого не надішлемо.</p>
</body>
</html>
'),
('confirm-address', 1, 'en', 'Please confirm your address',
'Somebody, we hope you, gave us this address to write to.

Confirm it here: {{link}}

If it was not you, ignore this letter: nothing is sent without your word.
',
'<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Please confirm your address</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
<p>Somebody, we hope you, gave us this address to write to.</p>
<p><a href="{{link}}">Confirm it here</a></p>
<p style="font-size:.85em">If it was not you, ignore this letter: nothing is sent without your word.</p>
</body>
</html>
'),
('confirm-address', 1, 'uk', 'Підтвердьте, будь ласка, свою адресу',
'Хтось, сподіваємося, ви, дав нам цю адресу, щоб ми на неї писали.

Підтвердити: {{link}}

Якщо це були не ви, не зважайте на цей лист: без вашого слова ми нічого не надішлемо.
',
'<!DOCTYPE html>
<html lang="uk">
<head><meta charset="utf-8"><title>Підтвердьте, будь ласка, свою адресу</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
<p>Хтось, сподіваємося, ви, дав нам цю адресу, щоб ми на неї писали.</p>
<p><a href="{{link}}">Підтвердити</a></p>
<p style="font-size:.85em">Якщо це були не ви, не зважайте на цей лист: без вашого слова ми нічого не надішлемо.</p>
</body>
</html>
');
