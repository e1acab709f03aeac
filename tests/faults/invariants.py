"""What must hold once everything is healed and drained. Each check yields what is wrong; nothing is what it should yield."""

import collections
import email
import email.policy

import newsroom as newsrooms

TERMINAL = ("SENT", "DELIVERED", "BOUNCED", "COMPLAINED", "FAILED", "EXPIRED", "CANCELLED", "UNCERTAIN")


def mails(stand):
    """Message-IDs by (headline, reader)."""
    found = collections.defaultdict(list)
    for file in stand.local.mail.glob("*.eml"):
        message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        found[(str(message["Subject"]), message["X-Envelope-To"].partition("@")[0])].append(message["Message-ID"])
    return found


def deliveries(stand):
    """(headline, reader): [(state, attempts)]."""
    found = collections.defaultdict(list)
    for headline, reader, state, attempts in stand.query(
            "SELECT m.headline, r.id, d.state, d.attempts FROM notifications.deliveries d "
            "JOIN notifications.messages m ON m.number = d.message_number JOIN notifications.recipients r ON r.number = d.recipient_number"):
        found[(headline, reader)].append((state, int(attempts)))
    return found


def out(newsroom):
    """Headlines of what was published."""
    return [one.headline for one in newsroom.published] + [headline for _, headline in newsroom.scheduled]


def i1_nobody_is_lost(stand, newsroom):
    rows = deliveries(stand)
    expected = {(headline, reader) for headline in out(newsroom) for reader in newsrooms.AUDIENCE}
    for pair in sorted(expected):
        if len(rows.get(pair, [])) != 1:
            yield f"{len(rows.get(pair, []))} deliveries for {pair}"
    for pair in sorted(set(rows) - expected):
        yield f"a delivery nobody asked for: {pair}"


def i2_no_ghosts(stand, newsroom):
    rows = deliveries(stand)
    for pair in sorted(mails(stand)):
        if pair[1].startswith(newsrooms.SOMEBODY):
            continue  # A sign-in link, which is nobody's message and leaves no record.
        if not any(attempts > 0 for _, attempts in rows.get(pair, [])):
            yield f"mail without an attempt: {pair}"


def i3_what_is_sent_arrived(stand, newsroom):
    sink = mails(stand)
    for pair, found in sorted(deliveries(stand).items()):
        for state, _ in found:
            if state not in TERMINAL:
                yield f"{pair} is still {state}"
            elif state == "SENT" and not sink.get(pair):
                yield f"{pair} is SENT and never arrived"
            elif state != "SENT" and (state != "UNCERTAIN" or newsrooms.is_breaking(pair[0])):
                yield f"{pair} ended {state}"


def i4_duplicates_are_explained(stand, newsroom):
    """A second copy needs an attempt that ended without an answer on record, and only breaking news is sent again after one."""
    unanswered = {(headline, reader): int(times) for headline, reader, times in stand.query(
        "SELECT m.headline, r.id, count(*) FROM notifications.attempts a JOIN notifications.messages m ON m.number = a.message_number "
        "JOIN notifications.deliveries d ON d.message_number = a.message_number AND d.seq = a.seq "
        "JOIN notifications.recipients r ON r.number = d.recipient_number WHERE a.smtp_code = 0 GROUP BY 1, 2")}
    for pair, identifiers in sorted(mails(stand).items()):
        allowed = 1 + (unanswered.get(pair, 0) if newsrooms.is_breaking(pair[0]) else 0)
        if len(identifiers) > allowed:
            yield f"{len(identifiers)} copies, {unanswered.get(pair, 0)} attempts without an answer: {pair}"
        if len(set(identifiers)) > 1:
            yield f"copies under several Message-IDs: {pair}"


def i5_every_event_once(stand, newsroom):
    for consumer in ("articles", "memberships", "notifications"):
        for source, in stand.query(f"SELECT source FROM {consumer}.feed_cursor WHERE source IN ('articles', 'memberships', 'notifications')"):
            for event, type_ in stand.query(f"SELECT event_id, type FROM {source}.event WHERE event_id NOT IN "
                                            f"(SELECT event_id FROM {consumer}.inbox WHERE source = '{source}')"):
                yield f"{consumer} never applied {type_} {event} of {source}"
            for event, in stand.query(f"SELECT event_id FROM {consumer}.inbox WHERE source = '{source}' AND event_id NOT IN "
                                      f"(SELECT event_id FROM {source}.event)"):
                yield f"{consumer} applied {event}, which {source} never committed"
        for event, error in stand.query(f"SELECT event_id, last_error FROM {consumer}.parked_event"):
            yield f"{consumer} parked {event}: {error}"
        for resource, in stand.query(
                f"SELECT DISTINCT resource FROM (SELECT resource, revision <= lag(revision) OVER (PARTITION BY resource ORDER BY xid, seq) AS back "
                f"FROM {consumer}.event) steps WHERE back"):
            yield f"the events of {resource} are out of order in {consumer}"


def i6_one_effect_a_request(stand, newsroom):
    for published in newsroom.published:
        if newsroom.publish_again(published) != published.answer:
            yield f"another answer to the same request: {published.name}"
    for service in ("articles", "memberships"):
        for method, request_id, times in stand.query(
                f"SELECT method, request_id, count(*) FROM {service}.audit_event GROUP BY 1, 2 HAVING count(*) > 1"):
            yield f"{times} effects of {method} {request_id}"
    counted = int(stand.value("SELECT count(*) FROM articles.articles"))
    if counted != newsroom.created:
        yield f"{newsroom.created} articles were asked for, {counted} are there"
    for name, times in stand.query("SELECT resource, count(*) FROM articles.event WHERE type = 'article.published' GROUP BY 1 HAVING count(*) > 1"):
        yield f"{name} was announced {times} times"


def i7_money_is_taken_once_and_booked(stand, newsroom):
    for breach, subject in stand.query("SELECT breach, subject FROM memberships.ledger_breaches"):
        yield f"{breach}: {subject}"
    for key, state in stand.query(
            "SELECT c.key, coalesce(p.state, 'unknown to the books') FROM memberships.ledgerpay_charges c "
            "LEFT JOIN memberships.payments p ON p.id = c.key WHERE c.state = 'SUCCEEDED' AND p.state IS DISTINCT FROM 'SUCCEEDED'"):
        yield f"{key} was charged and is {state}"
    for key in stand.query(
            "SELECT p.id FROM memberships.payments p LEFT JOIN memberships.ledgerpay_charges c ON c.key = p.id AND c.state = 'SUCCEEDED' "
            "WHERE p.provider = 'ledgerpay' AND p.state = 'SUCCEEDED' AND c.key IS NULL"):
        yield f"{key[0]} is booked and was not charged"
    for member in newsroom.subscribers:
        live = int(stand.value(f"SELECT count(*) FROM memberships.subscriptions WHERE member_id = '{member.removeprefix('members/')}' "
                               "AND state IN ('TRIALING', 'ACTIVE', 'PAST_DUE', 'PAUSED')"))
        if live != 1:
            yield f"{live} live subscriptions of {member}"


def i8_what_was_answered_stays(stand, newsroom):
    for name in [one.name for one in newsroom.published] + [name for name, _ in newsroom.scheduled]:
        if not newsroom.can_be_read(name):
            yield f"{name} was answered as published and cannot be read"


def i9_an_archive_comes_once_and_quietly(stand, newsroom):
    for uuid, headline in newsroom.archive:
        rows = stand.query(f"SELECT a.state, r.body::text FROM articles.article_alt_ids i JOIN articles.articles a ON a.id = i.article_id "
                           f"JOIN articles.article_revisions r ON r.article_id = a.id AND r.revision = a.published_revision "
                           f"WHERE i.scheme = 'ghost' AND i.value = '{uuid}'")
        if len(rows) != 1 or rows[0][0] != "PUBLISHED":
            yield f"{len(rows)} articles of {uuid}"
        elif "https://news.example/en/" not in rows[0][1]:
            yield f"{uuid} does not lead to the new place of another"
        if int(stand.value(f"SELECT count(*) FROM notifications.messages WHERE headline = '{headline}'")):
            yield f"an alert of {headline}"


def i10_a_period_is_billed_once(stand, newsroom):
    billed = dict(stand.query(
        "SELECT s.id, count(i.id) FROM memberships.subscriptions s LEFT JOIN memberships.invoices i ON i.subscription_id = s.id AND i.period_index = 1 "
        "WHERE s.price_id = 'sweep' GROUP BY s.id"))
    if len(billed) != newsroom.subscribed:
        yield f"{newsroom.subscribed} subscriptions were made, {len(billed)} are there"
    for subscription, times in billed.items():
        if times != "1":
            yield f"the period of {subscription} was billed {times} times"


CHECKS = {
    "I1 no loss": i1_nobody_is_lost,
    "I2 no ghosts": i2_no_ghosts,
    "I3 sent is arrived": i3_what_is_sent_arrived,
    "I4 explained duplicates": i4_duplicates_are_explained,
    "I5 every event once": i5_every_event_once,
    "I6 one effect a request": i6_one_effect_a_request,
    "I7 money once, books right": i7_money_is_taken_once_and_booked,
    "I8 answered is durable": i8_what_was_answered_stays,
    "I9 an archive once, quietly": i9_an_archive_comes_once_and_quietly,
    "I10 a period is billed once": i10_a_period_is_billed_once,
}


def check(stand, newsroom):
    """Prints each invariant with its verdict; how many violations there are."""
    violations = 0
    for name, broken in CHECKS.items():
        found = list(broken(stand, newsroom))
        violations += len(found)
        print(f"  {name}: {'holds' if not found else f'{len(found)} VIOLATIONS'}")
        for line in found[:10]:
            print(f"    {line}")
    states = collections.Counter(state for found in deliveries(stand).values() for state, _ in found)
    arrived = mails(stand)
    uncertain_arrived = sum(1 for pair, found in deliveries(stand).items() for state, _ in found if state == "UNCERTAIN" and arrived.get(pair))
    duplicates = sum(len(identifiers) - 1 for identifiers in arrived.values())
    print(f"  {len(out(newsroom))} articles, {sum(states.values())} deliveries: {dict(states)}; "
          f"{sum(map(len, arrived.values()))} mails, {duplicates} duplicates; of the uncertain {uncertain_arrived} arrived")
    return violations
