// A text body made fit for any SMTP server: 7 bits, short lines (RFC 2045 section 6), with at most one kind of slot
// that differs by reader.
//
// Everything around the slots is encoded once; filling a slot copies pieces.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace masthead::notifications::mail {

class EncodedBody {
 public:
  // Line breaks of any kind (CRLF, CR, LF) become CRLF. Takes quoted-printable or base64, whichever is shorter: a
  // Ukrainian text is a third longer in base64 and three times as long otherwise. Wherever `slot` stands in `text`
  // (never, if it is empty), Append puts its `value`.
  EncodedBody(absl::string_view text, absl::string_view slot);

  // "quoted-printable" or "base64".
  absl::string_view name() const { return base64_ ? "base64" : "quoted-printable"; }

  bool has_slots() const { return pieces_.size() > 1; }

  // Appends the encoded text, CRLF at its end. No line is longer than 76 bytes; none is made of a single dot.
  void Append(std::string& out, absl::string_view value) const;

 private:
  // The text between two slots. Base64 goes by three bytes, so what follows a slot is kept for each of the three places
  // where it may start.
  struct Piece {
    std::string text;  // As written; base64 needs its first and last bytes.
    std::string quoted_printable;
    std::array<std::string, 3> base64;
  };

  void AppendQuotedPrintable(std::string& out, absl::string_view value) const;
  void AppendBase64(std::string& out, absl::string_view value) const;

  bool base64_ = false;
  std::vector<Piece> pieces_;
};

}  // namespace masthead::notifications::mail
