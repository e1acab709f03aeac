// Writing XML 1.0 with pugixml, which escapes what XML takes for its own.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "pugixml.hpp"

namespace masthead::articles {

// A child with a text, of which only what AllowedInMarkup leaves is written.
pugi::xml_node AddElement(pugi::xml_node parent, const char* name, absl::string_view text);

// The same of an attribute's value.
void SetAttribute(pugi::xml_node node, const char* name, absl::string_view value);

// The document in UTF-8, with its declaration and without added white space.
std::string WriteXml(const pugi::xml_document& document);

}  // namespace masthead::articles
