// WordPress' extended RSS (WXR) in pieces: each item, author, category and tag becomes a JSON object of its elements.
#pragma once

#include <memory>

#include "services/articles/exchange/record.h"

namespace masthead::articles {

// A document type is refused, and with it every entity that a file might define: none is ever expanded, and nothing but
// the bytes that are given is read. What is no well-formed XML is refused with its line.
std::unique_ptr<RecordReader> MakeWxrReader();

}  // namespace masthead::articles
