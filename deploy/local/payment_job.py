"""How a reader pays, through public RPCs and the page that ledgerpay serves: a checkout, a form, and the gate that opens."""

import contextlib
import html.parser
import urllib.error
import urllib.parse
import urllib.request
import uuid

from masthead.memberships.v1 import billing_service_pb2, billing_service_pb2_grpc, catalog_service_pb2, catalog_service_pb2_grpc, checkout_pb2
from masthead.memberships.v1 import money_pb2, price_pb2, subscription_pb2, subscriptions_service_pb2

PRICE = "supporter-monthly"
DEARER_PRICE = "patron-monthly"
TEST_METHOD = "pm_ok"
PATIENCE_SECONDS = 10


class Form(html.parser.HTMLParser):
    """The hidden fields of a page's form."""

    def __init__(self):
        super().__init__()
        self.fields = {}

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "input" and given.get("type") == "hidden":
            self.fields[given["name"]] = given["value"]


class StayHere(urllib.request.HTTPRedirectHandler):
    """Answers a redirect as it is: the newspaper's own page is not there."""

    def redirect_request(self, *_):
        return None


def price(price_id, tier, minor_units):
    return catalog_service_pb2.CreatePriceRequest(price_id=price_id, price=price_pb2.Price(
        tier=f"tiers/{tier}", display_name=price_id, amount=money_pb2.Money(currency_code="EUR", minor_units=minor_units),
        interval=price_pb2.Price.Interval(unit=price_pb2.Price.Interval.MONTH, count=1), least_seats=1, most_seats=1))


def offer(newsroom, tier):
    """Prices for the tier: 5 euros a month, and 15 for who can."""
    catalog = catalog_service_pb2_grpc.CatalogServiceStub(newsroom.channels["memberships"])
    newsroom.create(catalog.CreatePrice, price(PRICE, tier, 500))
    newsroom.create(catalog.CreatePrice, price(DEARER_PRICE, tier, 1500))


def checkout(member):
    return billing_service_pb2.CreateCheckoutRequest(
        parent=member, request_id=str(uuid.uuid4()), checkout=checkout_pb2.Checkout(
            kind=checkout_pb2.Checkout.SUBSCRIPTION, price=f"prices/{PRICE}", success_url="https://www.masthead.example/thanks",
            cancel_url="https://www.masthead.example/support"))


def billing(newsroom):
    return billing_service_pb2_grpc.BillingServiceStub(newsroom.channels["memberships"])


def pay(url, method=TEST_METHOD):
    """What a browser does: fetches the page, sends its form. Where it is led to then."""
    form = Form()
    with urllib.request.urlopen(url, timeout=PATIENCE_SECONDS) as page:
        form.feed(page.read().decode())
    data = urllib.parse.urlencode({**form.fields, "method": method}).encode()
    try:
        urllib.request.build_opener(StayHere).open(url, data=data, timeout=PATIENCE_SECONDS)
    except urllib.error.HTTPError as answer:
        with contextlib.closing(answer):
            if answer.code == 303:
                return answer.headers["Location"]
            raise
    return ""


def active_subscription(newsroom, member):
    """The member's subscription, once the provider's word has come; None before."""
    listed = newsroom.call(newsroom.grants.ListSubscriptions, subscriptions_service_pb2.ListSubscriptionsRequest(parent=member)).subscriptions
    return next((one for one in listed if one.state == subscription_pb2.Subscription.ACTIVE), None)


def take_payment(newsroom, member, tier, say, wait_for):
    """`member` becomes a paying member on `tier`; their subscription."""
    offer(newsroom, tier)
    led_to = pay(newsroom.call(billing(newsroom).CreateCheckout, checkout(member)).url)
    subscription = wait_for("the subscription that was paid for", lambda: active_subscription(newsroom, member))
    say(f"  {member} paid 5.00 EUR on the embedded provider's page, was led to {led_to}, and is subscribed: {subscription.name}.")
    return subscription
