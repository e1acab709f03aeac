-- The letters of the transactional lane, in English and Ukrainian. A part whose value is not given is left out; `link` is a whole URL, and values
-- called `..._time` are shown as a day.

INSERT INTO template_revisions (template, revision, transactional) VALUES
('sign-in', 1, true),
('sign-in-unknown', 1, true),
('email-change', 1, true),
('gift', 1, true),
('gift-reminder', 1, true),
('seat-invitation', 1, true),
('trial-ending', 1, true),
('payment-failed', 1, true),
('cancellation', 1, true),
('receipt', 1, true);

INSERT INTO template_texts (template, revision, locale, subject, text, html) VALUES
('sign-in', 1, 'en', 'Sign in{{#code}}: {{code}}{{/code}}',
'{{#code}}Your code is {{code}}.

{{/code}}{{#link}}Sign in: {{link}}

{{/link}}The link and the code work once, and only for a short time. If you did not ask for them, ignore this letter: nothing happens without them.
',
'<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Sign in{{#code}}: {{code}}{{/code}}</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
{{#code}}<p>Your code is {{code}}.</p>
{{/code}}{{#link}}<p><a href="{{link}}">Sign in</a></p>
{{/link}}<p style="font-size:.85em">The link and the code work once, and only for a short time. If you did not ask for them, ignore this letter: nothing happens without them.</p>
</body>
</html>
'),
('sign-in', 1, 'uk', 'Вхід{{#code}}: {{code}}{{/code}}',
'{{#code}}Ваш код: {{code}}.

{{/code}}{{#link}}Увійти: {{link}}

{{/link}}Посилання і код діють один раз і недовго. Якщо ви їх не просили, не зважайте на цей лист: без них нічого не станеться.
',
'<!DOCTYPE html>
<html lang="uk">
<head><meta charset="utf-8"><title>Вхід{{#code}}: {{code}}{{/code}}</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
{{#code}}<p>Ваш код: {{code}}.</p>
{{/code}}{{#link}}<p><a href="{{link}}">Увійти</a></p>
{{/link}}<p style="font-size:.85em">Посилання і код діють один раз і недовго. Якщо ви їх не просили, не зважайте на цей лист: без них нічого не станеться.</p>
</body>
</html>
'),
('sign-in-unknown', 1, 'en', 'You have no account here yet',
'Somebody, perhaps you, asked to sign in with this address. There is no account with it. If you have one, it is with another address; if you want one, sign up.

{{#link}}Sign up: {{link}}

{{/link}}If it was not you, ignore this letter.
',
'<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>You have no account here yet</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
<p>Somebody, perhaps you, asked to sign in with this address. There is no account with it. If you have one, it is with another address; if you want one, sign up.</p>
{{#link}}<p><a href="{{link}}">Sign up</a></p>
{{/link}}<p style="font-size:.85em">If it was not you, ignore this letter.</p>
</body>
</html>
'),
('sign-in-unknown', 1, 'uk', 'У вас тут ще немає облікового запису',
'Хтось, можливо ви, хотів увійти з цією адресою. Облікового запису з нею немає. Якщо він у вас є, то з іншою адресою; якщо хочете його мати, зареєструйтеся.

{{#link}}Зареєструватися: {{link}}

{{/link}}Якщо це були не ви, не зважайте на цей лист.
',
'<!DOCTYPE html>
<html lang="uk">
<head><meta charset="utf-8"><title>У вас тут ще немає облікового запису</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
<p>Хтось, можливо ви, хотів увійти з цією адресою. Облікового запису з нею немає. Якщо він у вас є, то з іншою адресою; якщо хочете його мати, зареєструйтеся.</p>
{{#link}}<p><a href="{{link}}">Зареєструватися</a></p>
{{/link}}<p style="font-size:.85em">Якщо це були не ви, не зважайте на цей лист.</p>
</body>
</html>
'),
('email-change', 1, 'en', 'Confirm the change of your address',
'The address of your account is to change. Both addresses have to confirm that: this letter went to each of them.

{{#link}}Confirm the change: {{link}}

{{/link}}If you did not ask for it, do not confirm, and tell us: without both confirmations nothing changes.
',
'<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Confirm the change of your address</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
<p>The address of your account is to change. Both addresses have to confirm that: this letter went to each of them.</p>
{{#link}}<p><a href="{{link}}">Confirm the change</a></p>
{{/link}}<p style="font-size:.85em">If you did not ask for it, do not confirm, and tell us: without both confirmations nothing changes.</p>
</body>
</html>
'),
('email-change', 1, 'uk', 'Підтвердьте зміну адреси',
'Адресу вашого облікового запису мають змінити. Це мають підтвердити обидві адреси: цей лист надіслано на кожну з них.

{{#link}}Підтвердити зміну: {{link}}

{{/link}}Якщо ви цього не просили, не підтверджуйте і повідомте нас: без обох підтверджень нічого не зміниться.
',
'<!DOCTYPE html>
<html lang="uk">
<head><meta charset="utf-8"><title>Підтвердьте зміну адреси</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
<p>Адресу вашого облікового запису мають змінити. Це мають підтвердити обидві адреси: цей лист надіслано на кожну з них.</p>
{{#link}}<p><a href="{{link}}">Підтвердити зміну</a></p>
{{/link}}<p style="font-size:.85em">Якщо ви цього не просили, не підтверджуйте і повідомте нас: без обох підтверджень нічого не зміниться.</p>
</body>
</html>
'),
('gift', 1, 'en', 'A gift for you',
'{{#receiver_name}}Dear {{receiver_name}},

{{/receiver_name}}{{#giver_name}}{{giver_name}} is giving you a subscription.

{{/giver_name}}{{#tier}}It is: {{tier}}.

{{/tier}}{{#months}}Months: {{months}}.

{{/months}}{{#message}}{{message}}

{{/message}}{{#code}}The gift code is {{code}}.

{{/code}}{{#claim_end_time}}It can be redeemed until {{claim_end_time}}.

{{/claim_end_time}}{{#link}}Open the gift: {{link}}

{{/link}}',
'<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>A gift for you</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
{{#receiver_name}}<p>Dear {{receiver_name}},</p>
{{/receiver_name}}{{#giver_name}}<p>{{giver_name}} is giving you a subscription.</p>
{{/giver_name}}{{#tier}}<p>It is: {{tier}}.</p>
{{/tier}}{{#months}}<p>Months: {{months}}.</p>
{{/months}}{{#message}}<p>{{message}}</p>
{{/message}}{{#code}}<p>The gift code is {{code}}.</p>
{{/code}}{{#claim_end_time}}<p>It can be redeemed until {{claim_end_time}}.</p>
{{/claim_end_time}}{{#link}}<p><a href="{{link}}">Open the gift</a></p>
{{/link}}</body>
</html>
'),
('gift', 1, 'uk', 'Подарунок для вас',
'{{#receiver_name}}Вітаємо, {{receiver_name}}!

{{/receiver_name}}{{#giver_name}}{{giver_name}} дарує вам передплату.

{{/giver_name}}{{#tier}}Це: {{tier}}.

{{/tier}}{{#months}}Місяців: {{months}}.

{{/months}}{{#message}}{{message}}

{{/message}}{{#code}}Код подарунка: {{code}}.

{{/code}}{{#claim_end_time}}Ним можна скористатися до {{claim_end_time}}.

{{/claim_end_time}}{{#link}}Відкрити подарунок: {{link}}

{{/link}}',
'<!DOCTYPE html>
<html lang="uk">
<head><meta charset="utf-8"><title>Подарунок для вас</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
{{#receiver_name}}<p>Вітаємо, {{receiver_name}}!</p>
{{/receiver_name}}{{#giver_name}}<p>{{giver_name}} дарує вам передплату.</p>
{{/giver_name}}{{#tier}}<p>Це: {{tier}}.</p>
{{/tier}}{{#months}}<p>Місяців: {{months}}.</p>
{{/months}}{{#message}}<p>{{message}}</p>
{{/message}}{{#code}}<p>Код подарунка: {{code}}.</p>
{{/code}}{{#claim_end_time}}<p>Ним можна скористатися до {{claim_end_time}}.</p>
{{/claim_end_time}}{{#link}}<p><a href="{{link}}">Відкрити подарунок</a></p>
{{/link}}</body>
</html>
'),
('gift-reminder', 1, 'en', 'About your gift',
'{{#giver_name}}A reminder of the subscription that {{giver_name}} has given.

{{/giver_name}}{{#tier}}It is: {{tier}}.

{{/tier}}{{#code}}The gift code is {{code}}.

{{/code}}{{#claim_end_time}}It can be redeemed until {{claim_end_time}}.

{{/claim_end_time}}{{#end_time}}It ends on {{end_time}}.

{{/end_time}}{{#link}}Open the gift: {{link}}

{{/link}}Nothing is charged when a gift ends.
',
'<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>About your gift</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
{{#giver_name}}<p>A reminder of the subscription that {{giver_name}} has given.</p>
{{/giver_name}}{{#tier}}<p>It is: {{tier}}.</p>
{{/tier}}{{#code}}<p>The gift code is {{code}}.</p>
{{/code}}{{#claim_end_time}}<p>It can be redeemed until {{claim_end_time}}.</p>
{{/claim_end_time}}{{#end_time}}<p>It ends on {{end_time}}.</p>
{{/end_time}}{{#link}}<p><a href="{{link}}">Open the gift</a></p>
{{/link}}<p style="font-size:.85em">Nothing is charged when a gift ends.</p>
</body>
</html>
'),
('gift-reminder', 1, 'uk', 'Про ваш подарунок',
'{{#giver_name}}Нагадуємо про передплату, яку дарує {{giver_name}}.

{{/giver_name}}{{#tier}}Це: {{tier}}.

{{/tier}}{{#code}}Код подарунка: {{code}}.

{{/code}}{{#claim_end_time}}Ним можна скористатися до {{claim_end_time}}.

{{/claim_end_time}}{{#end_time}}Він закінчується {{end_time}}.

{{/end_time}}{{#link}}Відкрити подарунок: {{link}}

{{/link}}Подарунки не поновлюються самі: коли вони закінчуються, нічого не списується.
',
'<!DOCTYPE html>
<html lang="uk">
<head><meta charset="utf-8"><title>Про ваш подарунок</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
{{#giver_name}}<p>Нагадуємо про передплату, яку дарує {{giver_name}}.</p>
{{/giver_name}}{{#tier}}<p>Це: {{tier}}.</p>
{{/tier}}{{#code}}<p>Код подарунка: {{code}}.</p>
{{/code}}{{#claim_end_time}}<p>Ним можна скористатися до {{claim_end_time}}.</p>
{{/claim_end_time}}{{#end_time}}<p>Він закінчується {{end_time}}.</p>
{{/end_time}}{{#link}}<p><a href="{{link}}">Відкрити подарунок</a></p>
{{/link}}<p style="font-size:.85em">Подарунки не поновлюються самі: коли вони закінчуються, нічого не списується.</p>
</body>
</html>
'),
('seat-invitation', 1, 'en', 'You are invited to read with a group',
'{{#owner_name}}{{owner_name}} invites you to read with a group subscription.

{{/owner_name}}{{#tier}}It is: {{tier}}.

{{/tier}}{{#code}}The invitation code is {{code}}.

{{/code}}{{#expire_time}}It can be used until {{expire_time}}.

{{/expire_time}}{{#link}}Accept the invitation: {{link}}

{{/link}}If you do not know who invites you, ignore this letter.
',
'<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>You are invited to read with a group</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
{{#owner_name}}<p>{{owner_name}} invites you to read with a group subscription.</p>
{{/owner_name}}{{#tier}}<p>It is: {{tier}}.</p>
{{/tier}}{{#code}}<p>The invitation code is {{code}}.</p>
{{/code}}{{#expire_time}}<p>It can be used until {{expire_time}}.</p>
{{/expire_time}}{{#link}}<p><a href="{{link}}">Accept the invitation</a></p>
{{/link}}<p style="font-size:.85em">If you do not know who invites you, ignore this letter.</p>
</body>
</html>
'),
('seat-invitation', 1, 'uk', 'Вас запрошують читати разом',
'{{#owner_name}}{{owner_name}} запрошує вас читати за груповою передплатою.

{{/owner_name}}{{#tier}}Це: {{tier}}.

{{/tier}}{{#code}}Код запрошення: {{code}}.

{{/code}}{{#expire_time}}Ним можна скористатися до {{expire_time}}.

{{/expire_time}}{{#link}}Прийняти запрошення: {{link}}

{{/link}}Якщо ви не знаєте, хто вас запрошує, не зважайте на цей лист.
',
'<!DOCTYPE html>
<html lang="uk">
<head><meta charset="utf-8"><title>Вас запрошують читати разом</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
{{#owner_name}}<p>{{owner_name}} запрошує вас читати за груповою передплатою.</p>
{{/owner_name}}{{#tier}}<p>Це: {{tier}}.</p>
{{/tier}}{{#code}}<p>Код запрошення: {{code}}.</p>
{{/code}}{{#expire_time}}<p>Ним можна скористатися до {{expire_time}}.</p>
{{/expire_time}}{{#link}}<p><a href="{{link}}">Прийняти запрошення</a></p>
{{/link}}<p style="font-size:.85em">Якщо ви не знаєте, хто вас запрошує, не зважайте на цей лист.</p>
</body>
</html>
'),
('trial-ending', 1, 'en', 'Your trial is about to end',
'{{#plan}}Your plan: {{plan}}.

{{/plan}}{{#trial_end_time}}The trial ends on {{trial_end_time}}. Then it becomes a paid subscription, unless you cancel before.

{{/trial_end_time}}{{#link}}See your subscription: {{link}}

{{/link}}Thank you for reading.
',
'<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Your trial is about to end</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
{{#plan}}<p>Your plan: {{plan}}.</p>
{{/plan}}{{#trial_end_time}}<p>The trial ends on {{trial_end_time}}. Then it becomes a paid subscription, unless you cancel before.</p>
{{/trial_end_time}}{{#link}}<p><a href="{{link}}">See your subscription</a></p>
{{/link}}<p style="font-size:.85em">Thank you for reading.</p>
</body>
</html>
'),
('trial-ending', 1, 'uk', 'Ваш пробний період добігає кінця',
'{{#plan}}Ваш план: {{plan}}.

{{/plan}}{{#trial_end_time}}Пробний період закінчується {{trial_end_time}}. Тоді він стане платною передплатою, якщо ви не скасуєте раніше.

{{/trial_end_time}}{{#link}}Переглянути передплату: {{link}}

{{/link}}Дякуємо, що читаєте нас.
',
'<!DOCTYPE html>
<html lang="uk">
<head><meta charset="utf-8"><title>Ваш пробний період добігає кінця</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
{{#plan}}<p>Ваш план: {{plan}}.</p>
{{/plan}}{{#trial_end_time}}<p>Пробний період закінчується {{trial_end_time}}. Тоді він стане платною передплатою, якщо ви не скасуєте раніше.</p>
{{/trial_end_time}}{{#link}}<p><a href="{{link}}">Переглянути передплату</a></p>
{{/link}}<p style="font-size:.85em">Дякуємо, що читаєте нас.</p>
</body>
</html>
'),
('payment-failed', 1, 'en', 'Your payment did not go through',
'We could not collect the payment for your subscription, and will try again.

{{#plan}}Your plan: {{plan}}.

{{/plan}}{{#grace_end_time}}Without a payment it ends on {{grace_end_time}}.

{{/grace_end_time}}{{#link}}Update your payment: {{link}}

{{/link}}',
'<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Your payment did not go through</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
<p>We could not collect the payment for your subscription, and will try again.</p>
{{#plan}}<p>Your plan: {{plan}}.</p>
{{/plan}}{{#grace_end_time}}<p>Without a payment it ends on {{grace_end_time}}.</p>
{{/grace_end_time}}{{#link}}<p><a href="{{link}}">Update your payment</a></p>
{{/link}}</body>
</html>
'),
('payment-failed', 1, 'uk', 'Ваш платіж не пройшов',
'Не вдалося отримати оплату за вашу передплату; ми спробуємо ще раз.

{{#plan}}Ваш план: {{plan}}.

{{/plan}}{{#grace_end_time}}Без оплати вона закінчиться {{grace_end_time}}.

{{/grace_end_time}}{{#link}}Оновити оплату: {{link}}

{{/link}}',
'<!DOCTYPE html>
<html lang="uk">
<head><meta charset="utf-8"><title>Ваш платіж не пройшов</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
<p>Не вдалося отримати оплату за вашу передплату; ми спробуємо ще раз.</p>
{{#plan}}<p>Ваш план: {{plan}}.</p>
{{/plan}}{{#grace_end_time}}<p>Без оплати вона закінчиться {{grace_end_time}}.</p>
{{/grace_end_time}}{{#link}}<p><a href="{{link}}">Оновити оплату</a></p>
{{/link}}</body>
</html>
'),
('cancellation', 1, 'en', 'Your subscription is cancelled',
'Your subscription is cancelled and will not renew.

{{#plan}}Your plan: {{plan}}.

{{/plan}}{{#end_time}}You can read until {{end_time}}.

{{/end_time}}{{#link}}See your subscription: {{link}}

{{/link}}Thank you for your support.
',
'<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Your subscription is cancelled</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
<p>Your subscription is cancelled and will not renew.</p>
{{#plan}}<p>Your plan: {{plan}}.</p>
{{/plan}}{{#end_time}}<p>You can read until {{end_time}}.</p>
{{/end_time}}{{#link}}<p><a href="{{link}}">See your subscription</a></p>
{{/link}}<p style="font-size:.85em">Thank you for your support.</p>
</body>
</html>
'),
('cancellation', 1, 'uk', 'Вашу передплату скасовано',
'Вашу передплату скасовано, її не буде поновлено.

{{#plan}}Ваш план: {{plan}}.

{{/plan}}{{#end_time}}Ви можете читати до {{end_time}}.

{{/end_time}}{{#link}}Переглянути передплату: {{link}}

{{/link}}Дякуємо за вашу підтримку.
',
'<!DOCTYPE html>
<html lang="uk">
<head><meta charset="utf-8"><title>Вашу передплату скасовано</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
<p>Вашу передплату скасовано, її не буде поновлено.</p>
{{#plan}}<p>Ваш план: {{plan}}.</p>
{{/plan}}{{#end_time}}<p>Ви можете читати до {{end_time}}.</p>
{{/end_time}}{{#link}}<p><a href="{{link}}">Переглянути передплату</a></p>
{{/link}}<p style="font-size:.85em">Дякуємо за вашу підтримку.</p>
</body>
</html>
'),
('receipt', 1, 'en', 'Your receipt{{#number}} {{number}}{{/number}}',
'We have received your payment.

{{#amount}}Amount: {{amount}}{{/amount}}{{#currency_code}} {{currency_code}}{{/currency_code}}

{{#plan}}For: {{plan}}

{{/plan}}{{#campaign}}For: {{campaign}}

{{/campaign}}{{#pay_time}}Paid on {{pay_time}}

{{/pay_time}}{{#link}}See the invoice: {{link}}

{{/link}}Thank you for your support.
',
'<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Your receipt{{#number}} {{number}}{{/number}}</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
<p>We have received your payment.</p>
<p>{{#amount}}Amount: {{amount}}{{/amount}}{{#currency_code}} {{currency_code}}{{/currency_code}}</p>
{{#plan}}<p>For: {{plan}}</p>
{{/plan}}{{#campaign}}<p>For: {{campaign}}</p>
{{/campaign}}{{#pay_time}}<p>Paid on {{pay_time}}</p>
{{/pay_time}}{{#link}}<p><a href="{{link}}">See the invoice</a></p>
{{/link}}<p style="font-size:.85em">Thank you for your support.</p>
</body>
</html>
'),
('receipt', 1, 'uk', 'Ваша квитанція{{#number}} {{number}}{{/number}}',
'Ми отримали ваш платіж.

{{#amount}}Сума: {{amount}}{{/amount}}{{#currency_code}} {{currency_code}}{{/currency_code}}

{{#plan}}За: {{plan}}

{{/plan}}{{#campaign}}На: {{campaign}}

{{/campaign}}{{#pay_time}}Сплачено {{pay_time}}

{{/pay_time}}{{#link}}Переглянути рахунок: {{link}}

{{/link}}Дякуємо за вашу підтримку.
',
'<!DOCTYPE html>
<html lang="uk">
<head><meta charset="utf-8"><title>Ваша квитанція{{#number}} {{number}}{{/number}}</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
<p>Ми отримали ваш платіж.</p>
<p>{{#amount}}Сума: {{amount}}{{/amount}}{{#currency_code}} {{currency_code}}{{/currency_code}}</p>
{{#plan}}<p>За: {{plan}}</p>
{{/plan}}{{#campaign}}<p>На: {{campaign}}</p>
{{/campaign}}{{#pay_time}}<p>Сплачено {{pay_time}}</p>
{{/pay_time}}{{#link}}<p><a href="{{link}}">Переглянути рахунок</a></p>
{{/link}}<p style="font-size:.85em">Дякуємо за вашу підтримку.</p>
</body>
</html>
');
