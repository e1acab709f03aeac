// What a signature is over: headers and bodies in the forms of RFC 6376 section 3.4, which survive what servers on the
// way do to white space.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace masthead::notifications::dkim {

enum class Canonicalization { kSimple, kRelaxed };

// `field` is a whole header field with its folds and its CRLF, and so is what comes back.
std::string CanonicalHeader(absl::string_view field, Canonicalization how);

// White space is reduced before empty lines at the end are dropped (erratum 1384). `body` has CRLF only.
std::string CanonicalBody(absl::string_view body, Canonicalization how);

// The value of bh=.
std::string BodyHash(absl::string_view body, Canonicalization how);

// A message taken apart: views into it.
struct Message {
  std::vector<absl::string_view> fields;  // Each with its folds and its CRLF.
  absl::string_view body;                 // What follows the empty line.
};
Message Parse(absl::string_view bytes);

// The name of a header field, in lower case.
std::string FieldName(absl::string_view field);

// The data that b= signs: for each of `names` the last field of that name not yet taken (nothing where there is none:
// that is how a name is over-signed), then `signature_field`, whose b= is empty, without its CRLF.
std::string SignedData(const std::vector<absl::string_view>& fields, const std::vector<std::string>& names,
                       absl::string_view signature_field, Canonicalization how);

}  // namespace masthead::notifications::dkim
