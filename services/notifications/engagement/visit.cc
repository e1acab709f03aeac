#include "services/notifications/engagement/visit.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace masthead::notifications {
namespace {

// Parts of what they call themselves, in lower case: proxies that fetch pictures for readers, scanners of mail, and
// programs that look at whatever they find.
constexpr const char* kMachines[] = {
    "googleimageproxy", "yahoomailproxy", "bingpreview", "skypeuripreview", "barracuda", "mimecast",
    "proofpoint",       "safelinks",      "trendmicro",  "symantec",        "bot",       "crawler",
    "spider",           "headless",       "curl/",       "wget/",           "python-",   "go-http-",
    "okhttp",           "java/",          "libwww",      "scanner",         "preview",   "facebookexternal"};

// All that Apple's Mail Privacy Protection says, which fetches every letter's pictures.
constexpr absl::string_view kApple = "Mozilla/5.0";

}  // namespace

bool IsByMachine(const Visit& visit) {
  if (visit.method != "GET" || visit.user_agent.empty() || visit.user_agent == kApple) return true;
  if (absl::StrContains(absl::AsciiStrToLower(visit.purpose), "prefetch")) return true;
  const std::string user_agent = absl::AsciiStrToLower(visit.user_agent);
  for (const char* machine : kMachines) {
    if (absl::StrContains(user_agent, machine)) return true;
  }
  return false;
}

}  // namespace masthead::notifications
