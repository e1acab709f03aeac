// Text as people write it: Unicode in NFC, counted in code points.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/errors.h"

namespace masthead::text {

// Valid UTF-8 is assumed below: proto3 strings are checked when a request is parsed. What is none passes as it is, and
// the database refuses it.
int64_t CodePoints(absl::string_view utf8);

// NFC, with bidi overrides and isolates (U+202A..E, U+2066..9) removed, and CR LF and CR alone made LF. Keeps line
// breaks and tabs.
std::string Normalize(absl::string_view utf8);

// Normalises `value` in place and checks it: no NUL or other control characters but tab and line feed; at most
// `max_code_points`; more than white space if `required`. Adds at most one violation.
void CheckText(absl::string_view field, std::string& value, int64_t max_code_points, bool required,
               FieldViolations& violations);

// As CheckText, and on one line: without line feed, tab, U+2028 and U+2029.
void CheckLine(absl::string_view field, std::string& value, int64_t max_code_points, bool required,
               FieldViolations& violations);

// The form under which an e-mail address is unique: NFC, trimmed, lower case, the domain as A-labels (IDNA 2008). Dots
// and `+tags` of the local part stay: what they mean is the provider's business. INVALID_ARGUMENT if it is no address
// (RFC 5321 and 6531 syntax without quoted local parts and literals, a domain of two labels or more, at most 254
// bytes).
absl::StatusOr<std::string> NormalizeEmail(absl::string_view address);

// The address to send to: as NormalizeEmail, but the local part keeps its case.
absl::StatusOr<std::string> MailboxAddress(absl::string_view address);

}  // namespace masthead::text
