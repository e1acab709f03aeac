// What an import leaves out of an item: nothing is dropped without being told.
#pragma once

#include <map>
#include <string>

#include "absl/strings/string_view.h"

namespace masthead::articles {

class Losses {
 public:
  struct Loss {
    int count = 0;
    std::string example;  // Of the first.
  };

  // `kind` is short and the same for all of a kind: `script`, `link`.
  void Add(const std::string& kind, absl::string_view example = "");

  const std::map<std::string, Loss>& by_kind() const { return by_kind_; }

 private:
  std::map<std::string, Loss> by_kind_;
};

}  // namespace masthead::articles
