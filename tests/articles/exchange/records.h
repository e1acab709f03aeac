// A file read as the import reads it, but kept in memory.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/articles/exchange/record.h"

namespace masthead::articles {

struct Records {
  // Reads `file` in pieces of `piece` bytes.
  Records(RecordReader& reader, absl::string_view file, size_t piece) {
    for (size_t i = 0; i < file.size() && status.ok(); i += piece) status = reader.Read(file.substr(i, piece), records);
    if (status.ok()) status = reader.End(records);
    for (const Record& record : records) by_key[{record.table, record.key}].push_back(record.json);
  }

  std::vector<std::string> Of(const std::string& table) const {
    std::vector<std::string> found;
    for (const Record& record : records) {
      if (record.table == table) found.push_back(record.json);
    }
    return found;
  }
  std::vector<std::string> Find(const std::string& table, const std::string& key) const {
    const auto found = by_key.find({table, key});
    return found == by_key.end() ? std::vector<std::string>() : found->second;
  }

  absl::Status status;
  std::vector<Record> records;
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> by_key;
};

}  // namespace masthead::articles
