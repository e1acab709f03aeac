"""The newsroom's backend as it should be written: every change has a request_id, and is repeated with it until it is answered."""

import contextlib
import dataclasses
import io
import itertools
import json
import threading
import time
import urllib.error
import uuid

import article as articles
import grpc
import main_job as job
import payment_job
from masthead.articles.v1 import article_pb2, articles_service_pb2, block_pb2, exchange_service_pb2, exchange_service_pb2_grpc, reading_service_pb2
from masthead.memberships.v1 import member_pb2, members_service_pb2, sign_in_service_pb2, subscriptions_service_pb2, tokens_service_pb2

ATTEMPT_SECONDS = 5
PATIENCE_SECONDS = 60
SOMEBODY = "somebody-"  # Who asks for a link to sign in.
BREAKING_SECONDS = 3600
# What a caller repeats. INTERNAL is in it because that is what an injected exception becomes.
REPEATED = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.ABORTED, grpc.StatusCode.INTERNAL,
            grpc.StatusCode.UNKNOWN, grpc.StatusCode.CANCELLED)

SECTION = "section-community"
READERS = [
    job.Reader("Ada", "en", "", follows=(SECTION,)),
    job.Reader("Borys", "uk", "", tier=job.TIER, follows=(SECTION,)),
    job.Reader("Dora", "en", "", follows=(SECTION,)),
    job.Reader("Clara", "en", "", follows=("section-culture",), left=(SECTION,)),
    job.Reader("Emil", "uk", "", follows=("section-culture",)),
]
AUDIENCE = {reader.id for reader in READERS if SECTION in reader.follows}


def is_breaking(headline):
    return headline.startswith("Breaking")


@dataclasses.dataclass
class Published:
    """An article whose publishing was answered."""

    name: str
    headline: str
    request: object
    answer: bytes
    repeats: int


class Newsroom:
    def __init__(self, stand):
        self.stand = stand
        self.numbers = itertools.count(1)
        self.published = []
        self.scheduled = []
        self.archive = []  # What was to be imported: (alternative ID, headline).
        self.created = 0
        self.emil_follows = True
        self.subscribed = 0
        self.subscribers = []  # Names of members who paid.
        self.repeats = 0
        self.lock = threading.Lock()
        with contextlib.redirect_stdout(io.StringIO()):
            self.client = job.Newsroom(stand.local, stand.api_key)
            job.hire(self.client, articles.OURS)
            job.enrol(self.client, READERS)
            job.wait_for_choices(self.client, READERS)
            payment_job.offer(self.client, job.TIER)
        self.renew()

    def renew(self):
        """Tokens live for minutes, runs for longer."""
        exchange = tokens_service_pb2.ExchangeApiKeyRequest(api_key=self.stand.api_key)
        self.client.own_token = self.repeat(self.client.tokens.ExchangeApiKey, exchange, token="")[0].access_token
        issue = tokens_service_pb2.IssueStaffTokenRequest(staff_member="staffMembers/olena")
        self.editor = self.repeat(self.client.tokens.IssueStaffToken, issue, token=self.client.own_token)[0].access_token

    def repeat(self, method, request, token):
        """The answer, and how often the call was repeated for it. Heals on the way: a caller has no other hope."""
        until = time.monotonic() + PATIENCE_SECONDS
        metadata = [("authorization", f"Bearer {token}")] if token else []
        for repeats in itertools.count():
            try:
                answer = method(request, timeout=ATTEMPT_SECONDS, metadata=metadata, wait_for_ready=True)
                with self.lock:
                    self.repeats += repeats
                return answer, repeats
            except grpc.RpcError as error:
                if error.code() not in REPEATED or time.monotonic() > until:
                    raise
            self.stand.heal()
            time.sleep(0.05)

    def draft(self):
        """Every other one is breaking news."""
        number = next(self.numbers)
        text = articles.OURS
        body = [block_pb2.Block(paragraph=block_pb2.Paragraph(text=block_pb2.RichText(text=paragraph))) for paragraph in text.paragraphs]
        request = articles_service_pb2.CreateArticleRequest(request_id=str(uuid.uuid4()), article=article_pb2.Article(
            headline=f"{'Breaking' if number % 2 else 'Quiet'} news {number:04} from Mill Street", dek=text.dek, body=body, language_code="en", section=f"sections/{job.identifier(text.section)}",
            bylines=[article_pb2.Byline(contributor=f"contributors/{job.identifier(text.desk)}")],
            access=article_pb2.Access(level=article_pb2.Access.PUBLIC)))
        if is_breaking(request.article.headline):
            request.article.breaking_until.FromSeconds(int(self.stand.now()) + BREAKING_SECONDS)
        draft, _ = self.repeat(self.client.articles.CreateArticle, request, self.editor)
        self.created += 1
        return draft

    def publish(self):
        draft = self.draft()
        request = articles_service_pb2.PublishArticleRequest(name=draft.name, etag=draft.etag, request_id=str(uuid.uuid4()))
        answer, repeats = self.repeat(self.client.articles.PublishArticle, request, self.editor)
        self.published.append(Published(draft.name, draft.headline, request, answer.SerializeToString(deterministic=True), repeats))

    def schedule(self, seconds):
        draft = self.draft()
        request = articles_service_pb2.ScheduleArticleRequest(name=draft.name, etag=draft.etag, request_id=str(uuid.uuid4()))
        request.time_zone = "UTC"
        request.publish_time.FromNanoseconds(int((self.stand.now() + seconds) * 1e9))
        self.repeat(self.client.articles.ScheduleArticle, request, self.editor)
        self.scheduled.append((draft.name, draft.headline))

    def import_archive(self, posts=6):
        """Old posts that link to one another, brought in from Ghost; sent again until all of them are there."""
        first = len(self.archive)
        names = [f"old-{first + number:04}" for number in range(posts)]
        rows = [{"id": name, "uuid": name, "title": f"Archive {name}", "slug": name, "status": "published", "type": "post", "visibility": "public",
                 "html": f'<p>As in <a href="/{other}/">another</a>.</p>', "published_at": "2015-05-01T10:00:00.000Z"}
                for name, other in zip(names, names[1:] + names[:1])]
        self.archive += [(row["uuid"], row["title"]) for row in rows]
        self.created += posts
        text = articles.OURS
        request = exchange_service_pb2.ImportArticlesRequest(
            format=exchange_service_pb2.ImportArticlesRequest.GHOST, language_code="en", section=f"sections/{job.identifier(text.section)}",
            contributor=f"contributors/{job.identifier(text.desk)}", site_uri="https://old.example", target_site_uri="https://news.example",
            data=json.dumps({"data": {"posts": rows}}).encode())
        stub = exchange_service_pb2_grpc.ExchangeServiceStub(self.client.channels["articles"])

        def send(request, timeout, metadata, wait_for_ready):
            answers = list(stub.ImportArticles(iter((request,)), timeout=4 * timeout, metadata=metadata, wait_for_ready=wait_for_ready))
            refused = [answer.item for answer in answers if answer.item.outcome == exchange_service_pb2.ImportedItem.REFUSED]
            if refused or not answers[-1].HasField("summary"):
                raise RuntimeError(f"an import of the archive came to nothing: {refused}")
            return answers[-1].summary

        self.repeat(send, request, self.client.own_token)

    def change_a_mind(self):
        """Emil leaves Culture or comes back: nothing to the audience, but an event of memberships."""
        granted = not self.emil_follows
        self.repeat(self.client.members.SetConsent, members_service_pb2.SetConsentRequest(
            name="members/emil/consents/section-culture", granted=granted, source="signup-form", request_id=str(uuid.uuid4())), self.client.own_token)
        self.emil_follows = granted

    def let_a_period_end(self):
        """Emil's month is over: the next is to be billed, once."""
        self.stand.query(
            "INSERT INTO memberships.prices (id, tier_id, display_name, currency, amount, interval_unit, interval_count, state, revision, create_time, "
            f"update_time) VALUES ('sweep', '{job.TIER}', 'Sweep', 'EUR', 500, 'MONTH', 1, 'ACTIVE', 1, now(), now()) ON CONFLICT DO NOTHING")
        self.subscribed += 1
        self.stand.query(
            "INSERT INTO memberships.subscriptions (id, member_id, tier_id, price_id, product_group, state, collection, currency, amount, interval_unit, "
            "interval_count, tax_basis_points, grace_days, time_zone, anchor_time, period_index, period_start_time, period_end_time, period_paid, provider, "
            f"next_action_time, revision, create_time, update_time) SELECT 'sweep-{self.subscribed}', 'emil', '{job.TIER}', 'sweep', "
            f"'sweep-{self.subscribed}', 'ACTIVE', 'MANUAL', 'EUR', 500, 'MONTH', 1, 0, 21, 'UTC', t - interval '1 month', 0, t - interval '1 month', t, "
            "true, '', t, 1, t, t FROM memberships.db_now() AS t")

    def subscribe(self):
        """Somebody new pays on the page, and then changes to what costs more, which is charged without them."""
        member = f"members/payer-{len(self.subscribers):04}"
        self.repeat(self.client.members.CreateMember, members_service_pb2.CreateMemberRequest(
            member_id=member.removeprefix("members/"), member=member_pb2.Member(email=f"{member.removeprefix('members/')}@readers.example"),
            request_id=str(uuid.uuid4())), self.client.own_token)
        opened, _ = self.repeat(payment_job.billing(self.client).CreateCheckout, payment_job.checkout(member), self.client.own_token)
        self.subscribers.append(member)
        self.until_answered(lambda: payment_job.pay(opened.url))
        subscription = self.until_answered(lambda: payment_job.active_subscription(self.client, member))
        self.repeat(self.client.grants.ChangeSubscription, subscriptions_service_pb2.ChangeSubscriptionRequest(
            name=subscription.name, etag="*", price=f"prices/{payment_job.DEARER_PRICE}", request_id=str(uuid.uuid4())), self.client.own_token)

    def until_answered(self, question):
        """The first truthy answer; heals on the way. The page answers 200, and no redirect, to who has paid before."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            with contextlib.suppress(grpc.RpcError, urllib.error.URLError, ConnectionError):
                answer = question()
                if answer is not None:
                    return answer
            self.stand.heal()
            time.sleep(0.05)
        raise RuntimeError("a payment came to nothing")

    def ask_for_a_link(self):
        """Somebody new wants to sign up: a letter that goes from memberships to notifications."""
        request = sign_in_service_pb2.BeginSignInRequest(
            email=f"{SOMEBODY}{uuid.uuid4().hex}@readers.example", purpose=sign_in_service_pb2.BeginSignInRequest.SIGN_UP,
            client_address=f"192.0.2.{next(self.numbers) % 250 + 1}")
        try:
            self.repeat(self.client.sign_in.BeginSignIn, request, self.client.own_token)
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.RESOURCE_EXHAUSTED:  # Else it was heard, and only the answer was lost.
                raise

    def publish_again(self, published):
        """The same request once more; must be answered as it was."""
        return self.repeat(self.client.articles.PublishArticle, published.request, self.editor)[0].SerializeToString(deterministic=True)

    def can_be_read(self, name):
        request = reading_service_pb2.ReadArticleRequest(name=name)
        try:
            answer, _ = self.repeat(self.client.reading.ReadArticle, request, "")
        except grpc.RpcError:
            return False
        return answer.access.granted and bool(answer.article.body)
