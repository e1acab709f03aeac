#include "services/articles/exchange/shortcodes.h"

#include <map>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace masthead::articles {
namespace {

struct Tag {
  std::string name;
  bool closes = false;
  std::map<std::string, std::string> attributes;
  size_t length = 0;  // Of the whole, brackets included.
};

bool IsNameCharacter(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-'; }

absl::string_view TakeWhile(absl::string_view& text, bool (*fits)(char)) {
  size_t length = 0;
  while (length < text.size() && fits(text[length])) ++length;
  const absl::string_view taken = text.substr(0, length);
  text.remove_prefix(length);
  return taken;
}

// ` id="a" width=300 some text` up to `]`; false if it does not end there.
bool TakeAttributes(absl::string_view& text, std::map<std::string, std::string>& attributes) {
  while (!text.empty() && text.front() != ']') {
    text = absl::StripLeadingAsciiWhitespace(text);
    absl::ConsumePrefix(&text, "/");
    if (text.empty() || text.front() == ']') break;
    const absl::string_view key = TakeWhile(text, IsNameCharacter);
    if (key.empty() && !(text.front() == '"' || text.front() == '\'')) return false;
    if (!key.empty() && !absl::ConsumePrefix(&text, "=")) {
      attributes.emplace(key, "");
      continue;
    }
    const char quote = text.empty() ? '\0' : text.front();
    if (quote == '"' || quote == '\'') {
      const size_t end = text.find(quote, 1);
      if (end == absl::string_view::npos) return false;
      attributes[std::string(key)] = std::string(text.substr(1, end - 1));
      text.remove_prefix(end + 1);
    } else {
      const size_t end = text.find_first_of(" \t\n]");
      if (end == absl::string_view::npos) return false;
      attributes[std::string(key)] = std::string(text.substr(0, end));
      text.remove_prefix(end);
    }
  }
  return absl::ConsumePrefix(&text, "]");
}

std::optional<Tag> ReadTag(absl::string_view html) {
  absl::string_view rest = html.substr(1);
  Tag tag;
  tag.closes = absl::ConsumePrefix(&rest, "/");
  tag.name = absl::AsciiStrToLower(TakeWhile(rest, IsNameCharacter));
  if (tag.name.empty() || !absl::ascii_isalpha(static_cast<unsigned char>(tag.name.front()))) return std::nullopt;
  if (!TakeAttributes(rest, tag.attributes)) return std::nullopt;
  tag.length = html.size() - rest.size();
  return tag;
}

std::string Quoted(absl::string_view value) {
  std::string quoted = "\"";
  for (const char c : value) {
    if (c == '"') {
      quoted += "&quot;";
    } else if (c == '<') {
      quoted += "&lt;";
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

// `<img ...> The words` between [caption] and [/caption].
std::string Captioned(absl::string_view inside, const Tag& tag) {
  const size_t image = inside.find("<img");
  size_t end = image == absl::string_view::npos ? 0 : inside.find('>', image);
  end = end == absl::string_view::npos ? inside.size() : end + (image == absl::string_view::npos ? 0 : 1);
  absl::string_view words = inside.substr(end);
  const absl::string_view link_end = absl::ConsumePrefix(&words, "</a>") ? "</a>" : "";
  const auto old = tag.attributes.find("caption");
  return absl::StrCat("<figure>", inside.substr(0, end), link_end, "<figcaption>",
                      absl::StripAsciiWhitespace(words).empty() && old != tag.attributes.end() ? old->second : words,
                      "</figcaption></figure>");
}

class Expansion {
 public:
  Expansion(absl::string_view html, absl::FunctionRef<std::string(const std::string& id)> picture, Losses& losses)
      : html_(html), picture_(picture), losses_(losses) {}

  std::string Run() {
    size_t i = 0;
    while (i < html_.size()) {
      const size_t bracket = std::min(html_.find('[', i), html_.size());
      out_.append(html_.data() + i, bracket - i);
      i = bracket;
      if (i == html_.size()) break;
      const std::optional<Tag> tag = ReadTag(html_.substr(i));
      i += tag.has_value() ? Expand(*tag, i) : Copy(i);
    }
    return std::move(out_);
  }

 private:
  size_t Copy(size_t i) {
    out_ += html_[i];
    return 1;
  }

  // What is between `tag`, which stands at `i`, and its end; nullopt without an end.
  std::optional<absl::string_view> Inside(const Tag& tag, size_t i, size_t& length) const {
    const std::string closing = absl::StrCat("[/", tag.name, "]");
    const size_t start = i + tag.length;
    const size_t end = html_.find(closing, start);
    if (tag.closes || end == absl::string_view::npos) return std::nullopt;
    length = end + closing.size() - i;
    return html_.substr(start, end - start);
  }

  // Returns how much of the source that was.
  size_t Expand(const Tag& tag, size_t i) {
    size_t length = tag.length;
    if (tag.name == "caption" || tag.name == "wp_caption") {
      const std::optional<absl::string_view> inside = Inside(tag, i, length);
      if (inside.has_value()) out_ += Captioned(*inside, tag);
      return length;
    }
    if (tag.name == "embed") {
      const std::optional<absl::string_view> inside = Inside(tag, i, length);
      const auto src = tag.attributes.find("src");
      absl::string_view uri = inside.value_or("");
      if (!inside.has_value() && src != tag.attributes.end()) uri = src->second;
      absl::StrAppend(&out_, "<iframe src=", Quoted(absl::StripAsciiWhitespace(uri)), "></iframe>");
      return length;
    }
    if (tag.name == "gallery") {
      ExpandGallery(tag);
      return length;
    }
    if (tag.name == "audio" || tag.name == "video") {
      for (const char* key : {"src", "mp3", "mp4", "m4a", "ogg", "webm"}) {
        const auto src = tag.attributes.find(key);
        if (src == tag.attributes.end()) continue;
        absl::StrAppend(&out_, "<", tag.name, " src=", Quoted(src->second), "></", tag.name, ">");
        return length;
      }
    }
    // `[sic]` is a word in brackets; `[form id="7"]` and `[/box]` are not.
    const bool is_shortcode = tag.closes || !tag.attributes.empty() || Inside(tag, i, length).has_value();
    if (!is_shortcode) return Copy(i);
    if (!tag.closes) losses_.Add("shortcode", html_.substr(i, tag.length));
    return tag.length;
  }

  void ExpandGallery(const Tag& tag) {
    const auto ids = tag.attributes.find("ids");
    std::string images;
    if (ids != tag.attributes.end()) {
      for (absl::string_view id : absl::StrSplit(ids->second, ',')) {
        const std::string image = picture_(std::string(absl::StripAsciiWhitespace(id)));
        if (image.empty()) losses_.Add("image of a gallery", id);
        images += image;
      }
    } else {
      losses_.Add("gallery without a list of images");
    }
    if (!images.empty()) absl::StrAppend(&out_, "<figure class=\"gallery\">", images, "</figure>");
  }

  const absl::string_view html_;
  absl::FunctionRef<std::string(const std::string& id)> picture_;
  Losses& losses_;
  std::string out_;
};

}  // namespace

std::string ExpandShortcodes(absl::string_view html, absl::FunctionRef<std::string(const std::string& id)> picture,
                             Losses& losses) {
  return Expansion(html, picture, losses).Run();
}

}  // namespace masthead::articles
