#!/usr/bin/python3
"""A Stripe that fits into a test: the public shapes of the objects we use, kept in memory, with what a network and a busy server can do to a request.

usage: fake_stripe.py    prints its port, serves on loopback until its standard input is closed

Requests are refused where Stripe would: without a key, a pinned version, a form, or with a parameter it does not know. A POST with an
Idempotency-Key that was seen is answered as before; with other parameters, 400 idempotency_error.

POST /_fake/faults  a JSON list of what happens to the next requests that match, once each:
                    {"path": prefix, "method": "POST", "fault": "timeout_after_effect" | "timeout_before_effect" | "reset_after_effect" |
                     "reset_before_effect" | "409" | "500" | "429" | "500_no_retry"}
GET /_fake/state    {"payment_intents": [...], "refunds": [...], "customers": [...], "sessions": [...], "events": [...], "requests": [[method, path], ...]}
POST /_fake/pay     {"session": id, "payment_method": id}: a buyer pays on the page
POST /_fake/event   {"type", "object"}: makes an event of it; answers it
POST /_fake/subscription  a subscription of its own billing, as given; replaces one of the same id
"""

import http.server
import json
import sys
import threading
import time
import urllib.parse

VERSION = "2024-06-20"
HUNG_SECONDS = 3
KNOWN = {
    "/v1/customers": {"metadata"},
    "/v1/payment_intents": {"amount", "currency", "customer", "payment_method", "off_session", "confirm", "description", "metadata", "expand"},
    "/v1/refunds": {"payment_intent", "amount", "metadata"},
    "/v1/checkout/sessions": {"customer", "client_reference_id", "success_url", "cancel_url", "expires_at", "mode", "currency", "line_items",
                              "payment_intent_data", "metadata"},
}
DECLINES = {"pm_card_insufficient": "insufficient_funds", "pm_card_stolen": "stolen_card", "pm_card_sca": "authentication_required"}


class Refusal(Exception):
    def __init__(self, status, type_, code="", **more):
        super().__init__(code)
        self.status = status
        self.body = {"error": {"type": type_, "code": code, "message": "refused", **more}}


def unfold(form):
    """`metadata[key]=value` as nested dictionaries."""
    tree = {}
    for name, value in form:
        path = name.replace("]", "").split("[")
        place = tree
        for part in path[:-1]:
            place = place.setdefault(part, {})
        place[path[-1]] = value
    return tree


class Stripe:
    def __init__(self):
        self.lock = threading.RLock()
        self.objects = {"payment_intents": {}, "refunds": {}, "customers": {}, "sessions": {}, "setup_intents": {}, "subscriptions": {}, "payment_methods": {}}
        self.events = []
        self.faults = []
        self.answers = {}
        self.requests = []
        self.number = 0

    def new_id(self, prefix):
        self.number += 1
        return f"{prefix}_{self.number:06}"

    def tell(self, type_, object_):
        event = {"id": self.new_id("evt"), "object": "event", "api_version": VERSION, "created": int(time.time()), "livemode": False,
                 "type": type_, "pending_webhooks": 1, "request": {"id": None, "idempotency_key": None}, "data": {"object": json.loads(json.dumps(object_))}}
        self.events.insert(0, event)
        return event

    def balance(self, intent):
        fee = (intent["amount"] * 29 + 500) // 1000 + 30
        return {"id": self.new_id("txn"), "object": "balance_transaction", "amount": intent["amount"], "currency": intent["currency"], "fee": fee,
                "net": intent["amount"] - fee}

    def intent(self, params):
        method = params.get("payment_method")
        kept = self.objects["payment_methods"].get(method)
        if kept is not None and kept["customer"] != params.get("customer"):
            raise Refusal(400, "invalid_request_error", "payment_method_of_another_customer", param="payment_method")
        intent = {"id": self.new_id("pi"), "object": "payment_intent", "amount": int(params["amount"]), "amount_received": 0,
                  "currency": params["currency"], "customer": params.get("customer"), "payment_method": method, "livemode": False,
                  "metadata": params.get("metadata", {}), "status": "requires_payment_method", "last_payment_error": None, "latest_charge": None}
        self.objects["payment_intents"][intent["id"]] = intent
        if method in DECLINES:
            decline = DECLINES[method]
            code = "authentication_required" if decline == "authentication_required" else "card_declined"
            intent["last_payment_error"] = {"type": "card_error", "code": code, "decline_code": decline}
            self.tell("payment_intent.payment_failed", intent)
            raise Refusal(402, "card_error", code, decline_code=decline, payment_intent=intent)
        if method == "pm_debit":
            intent["status"] = "processing"
            self.tell("payment_intent.processing", intent)
            return intent
        self.settle(intent)
        return intent

    def settle(self, intent):
        intent.update(status="succeeded", amount_received=intent["amount"])
        intent["_balance"] = self.balance(intent)
        intent["latest_charge"] = self.new_id("ch")
        self.tell("payment_intent.succeeded", intent)

    def refund(self, params):
        intent = self.objects["payment_intents"].get(params["payment_intent"])
        if intent is None:
            raise Refusal(404, "invalid_request_error", "resource_missing", param="payment_intent")
        amount = int(params["amount"])
        before = sum(one["amount"] for one in self.objects["refunds"].values() if one["payment_intent"] == intent["id"])
        if before + amount > intent["amount_received"]:
            raise Refusal(400, "invalid_request_error", "charge_already_refunded")
        refund = {"id": self.new_id("re"), "object": "refund", "amount": amount, "currency": intent["currency"], "payment_intent": intent["id"],
                  "metadata": params.get("metadata", {}), "status": "succeeded", "failure_reason": None}
        self.objects["refunds"][refund["id"]] = refund
        self.tell("charge.refunded", {"id": intent["latest_charge"], "object": "charge", "amount": intent["amount"],
                                      "amount_refunded": before + amount, "currency": intent["currency"], "payment_intent": intent["id"]})
        return refund

    def session(self, params):
        session = {"id": self.new_id("cs_test"), "object": "checkout.session", "mode": params["mode"], "status": "open", "payment_status": "unpaid",
                   "customer": params["customer"], "client_reference_id": params["client_reference_id"], "metadata": params.get("metadata", {}),
                   "payment_intent": None, "setup_intent": None, "currency": None, "amount_total": None, "livemode": False}
        if session["mode"] == "payment":
            price = params["line_items"]["0"]["price_data"]
            session.update(amount_total=int(price["unit_amount"]), currency=price["currency"])
        session["url"] = f"https://checkout.stripe.example/c/{session['id']}"
        session["_intent_metadata"] = params.get("payment_intent_data", {}).get("metadata", {})
        self.objects["sessions"][session["id"]] = session
        return session

    def pay(self, session_id, method):
        session = self.objects["sessions"][session_id]
        session["status"] = "complete"
        self.objects["payment_methods"][method] = {"id": method, "object": "payment_method", "customer": session["customer"]}
        if session["mode"] == "setup":
            setup = {"id": self.new_id("seti"), "object": "setup_intent", "payment_method": method, "status": "succeeded"}
            self.objects["setup_intents"][setup["id"]] = setup
            session.update(setup_intent=setup["id"], payment_status="no_payment_required")
        else:
            intent = self.intent({"amount": session["amount_total"], "currency": session["currency"], "customer": session["customer"],
                                  "payment_method": method, "metadata": session["_intent_metadata"]})
            session.update(payment_intent=intent["id"], payment_status="paid" if intent["status"] == "succeeded" else "unpaid")
        return self.tell("checkout.session.completed", session)

    def shown(self, object_, expanded):
        """As it is answered: without what is ours, with what was asked to be expanded."""
        shown = {name: value for name, value in object_.items() if not name.startswith("_")}
        if "_balance" in object_ and expanded:
            shown["latest_charge"] = {"id": object_["latest_charge"], "object": "charge", "balance_transaction": object_["_balance"]}
        return shown

    def post(self, path, params):
        if path in KNOWN and set(params) - KNOWN[path]:
            raise Refusal(400, "invalid_request_error", "parameter_unknown", param=sorted(set(params) - KNOWN[path])[0])
        if path == "/v1/customers":
            customer = {"id": self.new_id("cus"), "object": "customer", "metadata": params.get("metadata", {})}
            self.objects["customers"][customer["id"]] = customer
            return customer
        if path == "/v1/payment_intents":
            if params.get("payment_method") == "pm_gone":
                raise Refusal(400, "invalid_request_error", "resource_missing", param="payment_method")
            return self.shown(self.intent(params), "expand" in params)
        if path == "/v1/refunds":
            return self.refund(params)
        if path == "/v1/checkout/sessions":
            return self.shown(self.session(params), False)
        if path.startswith("/v1/checkout/sessions/") and path.endswith("/expire"):
            session = self.objects["sessions"].get(path.split("/")[4])
            if session is None or session["status"] != "open":
                raise Refusal(400, "invalid_request_error", "session_not_open")
            session["status"] = "expired"
            self.tell("checkout.session.expired", session)
            return self.shown(session, False)
        raise Refusal(404, "invalid_request_error", "unknown_path")

    def delete(self, path):
        parts = path.split("/")[2:]
        if len(parts) != 2 or parts[0] != "customers" or parts[1] not in self.objects["customers"]:
            raise Refusal(404, "invalid_request_error", "resource_missing")
        del self.objects["customers"][parts[1]]
        for subscription in self.objects["subscriptions"].values():
            if subscription.get("customer") == parts[1]:
                subscription["status"] = "canceled"
        return {"id": parts[1], "object": "customer", "deleted": True}

    def get(self, path, query):
        parts = path.split("/")[2:]
        if parts == ["payment_intents", "search"]:
            key = query["query"].removeprefix("metadata['masthead_payment']:'").removesuffix("'")
            found = [one for one in self.objects["payment_intents"].values() if one["metadata"].get("masthead_payment") == key]
            return {"object": "search_result", "data": [self.shown(one, "expand[]" in query) for one in found], "has_more": False}
        if parts == ["refunds"]:
            found = [one for one in self.objects["refunds"].values() if one["payment_intent"] == query.get("payment_intent")]
            return {"object": "list", "data": found, "has_more": False}
        if parts == ["events"]:
            events = self.events
            if "ending_before" in query:
                places = [place for place, event in enumerate(events) if event["id"] == query["ending_before"]]
                if not places:
                    raise Refusal(400, "invalid_request_error", "resource_missing", param="ending_before")
                # Those just before it in the list: a page that ends there.
                events = events[max(0, places[0] - int(query.get("limit", 10))):places[0]]
            return {"object": "list", "data": events[:int(query.get("limit", 10))], "has_more": False}
        kind = parts[0]
        if len(parts) == 2 and kind in self.objects and parts[1] in self.objects[kind]:
            return self.shown(self.objects[kind][parts[1]], "expand[]" in query)
        raise Refusal(404, "invalid_request_error", "resource_missing")


STRIPE = Stripe()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, headers=()):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def drop(self):
        """As a connection that breaks: no answer at all."""
        self.close_connection = True
        self.connection.setsockopt(1, 13, b"\x01\x00\x00\x00\x00\x00\x00\x00")  # SO_LINGER of 0: a reset.
        self.connection.close()

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except (ConnectionError, ValueError, OSError):
            self.close_connection = True

    def fault(self, path):
        with STRIPE.lock:
            for place, one in enumerate(STRIPE.faults):
                if path.startswith(one["path"]) and one.get("method", self.command) == self.command:
                    return STRIPE.faults.pop(place)["fault"]
        return ""

    def check_manners(self):
        if not self.headers.get("Authorization", "").startswith("Bearer sk_test_"):
            raise Refusal(401, "invalid_request_error", "api_key_invalid")
        if self.headers.get("Stripe-Version") != VERSION:
            raise Refusal(400, "invalid_request_error", "version_not_pinned")
        if self.command == "POST" and not self.headers.get("Idempotency-Key"):
            raise Refusal(400, "invalid_request_error", "no_idempotency_key")
        if self.command == "POST" and self.headers.get("Content-Type") != "application/x-www-form-urlencoded":
            raise Refusal(400, "invalid_request_error", "not_a_form")

    def effect(self, path, query, body):
        """(status, body) as Stripe answers, with its memory of keys."""
        try:
            with STRIPE.lock:
                self.check_manners()
                if self.command == "GET":
                    return 200, STRIPE.get(path, dict(urllib.parse.parse_qsl(query)))
                if self.command == "DELETE":
                    return 200, STRIPE.delete(path)
                key = self.headers["Idempotency-Key"]
                if key in STRIPE.answers:
                    before, answer = STRIPE.answers[key]
                    if before != (path, body):
                        raise Refusal(400, "idempotency_error", "idempotency_key_in_use")
                    return answer
                try:
                    answer = 200, STRIPE.post(path, unfold(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True)))
                except Refusal as refusal:
                    answer = refusal.status, refusal.body
                STRIPE.answers[key] = (path, body), answer
                return answer
        except Refusal as refusal:
            return refusal.status, refusal.body

    def serve(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path, _, query = self.path.partition("?")
        if path.startswith("/_fake/"):
            return self.serve_test(path, body)
        with STRIPE.lock:
            STRIPE.requests.append([self.command, path])
        fault = self.fault(path)
        if fault in ("409", "429", "500", "500_no_retry"):
            headers = [("Stripe-Should-Retry", "false")] if fault == "500_no_retry" else []
            return self.answer(int(fault[:3]), {"error": {"type": "api_error", "message": "later"}}, headers)
        if fault == "timeout_before_effect":
            time.sleep(HUNG_SECONDS)
            return self.drop()
        if fault == "reset_before_effect":
            return self.drop()
        status, answer = self.effect(path, query, body)
        if fault == "timeout_after_effect":
            time.sleep(HUNG_SECONDS)
            return self.drop()
        if fault == "reset_after_effect":
            return self.drop()
        return self.answer(status, answer)

    def serve_test(self, path, body):
        with STRIPE.lock:
            if path == "/_fake/faults":
                STRIPE.faults = json.loads(body)
                return self.answer(200, {})
            if path == "/_fake/pay":
                asked = json.loads(body)
                return self.answer(200, STRIPE.pay(asked["session"], asked["payment_method"]))
            if path == "/_fake/event":
                asked = json.loads(body)
                return self.answer(200, STRIPE.tell(asked["type"], asked["object"]))
            if path == "/_fake/subscription":
                subscription = json.loads(body)
                STRIPE.objects["subscriptions"][subscription["id"]] = subscription
                return self.answer(200, {})
            state = {kind: list(objects.values()) for kind, objects in STRIPE.objects.items()}
            return self.answer(200, {**state, "events": STRIPE.events, "requests": STRIPE.requests})

    do_GET = do_POST = do_DELETE = serve


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
