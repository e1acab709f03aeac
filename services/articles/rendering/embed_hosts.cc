#include "services/articles/rendering/embed_hosts.h"

#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/strip.h"
#include "services/articles/article/text_rules.h"

namespace masthead::articles {
namespace {

// Without `www.`
constexpr absl::string_view kHosts[] = {"bsky.app",
                                        "datawrapper.dwcdn.net",
                                        "documentcloud.org",
                                        "e.infogram.com",
                                        "embed.bsky.app",
                                        "embed.documentcloud.org",
                                        "embed.podcasts.apple.com",
                                        "facebook.com",
                                        "flo.uri.sh",
                                        "instagram.com",
                                        "m.youtube.com",
                                        "open.spotify.com",
                                        "player.vimeo.com",
                                        "podcasts.apple.com",
                                        "public.flourish.studio",
                                        "soundcloud.com",
                                        "t.me",
                                        "threads.net",
                                        "tiktok.com",
                                        "twitter.com",
                                        "vimeo.com",
                                        "w.soundcloud.com",
                                        "x.com",
                                        "youtu.be",
                                        "youtube-nocookie.com",
                                        "youtube.com"};

}  // namespace

bool IsKnownEmbedHost(absl::string_view uri) {
  if (!IsWebUri(uri)) return false;
  absl::string_view authority = uri.substr(uri.find("://") + 3);
  authority = authority.substr(0, authority.find_first_of("/?#"));
  if (authority.find('@') != absl::string_view::npos) return false;
  const std::string host = absl::AsciiStrToLower(authority.substr(0, authority.find(':')));
  return absl::c_linear_search(kHosts, absl::StripPrefix(host, "www."));
}

}  // namespace masthead::articles
