// What a message may be rendered with.
#pragma once

#include <string>

namespace masthead::notifications {

struct TemplateReference {
  std::string id;
  int revision = 0;  // 0: the newest one; of a preview, the draft.

  bool operator==(const TemplateReference&) const = default;
};

}  // namespace masthead::notifications
