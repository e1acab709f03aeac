-- The letters of the transactional lane, in English and Ukrainian. A part whose value is not given is left out; `link` is a whole URL.

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
'{{#giver}}{{giver}} has given you a subscription.

{{/giver}}{{#message}}{{message}}

{{/message}}{{#code}}Your gift code is {{code}}.

{{/code}}{{#link}}Open your gift: {{link}}

{{/link}}',
'<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>A gift for you</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
{{#giver}}<p>{{giver}} has given you a subscription.</p>
{{/giver}}{{#message}}<p>{{message}}</p>
{{/message}}{{#code}}<p>Your gift code is {{code}}.</p>
{{/code}}{{#link}}<p><a href="{{link}}">Open your gift</a></p>
{{/link}}</body>
</html>
'),
('gift', 1, 'uk', 'Подарунок для вас',
'{{#giver}}{{giver}} дарує вам передплату.

{{/giver}}{{#message}}{{message}}

{{/message}}{{#code}}Код вашого подарунка: {{code}}.

{{/code}}{{#link}}Відкрити подарунок: {{link}}

{{/link}}',
'<!DOCTYPE html>
<html lang="uk">
<head><meta charset="utf-8"><title>Подарунок для вас</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
{{#giver}}<p>{{giver}} дарує вам передплату.</p>
{{/giver}}{{#message}}<p>{{message}}</p>
{{/message}}{{#code}}<p>Код вашого подарунка: {{code}}.</p>
{{/code}}{{#link}}<p><a href="{{link}}">Відкрити подарунок</a></p>
{{/link}}</body>
</html>
'),
('gift-reminder', 1, 'en', 'Your gift is waiting',
'A subscription that was given to you has not been opened yet.

{{#expire_date}}It can be opened until {{expire_date}}.

{{/expire_date}}{{#code}}Your gift code is {{code}}.

{{/code}}{{#link}}Open your gift: {{link}}

{{/link}}',
'<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Your gift is waiting</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
<p>A subscription that was given to you has not been opened yet.</p>
{{#expire_date}}<p>It can be opened until {{expire_date}}.</p>
{{/expire_date}}{{#code}}<p>Your gift code is {{code}}.</p>
{{/code}}{{#link}}<p><a href="{{link}}">Open your gift</a></p>
{{/link}}</body>
</html>
'),
('gift-reminder', 1, 'uk', 'Ваш подарунок чекає',
'Подаровану вам передплату ще не відкрито.

{{#expire_date}}Її можна відкрити до {{expire_date}}.

{{/expire_date}}{{#code}}Код вашого подарунка: {{code}}.

{{/code}}{{#link}}Відкрити подарунок: {{link}}

{{/link}}',
'<!DOCTYPE html>
<html lang="uk">
<head><meta charset="utf-8"><title>Ваш подарунок чекає</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
<p>Подаровану вам передплату ще не відкрито.</p>
{{#expire_date}}<p>Її можна відкрити до {{expire_date}}.</p>
{{/expire_date}}{{#code}}<p>Код вашого подарунка: {{code}}.</p>
{{/code}}{{#link}}<p><a href="{{link}}">Відкрити подарунок</a></p>
{{/link}}</body>
</html>
'),
('seat-invitation', 1, 'en', 'You are invited to read with a group',
'{{#group}}{{group}} invites you to read with its subscription.

{{/group}}{{#code}}Your invitation code is {{code}}.

{{/code}}{{#link}}Accept the invitation: {{link}}

{{/link}}If you do not know who invites you, ignore this letter.
',
'<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>You are invited to read with a group</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
{{#group}}<p>{{group}} invites you to read with its subscription.</p>
{{/group}}{{#code}}<p>Your invitation code is {{code}}.</p>
{{/code}}{{#link}}<p><a href="{{link}}">Accept the invitation</a></p>
{{/link}}<p style="font-size:.85em">If you do not know who invites you, ignore this letter.</p>
</body>
</html>
'),
('seat-invitation', 1, 'uk', 'Вас запрошують читати разом',
'{{#group}}{{group}} запрошує вас читати за своєю передплатою.

{{/group}}{{#code}}Код запрошення: {{code}}.

{{/code}}{{#link}}Прийняти запрошення: {{link}}

{{/link}}Якщо ви не знаєте, хто вас запрошує, не зважайте на цей лист.
',
'<!DOCTYPE html>
<html lang="uk">
<head><meta charset="utf-8"><title>Вас запрошують читати разом</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
{{#group}}<p>{{group}} запрошує вас читати за своєю передплатою.</p>
{{/group}}{{#code}}<p>Код запрошення: {{code}}.</p>
{{/code}}{{#link}}<p><a href="{{link}}">Прийняти запрошення</a></p>
{{/link}}<p style="font-size:.85em">Якщо ви не знаєте, хто вас запрошує, не зважайте на цей лист.</p>
</body>
</html>
'),
('trial-ending', 1, 'en', 'Your trial is about to end',
'{{#end_date}}Your trial ends on {{end_date}}.

{{/end_date}}{{#amount}}Then {{amount}} will be charged, unless you cancel before.

{{/amount}}{{#link}}See your subscription: {{link}}

{{/link}}',
'<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Your trial is about to end</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
{{#end_date}}<p>Your trial ends on {{end_date}}.</p>
{{/end_date}}{{#amount}}<p>Then {{amount}} will be charged, unless you cancel before.</p>
{{/amount}}{{#link}}<p><a href="{{link}}">See your subscription</a></p>
{{/link}}</body>
</html>
'),
('trial-ending', 1, 'uk', 'Ваш пробний період добігає кінця',
'{{#end_date}}Ваш пробний період закінчується {{end_date}}.

{{/end_date}}{{#amount}}Тоді буде списано {{amount}}, якщо ви не скасуєте раніше.

{{/amount}}{{#link}}Переглянути передплату: {{link}}

{{/link}}',
'<!DOCTYPE html>
<html lang="uk">
<head><meta charset="utf-8"><title>Ваш пробний період добігає кінця</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
{{#end_date}}<p>Ваш пробний період закінчується {{end_date}}.</p>
{{/end_date}}{{#amount}}<p>Тоді буде списано {{amount}}, якщо ви не скасуєте раніше.</p>
{{/amount}}{{#link}}<p><a href="{{link}}">Переглянути передплату</a></p>
{{/link}}</body>
</html>
'),
('payment-failed', 1, 'en', 'Your payment did not go through',
'{{#amount}}We could not charge {{amount}} for your subscription.

{{/amount}}{{#retry_date}}We will try again on {{retry_date}}.

{{/retry_date}}{{#end_date}}Without a payment your subscription ends on {{end_date}}.

{{/end_date}}{{#link}}Update your payment: {{link}}

{{/link}}',
'<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Your payment did not go through</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
{{#amount}}<p>We could not charge {{amount}} for your subscription.</p>
{{/amount}}{{#retry_date}}<p>We will try again on {{retry_date}}.</p>
{{/retry_date}}{{#end_date}}<p>Without a payment your subscription ends on {{end_date}}.</p>
{{/end_date}}{{#link}}<p><a href="{{link}}">Update your payment</a></p>
{{/link}}</body>
</html>
'),
('payment-failed', 1, 'uk', 'Ваш платіж не пройшов',
'{{#amount}}Не вдалося списати {{amount}} за вашу передплату.

{{/amount}}{{#retry_date}}Ми спробуємо ще раз {{retry_date}}.

{{/retry_date}}{{#end_date}}Без оплати ваша передплата закінчиться {{end_date}}.

{{/end_date}}{{#link}}Оновити оплату: {{link}}

{{/link}}',
'<!DOCTYPE html>
<html lang="uk">
<head><meta charset="utf-8"><title>Ваш платіж не пройшов</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
{{#amount}}<p>Не вдалося списати {{amount}} за вашу передплату.</p>
{{/amount}}{{#retry_date}}<p>Ми спробуємо ще раз {{retry_date}}.</p>
{{/retry_date}}{{#end_date}}<p>Без оплати ваша передплата закінчиться {{end_date}}.</p>
{{/end_date}}{{#link}}<p><a href="{{link}}">Оновити оплату</a></p>
{{/link}}</body>
</html>
'),
('cancellation', 1, 'en', 'Your subscription is cancelled',
'Your subscription is cancelled and will not renew.

{{#end_date}}You can read until {{end_date}}.

{{/end_date}}{{#link}}See your subscription: {{link}}

{{/link}}Thank you for your support.
',
'<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Your subscription is cancelled</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
<p>Your subscription is cancelled and will not renew.</p>
{{#end_date}}<p>You can read until {{end_date}}.</p>
{{/end_date}}{{#link}}<p><a href="{{link}}">See your subscription</a></p>
{{/link}}<p style="font-size:.85em">Thank you for your support.</p>
</body>
</html>
'),
('cancellation', 1, 'uk', 'Вашу передплату скасовано',
'Вашу передплату скасовано, її не буде поновлено.

{{#end_date}}Ви можете читати до {{end_date}}.

{{/end_date}}{{#link}}Переглянути передплату: {{link}}

{{/link}}Дякуємо за вашу підтримку.
',
'<!DOCTYPE html>
<html lang="uk">
<head><meta charset="utf-8"><title>Вашу передплату скасовано</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
<p>Вашу передплату скасовано, її не буде поновлено.</p>
{{#end_date}}<p>Ви можете читати до {{end_date}}.</p>
{{/end_date}}{{#link}}<p><a href="{{link}}">Переглянути передплату</a></p>
{{/link}}<p style="font-size:.85em">Дякуємо за вашу підтримку.</p>
</body>
</html>
'),
('receipt', 1, 'en', 'Your receipt{{#number}} {{number}}{{/number}}',
'{{#amount}}We have received {{amount}}. Thank you.

{{/amount}}{{#description}}{{description}}

{{/description}}{{#number}}Invoice {{number}}

{{/number}}{{#date}}{{date}}

{{/date}}{{#link}}See the invoice: {{link}}

{{/link}}',
'<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Your receipt{{#number}} {{number}}{{/number}}</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
{{#amount}}<p>We have received {{amount}}. Thank you.</p>
{{/amount}}{{#description}}<p>{{description}}</p>
{{/description}}{{#number}}<p>Invoice {{number}}</p>
{{/number}}{{#date}}<p>{{date}}</p>
{{/date}}{{#link}}<p><a href="{{link}}">See the invoice</a></p>
{{/link}}</body>
</html>
'),
('receipt', 1, 'uk', 'Ваша квитанція{{#number}} {{number}}{{/number}}',
'{{#amount}}Ми отримали {{amount}}. Дякуємо.

{{/amount}}{{#description}}{{description}}

{{/description}}{{#number}}Рахунок {{number}}

{{/number}}{{#date}}{{date}}

{{/date}}{{#link}}Переглянути рахунок: {{link}}

{{/link}}',
'<!DOCTYPE html>
<html lang="uk">
<head><meta charset="utf-8"><title>Ваша квитанція{{#number}} {{number}}{{/number}}</title></head>
<body style="margin:0 auto;max-width:36em;padding:1em;font-family:Georgia,serif;line-height:1.5;color:#111">
{{#amount}}<p>Ми отримали {{amount}}. Дякуємо.</p>
{{/amount}}{{#description}}<p>{{description}}</p>
{{/description}}{{#number}}<p>Рахунок {{number}}</p>
{{/number}}{{#date}}<p>{{date}}</p>
{{/date}}{{#link}}<p><a href="{{link}}">Переглянути рахунок</a></p>
{{/link}}</body>
</html>
');
