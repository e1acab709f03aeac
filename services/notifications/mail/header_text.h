// Text in header fields (RFC 5322, RFC 2047) and the addresses there.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace masthead::notifications::mail {

// Refuses (HEADER_INJECTION) what could end a header line or hide in it: control characters but tab, U+2028, U+2029,
// invalid UTF-8.
absl::Status CheckHeaderText(absl::string_view field, absl::string_view value);

// Refuses (INVALID_ADDRESS) all but a dot-atom local part and a domain of A-labels, at most 254 bytes. A local part
// beyond ASCII is taken only with `smtputf8` (RFC 6531): whoever carries it must offer SMTPUTF8.
absl::Status CheckAddress(absl::string_view field, absl::string_view address, bool smtputf8);

// `value` as an unstructured field body, folded with CRLF SPACE: no line longer than 76 bytes, the first shorter by
// `used`, the bytes already on it ("Subject: " is 9). Plain ASCII stays as it is; everything else, and whatever looks
// like an encoded word, becomes encoded words (RFC 2047: UTF-8, B, at most 75 bytes, never split inside a code point).
// `value` has passed CheckHeaderText.
std::string EncodeUnstructured(absl::string_view value, size_t used);

// `name` <address>, the name as atoms, a quoted string or encoded words; the address alone where there is no name.
std::string EncodeMailbox(absl::string_view name, absl::string_view address, size_t used);

}  // namespace masthead::notifications::mail
