// Cuts JSON that comes in pieces into the objects that are wanted, holding no more than the one at hand.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace masthead::articles {

class JsonSplitter {
 public:
  // The keys from the top down; `[]` for the elements of an array.
  using Path = std::vector<std::string>;

  struct Value {
    Path path;
    std::string json;  // Empty if it was longer than the limit. Whether it is well-formed within is the parser's.
  };

  // One value or several after one another. Nothing is cut out of a wanted object.
  JsonSplitter(std::function<bool(const Path&)> wanted, size_t max_value_bytes)
      : wanted_(std::move(wanted)), max_value_bytes_(max_value_bytes) {}

  // INVALID_ARGUMENT, saying at which byte, if the braces do not fit.
  absl::Status Read(absl::string_view bytes, std::vector<Value>& values);
  absl::Status End() const;

 private:
  struct Container {
    bool is_object = false;
    bool key_is_next = false;
    std::string key;
  };
  enum class Within { kNothing, kString, kScalar };

  absl::Status ReadStructure(char c, std::vector<Value>& values);
  void BeginObject();
  void EndObject(std::vector<Value>& values);
  void Keep(char c);
  absl::Status Malformed(absl::string_view what) const;

  const std::function<bool(const Path&)> wanted_;
  const size_t max_value_bytes_;
  std::vector<Container> containers_;
  Within within_ = Within::kNothing;
  bool is_key_ = false;   // Of the string at hand.
  bool escaped_ = false;  // Its next character is.
  bool capturing_ = false;
  bool too_large_ = false;
  size_t depth_ = 0;  // At which the wanted object began.
  Value value_;
  size_t position_ = 0;
};

}  // namespace masthead::articles
