#include "services/memberships/payments/ledgerpay/hosted_page.h"

#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "absl/strings/substitute.h"
#include "absl/time/clock.h"
#include "common/crypto/mac.h"
#include "services/memberships/billing/currency.h"
#include "services/memberships/payments/ledgerpay/ledgerpay_store.h"

namespace masthead::memberships::ledgerpay {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(10);
constexpr char kTransfer[] = "transfer";

// $0: what it is for, $1: how much, $2: what there is to say or do.
constexpr char kPage[] = R"html(<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>Payment</title></head>
<body style="margin:3em auto;max-width:30em;padding:1em;font-family:Georgia,serif;line-height:1.5">
<main>
<h1 style="font-size:1.4em">$0</h1>
<p><strong>$1</strong></p>
$2</main>
</body>
</html>
)html";

// $0: the form's token, $1: what to choose from, $2: the button, $3: where to go without having paid.
constexpr char kForm[] = R"html(<form method="post">
<input type="hidden" name="token" value="$0">
$1<p><button>$2</button> <a href="$3">Go back without paying</a></p>
</form>
)html";

// $0: the value, $1: what it is, $2: `checked` or nothing.
constexpr char kChoice[] = R"html(<p><label><input type="radio" name="method" value="$0"$2> $1</label></p>
)html";

// $0: the method.
constexpr char kConfirmation[] = R"html(<p>Your bank asks whether it is you who pays.</p>
<input type="hidden" name="method" value="$0"><input type="hidden" name="confirmed" value="yes">
)html";

// $0: how, $1: the reference.
constexpr char kInstructions[] = R"html(<p>$0</p>
<p>Write this reference into the transfer: <strong>$1</strong></p>
)html";

std::string Escape(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&#39;"}});
}

std::string Amount(const Money& money) {
  int64_t unit = 1;
  const int exponent = CurrencyExponent(money.currency);
  for (int i = 0; i < exponent; ++i) unit *= 10;
  if (exponent == 0) return absl::StrCat(money.amount, " ", money.currency);
  return absl::StrFormat("%d.%0*d %s", money.amount / unit, exponent, money.amount % unit, money.currency);
}

// In groups of five, as people read it out.
std::string Grouped(absl::string_view reference) {
  return absl::StrCat(reference.substr(0, 5), " ", reference.substr(5));
}

http::Response Html(int status, const Checkout& checkout, absl::string_view rest) {
  const std::string amount = checkout.money.amount == 0 ? "Nothing to pay now" : Amount(checkout.money);
  return {.status = status,
          .content_type = "text/html; charset=utf-8",
          .body = absl::Substitute(kPage, Escape(checkout.description), amount, rest),
          .headers = {{"Cache-Control", "no-store"},
                      {"Referrer-Policy", "no-referrer"},
                      {"X-Frame-Options", "DENY"},
                      {"Content-Security-Policy",
                       "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"}}};
}

std::string FormOf(const Checkout& checkout, absl::string_view inner, absl::string_view button) {
  return absl::Substitute(kForm, checkout.form_token, inner, button, Escape(checkout.cancel_url));
}

std::string Choices(const Ledgerpay& ledgerpay, const Checkout& checkout) {
  std::string choices;
  if (ledgerpay.till().test_methods()) {
    for (const TestMethod& method : TestMethods()) {
      absl::StrAppend(&choices,
                      absl::Substitute(kChoice, method.token, method.label, choices.empty() ? " checked" : ""));
    }
  }
  const std::string transfer =
      checkout.money.amount == 0
          ? std::string("<p>Nothing is paid now. Later payments are made by bank transfer.</p>\n")
          : absl::Substitute(kInstructions, Escape(ledgerpay.options().transfer_instructions),
                             Grouped(checkout.reference));
  if (choices.empty()) return absl::StrCat(transfer, "<input type=\"hidden\" name=\"method\" value=\"transfer\">\n");
  return absl::StrCat(choices, absl::Substitute(kChoice, kTransfer, "A bank transfer, or cash", ""), transfer);
}

http::Response Show(const Ledgerpay& ledgerpay, const Checkout& checkout, int status, absl::string_view note) {
  if (checkout.state == "COMPLETED") {
    return Html(status, checkout,
                absl::Substitute("<p>Thank you: this is done.</p>\n<p><a href=\"$0\">Go on</a></p>\n",
                                 Escape(checkout.success_url)));
  }
  if (checkout.state == "EXPIRED") {
    return Html(status, checkout,
                absl::Substitute("<p>The time for this payment is over. Nothing was paid.</p>\n"
                                 "<p><a href=\"$0\">Go back</a></p>\n",
                                 Escape(checkout.cancel_url)));
  }
  const char* button = ledgerpay.till().test_methods() || checkout.money.amount == 0 ? "Confirm" : "I will transfer it";
  return Html(status, checkout, absl::StrCat(note, FormOf(checkout, Choices(ledgerpay, checkout), button)));
}

http::Response Nothing() { return {.status = 404, .body = "There is nothing here.\n"}; }
http::Response Later() {
  return {.status = 503, .body = "Please try again in a moment.\n", .headers = {{"Retry-After", "5"}}};
}

std::string Field(const http::Request& request, const std::string& name) {
  const auto field = request.parameters.find(name);
  return field == request.parameters.end() ? "" : field->second;
}

// The buyer's choice carried out; the answer that shows it.
http::Response Pay(const Ledgerpay& ledgerpay, db::Transaction& tx, Checkout& checkout, const http::Request& request) {
  const std::string chosen = Field(request, "method");
  if (chosen == kTransfer) {
    ledgerpay.till().Announce(tx, checkout);
    return {.status = 303, .headers = {{"Location", checkout.success_url}}};
  }
  const TestMethod* method = ledgerpay.till().test_methods() ? FindTestMethod(chosen) : nullptr;
  if (method == nullptr) return Show(ledgerpay, checkout, 400, "<p role=\"alert\">Choose how to pay.</p>\n");
  switch (ledgerpay.till().Pay(tx, checkout, *method, Field(request, "confirmed") == "yes")) {
    case Till::Paid::kThrough:
      return {.status = 303, .headers = {{"Location", checkout.success_url}}};
    case Till::Paid::kMustConfirm:
      return Html(200, checkout, FormOf(checkout, absl::Substitute(kConfirmation, method->token), "Yes, pay"));
    case Till::Paid::kDeclined:
      break;
  }
  return Show(ledgerpay, checkout, 402,
              "<p role=\"alert\">That was declined, and nothing was paid. Choose another way.</p>\n");
}

http::Response AnswerPost(Ledgerpay& ledgerpay, const std::string& id, const http::Request& request) {
  const Scope scope = {.deadline = absl::Now() + kPatience};
  const absl::StatusOr<http::Response> response =
      ledgerpay.database().Write(scope, [&](db::Transaction& tx) -> http::Response {
        std::optional<Checkout> checkout = LockCheckout(tx, id);
        if (!checkout) return Nothing();
        // A form's field, not a parameter of the address: that is not what counts.
        const bool form = absl::StrContains(request.body, absl::StrCat("token=", checkout->form_token));
        if (!form || !crypto::ConstantTimeEquals(Field(request, "token"), checkout->form_token)) {
          return Show(ledgerpay, *checkout, 403, "<p role=\"alert\">Press the button on this page.</p>\n");
        }
        if (checkout->state != "OPEN") return Show(ledgerpay, *checkout, 200, "");
        return Pay(ledgerpay, tx, *checkout, request);
      });
  return response.ok() ? *response : Later();
}

http::Response AnswerGet(Ledgerpay& ledgerpay, const std::string& id) {
  const Scope scope = {.deadline = absl::Now() + kPatience};
  const absl::StatusOr<std::optional<Checkout>> checkout =
      ledgerpay.database().Read(scope, [&](db::Transaction& tx) { return LoadCheckout(tx, id); });
  if (!checkout.ok()) return Later();
  return *checkout ? Show(ledgerpay, **checkout, 200, "") : Nothing();
}

}  // namespace

http::Handler HostedPageHandler(Ledgerpay& ledgerpay) {
  return [&ledgerpay](const http::Request& request) -> http::Response {
    const std::string id(absl::StripPrefix(request.path, kPagePath));
    if (absl::StrContains(id, '\0')) return Nothing();
    if (request.method == "GET" || request.method == "HEAD") return AnswerGet(ledgerpay, id);
    if (request.method == "POST") return AnswerPost(ledgerpay, id, request);
    return {.status = 405, .headers = {{"Allow", "GET, HEAD, POST"}}};
  };
}

}  // namespace masthead::memberships::ledgerpay
