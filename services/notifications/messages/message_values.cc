#include "services/notifications/messages/message_values.h"

namespace masthead::notifications {

std::map<std::string, std::string> ValuesOf(const Message& message,
                                            const std::map<std::string, std::string>& of_variant) {
  const AlertText& alert = message.alert;
  std::map<std::string, std::string> values = of_variant;
  values.insert(message.values.begin(), message.values.end());
  values.insert({{"headline", alert.headline},
                 {"dek", alert.dek},
                 {"byline", alert.byline},
                 {"url", alert.url},
                 {"contact_address", alert.contact_address}});
  return values;
}

}  // namespace masthead::notifications
