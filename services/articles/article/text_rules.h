// What a piece of a body may hold: texts with marks, addresses, pictures, lists of tiers.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "services/articles/article/block.h"

namespace masthead::articles {

inline constexpr int64_t kMaxTextCodePoints = 20'000;
inline constexpr int64_t kMaxAsideCodePoints = 1'000;  // Captions, alt texts, pull quotes.
inline constexpr int64_t kMaxLineCodePoints = 300;     // Headings, credits, titles.
inline constexpr size_t kMaxMarks = 500;
inline constexpr size_t kMaxUriBytes = 2048;
inline constexpr int32_t kMaxPixels = 100'000;
inline constexpr size_t kMaxPlans = 20;

// These normalise what they check and add violations under `field`.
void CheckRichText(const std::string& field, RichText& rich, int64_t max_code_points, bool required,
                   FieldViolations& violations);
void CheckImage(absl::string_view field, Image& image, FieldViolations& violations);

void CheckWebUri(absl::string_view field, const std::string& uri, bool required, FieldViolations& violations);
void CheckLinkTarget(absl::string_view field, const std::string& href, FieldViolations& violations);
void CheckCount(absl::string_view field, size_t count, size_t least, size_t most, FieldViolations& violations);
void CheckRange(absl::string_view field, int64_t value, int64_t least, int64_t most, FieldViolations& violations);
void CheckEachOnce(absl::string_view field, const std::vector<std::string>& entries, FieldViolations& violations);

// The tiers that open something: 1 to 20 of them if tiers do open it, else none.
void CheckPlans(absl::string_view field, bool opened_by_plans, const std::vector<std::string>& plans,
                FieldViolations& violations);

// An absolute https or http URI with a host, without spaces or control characters.
bool IsWebUri(absl::string_view uri);

// Where a link may lead: a web URI, or mailto, or tel.
bool IsLinkTarget(absl::string_view href);

}  // namespace masthead::articles
