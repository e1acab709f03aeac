#include "services/articles/exchange/json_records.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"

namespace masthead::articles {

JsonRecordReader::JsonRecordReader(std::function<bool(const JsonSplitter::Path&)> wanted, Place place)
    : splitter_(std::move(wanted), kMaxRecordBytes), place_(std::move(place)) {}

absl::Status JsonRecordReader::Read(absl::string_view bytes, std::vector<Record>& records) {
  is_blank_ = is_blank_ && absl::StripAsciiWhitespace(bytes).empty();
  std::vector<JsonSplitter::Value> values;
  RETURN_IF_ERROR(splitter_.Read(bytes, values));
  return Take(std::move(values), records);
}

absl::Status JsonRecordReader::End(std::vector<Record>&) {
  RETURN_IF_ERROR(splitter_.End());
  if (values_ == 0 && !is_blank_) return absl::InvalidArgumentError("holds nothing that such a file holds");
  return absl::OkStatus();
}

absl::Status JsonRecordReader::Take(std::vector<JsonSplitter::Value> values, std::vector<Record>& records) {
  for (JsonSplitter::Value& value : values) {
    ++values_;
    if (value.json.empty()) {
      records.push_back({.table = kItems, .key = absl::StrCat(values_), .json = ""});
      continue;
    }
    const nlohmann::json json = nlohmann::json::parse(value.json, nullptr, /*allow_exceptions=*/false);
    if (!json.is_object()) return absl::InvalidArgumentError(absl::StrCat("value ", values_, " is no JSON object"));
    const auto place = place_(value.path, json);
    if (place.has_value()) {
      records.push_back({.table = place->first, .key = place->second, .json = std::move(value.json)});
    }
  }
  return absl::OkStatus();
}

}  // namespace masthead::articles
