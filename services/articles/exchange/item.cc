#include "services/articles/exchange/item.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/text/characters.h"
#include "common/text/text.h"
#include "services/articles/article/slug.h"

namespace masthead::articles {
namespace {

std::string PercentDecoded(absl::string_view encoded) {
  std::string decoded;
  for (size_t i = 0; i < encoded.size(); ++i) {
    const bool is_code = encoded[i] == '%' && i + 2 < encoded.size() &&
                         absl::ascii_isxdigit(static_cast<unsigned char>(encoded[i + 1])) &&
                         absl::ascii_isxdigit(static_cast<unsigned char>(encoded[i + 2]));
    if (is_code) {
      decoded += absl::HexStringToBytes(encoded.substr(i + 1, 2));
      i += 2;
    } else {
      decoded += encoded[i];
    }
  }
  return decoded;
}

}  // namespace

std::string TextField(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return "";
  if (found->is_string()) return found->get<std::string>();
  return found->is_number() ? found->dump() : "";
}

double NumberField(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return 0;
  if (found->is_boolean()) return found->get<bool>() ? 1 : 0;
  return found->is_number() ? found->get<double>() : 0;
}

std::optional<absl::Time> TimeField(const nlohmann::json& object, const char* key) {
  const std::string said = TextField(object, key);
  absl::Time time;
  std::string error;
  for (const char* format : {"%Y-%m-%dT%H:%M:%E*S%Ez", "%Y-%m-%d %H:%M:%E*S", "%Y-%m-%dT%H:%M:%E*S", "%Y-%m-%d"}) {
    if (!said.empty() && absl::ParseTime(format, said, &time, &error)) {
      // A year zero is how WordPress says never.
      return time > absl::FromCivil(absl::CivilYear(1), absl::UTCTimeZone()) ? std::optional(time) : std::nullopt;
    }
  }
  return std::nullopt;
}

std::string CutLine(const std::string& text, int64_t most, const char* what, Losses& losses) {
  const std::string clean = text::Normalize(text);
  std::string line;
  for (absl::string_view rest = absl::StripAsciiWhitespace(clean); !rest.empty();) {
    const char32_t c = text::TakeCodePoint(rest);
    if (text::IsWhiteSpace(c) && c != 0xA0) {
      if (!line.empty() && line.back() != ' ') line += ' ';
    } else if (!(c < 0x20 || (c >= 0x7F && c <= 0x9F))) {
      text::AppendCodePoint(c, line);
    }
  }
  if (text::CodePoints(line) <= most) return line;
  losses.Add(absl::StrCat("end of the ", what), line);
  return std::string(text::FirstCodePoints(line, most));
}

std::string LineField(const nlohmann::json& object, const char* key, int64_t most, Losses& losses) {
  return CutLine(TextField(object, key), most, key, losses);
}

std::string ToSlug(const std::string& slug, Losses& losses) {
  if (slug.empty() || IsSlug(slug)) return slug;
  std::string words = text::Normalize(PercentDecoded(slug));
  losses.Add("slug as it was", slug);
  return MakeSlug(words, "");
}

}  // namespace masthead::articles
