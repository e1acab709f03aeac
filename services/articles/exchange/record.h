// What a file of another system holds, piece by piece, before anything is made of it: so that a file of any size costs
// the memory of its largest piece.
#pragma once

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace masthead::articles {

// No piece may be larger: it is refused as an item, the rest is imported.
inline constexpr size_t kMaxRecordBytes = size_t{3} << 20;

struct Record {
  std::string table;  // kItems, or what an item refers to: `tag`, `attachment`.
  std::string key;    // What it is found by among those of its table; not unique.
  std::string json;   // An object; empty if it was larger than kMaxRecordBytes.
};

inline constexpr char kItems[] = "item";

// Cuts a file as it comes.
class RecordReader {
 public:
  virtual ~RecordReader() = default;

  // Adds what `bytes`, the file's next, complete. INVALID_ARGUMENT, saying where, if the file is none of its format.
  virtual absl::Status Read(absl::string_view bytes, std::vector<Record>& records) = 0;

  // The file ends here.
  virtual absl::Status End(std::vector<Record>& records) = 0;
};

// The records of a table with that key, in the order of the file, as JSON.
using Lookup = absl::FunctionRef<std::vector<std::string>(const std::string& table, const std::string& key)>;

}  // namespace masthead::articles
