// What the readers of JSON have in common.
#pragma once

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "nlohmann/json.hpp"
#include "services/articles/exchange/json_splitter.h"
#include "services/articles/exchange/record.h"

namespace masthead::articles {

class JsonRecordReader final : public RecordReader {
 public:
  // Says where a value belongs; nullopt for one that nobody needs.
  using Place = std::function<std::optional<std::pair<std::string, std::string>>(const JsonSplitter::Path& path,
                                                                                 const nlohmann::json& value)>;

  JsonRecordReader(std::function<bool(const JsonSplitter::Path&)> wanted, Place place);

  absl::Status Read(absl::string_view bytes, std::vector<Record>& records) override;
  absl::Status End(std::vector<Record>& records) override;

 private:
  absl::Status Take(std::vector<JsonSplitter::Value> values, std::vector<Record>& records);

  JsonSplitter splitter_;
  const Place place_;
  size_t values_ = 0;
  bool is_blank_ = true;  // Nothing but white space came.
};

}  // namespace masthead::articles
