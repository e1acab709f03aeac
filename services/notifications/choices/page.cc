#include "services/notifications/choices/page.h"

#include <memory>

#include "absl/strings/str_replace.h"
#include "absl/strings/substitute.h"
#include "absl/time/clock.h"

namespace masthead::notifications {
namespace {

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

}  // namespace

std::string EscapeHtml(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&#39;"}});
}

http::Response HtmlPage(absl::string_view language, absl::string_view title, absl::string_view text,
                        absl::string_view form) {
  return {.status = 200,
          .content_type = "text/html; charset=utf-8",
          .body = absl::Substitute(kPage, language, title, text, form),
          .headers = {{"Cache-Control", "no-store"},
                      {"Content-Security-Policy",
                       "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
                       "frame-ancestors 'none'"},
                      {"Referrer-Policy", "no-referrer"},
                      {"X-Content-Type-Options", "nosniff"},
                      {"X-Frame-Options", "DENY"}}};
}

http::Response Refusal(const absl::Status& status) {
  if (absl::IsPermissionDenied(status) || absl::IsInvalidArgument(status))
    return {.status = 404, .body = "There is nothing here.\n"};
  return {.status = 503, .body = "Please try again in a moment.\n", .headers = {{"Retry-After", "5"}}};
}

rpc::Call AnonymousCall(const char* method) {
  return {.method = method,
          .caller = std::make_shared<const auth::Caller>(),
          .scope = {.deadline = absl::Now() + kPagePatience},
          .peer = "http",
          .authorization = ""};
}

}  // namespace masthead::notifications
