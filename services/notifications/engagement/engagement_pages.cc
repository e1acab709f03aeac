#include "services/notifications/engagement/engagement_pages.h"

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/strip.h"
#include "services/notifications/engagement/tracked_html.h"
#include "services/notifications/engagement/visit.h"

namespace masthead::notifications {
namespace {

// The smallest picture there is: one transparent pixel.
constexpr absl::string_view kPixelGif(
    "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00\x21\xF9\x04\x01\x00\x00\x00\x00\x2C\x00\x00\x00\x00"
    "\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00\x3B",
    43);

absl::string_view HeaderOf(const http::Request& request, const char* name) {
  const auto header = request.headers.find(name);
  return header == request.headers.end() ? absl::string_view() : absl::string_view(header->second);
}

bool LooksLikeMachine(const http::Request& request) {
  absl::string_view purpose;
  for (const char* name : {"sec-purpose", "purpose", "x-moz"}) {
    if (purpose.empty()) purpose = HeaderOf(request, name);
  }
  return IsByMachine({.method = request.method, .user_agent = HeaderOf(request, "user-agent"), .purpose = purpose});
}

bool OnlyLooks(const http::Request& request) { return request.method == "GET" || request.method == "HEAD"; }

http::Response NotAllowed() { return {.status = 405, .body = "", .headers = {{"Allow", "GET, HEAD"}}}; }
http::Response Nothing() { return {.status = 404, .body = "There is nothing here.\n"}; }

}  // namespace

http::Handler ClickHandler(const EngagementTokens& tokens, EngagementLog& log) {
  return [&tokens, &log](const http::Request& request) -> http::Response {
    if (!OnlyLooks(request)) return NotAllowed();
    const auto url = request.parameters.find("u");
    if (url == request.parameters.end()) return Nothing();
    const absl::StatusOr<EngagementRef> of = tokens.OpenLink(absl::StripPrefix(request.path, kClickPath), url->second);
    if (!of.ok()) return Nothing();
    log.Note({.of = *of, .url = url->second, .by_machine = LooksLikeMachine(request)});
    // The next page need not learn which letter it was.
    return {.status = 302,
            .body = "",
            .headers = {{"Location", url->second}, {"Cache-Control", "no-store"}, {"Referrer-Policy", "no-referrer"}}};
  };
}

http::Handler PixelHandler(const EngagementTokens& tokens, EngagementLog& log) {
  return [&tokens, &log](const http::Request& request) -> http::Response {
    if (!OnlyLooks(request)) return NotAllowed();
    const absl::StatusOr<EngagementRef> of = tokens.OpenPixel(absl::StripPrefix(request.path, kOpenPath));
    if (!of.ok()) return Nothing();
    log.Note({.of = *of, .url = "", .by_machine = LooksLikeMachine(request)});
    return {.status = 200,
            .content_type = "image/gif",
            .body = std::string(kPixelGif),
            .headers = {{"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}}};
  };
}

}  // namespace masthead::notifications
