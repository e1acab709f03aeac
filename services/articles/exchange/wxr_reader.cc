#include "services/articles/exchange/wxr_reader.h"

#include <expat.h>

#include <map>
#include <set>
#include <type_traits>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "nlohmann/json.hpp"

namespace masthead::articles {
namespace {

using Json = nlohmann::json;

constexpr char kSeparator = ' ';  // Between a namespace and a local name.
constexpr size_t kMaxDepth = 50;

// `content:encoded` for `http://purl.org/rss/1.0/modules/content/ encoded`. WordPress changes its namespaces with each
// version; what they begin with stays.
std::string ShortName(absl::string_view qualified) {
  const size_t space = qualified.rfind(kSeparator);
  if (space == absl::string_view::npos) return std::string(qualified);
  const absl::string_view uri = qualified.substr(0, space);
  const absl::string_view local = qualified.substr(space + 1);
  if (absl::StartsWith(uri, "http://wordpress.org/export/")) {
    return absl::StrCat(absl::EndsWith(uri, "/excerpt/") ? "excerpt:" : "wp:", local);
  }
  if (uri == "http://purl.org/rss/1.0/modules/content/") return absl::StrCat("content:", local);
  if (uri == "http://purl.org/dc/elements/1.1/") return absl::StrCat("dc:", local);
  return absl::StrCat("other:", local);
}

class WxrReader final : public RecordReader {
 public:
  WxrReader() : parser_(XML_ParserCreateNS(nullptr, kSeparator), &XML_ParserFree) {
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(
        parser_.get(),
        [](void* self, const XML_Char* name, const XML_Char** attributes) {
          static_cast<WxrReader*>(self)->Begin(ShortName(name), attributes);
        },
        [](void* self, const XML_Char*) { static_cast<WxrReader*>(self)->Finish(); });
    XML_SetCharacterDataHandler(parser_.get(), [](void* self, const XML_Char* text, int length) {
      static_cast<WxrReader*>(self)->Text(absl::string_view(text, static_cast<size_t>(length)));
    });
    XML_SetStartDoctypeDeclHandler(
        parser_.get(), [](void* self, const XML_Char*, const XML_Char*, const XML_Char*, int) {
          static_cast<WxrReader*>(self)->Refuse("has a document type, which no export of WordPress has");
        });
  }

  absl::Status Read(absl::string_view bytes, std::vector<Record>& records) override {
    return Parse(bytes, /*last=*/false, records);
  }
  absl::Status End(std::vector<Record>& records) override { return Parse({}, /*last=*/true, records); }

 private:
  absl::Status Parse(absl::string_view bytes, bool last, std::vector<Record>& records) {
    const XML_Status status =
        XML_Parse(parser_.get(), bytes.data(), static_cast<int>(bytes.size()), last ? XML_TRUE : XML_FALSE);
    if (status == XML_STATUS_ERROR && refusal_.empty()) refusal_ = XML_ErrorString(XML_GetErrorCode(parser_.get()));
    if (refusal_.empty() && last && !is_rss_) refusal_ = "is no RSS";
    if (!refusal_.empty()) {
      return absl::InvalidArgumentError(absl::StrCat("line ", XML_GetCurrentLineNumber(parser_.get()), ": ", refusal_));
    }
    records.insert(records.end(), std::make_move_iterator(done_.begin()), std::make_move_iterator(done_.end()));
    done_.clear();
    return absl::OkStatus();
  }

  void Refuse(const char* why) {
    if (refusal_.empty()) refusal_ = why;
    XML_StopParser(parser_.get(), XML_FALSE);
  }

  // Elements directly below the channel that become records.
  static bool IsRecord(const std::string& name) {
    return name == "item" || name == "wp:author" || name == "wp:category" || name == "wp:tag";
  }

  void Begin(const std::string& name, const XML_Char** attributes) {
    path_.push_back(name);
    if (path_.size() > kMaxDepth) return Refuse("is nested too deep");
    if (path_.size() == 1) is_rss_ = name == "rss";
    if (path_.size() == 1 && !is_rss_) return Refuse("is no RSS");
    if (path_.size() == 3 && IsRecord(name)) {
      record_ = Json::object();
      bytes_ = 0;
    }
    text_.clear();
    attributes_.clear();
    for (int i = 0; attributes[i] != nullptr; i += 2) attributes_[attributes[i]] = attributes[i + 1];
    // The parts of a repeated group: a value for each key of it.
    if (path_.size() == 4 && (name == "wp:postmeta" || name == "category" || name == "wp:comment"))
      part_ = Json(attributes_);
  }

  void Text(absl::string_view text) {
    bytes_ += text.size();
    if (bytes_ <= kMaxRecordBytes) text_.append(text.data(), text.size());
  }

  void Finish() {
    const std::string name = std::exchange(path_.back(), "");
    path_.pop_back();
    const std::string text = std::exchange(text_, "");
    if (path_.size() == 4) {
      if (path_.back() == "wp:postmeta") part_[name] = text;
    } else if (path_.size() == 3) {
      if (name == "wp:postmeta") {
        record_["meta"][part_.value("wp:meta_key", "")] = part_.value("wp:meta_value", "");
      } else if (name == "wp:comment") {
        record_["comments"] = record_.value("comments", 0) + 1;
      } else if (name == "category") {
        part_["name"] = text;
        record_["categories"].push_back(std::exchange(part_, Json()));
      } else if (IsRecord(path_.back())) {
        record_[name] = text;
      }
    } else if (path_.size() == 2) {
      if (IsRecord(name)) Store(name);
      if (name == "wp:base_site_url" || name == "wp:base_blog_url") {
        done_.push_back({.table = "site", .key = "", .json = Json{{"uri", text}}.dump()});
      }
    }
  }

  void Store(const std::string& name) {
    const bool too_large = bytes_ > kMaxRecordBytes;
    const auto key = [&](const char* field) { return record_.value(field, ""); };
    Record record = {.table = kItems, .key = key("wp:post_id"), .json = too_large ? "" : record_.dump()};
    if (name == "wp:author") {
      record.table = "author";
      record.key = key("wp:author_login");
    } else if (name == "wp:category") {
      record.table = "category";
      record.key = key("wp:category_nicename");
    } else if (name == "wp:tag") {
      record.table = "tag";
      record.key = key("wp:tag_slug");
    } else if (key("wp:post_type") == "attachment") {
      record.table = "attachment";
    }
    done_.push_back(std::move(record));
  }

  const std::unique_ptr<std::remove_pointer_t<XML_Parser>, decltype(&XML_ParserFree)> parser_;
  std::vector<std::string> path_;
  bool is_rss_ = false;
  std::string text_;
  std::map<std::string, std::string> attributes_;
  Json record_ = Json::object();
  Json part_;
  size_t bytes_ = 0;  // Of the texts of the record at hand.
  std::string refusal_;
  std::vector<Record> done_;
};

}  // namespace

std::unique_ptr<RecordReader> MakeWxrReader() { return std::make_unique<WxrReader>(); }

}  // namespace masthead::articles
