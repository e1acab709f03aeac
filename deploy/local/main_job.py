"""The main job through public RPCs, told step by step: an article is published, an alert arrives, members read and pay, a correction follows.

A client like any other: stubs generated from protos/, TLS, tokens. Returns whether everybody who should was told, and nobody else.
"""

import email
import email.policy
import re
import time
import uuid

import article as articles
import grpc
import payment_job
import telling_job
from masthead.articles.v1 import article_pb2, articles_service_pb2, articles_service_pb2_grpc, block_pb2, contributor_pb2
from masthead.articles.v1 import reading_pb2, reading_service_pb2, reading_service_pb2_grpc, section_pb2, tag_pb2
from masthead.articles.v1 import taxonomy_service_pb2, taxonomy_service_pb2_grpc
from masthead.memberships.v1 import admin_service_pb2, admin_service_pb2_grpc, consent_pb2, grant_pb2, member_pb2
from masthead.memberships.v1 import members_service_pb2, members_service_pb2_grpc, plans_service_pb2, plans_service_pb2_grpc
from masthead.memberships.v1 import sign_in_service_pb2, sign_in_service_pb2_grpc, staff_member_pb2, subscriptions_service_pb2, subscriptions_service_pb2_grpc, tier_pb2
from masthead.memberships.v1 import tokens_service_pb2, tokens_service_pb2_grpc
from masthead.notifications.v1 import delivery_pb2, delivery_service_pb2, delivery_service_pb2_grpc, exclusion_pb2
from masthead.notifications.v1 import message_pb2, message_service_pb2, message_service_pb2_grpc
from masthead.notifications.v1 import subscription_pb2, subscription_service_pb2, subscription_service_pb2_grpc

PATIENCE_SECONDS = 60
DEADLINE_SECONDS = 10
TIER = "supporter"


def identifier(words):
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


class Reader:
    """One of our three: what they hold, follow and have left."""

    def __init__(self, name, locale, description, tier=None, follows=(), left=()):
        self.id = identifier(name)
        self.name = name
        self.email = f"{self.id}@readers.example"
        self.locale = locale
        self.description = description
        self.tier = tier
        self.follows = follows
        self.left = left


class Newsroom:
    """The newsroom's backend: channels to the three services and an API key."""

    def __init__(self, local, api_key):
        credentials = grpc.ssl_channel_credentials((local.tls / "ca.crt").read_bytes())
        self.channels = {service: grpc.secure_channel(f"localhost:{ports['grpc']}", credentials) for service, ports in local.ports.items()}
        self.tokens = tokens_service_pb2_grpc.TokensServiceStub(self.channels["memberships"])
        self.members = members_service_pb2_grpc.MembersServiceStub(self.channels["memberships"])
        self.plans = plans_service_pb2_grpc.PlansServiceStub(self.channels["memberships"])
        self.grants = subscriptions_service_pb2_grpc.SubscriptionsServiceStub(self.channels["memberships"])
        self.sign_in = sign_in_service_pb2_grpc.SignInServiceStub(self.channels["memberships"])
        self.admin = admin_service_pb2_grpc.AdminServiceStub(self.channels["memberships"])
        self.taxonomy = taxonomy_service_pb2_grpc.TaxonomyServiceStub(self.channels["articles"])
        self.articles = articles_service_pb2_grpc.ArticlesServiceStub(self.channels["articles"])
        self.reading = reading_service_pb2_grpc.ReadingServiceStub(self.channels["articles"])
        self.following = subscription_service_pb2_grpc.SubscriptionServiceStub(self.channels["notifications"])
        self.messages = message_service_pb2_grpc.MessageServiceStub(self.channels["notifications"])
        self.deliveries = delivery_service_pb2_grpc.DeliveryServiceStub(self.channels["notifications"])
        self.own_token = self.call(self.tokens.ExchangeApiKey, tokens_service_pb2.ExchangeApiKeyRequest(api_key=api_key), token="").access_token

    def call(self, method, request, token=None):
        """With the backend's own token unless another is given; an empty one for nobody's. Who is UNAVAILABLE, as a service is that does not know yet
        what tokens are signed with, is asked again: every change here has a request_id."""
        token = self.own_token if token is None else token
        until = time.monotonic() + DEADLINE_SECONDS
        while True:
            try:
                return method(request, timeout=DEADLINE_SECONDS, metadata=[("authorization", f"Bearer {token}")] if token else [])
            except grpc.RpcError as error:
                if error.code() != grpc.StatusCode.UNAVAILABLE or time.monotonic() > until:
                    raise
            time.sleep(0.1)

    def create(self, method, request, token=None):
        """None if it is there already, from an earlier run."""
        request.request_id = str(uuid.uuid4())
        try:
            return self.call(method, request, token)
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.ALREADY_EXISTS:
                raise
            return None

    def member_token(self, reader):
        return self.call(self.tokens.IssueMemberToken, tokens_service_pb2.IssueMemberTokenRequest(member=f"members/{reader.id}")).access_token


def say(text=""):
    print(text, flush=True)


def wait_for(what, question):
    """The first truthy answer of `question`. Who is UNAVAILABLE may be asked again."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            answer = question()
            if answer:
                return answer
        except KeyError:
            pass
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.UNAVAILABLE:
                raise
        time.sleep(0.1)
    raise SystemExit(f"Waited {PATIENCE_SECONDS} s in vain: {what}")


def hire(newsroom, text):
    desk = identifier(text.desk)
    newsroom.create(newsroom.admin.CreateStaffMember, admin_service_pb2.CreateStaffMemberRequest(
        staff_member_id="olena", staff_member=staff_member_pb2.StaffMember(email="olena@masthead.example", display_name="Olena", roles=["editor"])))
    editor = newsroom.call(newsroom.tokens.IssueStaffToken, tokens_service_pb2.IssueStaffTokenRequest(staff_member="staffMembers/olena")).access_token
    newsroom.create(newsroom.taxonomy.CreateContributor, taxonomy_service_pb2.CreateContributorRequest(
        contributor_id=desk, contributor=contributor_pb2.Contributor(
            kind=contributor_pb2.Contributor.DESK, display_name=text.desk, biography=text.biography, contact_email=text.contact_email)), editor)
    for section in (text.section, "Culture"):
        newsroom.create(newsroom.taxonomy.CreateSection, taxonomy_service_pb2.CreateSectionRequest(
            section_id=identifier(section), section=section_pb2.Section(display_name=section)), editor)
    for tag in text.tags:
        newsroom.create(newsroom.taxonomy.CreateTag, taxonomy_service_pb2.CreateTagRequest(
            tag_id=identifier(tag), tag=tag_pb2.Tag(display_name=tag)), editor)
    say(f"A desk, {text.desk}, and an editor, Olena.")
    return editor


def consent(newsroom, reader, topic, granted):
    newsroom.call(newsroom.members.SetConsent, members_service_pb2.SetConsentRequest(
        name=f"members/{reader.id}/consents/{topic}", granted=granted, source="signup-form", request_id=str(uuid.uuid4())))


def enrol(newsroom, readers):
    newsroom.create(newsroom.plans.CreateTier, plans_service_pb2.CreateTierRequest(
        tier_id=TIER, tier=tier_pb2.Tier(display_name="Supporter", benefits=["Every article in full"])))
    for reader in readers:
        newsroom.create(newsroom.members.CreateMember, members_service_pb2.CreateMemberRequest(
            member_id=reader.id, member=member_pb2.Member(email=reader.email, display_name=reader.name, locale=reader.locale)))
        if reader.tier:
            newsroom.create(newsroom.grants.CreateGrant, subscriptions_service_pb2.CreateGrantRequest(
                parent=f"members/{reader.id}", grant_id="local", grant=grant_pb2.Grant(tier=f"tiers/{reader.tier}", reason="local run")))
        for topic in reader.follows + reader.left:
            consent(newsroom, reader, topic, True)
        for topic in reader.left:
            consent(newsroom, reader, topic, False)
        say(f"A reader, {reader.name}, {reader.description}.")


def choices(newsroom, reader):
    """What notifications knows of the reader's choices by now: state by topic."""
    try:
        listed = newsroom.call(newsroom.following.ListSubscriptions, subscription_service_pb2.ListSubscriptionsRequest(parent=f"recipients/{reader.id}"))
    except grpc.RpcError as error:
        if error.code() != grpc.StatusCode.NOT_FOUND:
            raise
        return {}
    return {one.topic.removeprefix("topics/"): one.state for one in listed.subscriptions}


def wait_for_choices(newsroom, readers):
    states = subscription_pb2.Subscription
    for reader in readers:
        wanted = {topic: states.ACTIVE for topic in reader.follows} | {topic: states.UNSUBSCRIBED for topic in reader.left}
        wait_for(f"notifications to hear what {reader.name} follows", lambda: wanted.items() <= choices(newsroom, reader).items())
    say("The choices reached notifications through memberships' event feed.")


def publish(newsroom, text, editor):
    body = [block_pb2.Block(paragraph=block_pb2.Paragraph(text=block_pb2.RichText(text=paragraph))) for paragraph in text.paragraphs]
    draft = newsroom.create(newsroom.articles.CreateArticle, articles_service_pb2.CreateArticleRequest(article=article_pb2.Article(
        headline=text.headline, dek=text.dek, body=body, language_code="en", section=f"sections/{identifier(text.section)}",
        bylines=[article_pb2.Byline(contributor=f"contributors/{identifier(text.desk)}")], tags=[f"tags/{identifier(tag)}" for tag in text.tags],
        access=article_pb2.Access(level=article_pb2.Access.PLANS, plans=[f"tiers/{TIER}"], preview_paragraphs=text.preview_paragraphs))), editor)
    published = newsroom.call(newsroom.articles.PublishArticle, articles_service_pb2.PublishArticleRequest(
        name=draft.name, etag=draft.etag, request_id=str(uuid.uuid4())), editor)
    say(f"Olena published \"{published.headline}\" at {published.url_path}: whole for the tier {TIER}, "
        f"{text.preview_paragraphs} paragraphs for others.")
    return published


def follow_the_alert(newsroom, published):
    def alert():
        request = message_service_pb2.ListMessagesRequest(article=published.name)
        return newsroom.call(newsroom.messages.ListMessages, request).messages

    message = wait_for("an alert about the article", alert)[0]
    metadata = [("authorization", f"Bearer {newsroom.own_token}")]
    for update in newsroom.messages.WatchMessage(message_service_pb2.WatchMessageRequest(name=message.name), timeout=PATIENCE_SECONDS, metadata=metadata):
        message = update.message
    counts = message.counts
    say(f"The alert is {message_pb2.Message.State.Name(message.state)}: {counts.candidates} candidates, {counts.sent} sent, {counts.exclusions} excluded.")
    return message


def who_was_told(newsroom, message, readers):
    deliveries = newsroom.call(newsroom.deliveries.ListDeliveries, delivery_service_pb2.ListDeliveriesRequest(parent=message.name)).deliveries
    exclusions = newsroom.call(newsroom.deliveries.ListExclusions, delivery_service_pb2.ListExclusionsRequest(parent=message.name)).exclusions
    told = {one.recipient.removeprefix("recipients/"): one for one in deliveries}
    not_told = {one.recipient.removeprefix("recipients/"): one for one in exclusions}
    for reader in readers:
        if reader.id in told:
            one = told[reader.id]
            say(f"  {reader.name} was told: {delivery_pb2.Delivery.State.Name(one.state)}, because of {one.topic}.")
        elif reader.id in not_told:
            say(f"  {reader.name} was not: {exclusion_pb2.Exclusion.Reason.Name(not_told[reader.id].reason)}.")
        else:
            say(f"  {reader.name} was not: follows none of {', '.join(message.topics)}.")
    return {name for name, one in told.items() if one.state == delivery_pb2.Delivery.SENT}


def mail_about(local, published):
    """Recipients of the messages in the sink that link to this article."""
    found = []
    for file in sorted(local.mail.glob("*.eml")):
        message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        if published.url_path in message.get_body(("plain",)).get_content():
            found.append(message["X-Envelope-To"])
    return found


def mailed_link(local, address, seen):
    """The token of the sign-in link in a letter to the address that was not there before; None if none has come yet."""
    for file in sorted(set(local.mail.glob("*.eml")) - seen):
        message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        if message["X-Envelope-To"] == address:
            found = re.search(r"[?]token=([\w-]+)", message.get_body(("plain",)).get_content())
            if found:
                return found[1]
    return None


def sign_up(newsroom, local, address):
    """Signs somebody up by the link in the mail; the member's access token."""
    seen = set(local.mail.glob("*.eml"))
    begun = newsroom.call(newsroom.sign_in.BeginSignIn, sign_in_service_pb2.BeginSignInRequest(
        email=address, purpose=sign_in_service_pb2.BeginSignInRequest.SIGN_UP, locale="uk", client_address="192.0.2.7",
        redirect_url="https://www.masthead.example/"))
    begin = time.monotonic()
    token = wait_for(f"a sign-in link for {address}", lambda: mailed_link(local, address, seen))
    say(f"Dana asked to sign up; the link was in the mail after {time.monotonic() - begin:.1f} s.")
    done = newsroom.call(newsroom.sign_in.CompleteSignIn, sign_in_service_pb2.CompleteSignInRequest(
        token=token, challenge_secret=begun.challenge_secret, device="deploy/local/up", request_id=str(uuid.uuid4())))
    refreshed = newsroom.call(newsroom.sign_in.RefreshSession, sign_in_service_pb2.RefreshSessionRequest(refresh_token=done.refresh_token), "")
    say(f"Dana is {'a new member' if done.created else 'signed in again'}, and comes back to {done.redirect_url}.")
    return refreshed.access_token.access_token


def read(newsroom, published, who, token):
    answer = newsroom.call(newsroom.reading.ReadArticle, reading_service_pb2.ReadArticleRequest(name=published.name), token)
    extent = "the whole article" if answer.access.granted else "the preview"
    say(f"  {who} reads {extent}, {len(answer.article.body)} paragraphs: {reading_pb2.ReadAccess.Reason.Name(answer.access.reason)}.")
    return answer.access.granted


def subscribe(newsroom, published):
    """Somebody new pays and reads. Whether the gate opened, and not before."""
    reader = Reader(f"Hanna {uuid.uuid4().hex[:8]}", "en", "who is new")
    newsroom.create(newsroom.members.CreateMember, members_service_pb2.CreateMemberRequest(
        member_id=reader.id, member=member_pb2.Member(email=reader.email, display_name=reader.name, locale=reader.locale)))
    say("A reader subscribes:")
    before = read(newsroom, published, "Hanna, who is new,", newsroom.member_token(reader))
    payment_job.take_payment(newsroom, f"members/{reader.id}", TIER, say, wait_for)
    return read(newsroom, published, "Hanna, who has paid,", newsroom.member_token(reader)) and not before


def run(local, api_key, page):
    text = articles.from_page(page.read_text()) if page else articles.OURS
    here = f"section-{identifier(text.section)}"
    readers = [
        Reader("Ada", "en", f"free of charge, who follows {text.section}", follows=(here,)),
        Reader("Borys", "uk", f"on the tier {TIER}, who follows {text.section} and reads Ukrainian", tier=TIER, follows=(here,)),
        Reader("Clara", "en", f"who follows Culture and has left {text.section}", follows=("section-culture",), left=(here,)),
    ]
    newsroom = Newsroom(local, api_key)
    say()
    editor = hire(newsroom, text)
    enrol(newsroom, readers)
    wait_for_choices(newsroom, readers)
    published = publish(newsroom, text, editor)
    message = follow_the_alert(newsroom, published)
    sent = who_was_told(newsroom, message, readers)
    in_the_sink = mail_about(local, published)
    say(f"The mail sink holds {len(in_the_sink)} messages about it: {', '.join(in_the_sink)}.")
    say("What each may read:")
    granted = {reader.id for reader in readers if read(newsroom, published, reader.name, newsroom.member_token(reader))}
    read(newsroom, published, "Somebody who is no member", "")
    dana = sign_up(newsroom, local, f"dana-{uuid.uuid4().hex[:8]}@readers.example")
    dana_reads_all = read(newsroom, published, "Dana, with the token of the new session,", dana)
    counter = newsroom.call(newsroom.members.GetMemberCounter, members_service_pb2.GetMemberCounterRequest(), "")
    say(f"The banner: Join {counter.display_text} members. Support our reporting.")

    subscribed = subscribe(newsroom, published)

    say("What else is told:")
    told = telling_job.preview_newsletter(newsroom, published, text, readers[0], say)
    told &= telling_job.correct(newsroom, published, editor, sent, say, wait_for)
    if text.contact_email:  # A page may name none.
        desk = f"contributors/{identifier(text.desk)}"
        told &= telling_job.write_to_the_desk(newsroom, local, published, desk, text.contact_email, readers[0], say, wait_for)

    as_it_should = (
        subscribed and told and sent == {"ada", "borys"} and sorted(in_the_sink) == ["ada@readers.example", "borys@readers.example"]
        and granted == {"borys"} and not dana_reads_all)
    if not as_it_should:
        say("THIS IS NOT AS IT SHOULD BE.")
    return as_it_should
