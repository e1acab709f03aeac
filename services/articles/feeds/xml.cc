#include "services/articles/feeds/xml.h"

#include <utility>

#include "services/articles/rendering/html.h"

namespace masthead::articles {
namespace {

class StringWriter final : public pugi::xml_writer {
 public:
  void write(const void* data, size_t size) override { text_.append(static_cast<const char*>(data), size); }
  std::string Take() { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace

pugi::xml_node AddElement(pugi::xml_node parent, const char* name, absl::string_view text) {
  pugi::xml_node node = parent.append_child(name);
  node.append_child(pugi::node_pcdata).set_value(AllowedInMarkup(text).c_str());
  return node;
}

void SetAttribute(pugi::xml_node node, const char* name, absl::string_view value) {
  node.append_attribute(name).set_value(AllowedInMarkup(value).c_str());
}

std::string WriteXml(const pugi::xml_document& document) {
  StringWriter writer;
  writer.write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", 39);
  document.save(writer, "", pugi::format_raw | pugi::format_no_declaration, pugi::encoding_utf8);
  return writer.Take();
}

}  // namespace masthead::articles
