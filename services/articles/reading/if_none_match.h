// The etag that a reader's request says its caller keeps an answer under.
#pragma once

#include <cstddef>
#include <string>

#include "common/base/errors.h"

namespace masthead::articles {

constexpr size_t kMaxEtagBytes = 100;

// Any text may be sent that could be an etag of ours; one that is none simply fits nothing.
void CheckIfNoneMatch(const std::string& etag, FieldViolations& violations);

}  // namespace masthead::articles
