#include "services/notifications/following/unsubscribe_page.h"

#include <memory>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/strings/substitute.h"
#include "absl/time/clock.h"
#include "services/notifications/following/topic.h"

namespace masthead::notifications {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(10);
constexpr char kOneClickField[] = "List-Unsubscribe";
constexpr char kOneClickValue[] = "One-Click";

// $0: language, $1: title, $2: text, $3: a form or nothing.
constexpr char kPage[] = R"html(<!DOCTYPE html>
<html lang="$0">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>$1</title></head>
<body style="margin:3em auto;max-width:30em;padding:1em;font-family:Georgia,serif;line-height:1.5">
<h1 style="font-size:1.4em">$1</h1>
<p>$2</p>
$3</body>
</html>
)html";

constexpr char kForm[] = R"html(<form method="post"><button name="List-Unsubscribe" value="One-Click">$0</button></form>
)html";

struct Words {
  const char* title;
  const char* follows;  // $0: the topic.
  const char* left;
  const char* button;
};

constexpr Words kEnglish = {"Unsubscribe", "You follow “$0”.", "You no longer follow “$0”.", "Unsubscribe"};
constexpr Words kUkrainian = {"Відписатися", "Ви стежите за темою «$0».", "Ви більше не стежите за темою «$0».",
                              "Відписатися"};

std::string Escape(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}});
}

http::Response Page(const v1::UnsubscribePage& page) {
  const bool ukrainian = LanguageOf(page.locale()) == "uk";
  const Words& words = ukrainian ? kUkrainian : kEnglish;
  const std::string text =
      absl::Substitute(page.subscribed() ? words.follows : words.left, Escape(page.display_name()));
  return {.status = 200,
          .content_type = "text/html; charset=utf-8",
          .body = absl::Substitute(kPage, ukrainian ? "uk" : "en", words.title, text,
                                   page.subscribed() ? absl::Substitute(kForm, words.button) : ""),
          .headers = {{"Cache-Control", "no-store"}, {"Referrer-Policy", "no-referrer"}}};
}

http::Response Refusal(const absl::Status& status) {
  if (absl::IsPermissionDenied(status) || absl::IsInvalidArgument(status))
    return {.status = 404, .body = "There is nothing here.\n"};
  return {.status = 503, .body = "Please try again in a moment.\n", .headers = {{"Retry-After", "5"}}};
}

// The call as if it had come as an RPC from nobody in particular.
rpc::Call AnonymousCall() {
  return {.method = "masthead.notifications.v1.SubscriptionService.Unsubscribe",
          .caller = std::make_shared<const auth::Caller>(),
          .scope = {.deadline = absl::Now() + kPatience},
          .peer = "http",
          .authorization = ""};
}

}  // namespace

bool SaysOneClick(const http::Request& request) {
  const auto content_type = request.headers.find("content-type");
  if (content_type != request.headers.end() &&
      absl::StartsWithIgnoreCase(content_type->second, "multipart/form-data")) {
    const auto field = request.parameters.find(kOneClickField);
    return field != request.parameters.end() && field->second == kOneClickValue;
  }
  // The body itself: what the query says does not count.
  for (const absl::string_view pair : absl::StrSplit(absl::StripAsciiWhitespace(request.body), '&')) {
    if (pair == absl::StrCat(kOneClickField, "=", kOneClickValue)) return true;
  }
  return false;
}

http::Handler UnsubscribePageHandler(Unsubscribing& unsubscribing) {
  return [&unsubscribing](const http::Request& request) -> http::Response {
    const std::string token(absl::StripPrefix(request.path, kUnsubscribePath));
    if (request.method != "GET" && request.method != "HEAD" && request.method != "POST") {
      return {.status = 405, .headers = {{"Allow", "GET, HEAD, POST"}}};
    }
    if (request.method == "POST" && SaysOneClick(request)) {
      v1::UnsubscribeRequest leave;
      leave.set_token(token);
      const absl::Status status = unsubscribing.Leave(AnonymousCall(), leave).status();
      if (!status.ok()) return Refusal(status);
    }
    const absl::StatusOr<v1::UnsubscribePage> page = unsubscribing.Look({.deadline = absl::Now() + kPatience}, token);
    return page.ok() ? Page(*page) : Refusal(page.status());
  };
}

}  // namespace masthead::notifications
