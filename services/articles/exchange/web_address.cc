#include "services/articles/exchange/web_address.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "services/articles/article/text_rules.h"
#include "services/articles/rendering/embed_hosts.h"

namespace masthead::articles {
namespace {

// By host without `www.`; others are called by the first part of it.
struct Player {
  absl::string_view host;
  absl::string_view provider;
};

constexpr Player kPlayers[] = {{"datawrapper.dwcdn.net", "datawrapper"},
                               {"e.infogram.com", "infogram"},
                               {"embed.bsky.app", "bluesky"},
                               {"bsky.app", "bluesky"},
                               {"embed.documentcloud.org", "documentcloud"},
                               {"embed.podcasts.apple.com", "apple_podcasts"},
                               {"flo.uri.sh", "flourish"},
                               {"m.youtube.com", "youtube"},
                               {"open.spotify.com", "spotify"},
                               {"player.vimeo.com", "vimeo"},
                               {"podcasts.apple.com", "apple_podcasts"},
                               {"public.flourish.studio", "flourish"},
                               {"t.me", "telegram"},
                               {"w.soundcloud.com", "soundcloud"},
                               {"x.com", "twitter"},
                               {"youtu.be", "youtube"},
                               {"youtube-nocookie.com", "youtube"}};

// What is left of a URI's bytes once those that it may not hold are written as %XX.
std::string Encoded(absl::string_view uri) {
  std::string encoded;
  for (const char c : uri) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte == 0x7F || absl::StrContains("\"<>\\^`{|}", absl::string_view(&c, 1))) {
      absl::StrAppendFormat(&encoded, "%%%02X", byte);
    } else {
      encoded += c;
    }
  }
  return encoded;
}

// The way browsers read it: without tabs and line breaks anywhere, and without spaces around it.
std::string AsBrowsersRead(absl::string_view href) {
  std::string read;
  for (const char c : absl::StripAsciiWhitespace(href)) {
    if (c != '\t' && c != '\n' && c != '\r') read += c;
  }
  return read;
}

bool HasScheme(absl::string_view href) {
  const size_t colon = href.find_first_of(":/?#");
  return colon != absl::string_view::npos && href[colon] == ':';
}

// `https://host` of `https://host/path`.
absl::string_view OriginOf(absl::string_view uri) {
  const size_t host = uri.find("://");
  if (host == absl::string_view::npos) return {};
  return uri.substr(0, uri.find_first_of("/?#", host + 3));
}

std::optional<std::string> Absolute(absl::string_view href, absl::string_view base_uri) {
  const std::string read = AsBrowsersRead(href);
  if (HasScheme(read)) return Encoded(read);
  if (absl::StartsWith(read, "//")) return absl::StrCat("https:", Encoded(read));
  const absl::string_view origin = OriginOf(base_uri);
  if (origin.empty() || read.empty() || read.front() == '#') return std::nullopt;
  if (read.front() == '/') return absl::StrCat(origin, Encoded(read));
  absl::string_view folder = base_uri.substr(0, base_uri.find_first_of("?#"));
  folder = folder.size() > origin.size() ? folder.substr(0, folder.rfind('/')) : folder;
  return absl::StrCat(folder, "/", Encoded(read));
}

}  // namespace

std::optional<std::string> ResolveLink(absl::string_view href, absl::string_view base_uri) {
  std::optional<std::string> absolute = Absolute(href, base_uri);
  if (!absolute.has_value() || absolute->size() > kMaxUriBytes || !IsLinkTarget(*absolute)) return std::nullopt;
  return absolute;
}

std::optional<std::string> ResolveWebUri(absl::string_view href, absl::string_view base_uri) {
  std::optional<std::string> absolute = Absolute(href, base_uri);
  if (!absolute.has_value() || absolute->size() > kMaxUriBytes || !IsWebUri(*absolute)) return std::nullopt;
  return absolute;
}

std::string HostOf(absl::string_view uri) {
  if (!IsWebUri(uri)) return "";
  absl::string_view host = OriginOf(uri);
  host.remove_prefix(host.find("://") + 3);
  if (absl::StrContains(host, "@")) return "";
  return absl::AsciiStrToLower(host.substr(0, host.find(':')));
}

std::string PathOf(absl::string_view uri) {
  absl::string_view path = uri;
  absl::ConsumePrefix(&path, OriginOf(uri));
  path = path.substr(0, path.find_first_of("?#"));
  while (absl::EndsWith(path, "/")) path.remove_suffix(1);
  return path.empty() ? "/" : std::string(path);
}

std::optional<std::string> EmbedProvider(absl::string_view uri) {
  if (!IsKnownEmbedHost(uri)) return std::nullopt;
  const std::string whole = HostOf(uri);
  const absl::string_view host = absl::StripPrefix(whole, "www.");
  for (const Player& player : kPlayers) {
    if (player.host == host) return std::string(player.provider);
  }
  return std::string(host.substr(0, host.find('.')));
}

}  // namespace masthead::articles
